"""Settings. Everything a deployment decides comes from `GEZHI_*` environment variables; a missing secret stops the
start with a sentence. `gezhi demo` and the tests make their own secrets and set the variables themselves.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from gezhi.config.logs import configure as configure_logs
from gezhi.lib.alive import Connection

PACKAGE = Path(__file__).resolve().parent.parent


def _needed(name: str, what: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: {what}. `gezhi demo` sets it itself; a deployment must.")
    return value


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


DEMO = _flag("GEZHI_DEMO")
TESTING = _flag("GEZHI_TESTING")
DEBUG = False
SECRET_KEY = _needed("GEZHI_SECRET_KEY", "it signs sessions and forms; use 50 random characters")
GEZHI_VAULT_KEY = _needed("GEZHI_VAULT_KEY", "it wraps the keys of personal data; 32 random bytes in base64")
GEZHI_SIGNING_KEY = _needed("GEZHI_SIGNING_KEY", "it signs the ledger's daily root; 32 random bytes in base64")
DATA = Path(os.environ.get("GEZHI_DATA", "var")).absolute()
GEZHI_FILES = Path(os.environ.get("GEZHI_FILES", str(DATA / "files")))
GEZHI_PROFILE_PATHS = [Path(p) for p in os.environ.get("GEZHI_PROFILE_PATHS", "").split(os.pathsep) if p]
PUBLIC_URL = os.environ.get("GEZHI_PUBLIC_URL", "http://127.0.0.1:8000")
REPORTS_PER_MINUTE = int(os.environ.get("GEZHI_REPORTS_PER_MINUTE", "60"))  # by the API, a caller and web process

# The optional writing assistant: any endpoint that speaks OpenAI's chat protocol, such as one on the owner's premises.
GEZHI_ASSISTANT_URL = os.environ.get("GEZHI_ASSISTANT_URL", "")  # up to and without /chat/completions
GEZHI_ASSISTANT_MODEL = os.environ.get("GEZHI_ASSISTANT_MODEL", "default")
GEZHI_ASSISTANT_KEY = os.environ.get("GEZHI_ASSISTANT_KEY", "")

ALLOWED_HOSTS = [h for h in os.environ.get("GEZHI_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("GEZHI_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "gezhi.interfaces.web",
    "gezhi.interfaces.portal",
    "gezhi.interfaces.admin",
    "gezhi.interfaces.api",
    "gezhi.interfaces.jobs",
    "gezhi.interfaces.cli",
    "gezhi.modules.command",
    "gezhi.modules.advice",
    "gezhi.modules.cases",
    "gezhi.modules.catalogue",
    "gezhi.modules.territory",
    "gezhi.modules.people",
    "gezhi.modules.files",
    "gezhi.modules.notices",
    "gezhi.modules.documents",
    "gezhi.modules.switches",
    "gezhi.modules.ledger",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "django_linear_migrations" if TESTING else "",
]
INSTALLED_APPS = [app for app in INSTALLED_APPS if app]

MIDDLEWARE = [
    "gezhi.config.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gezhi.config.middleware.Refusals",
    "gezhi.config.middleware.CurrentActor",
]

ROOT_URLCONF = "gezhi.config.urls"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gezhi.interfaces.web.context.page",
            ],
        },
    },
]

_POOL = {"min_size": 1, "max_size": 12, "timeout": 5, "connection_class": Connection}
_database = conninfo_to_dict(_needed("GEZHI_DATABASE_URL", "where PostgreSQL is, e.g. postgresql://gezhi@host/gezhi"))
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.get("dbname", "gezhi"),
        "USER": _database.get("user", ""),
        "PASSWORD": _database.get("password", ""),
        "HOST": _database.get("host", ""),
        "PORT": str(_database.get("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "prepare_threshold": 0,  # for the few statements of ours that are prepared; Django's own never are
            **{k: v for k, v in _database.items() if k not in {"dbname", "user", "password", "host", "port"}},
            **({"pool": _POOL} if _flag("GEZHI_POOL") else {}),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "gezhi_cache"}}

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["gezhi.interfaces.web.accounts.Accounts"]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["django.contrib.auth.hashers.Argon2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "gezhi.interfaces.web.accounts.Adapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,5/300s/key"}
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "gezhi.interfaces.web.accounts.SecondFactors"
MFA_TOTP_ISSUER = "Gezhi"

SESSION_ENGINE = "gezhi.interfaces.web.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("GEZHI_BEHIND_PROXY") else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "gezhi.interfaces.web.failures.csrf"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "worker-src": ["'self'", "blob:"],
        "child-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese (simplified)")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # screens only; the profile in force may name another (see config.middleware)

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/build/assets/.+-[\w-]{8}\.\w+$"  # named by their content
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 30
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
PROCRASTINATE_ON_APP_READY = "gezhi.config.wiring.ready"
SILENCED_SYSTEM_CHECKS = ["account.W001"]

LOGGING_CONFIG = None
configure_logs(os.environ.get("GEZHI_LOG", "INFO"))
