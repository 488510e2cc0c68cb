"""What every kind of installation shares."""

from __future__ import annotations

import datetime as dt
import ipaddress
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

from tongwen import servers, web
from tongwen.config import env, logs
from tongwen.core import embedded_postgres

PROJECT = Path(__file__).resolve().parents[4]
PACKAGE = Path(__file__).resolve().parents[2]


def database(url: str) -> dict[str, object]:
    """Return Django's description of a PostgreSQL URL; anything else is refused in words."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise SystemExit(f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    port = options.pop("port", str(parts.port or 5432))
    return {
        "ENGINE": "tongwen.core.postgres",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10, **options},
    }


def networks(variable: env.Variable) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Return the networks that a variable names; anything else is refused in words."""
    try:
        return [ipaddress.ip_network(name) for name in variable.names()]
    except ValueError as error:
        raise SystemExit(f"{variable.name} must name addresses or networks: {error}") from None


def mail_server(url: str) -> str:
    """Return the URL of a mail server; one that cannot be right is refused in words, its password left out."""
    if url and (urlsplit(url).scheme not in ("smtp", "smtps") or not urlsplit(url).hostname):
        raise SystemExit("TONGWEN_MAIL_URL must be smtp://user:password@host:587 or smtps://user:password@host")
    return url


TONGWEN_HOME = env.home()
TONGWEN_DATABASE_FOLDER = TONGWEN_HOME / "postgres"
TONGWEN_DATABASE_IS_EMBEDDED = not env.DATABASE_URL.text()
TONGWEN_INDEX_FOLDER = TONGWEN_HOME / "index"
TONGWEN_BLOB_FOLDER = TONGWEN_HOME / "blobs"
TONGWEN_HOST = env.HOST.text()
TONGWEN_PORT = env.PORT.number()
TONGWEN_WEB_PROCESSES = env.WEB_PROCESSES.number()
TONGWEN_LOAD_PROCESSES = env.LOAD_PROCESSES.number()
TONGWEN_METRICS_FOLDER = env.METRICS_FOLDER.text()
TONGWEN_OUTBOUND_LOOPBACK = env.OUTBOUND_LOOPBACK.text() == "1"
TONGWEN_MAX_UPLOAD = env.MAX_UPLOAD.number() << 20
TONGWEN_MAIL_URL = mail_server(env.MAIL_URL.text())
TONGWEN_MAIL_FROM = env.MAIL_FROM.text()
TONGWEN_MAIL_FOLDER = TONGWEN_HOME / "mail"
TONGWEN_ERASURE_DAYS = env.ERASURE_DAYS.number()
TONGWEN_KEEP_READERS_DAYS = env.KEEP_READERS.number()
TONGWEN_KEEP_INVITATIONS_DAYS = env.KEEP_INVITATIONS.number()
TONGWEN_KEEP_MAILS_DAYS = env.KEEP_MAILS.number()

TONGWEN_ADDRESS = env.ADDRESS.text().rstrip("/")
TONGWEN_LINK_ADDRESS = TONGWEN_ADDRESS or f"http://localhost:{TONGWEN_PORT}"
TONGWEN_SUBJECT_SECRET = env.subject_secret()
TONGWEN_STYLEGUIDE = False

TONGWEN_PROXIES = networks(env.PROXIES)
TONGWEN_LOCK_AFTER = env.LOCK_AFTER.number()
TONGWEN_SECOND_FACTOR = env.SECOND_FACTOR.one_of("off", "asked", "required")
TONGWEN_SECOND_FACTOR_GRACE = dt.timedelta(days=env.SECOND_FACTOR_GRACE.number())
TONGWEN_PASSWORD_RULES = env.PASSWORD_RULES.one_of("length", "complexity")
TONGWEN_STAFF_IDLE = dt.timedelta(minutes=env.STAFF_IDLE.number())
TONGWEN_READER_IDLE = dt.timedelta(minutes=env.READER_IDLE.number())
TONGWEN_SESSION = dt.timedelta(hours=env.SESSION_HOURS.number())
TONGWEN_STAFF_SESSIONS = env.STAFF_SESSIONS.number()
TONGWEN_SEARCHES_PER_MINUTE = env.SEARCHES.number()

SECRET_KEY = env.secret_key()
DEBUG = False
TONGWEN_ALLOWED_HOSTS = env.ALLOWED_HOSTS.names()
# Host names of portals are registered while the portal runs: PortalMiddleware, the first of all, refuses all others.
ALLOWED_HOSTS = ["*"]

