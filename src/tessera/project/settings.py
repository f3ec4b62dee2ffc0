"""The settings of a Tessera site.

Everything that may differ between two places is read from the environment by one of the readers below;
``docs/reference/settings.md`` lists each of them. Without any environment the file describes a closed
production site: no host is served and, as there is no secret key, nothing can be signed.
"""

import json
import os
import re
import secrets
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from tessera.connectors.translation import LibreTranslate, UnusableAddress


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


def read_secrets(name: str) -> list[str]:
    """Several secrets, separated by commas or, as in a file, by line ends."""
    return read_secret(name).replace(",", " ").split()


def read_database(name: str, default: str) -> dict[str, object]:
    """A database address such as ``postgres://user:password@host:5432/name``, or as a secret file."""
    config = dict(environ.Env.db_url_config(read_secret(name, default)))
    if config.get("ENGINE") == "django.db.backends.sqlite3":
        # Tried under load with two writing processes: no lock error in any run. IMMEDIATE takes the write
        # lock at the start of a transaction, so that none has to be given up half-way. FULL waits for the
        # disk: what was acknowledged, such as a vote, is still there after the power failed.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA mmap_size=134217728; PRAGMA cache_size=2000",
        }
    elif config.get("ENGINE") == "django.db.backends.postgresql":
        config["ENGINE"] = "tessera.project.postgresql"
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
        # Seconds. A server that is there takes milliseconds; nobody should wait longer for one that is not.
        config["OPTIONS"] = {"connect_timeout": 3, **config.get("OPTIONS", {})}
    else:
        raise ImproperlyConfigured(f"{name} must begin with sqlite:// or postgres://.")
    return config


MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}


def parse_mail_server(address: str) -> dict[str, Any]:
    """What Django's SMTP backend takes, from an address such as ``smtp+tls://user:password@host:587``."""
    if not address:
        return {}
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    # The address itself stays out of the message: it holds a password.
    if not host or parts.scheme not in MAIL_PORTS:
        raise ImproperlyConfigured(
            "TESSERA_EMAIL_URL must look like smtp+tls://user:password@host:587, and begin with smtp://, "
            "smtp+tls:// or smtp+ssl://. A sign such as @ or # in the password is written as %40 or %23."
        )
    return {
        "host": host,
        "port": port or MAIL_PORTS[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme == "smtp+ssl",
    }


def parse_scanner(address: str) -> str | tuple[str, int] | None:
    """Where ClamAV's daemon listens: the path of a socket, or host and port; None where there is none."""
    if not address:
        return None
    if address.startswith("unix:/"):
        return f"/{address.removeprefix('unix:').lstrip('/')}"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if host and parts.scheme == "tcp":
        return host, port or 3310
    raise ImproperlyConfigured(
        f"TESSERA_CLAMAV is {address!r}. Write tcp://host:3310, or unix:/path/of/the/socket."
    )


def parse_translator(address: str, key: str) -> LibreTranslate | None:
    """The server that puts statements into other languages; None where there is none."""
    if not address:
        if key:
            raise ImproperlyConfigured("TESSERA_TRANSLATION_KEY is set, and TESSERA_TRANSLATION_URL is not.")
        return None
    try:
        return LibreTranslate(address, key)
    except UnusableAddress as error:
        # The address itself stays out of the message: somebody may have put a password into it.
        raise ImproperlyConfigured(f"TESSERA_TRANSLATION_URL cannot be used: {error}.") from None


def find_base_url(given: str, hosts: list[str], *, on_loopback: bool) -> str:
    """The address before every link in a mail; the only host of the site where none is given, else empty."""
    if given:
        parts = urlsplit(given)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.path.strip("/")
            or parts.query
        ):
            raise ImproperlyConfigured(
                f"TESSERA_BASE_URL is {given!r}. Give scheme and host, such as https://tessera.example.org."
            )
        return f"{parts.scheme}://{parts.netloc}"
    if on_loopback:
        return "http://127.0.0.1:8000"
    is_one_host = len(hosts) == 1 and not hosts[0].startswith((".", "*"))
    return f"https://{hosts[0]}" if is_one_host else ""


