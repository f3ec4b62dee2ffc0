"""What a browser says of itself, in words."""

from django.utils.translation import gettext

# In this order: nearly every browser also names the ones before it.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("FxiOS/", "Firefox"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def describe_device(user_agent: str) -> str:
    """Such as "Firefox, Windows"; what it does not say is left out."""
    found = [
        next((name for mark, name in names if mark in user_agent), None) for names in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name) or gettext("A device that does not say what it is")