DATABASES = {"default": database(env.DATABASE_URL.text() or embedded_postgres.url(TONGWEN_DATABASE_FOLDER))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "django_otp_webauthn",
    "oauth2_provider",
    "tongwen.core",
    "tongwen.domain.members",
    "tongwen.domain.identity",
    "tongwen.domain.catalogue",
    "tongwen.domain.discovery",
    "tongwen.web",
    "tongwen.servers",
]

MIDDLEWARE = [
    "tongwen.config.requests.RequestLogMiddleware",
    "tongwen.config.guard.GuardMiddleware",
    "tongwen.web.security.middleware.HeadersMiddleware",
    "tongwen.web.shared.portal.PortalMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tongwen.servers.pages.WayBackMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tongwen.web.shared.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tongwen.web.security.middleware.RateMiddleware",
    "tongwen.web.security.middleware.SessionMiddleware",
    "tongwen.config.actors.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tongwen.web.security.middleware.SecondStepMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "tongwen.config.urls"
WSGI_APPLICATION = "tongwen.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [*web.TEMPLATE_FOLDERS, PACKAGE / "api" / "templates", *servers.TEMPLATE_FOLDERS],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                *web.CONTEXT_PROCESSORS,
            ],
            "builtins": web.TEMPLATE_BUILTINS,
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = TONGWEN_HOME / "static"
STATICFILES_DIRS = [*web.STATIC_FOLDERS, *servers.STATIC_FOLDERS]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": TONGWEN_BLOB_FOLDER}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [PROJECT / "locale"]
LANGUAGE_COOKIE_NAME = "tongwen_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

AUTH_USER_MODEL = "identity.Person"
# A source's no is final: the first is asked for people of libraries, the second for those of the centres only.
AUTHENTICATION_BACKENDS = [
    "tongwen.web.account.backends.SourceBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/staff/"
LOGOUT_REDIRECT_URL = "/"
# Name and origin of the portal come with the request (domain.identity.services.passkeys): it has several hosts.
OTP_WEBAUTHN_EXCEPTION_LOGGER_NAME = ""
SILENCED_SYSTEM_CHECKS = ["otp_webauthn.E010", "otp_webauthn.E011", "otp_webauthn.E030"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# The rules for passwords are our own: domain/identity/rules/passwords.toml.
PASSWORD_RESET_TIMEOUT = 1800

OAUTH2_PROVIDER_APPLICATION_MODEL = "identity.Client"
OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    "OIDC_ISS_ENDPOINT": TONGWEN_ADDRESS,
    "OIDC_RSA_PRIVATE_KEY": env.signing_key(),
    "OIDC_RSA_PRIVATE_KEYS_INACTIVE": env.former_signing_keys(),
    "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
    "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": False,
    "OIDC_RP_INITIATED_LOGOUT_DELETE_TOKENS": False,  # Those of the session that ends go with it (service_sessions).
    "OAUTH2_BACKEND_CLASS": "tongwen.servers.oidc.backend.Backend",
    "OAUTH2_VALIDATOR_CLASS": "tongwen.servers.oidc.validator.Validator",
    "SCOPES_BACKEND_CLASS": "tongwen.servers.oidc.scopes.ClientScopes",
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"],  # http to this machine only, checked where a client is kept.
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "ID_TOKEN_EXPIRE_SECONDS": 3600,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 30 * 86_400,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ROTATE_REFRESH_TOKEN": True,
    **{
        f"COMPLIANT_BCP_RFC9700_{rule}": True
        for rule in (
            "IMPLICIT_GRANT",
            "PASSWORD_GRANT",
            "PKCE_METHOD",
            "ACCESS_TOKEN_TRANSPORT",
            "AUTHZ_RESPONSE_ISS",
            "TOKEN_STORAGE",
            "REFRESH_TOKEN",
            "REDIRECT_URI_MATCHING",
        )
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # Scripts take the token from the form.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_AGE = int(TONGWEN_SESSION.total_seconds())
# Two installations on one host share its cookies, whatever their ports: each has names of its own.
SESSION_COOKIE_NAME = f"tongwen_session_{TONGWEN_PORT}"
CSRF_COOKIE_NAME = f"tongwen_csrf_{TONGWEN_PORT}"
CSRF_FAILURE_VIEW = "tongwen.web.shared.errors.csrf_failure"

FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

PROCRASTINATE_ON_APP_READY = None
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = logs.configuration(level=env.LOG_LEVEL.text(), style=env.LOG_FORMAT.text())
LOGGING_CONFIG = "logging.config.dictConfig"