def parse_providers(text: str, *, on_loopback: bool) -> list[dict[str, Any]]:
    """The OpenID Connect providers with which people sign in, as allauth takes them."""
    if not text:
        return []
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    # What was written stays out of the messages: it holds passwords.
    if not isinstance(given, list):
        raise ImproperlyConfigured("TESSERA_OIDC is no JSON list. Write [{...}], with one {...} for each.")
    providers = [_parse_provider(place, entry, on_loopback) for place, entry in enumerate(given, start=1)]
    names = [provider["provider_id"] for provider in providers]
    if len(set(names)) < len(names):
        raise ImproperlyConfigured("TESSERA_OIDC gives two providers the same id. Each needs one of its own.")
    return providers


def _parse_provider(place: int, entry: Any, on_loopback: bool) -> dict[str, Any]:
    where = f"TESSERA_OIDC, provider {place}"
    fields = {"id", "name", "server_url", "client_id", "secret"}
    if not isinstance(entry, dict) or set(entry) != fields:
        raise ImproperlyConfigured(f"{where}: give exactly {', '.join(sorted(fields))}.")
    empty = sorted(key for key in fields if not isinstance(entry[key], str) or not entry[key].strip())
    if empty:
        raise ImproperlyConfigured(f"{where}: {', '.join(empty)} must be a text that is not empty.")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["id"]):
        raise ImproperlyConfigured(f"{where}: the id is part of an address: small letters, digits, hyphens.")
    parts = urlsplit(entry["server_url"])
    if parts.scheme not in (("https", "http") if on_loopback else ("https",)) or not parts.netloc:
        raise ImproperlyConfigured(f"{where}: server_url must begin with https:// and name a host.")
    return {
        "provider_id": entry["id"],
        "name": entry["name"],
        "client_id": entry["client_id"],
        "secret": entry["secret"],
        "settings": {"server_url": entry["server_url"].rstrip("/")},
    }


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
# The earlier keys: what they signed or locked can still be read, and is locked anew when its owner signs in.
SECRET_KEY_FALLBACKS = read_secrets("TESSERA_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = read_list("TESSERA_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if ON_LOOPBACK else [])
CONTACT_EMAIL = read_text("TESSERA_CONTACT_EMAIL")

if DEMO and (read_secret("DATABASE_URL") or not set(ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}):
    raise ImproperlyConfigured(
        "TESSERA_DEMO=true lets anybody sign in as anybody and shows all mails. It is for the invented "
        "network on one's own machine: take away TESSERA_ALLOWED_HOSTS and DATABASE_URL, or TESSERA_DEMO."
    )

BASE_URL = find_base_url(read_text("TESSERA_BASE_URL"), ALLOWED_HOSTS, on_loopback=ON_LOOPBACK)

DATA_DIR = read_path(
    "TESSERA_DATA_DIR", Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "tessera"
)
DATABASES = {"default": read_database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'tessera.sqlite3'}")}
CACHES = {
    # What allauth counts: failed tries, codes that were used. It must be exact between processes, which files
    # are not: two of them can both make the same file first.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_tries",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Drawn charts and printed reports: made once, then shared by every process that serves the site.
    "drawings": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
}
# Of what people give: one file, and a whole request. Between the two a form can still say kindly that a file
# is too large.
MAX_FILE_BYTES = 20 * 1024**2
MAX_BODY_BYTES = 50 * 1024**2
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "tessera.apps.records.files.arriving.BoundedUploadHandler",
]
CLAMAV = parse_scanner(read_text("TESSERA_CLAMAV"))
# To it go the words of statements that everybody sees, in consultations of several languages.
TRANSLATOR = parse_translator(read_text("TESSERA_TRANSLATION_URL"), read_secret("TESSERA_TRANSLATION_KEY"))
# Mails are kept as rows at first, and sent by `tessera tick`: an act that is rolled back sends none.
EMAIL_BACKEND = "tessera.apps.records.backend.OutboxBackend"
MAIL_SERVER = parse_mail_server(read_secret("TESSERA_EMAIL_URL"))
DEFAULT_FROM_EMAIL = read_text("TESSERA_FROM_EMAIL") or CONTACT_EMAIL or "tessera@localhost"
EMAIL_TIMEOUT = 20

