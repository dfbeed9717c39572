"""Settings: one file, values from the environment, unsafe production values refused at start."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

# Before numpy is imported, which happens when a report is asked for: with threads of its own on busy processors, one
# small model takes fifty times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

# Everything the running product writes lives here: database, key, uploads, collected static files.
DATA_DIR = Path(env.str("PD_TRACKER_DATA", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=sorted(LOOPBACK))
EMBEDDED = set(ALLOWED_HOSTS) <= LOOPBACK
DEBUG = env.bool("DEBUG", default=False)
SERVES_PAGES = env.str("PD_TRACKER_SERVES", default="") == "pages"  # set by wsgi.py and asgi.py


def own_secret_key() -> str:
    """The embedded default makes its own key on first start, readable by its owner only."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        try:
            with open(path, "x", encoding="ascii", opener=lambda name, flags: os.open(name, flags, 0o600)) as new:
                new.write(secrets.token_urlsafe(64))
        except FileExistsError:  # another process of the same start was quicker
            pass
    return path.read_text(encoding="ascii").strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or (own_secret_key() if EMBEDDED else "")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])


if not EMBEDDED:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG must be off when ALLOWED_HOSTS names more than this machine.")
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10:
        raise ImproperlyConfigured("Set SECRET_KEY to at least 50 random characters to serve more than this machine.")
    # Off this machine only TLS is served; the proxy in front must strip X-Forwarded-Proto from outside.
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=63_072_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if host != "*"]
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("Name the hosts in ALLOWED_HOSTS; '*' answers to any name.")

INSTALLED_APPS = [
    "pd_tracker.web",
    "pd_tracker.audit",
    "pd_tracker.jobs",
    "pd_tracker.imports",
    "pd_tracker.notices",
    "pd_tracker.api",
    "teachers",
    "learning_plans",
    "pd_tracker.reports",
    "pd_tracker.dashboards",
    "pd_tracker.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "rest_framework",
    "simple_history",
]

MIDDLEWARE = [
    "pd_tracker.web.middleware.RequestNumberMiddleware",
    "pd_tracker.web.middleware.HealthFirst",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "teachers.middleware.DistrictTimeMiddleware",
    "teachers.middleware.SignedInWhileActive",
    "pd_tracker.web.middleware.PrivatePagesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "pd_tracker.urls"
WSGI_APPLICATION = "pd_tracker.wsgi.application"
FORM_RENDERER = "pd_tracker.web.forms.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "pd_tracker.dashboards.frame.frame",
            ],
        },
    }
]

# --- Data -------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'pd_tracker.sqlite3'}")}
database = DATABASES["default"]
database["HOST"] = unquote(database.get("HOST", ""))  # a socket's folder stands there with %2F
database_host = str(database.get("OPTIONS", {}).get("host", "") or database["HOST"])
DATABASE_IS_ELSEWHERE = not (database_host in {"", *LOOPBACK, "::1"} or database_host.startswith("/"))
if not EMBEDDED and DATABASE_IS_ELSEWHERE and "sslmode" not in database.get("OPTIONS", {}):
    raise ImproperlyConfigured(
        "The database is on another machine: add ?sslmode=verify-full (and &sslrootcert=… with its certificate) to "
        "DATABASE_URL, or ?sslmode=disable if nobody else can reach the network between."
    )
if database["ENGINE"] == "django.db.backends.sqlite3":
    os.umask(0o077)  # the database is a file, and so is mail with sign-in links: for its owner only, wherever it lies
    # Without IMMEDIATE a transaction that reads and then writes fails at once when another writer was there first.
    database["OPTIONS"] = database.get("OPTIONS", {}) | {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
    }
