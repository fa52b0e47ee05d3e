"""The settings: one file for every place. What differs between places comes from the environment.

DATABASE_URL   postgres://user:password@host:port/name; unset: the bundled PostgreSQL in CHIBO_HOME
CHIBO_HOME     the folder of data, key and papers; unset: see chibo.embedded.server.home
CHIBO_URL      the public address; https:// switches on secure cookies and HSTS
CHIBO_PROXIES  how many proxies of yours stand before it; unset: one with https://, else none
CHIBO_SECRET   the signing key; unset: one is made and kept in CHIBO_HOME
CHIBO_SMTP     smtp://user:password@host:port?from=address; unset: letters become files in CHIBO_HOME/mail
"""

import os
import secrets
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.csp import CSP

from chibo.embedded import server

HOME = server.home()
URL = os.environ.get("CHIBO_URL", "http://127.0.0.1:8000").rstrip("/")
IS_HTTPS = URL.startswith("https://")
PUBLIC_URL = os.environ.get("CHIBO_PUBLIC_URL", URL).rstrip("/")
"""Where the public answers without an account; with a host of its own, that host shows nothing else."""


def _secret() -> str:
    """The signing key, kept in the home so that sessions outlive a restart."""
    if given := os.environ.get("CHIBO_SECRET"):
        return given
    path = HOME / "secret-key"
    try:
        return path.read_text()
    except OSError:
        key = secrets.token_urlsafe(50)
    server.claim(HOME)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
    except FileExistsError:
        return path.read_text()
    except OSError:
        pass  # A home that cannot be written: the server says so when it starts; this key lives as long as the process.
    return key


SECRET_KEY = _secret()
DEBUG = False
ALLOWED_HOSTS = [
    urlsplit(URL).hostname or "localhost",
    urlsplit(PUBLIC_URL).hostname or "localhost",
    "127.0.0.1",
    "localhost",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS = [URL]
ROOT_URLCONF = "chibo.config.urls"
WSGI_APPLICATION = "chibo.config.wsgi.application"

INSTALLED_APPS = [
    # First, so that its pages and words come before those of allauth and of Django.
    "chibo.accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
    "chibo.core",
    "chibo.audit",
    "chibo.org",
    "chibo.people",
    "chibo.access",
    "chibo.regulations",
    "chibo.documents",
    "chibo.notifications",
    "chibo.tasks",
    "chibo.meetings",
    "chibo.opinions",
    "chibo.supervision",
    "chibo.assessment",
    "chibo.learning",
    "chibo.readiness",
    "chibo.courses",
    "chibo.topics",
    "chibo.training",
    "chibo.consultations",
    "chibo.programmes",
    "chibo.admissions",
    "chibo.dues",
    "chibo.reorganisation",
    "chibo.desk",
    "chibo.demo",
    "chibo.config",
    # Last, so that chibo.core's widget templates come before Django's own.
    "django.forms",
]

MIDDLEWARE = [
    "chibo.core.http.by_host",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "chibo.core.http.no_store",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "chibo.core.http.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "chibo.access.pages.who_is_asking",
    "chibo.training.views.door.practising",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.csp",
                "django.contrib.messages.context_processors.messages",
                "chibo.access.pages.shell",
                "chibo.desk.menu.menu",
                "chibo.training.views.door.strip",
            ],
            "builtins": ["chibo.core.templatetags.chibo"],
        },
    }
]
FORM_RENDERER = "chibo.core.forms.Renderer"

# The database

_POOL = {"min_size": 1, "max_size": 8, "timeout": 10}


def _database() -> dict[str, object]:
    common: dict[str, object] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": _POOL},
    }
    if url := os.environ.get("DATABASE_URL"):
        parts = urlsplit(url)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return common | {
            "OPTIONS": {"pool": _POOL, **{name: value for name, value in query.items() if name != "host"}},
            "HOST": query.get("host", parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
        }
    address = server.address(HOME)
    return common | {
        "HOST": address.host,
        "PORT": str(address.port),
        "NAME": address.dbname,
        "USER": address.user,
        "PASSWORD": address.password,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Sign-in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["chibo.accounts.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "chibo.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  # the name of a class
ACCOUNT_FORMS = {
    "login": "chibo.accounts.forms.SignInForm",
    "change_password": "chibo.accounts.forms.ChangePasswordForm",
    "reset_password": "chibo.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "chibo.accounts.forms.ResetPasswordKeyForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("CHIBO_PROXIES", "1" if IS_HTTPS else "0"))
ACCOUNT_RATE_LIMITS = {
    # A mobile network or an office shows many people under one address; a name alone is held to five tries.
    "login": "300/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "sign_in_code": "60/m/ip,5/5m/key",
    "change_password": "5/m/user",
}

# Sessions outlast a month, so that meeting day is no storm of sign-ins.
SESSION_COOKIE_AGE = 70 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "chibo-session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "chibo-csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if IS_HTTPS else "chibo-language"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 400 * 24 * 3600
CSRF_FAILURE_VIEW = "chibo.core.http.csrf_failure"

# What a browser may do with these pages

SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# Language, time, files, letters

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "files", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

if smtp := os.environ.get("CHIBO_SMTP"):
    _smtp = urlsplit(smtp)
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": _smtp.hostname or "localhost",
                "port": _smtp.port or 587,
                "username": unquote(_smtp.username or ""),
                "password": unquote(_smtp.password or ""),
                "use_tls": bool(_smtp.username),
                "timeout": 20,
            },
        }
    }
    DEFAULT_FROM_EMAIL = parse_qs(_smtp.query).get("from", [unquote(_smtp.username or "")])[0]
else:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": HOME / "mail"},
        }
    }
    DEFAULT_FROM_EMAIL = "chibo@localhost"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