# The trail keeps what changed as JSON, so that it can be put into words later, and nothing that a visitor
# may write into a header. Data that is loaded from a file brings its own trail.
AUDITLOG_STORE_JSON_CHANGES = True
AUDITLOG_DISABLE_ON_RAW_SAVE = True
AUDITLOG_CID_HEADER = None

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # First, so that our pages stand before those of the packages.
    "tessera.web",
    "tessera.apps.accounts",
    "tessera.apps.records",
    "tessera.apps.network",
    "tessera.apps.review",
    "tessera.apps.dialogue",
    "tessera.demo",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "auditlog",
]
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
]
LOGIN_URL = "demo:people" if DEMO else "account_login"
# The invented people of the demonstration sign in by one click.
SECOND_STEP_REQUIRED = not DEMO
CSRF_FAILURE_VIEW = "tessera.web.views.form_expired"
# People come by invitation. They sign in with their address, and nobody sees from outside which ones we know.
ACCOUNT_ADAPTER = "tessera.apps.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_METHODS = {"password", "mfa"}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "web:home"
ACCOUNT_RATE_LIMITS = {"login_failed": "5/30m/key,5/30m/ip", "reset_password": "5/h/key,20/h/ip"}
ACCOUNT_FORMS = {
    "login": "tessera.apps.accounts.forms.SignInForm",
    "reauthenticate": "tessera.apps.accounts.forms.ConfirmPasswordForm",
    "change_password": "tessera.apps.accounts.forms.ChangePasswordForm",
    "reset_password": "tessera.apps.accounts.forms.AskForNewPasswordForm",
    "reset_password_from_key": "tessera.apps.accounts.forms.ChooseNewPasswordForm",
    "add_email": "tessera.apps.accounts.forms.ChangeAddressForm",
}
MFA_ADAPTER = "tessera.apps.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# An address that waits to be confirmed is a change that its owner began: nobody signs up with a stranger's.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Tessera"
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ON_LOOPBACK
MFA_FORMS = {
    "authenticate": "tessera.apps.accounts.forms.SecondStepForm",
    "reauthenticate": "tessera.apps.accounts.forms.ConfirmSecondStepForm",
    "activate_totp": "tessera.apps.accounts.forms.AddAppForm",
    "authenticate_webauthn": "tessera.apps.accounts.forms.SecondStepPasskeyForm",
    "reauthenticate_webauthn": "tessera.apps.accounts.forms.ConfirmPasskeyForm",
    "add_webauthn": "tessera.apps.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "tessera.apps.accounts.forms.RenamePasskeyForm",
}
# With the account of an organisation come only those who are known here: see accounts.providers.
SOCIALACCOUNT_ADAPTER = "tessera.apps.accounts.providers.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": parse_providers(read_secret("TESSERA_OIDC"), on_loopback=ON_LOOPBACK),
    }
}
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
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    # Before anything looks into a form.
    "tessera.apps.records.files.arriving.refuse_large_bodies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "tessera.apps.accounts.middleware.renew_session",
    "tessera.apps.records.middleware.know_who_acts",
    "tessera.web.middleware.ask_for_second_step",
    "tessera.web.middleware.keep_private",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # A report's parts are the same on the page and in the file that one downloads.
        "DIRS": [PACKAGE / "reports" / "html"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "tessera.web.site.site",
            ]
        },
    }
]

FORM_RENDERER = "tessera.web.forms.FormRenderer"

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
BEHIND_PROXY = read_bool("TESSERA_BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Failed tries are counted by network address. Without this, all visitors would share that of the proxy.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
X_FRAME_OPTIONS = "DENY"

# A browser keeps a `__Host-` cookie only over https, so plain http on the loopback needs the bare names.
COOKIE_PREFIX = "" if ON_LOOPBACK else "__Host-"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
SESSION_COOKIE_SECURE = not ON_LOOPBACK
# Of not being used: accounts.middleware lets the time begin anew.
SESSION_COOKIE_AGE = 14 * 24 * 3600
# One cookie is enough: the messages of the next page are kept in the session, too.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = not ON_LOOPBACK
CSRF_COOKIE_HTTPONLY = True

# Only languages whose catalogue is complete are offered.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("lv", "Latviešu")]
# The words of residents' pages are few, and stand in more languages than the rest of the site.
LOCALE_PATHS = [PACKAGE / "locale", PACKAGE / "apps/dialogue/templates/dialogue/resident/locale"]
# English dates with the day first, as Europe writes them.
FORMAT_MODULE_PATH = "tessera.web.formats"
USE_TZ = True
TIME_ZONE = read_text("TESSERA_TIME_ZONE", "UTC")

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
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
    "filters": {"outage": {"()": "tessera.web.outage.OutageInOneLine"}},
    "loggers": {"django": {"handlers": []}, "django.request": {"filters": ["outage"]}},
}
