"""Every setting, in one file, by environment variable. A wrong value stops the start with one clear line."""

import os
import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

from facilitation.server.folder import SHORTEST_KEY, read_key
from facilitation.server.network import OwnHosts, list_names
from facilitation.server.serving import BODY_BYTES

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str | None = None) -> str:
    """The value of an environment variable. Without a default the variable must be set."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. See .env.example.")
    return value


def env_bool(name: str, default: bool) -> bool:
    value = env(name, "1" if default else "0").strip().lower()
    if value not in {"0", "1", "true", "false"}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value in {"1", "true"}


def env_int(name: str, default: int, *, low: int, high: int) -> int:
    value = env(name, str(default)).strip()
    if not value.isdecimal() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
    return int(value)


def env_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = env(name, default).strip().upper()
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def env_folder(name: str, default: Path) -> Path:
    value = env(name, str(default)).strip()
    if not value:
        raise ImproperlyConfigured(f"{name} must be a folder. Leave it out for {default}.")
    return Path(value)


def env_hosts(name: str, default: str) -> list[str]:
    """Names with commas between them. `*` would let every site on the internet speak for this one."""
    hosts = [host.strip() for host in env(name, default).split(",") if host.strip()]
    wrong = [host for host in hosts if not re.fullmatch(r"\.?[\w-]+(\.[\w-]+)*|\[[0-9A-Fa-f:.]+\]", host)]
    if wrong or not hosts:
        raise ImproperlyConfigured(
            f"{name} must hold names such as buurtboom.example, with commas between them, not {', '.join(wrong)!r}."
        )
    return hosts


def env_address(name: str, default: str) -> str:
    """The address of a whole site: `https://buurtboom.example`, or nothing."""
    address = env(name, default).strip().rstrip("/")
    parts = split_address(name, address)
    is_whole = parts.scheme in {"http", "https"} and parts.hostname and f"{parts.scheme}://{parts.netloc}" == address
    if address and (not is_whole or "@" in address):
        raise ImproperlyConfigured(
            f"{name} must be http:// or https:// with a name, and no path: https://buurtboom.example, not {address!r}."
        )
    return address


def env_time_zone(name: str, default: str) -> str:
    value = env(name, default).strip()
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError) as error:
        raise ImproperlyConfigured(f"{name} must be a time zone such as {default}, not {value!r}.") from error
    return value


def split_address(name: str, address: str) -> SplitResult:
    """The parts of an address. A port that is no number is found here, and not when somebody asks for it."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        # Without the address: it may hold a password.
        raise ImproperlyConfigured(f"{name} is no address: {error}. See .env.example.") from error
    return parts


# The folder that holds what belongs to this installation: the SQLite file and, at home, the secret key.
DATA_DIR = env_folder("BUURTBOOM_DATA", BASE_DIR / "data")


def read_secret_key() -> str:
    """The key from the environment, or the one `manage.py start` keeps in the data folder."""
    if key := os.environ.get("SECRET_KEY"):
        if len(key) < SHORTEST_KEY:
            raise ImproperlyConfigured(f"SECRET_KEY is too short: use at least {SHORTEST_KEY} characters.")
        return key
    try:
        kept = read_key(DATA_DIR)
    except OSError as error:
        raise ImproperlyConfigured(f"{error.filename} cannot be read ({error.strerror}).") from error
    if kept:
        return kept
    if not os.environ.get("DATABASE_URL"):
        # At home, before the first start. `manage.py start` keeps a key of its own before it serves anything.
        return secrets.token_urlsafe(48)
    raise ImproperlyConfigured("SECRET_KEY is not set. See .env.example.")


def read_database(url: str) -> dict[str, Any]:
    """Django's settings for `sqlite:///path` or `postgresql://user:password@host:port/name`."""
    parts = split_address("DATABASE_URL", url)
    if parts.scheme == "sqlite" and (path := unquote(url.removeprefix("sqlite:///"))) not in {"", url}:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "CONN_MAX_AGE": None,  # a thread keeps its connection: opening one costs more than most pages ask of it
            "NAME": path,
            "OPTIONS": {
                # IMMEDIATE takes the write lock at BEGIN, so a transaction never fails half-way on it.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA busy_timeout=20000;"
                ),
            },
        }
    if parts.scheme in {"postgres", "postgresql"} and parts.path.strip("/"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.strip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,  # as above; the threads are few, so these need no pool
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"connect_timeout": 5},
        }
    raise ImproperlyConfigured("DATABASE_URL must be sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME.")


def read_channel_layer(url: str) -> dict[str, Any]:
    """The channel layer: in memory without REDIS_URL, else Redis pub/sub."""
    if not url:
        return {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1000}}
    if split_address("REDIS_URL", url).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured("REDIS_URL must be redis://HOST:PORT/NUMBER.")
    return {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # redis-py 8 closes a socket that is silent for 5 s by default; a subscription is silent for hours.
        "CONFIG": {"hosts": [{"address": url, "socket_timeout": None}], "prefix": "buurtboom"},
    }


