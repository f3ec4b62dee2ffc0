"""What every command does that works on a site's database, and not on files."""

import os

import django


def set_up_site() -> None:
    """Bind Django to the site that the environment describes. Models can be imported only after this."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tessera.project.settings")
    django.setup()