else:
    # Pages give up before the person does; long work takes the time it needs. DATABASE_URL has the last word.
    limits = {
        "statement_timeout": env.int("WEB_STATEMENT_SECONDS", default=30),
        "lock_timeout": env.int("WEB_LOCK_SECONDS", default=5),
        "idle_in_transaction_session_timeout": env.int("WEB_IDLE_SECONDS", default=60),
    }
    # Compiling the query of a list takes PostgreSQL ten times as long as answering it; and files read their cursors to
    # the end, which it would plan for the first tenth of the rows.
    said = ["-c jit=off", "-c cursor_tuple_fraction=1"]
    if SERVES_PAGES:
        said += [f"-c {name}={seconds}s" for name, seconds in limits.items() if seconds]
    if database.get("DISABLE_SERVER_SIDE_CURSORS"):  # said of a pool like PgBouncer, which refuses options, too
        said = []
    asked = database.get("OPTIONS", {})
    if said or "options" in asked:
        asked |= {"options": " ".join([*said, asked.get("options", "")]).strip()}
    database["OPTIONS"] = {"connect_timeout": 2, "application_name": "pd_tracker"} | asked
    database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    database["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all processes of the site, so that rate limits count every worker's visitors.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},  # of 300, the default, a school signing in would throw out its own counters
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

MEDIA_ROOT = DATA_DIR / "files"  # never under a public address; handed out by authorised views only
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "pd_tracker.web.uploads.RefuseTooLarge",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# Every kind of file that can be loaded, in the order a new district loads them; the imports app knows none of them.
IMPORTERS = [
    "teachers.imports.schools.IMPORTER",
    "teachers.imports.roster.IMPORTER",
    "learning_plans.imports.frameworks.IMPORTER",
    "learning_plans.imports.courses.IMPORTER",
    "learning_plans.imports.completions.IMPORTER",
    "teachers.imports.kpi_values.IMPORTER",
    "teachers.imports.pairings.IMPORTER",
    "learning_plans.imports.licences.IMPORTER",
    "learning_plans.imports.credit_totals.IMPORTER",
]

# --- Static files -----------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Accounts ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "teachers.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 43_200
CSRF_FAILURE_VIEW = "teachers.views.typed.not_proven"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "change_password": "teachers.forms.passwords.ChangePassword",
    "reset_password_from_key": "teachers.forms.passwords.ChoosePassword",
}
ACCOUNT_ADAPTER = "teachers.accounts.ClosedSignup"
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses come from HR, nobody signs up
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody verifies an address here: HR vouches for it
MFA_TOTP_ISSUER = "PD Tracker"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# Lock one person at one address, never a whole school behind one address.
AXES_USERNAME_CALLABLE = "teachers.accounts.attempted_login"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_CLIENT_IP_CALLABLE = "teachers.accounts.client_address"
AXES_VERBOSE = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", default=0)
# A whole school signs in from one address on a Monday morning; `login_failed` counts codes of the second step.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "5/5m/key",
    "reset_password": "100/m/ip,5/m/key",
    "reset_password_from_key": "300/m/ip",
}
CERTIFICATE_RATE_LIMITS = {"check": "60/m/ip"}

# --- Browser rules ----------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort")
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Words and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "pd_tracker" / "web" / "locale"]
USE_TZ = True
LOCAL_TIME = "teachers.clock.district_time"  # what jobs and commands of the lower apps work inside
# What the worker starts once on each day of the district.
DAILY_WORK = (
    "learning_plans.jobs.daily",
    "learning_plans.jobs.daily_standings",
    "pd_tracker.reports.jobs.keep_person_years",
    "pd_tracker.reports.jobs.daily",
    "pd_tracker.reports.jobs.exports_due",
)
TIME_ZONE = "UTC"  # the district's own zone is switched on per request

# --- Mail and logs ----------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url(
    "EMAIL_URL", default=f"filemail:///{DATA_DIR / 'mail'}" if EMBEDDED else "smtp://localhost"
)
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="pd-tracker@localhost")
# One handler for all: Django's own would mail reports with everything that was typed in them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "pd_tracker.web.logs.Line"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"handlers": [], "propagate": True},
        "django.db.backends": {"level": "WARNING"},
    },
}
HEALTH_TOKEN = env.str("HEALTH_TOKEN", default="")  # lets a monitor elsewhere read what /health/ready found
if HEALTH_TOKEN and len(HEALTH_TOKEN) < 20:
    raise ImproperlyConfigured("Set HEALTH_TOKEN to at least 20 random characters, or leave it out.")

FILTERS_EMPTY_CHOICE_LABEL = _("Any")

# --- API --------------------------------------------------------------------------------------------------------
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=600)  # of one person, with all their tokens
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "pd_tracker.api.authentication.ScopedToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["pd_tracker.api.permissions.HasCapability"],
    "DEFAULT_THROTTLE_CLASSES": ["pd_tracker.api.throttling.PerMinute"],
    "DEFAULT_PARSER_CLASSES": ["pd_tracker.api.parsing.PlainJson"],
    "DEFAULT_RENDERER_CLASSES": ["pd_tracker.api.rendering.QuickJson"],
    "DEFAULT_SCHEMA_CLASS": "pd_tracker.api.documentation.HouseSchema",
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS would describe forms
    "EXCEPTION_HANDLER": "pd_tracker.api.problems.answer",
    "URL_FORMAT_OVERRIDE": None,
    "NON_FIELD_ERRORS_KEY": "__all__",
}
MIGRATION_MODULES = {"knox": None}  # it would make the table of its own model, which ours takes the place of
KNOX_TOKEN_MODEL = "api.Token"  # noqa: S105  a model, not a token
REST_KNOX = {"TOKEN_LIMIT_PER_USER": None, "AUTO_REFRESH": False, "TOKEN_PREFIX": "pdt_"}
SPECTACULAR_SETTINGS = {
    "TITLE": "PD Tracker",
    "VERSION": VERSION,
    "DESCRIPTION": "Everything is cut to what the owner of the token may see today. Errors are problem details.",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,  # the same for everybody who is signed in
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "OAS_VERSION": "3.0.3",
}