def read_mail(url: str, sender: str) -> dict[str, Any]:
    """Django's settings for `smtp://USER:PASSWORD@HOST:587` (STARTTLS) or `smtps://...:465`; no host for no mail."""
    if not url:
        return {"host": "", "port": 25, "user": "", "password": "", "tls": False, "ssl": False}
    parts = split_address("EMAIL_URL", url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/"):
        raise ImproperlyConfigured("EMAIL_URL must be smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465.")
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", sender):
        raise ImproperlyConfigured(f"EMAIL_FROM must be an address such as buurtboom@buurt.example, not {sender!r}.")
    is_ssl = parts.scheme == "smtps"
    return {
        "host": parts.hostname,
        "port": parts.port or (465 if is_ssl else 587),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "tls": not is_ssl and bool(parts.username),  # a relay on the same machine has no name and no certificate
        "ssl": is_ssl,
    }


DEBUG = env_bool("DEBUG", False)
SECRET_KEY = read_secret_key()
# On a laptop in the hall, and not on a server: `manage.py start` says so.
AT_HOME = env_bool("AT_HOME", False)
ALLOWED_HOSTS = env_hosts("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
# The address that phones can reach; it stands on the beamer, in the QR and in the lobby. At home it is found when it is
# asked for, see `addresses`.
PUBLIC_URL = env_address("PUBLIC_URL", "")
if AT_HOME and "ALLOWED_HOSTS" not in os.environ:
    ALLOWED_HOSTS = OwnHosts([*list_names(), *filter(None, [urlsplit(PUBLIC_URL).hostname])])
# Where this server itself listens; the pretend participants of a practice session come in there.
SELF_URL = env_address("SELF_URL", "http://127.0.0.1:8000")
IS_HTTPS = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
# How long a practice session stays, and how long phones and single votes of a real one stay.
PRACTICE_HOURS = env_int("PRACTICE_HOURS", 24, low=1, high=24 * 30)
# Nobody waits for a phone that was not seen for this long. When it wakes it counts again.
PRESENT_MINUTES = env_int("PRESENT_MINUTES", 2, low=2, high=24 * 60)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "content",
    "sessions",
    "facilitation",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "facilitation.urls"
ASGI_APPLICATION = "facilitation.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                ("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"]),
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "facilitation.templatetags.look",
                "facilitation.templatetags.words",
            ],
        },
    },
]

DATABASES = {"default": read_database(env("DATABASE_URL", f"sqlite:///{DATA_DIR / 'buurtboom.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CHANNEL_LAYERS = {"default": read_channel_layer(env("REDIS_URL", ""))}

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = 14 * 24 * 3600
# Guessing is counted per name, never per address: a whole hall shares one. Ten a minute is slow enough for a password
# of ten characters, and short enough for a facilitator on a new device.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=1)
AXES_WHITELIST_CALLABLE = "facilitation.logins.is_trusted"
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # who logs in is nobody's business; only failed tries are counted

# Mail before the days of a plan, to who asked for it; without EMAIL_URL nobody is offered any.
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", "").strip()
_mail = read_mail(env("EMAIL_URL", "").strip(), DEFAULT_FROM_EMAIL)
EMAIL_HOST, EMAIL_PORT, EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["host"], _mail["port"], _mail["tls"], _mail["ssl"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["user"], _mail["password"]
EMAIL_TIMEOUT = 10

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env_time_zone("TIME_ZONE", "Europe/Amsterdam")
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env_folder("STATIC_ROOT", DATA_DIR / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "facilitation.server.static.ModuleStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if IS_HTTPS else None  # a browser in a hall without TLS complains
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
if IS_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env_int("HSTS_SECONDS", 3600, low=0, high=63072000)
CSRF_FAILURE_VIEW = "facilitation.views.forgery.refuse_forgery"
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_BYTES
SILENCED_SYSTEM_CHECKS = [
    "axes.W006",  # counting by address would lock out the whole hall
    "security.W004",  # HSTS beyond this one name, and the redirect to TLS, belong to the proxy and its owner;
    "security.W005",  # on a hall's wifi there is no TLS at all
    "security.W008",
    "security.W012",
    "security.W016",
    "security.W021",
]

LOG_LEVEL = env_choice("LOG_LEVEL", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {
        "one_line": {"()": "facilitation.server.logs.OneLine"},
        "keyless": {"()": "facilitation.server.logs.Keyless"},
        "counted": {"()": "facilitation.server.logs.Counted"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["one_line", "counted", "keyless"],
        },
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Addresses of phones are personal data: the access log stays off.
    "loggers": {
        "django.channels.server": {"level": "ERROR"},
        "daphne.http_protocol": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},  # an address that is not there is nobody's fault
    },
}
