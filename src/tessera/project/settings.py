"""The settings of a Tessera site.

Everything that may differ between two places is read from the environment by one of the readers below;
``docs/reference/settings.md`` lists each of them. Without any environment the file describes a closed
production site: no host is served and, as there is no secret key, nothing can be signed.
"""

import os
import secrets
from importlib.metadata import version
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured


def read_text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def read_bool(name: str) -> bool:
    """True or false; false when the variable is absent.

    Any other word is an error, so that a typing slip never switches a guard off.
    """
    value = os.environ.get(name, "false")
    if value not in ("true", "false"):
        raise ImproperlyConfigured(f"{name} is {value!r}. Write exactly 'true' or 'false'.")
    return value == "true"


def read_list(name: str, default: list[str]) -> list[str]:
    """Names separated by commas, blanks around them ignored."""
    if name not in os.environ:
        return default
    return [part.strip() for part in os.environ[name].split(",") if part.strip()]


def read_path(name: str, default: Path) -> Path:
    """An absolute folder: a relative one would move with the directory that the server was started in."""
    path = Path(os.environ[name]) if os.environ.get(name) else default
    if not path.is_absolute():
        raise ImproperlyConfigured(f"{name} is {str(path)!r}. Give the whole path, from the root.")
    return path


def read_secret(name: str, default: str = "") -> str:
    """The variable itself, or the content of the file that ``<name>_FILE`` names; never both."""
    file = os.environ.get(f"{name}_FILE")
    if file is None:
        return os.environ.get(name, default)
    if name in os.environ:
        raise ImproperlyConfigured(f"Both {name} and {name}_FILE are set. Keep one of them.")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names {file!r}, which cannot be read: {error.strerror}."
        ) from error


def read_database(name: str, default: str) -> dict[str, object]:
    """A database address such as ``postgres://user:password@host:5432/name``, or as a secret file."""
    config = dict(environ.Env.db_url_config(read_secret(name, default)))
    if config.get("ENGINE") == "django.db.backends.sqlite3":
        # Tried under load with two writing processes: no lock error in any run. IMMEDIATE takes the write
        # lock at the start of a transaction, so that none has to be given up half-way.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
            "PRAGMA mmap_size=134217728; PRAGMA cache_size=2000",
        }
    elif config.get("ENGINE") == "django.db.backends.postgresql":
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    else:
        raise ImproperlyConfigured(f"{name} must begin with sqlite:// or postgres://.")
    return config


PACKAGE = Path(__file__).parents[1]
VERSION = version("tessera")

# What kind of place this is. Debug is a developer's machine, demo the invented network on one's own machine;
# both speak plain http on the loopback and need no key. Anything else is a production site.
DEBUG = read_bool("TESSERA_DEBUG")
DEMO = read_bool("TESSERA_DEMO")
ON_LOOPBACK = DEBUG or DEMO
DESIGN_PAGE = DEBUG

# Left empty in production when it is not given: Django then refuses to sign anything, and wsgi.py to start.
# The file itself stays importable without an environment, which type checking and documentation need.
SECRET_KEY = read_secret("TESSERA_SECRET_KEY") or (secrets.token_urlsafe(50) if ON_LOOPBACK else "")
ALLOWED_HOSTS = read_list("TESSERA_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if ON_LOOPBACK else [])
CONTACT_EMAIL = read_text("TESSERA_CONTACT_EMAIL")

DATA_DIR = read_path(
    "TESSERA_DATA_DIR", Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "tessera"
)
DATABASES = {"default": read_database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'tessera.sqlite3'}")}
# Drawn charts and printed reports: made once, then shared by every process that serves the site.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "csp",
    "tessera.apps.accounts",
    "tessera.apps.network",
    "tessera.apps.review",
    "tessera.web",
]
AUTH_USER_MODEL = "accounts.Person"
ROOT_URLCONF = "tessera.project.urls"
WSGI_APPLICATION = "tessera.project.wsgi.application"

# The headers come first, so that WhiteNoise's files, redirects and errors carry them too.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "tessera.web.middleware.isolate",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    # Inside the compression, so that the mark of a page is taken of what the page says.
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # A report's parts are the same on the page and in the file that one downloads.
        "DIRS": [PACKAGE / "reports" / "html"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "tessera.web.site.site"]
        },
    }
]

# `data:` is for the icons inside the design system's style sheets; an image can run nothing.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_SSL_REDIRECT = not ON_LOOPBACK
SECURE_HSTS_SECONDS = 0 if ON_LOOPBACK else 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# A proxy that ends TLS must set this header itself, and drop what a visitor sends under its name.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if read_bool("TESSERA_BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"

# A browser keeps a `__Host-` cookie only over https, so plain http on the loopback needs the bare names.
COOKIE_PREFIX = "" if ON_LOOPBACK else "__Host-"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
SESSION_COOKIE_SECURE = not ON_LOOPBACK
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = not ON_LOOPBACK
CSRF_COOKIE_HTTPONLY = True

# Only languages whose catalogue is complete are offered.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("lv", "Latviešu")]
LOCALE_PATHS = [PACKAGE / "locale"]
# English dates with the day first, as Europe writes them.
FORMAT_MODULE_PATH = "tessera.web.formats"
USE_TZ = True
TIME_ZONE = read_text("TESSERA_TIME_ZONE", "UTC")

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# A developer sees a changed file at once, without collecting.
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_USE_FINDERS = DEBUG
# Nobody else's page needs our style sheets and fonts.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Django's own default writes errors to nobody when there is no debug mode and no administrator's address.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": []}},
}
