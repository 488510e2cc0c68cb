"""The only reader of the environment.

Every variable is declared here with what it does; `docs/reference/settings.md` lists the same names
(a test compares the two).
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable: its name, what it is when unset, and what it does."""

    name: str
    default: str
    purpose: str

    def text(self) -> str:
        """Return the value as it stands in the environment, or the default."""
        return os.environ.get(self.name, "") or self.default

    def number(self) -> int:
        """Return the value as a whole number; say which variable is wrong where it is none."""
        value = self.text()
        try:
            return int(value)
        except ValueError:
            raise SystemExit(f"{self.name} must be a whole number, not {value!r}") from None

    def one_of(self, *known: str) -> str:
        """Return the value where it is one of those known; say which variable is wrong where it is not."""
        value = self.text()
        if value not in known:
            raise SystemExit(f"{self.name} must be one of {', '.join(known)}, not {value!r}")
        return value

    def names(self) -> list[str]:
        """Return the comma-separated values."""
        return [part.strip() for part in self.text().split(",") if part.strip()]


HOME = Variable("TONGWEN_HOME", "./var", "Folder that holds all data of an embedded installation.")
DATABASE_URL = Variable(
    "DATABASE_URL", "", "PostgreSQL to use (postgresql://user:password@host:5432/name); unset: the embedded server."
)
HOST = Variable("TONGWEN_HOST", "127.0.0.1", "Address the portal listens on.")
PORT = Variable("TONGWEN_PORT", "8080", "Port the portal listens on.")
MODE = Variable("TONGWEN_MODE", "prod", "Kind of installation: dev, prod or test.")
SECRET_KEY = Variable(
    "TONGWEN_SECRET_KEY", "", "Key that signs sessions; unset: made once and kept in TONGWEN_HOME/secret-key."
)
ALLOWED_HOSTS = Variable(
    "TONGWEN_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", "Host names the portal answers to, comma-separated."
)
HTTPS = Variable("TONGWEN_HTTPS", "0", "1 when people reach the portal by HTTPS (secure cookies, HSTS); 0 on loopback.")
ADDRESS = Variable(
    "TONGWEN_ADDRESS",
    "",
    "Address by which people and services reach the portal (https://tongwen.example.org); unset: as each request says"
    " (in mails: http://localhost and the port).",
)
SIGNING_KEY = Variable(
    "TONGWEN_SIGNING_KEY",
    "",
    "RSA key (PEM) that signs identity tokens; unset: made once and kept in TONGWEN_HOME/signing-key.pem.",
)
SUBJECT_SECRET = Variable(
    "TONGWEN_SUBJECT_SECRET",
    "",
    "Secret from which services' names for people are made; unset: made once and kept in TONGWEN_HOME/subject-secret.",
)
WEB_PROCESSES = Variable("TONGWEN_WEB_PROCESSES", "2", "Processes that serve the portal.")
LOAD_PROCESSES = Variable("TONGWEN_LOAD_PROCESSES", "2", "Processes that parse and analyse records during a load.")
METRICS_FOLDER = Variable(
    "PROMETHEUS_MULTIPROC_DIR", "", "Folder in which several processes share their metrics; `tongwen serve` sets it."
)
LOG_LEVEL = Variable("TONGWEN_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR.")
LOG_FORMAT = Variable("TONGWEN_LOG_FORMAT", "json", "json, or console for people.")
MAX_UPLOAD = Variable("TONGWEN_MAX_UPLOAD_MB", "2048", "Largest file of records that may be uploaded, in MB.")
MAIL_URL = Variable(
    "TONGWEN_MAIL_URL",
    "",
    "Mail server (smtp://user:password@host:587 or smtps://); unset: files in TONGWEN_HOME/mail.",
)
MAIL_FROM = Variable("TONGWEN_MAIL_FROM", "Tongwen <tongwen@localhost>", "Sender of the portal's mails.")
OUTBOUND_LOOPBACK = Variable(
    "TONGWEN_OUTBOUND_LOOPBACK", "0", "1 lets log-in sources and other systems on this machine be asked; for trials."
)
ERASURE_DAYS = Variable("TONGWEN_ERASURE_DAYS", "14", "Days between somebody's wish to be erased and its doing.")
KEEP_READERS = Variable("TONGWEN_KEEP_READERS_DAYS", "365", "Days for which a reader is kept who is none any more.")
KEEP_INVITATIONS = Variable(
    "TONGWEN_KEEP_INVITATIONS_DAYS", "90", "Days for which an invitation is kept after its end."
)
KEEP_MAILS = Variable("TONGWEN_KEEP_MAILS_DAYS", "30", "Days for which is kept that a mail was sent, and to whom.")

PROXIES = Variable(
    "TONGWEN_PROXIES", "", "Addresses of the web servers in front, comma-separated; only their X-Forwarded-For is read."
)
LOCK_AFTER = Variable(
    "TONGWEN_LOCK_AFTER", "5", "Failed log-ins of one account in a row after which it has to wait, longer each time."
)
SECOND_FACTOR = Variable(
    "TONGWEN_SECOND_FACTOR", "asked", "Second factor of staff: off, asked (may be put off) or required."
)
SECOND_FACTOR_GRACE = Variable(
    "TONGWEN_SECOND_FACTOR_GRACE_DAYS", "14", "Days that staff have to enrol where a second factor is required."
)
PASSWORD_RULES = Variable(
    "TONGWEN_PASSWORD_RULES", "length", "Rules for passwords: length (NIST SP 800-63B) or complexity (GB/T 22239)."
)
STAFF_IDLE = Variable("TONGWEN_STAFF_IDLE_MINUTES", "30", "Minutes after which staff who did nothing log in anew.")
READER_IDLE = Variable("TONGWEN_READER_IDLE_MINUTES", "720", "Minutes after which readers who did nothing log in anew.")
SESSION_HOURS = Variable("TONGWEN_SESSION_HOURS", "12", "Hours after which every session ends, used or not.")
STAFF_SESSIONS = Variable(
    "TONGWEN_STAFF_SESSIONS", "5", "Sessions of one member of staff; beyond that the oldest ends."
)
SEARCHES = Variable(
    "TONGWEN_SEARCHES_PER_MINUTE", "120", "Searches a minute from an address; fifty times from a campus."
)

_SCRATCH_MARK = "TONGWEN_TEST_RUN"

VARIABLES: tuple[Variable, ...] = (
    HOME,
    DATABASE_URL,
    HOST,
    PORT,
    MODE,
    SECRET_KEY,
    ALLOWED_HOSTS,
    HTTPS,
    ADDRESS,
    SIGNING_KEY,
    SUBJECT_SECRET,
    WEB_PROCESSES,
    LOAD_PROCESSES,
    METRICS_FOLDER,
    LOG_LEVEL,
    LOG_FORMAT,
    MAX_UPLOAD,
    PROXIES,
    LOCK_AFTER,
    SECOND_FACTOR,
    SECOND_FACTOR_GRACE,
    PASSWORD_RULES,
    STAFF_IDLE,
    READER_IDLE,
    SESSION_HOURS,
    STAFF_SESSIONS,
    SEARCHES,
    MAIL_URL,
    MAIL_FROM,
    OUTBOUND_LOOPBACK,
    ERASURE_DAYS,
    KEEP_READERS,
    KEEP_INVITATIONS,
    KEEP_MAILS,
)


def home() -> Path:
    """Return the installation's folder as an absolute path."""
    return Path(HOME.text()).expanduser().resolve()


def secret_key() -> str:
    """Return the signing key: from the environment, else from the installation's folder, made at first use."""
    return SECRET_KEY.text() or _kept("secret-key", lambda: secrets.token_urlsafe(50))


def subject_secret() -> str:
    """Return what services' names for people are made from; with another one every service would know nobody."""
    return SUBJECT_SECRET.text() or _kept("subject-secret", lambda: secrets.token_urlsafe(50))


def signing_key() -> str:
    """Return the RSA key (PEM) that signs identity tokens, made at first use."""
    return SIGNING_KEY.text() or _kept("signing-key.pem", _rsa_key)


def former_signing_keys() -> list[str]:
    """Return keys that signed before (`signing-key.*.pem`): what they signed is still believed until it expires."""
    return [path.read_text().strip() for path in sorted(home().glob("signing-key.*.pem"))]


def _rsa_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem.decode()


def _kept(name: str, make: Callable[[], str]) -> str:
    """Return what is kept in a file of the installation's folder, readable by its owner only; made at first use."""
    path = home() / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(f"{name}.{os.getpid()}.new")
        scratch.touch(mode=0o600)
        scratch.write_text(make())
        try:
            os.link(scratch, path)
        except FileExistsError:
            pass  # Another process was first: what it made counts.
        finally:
            scratch.unlink()
    return path.read_text().strip()


def settings_module() -> str:
    """Return the settings module of this kind of installation."""
    mode = MODE.text()
    if mode not in ("dev", "prod", "test"):
        raise SystemExit(f"TONGWEN_MODE must be dev, prod or test, not {mode!r}")
    return f"tongwen.config.settings.{mode}"


def prepare_command(*, log_level: str = "WARNING", log_format: str = "console") -> None:
    """Choose the settings module, and how a command logs where the environment does not say."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module())
    os.environ.setdefault(LOG_LEVEL.name, log_level)
    os.environ.setdefault(LOG_FORMAT.name, log_format)


def use_scratch_home() -> None:
    """Give a test run a folder of its own, shared by its processes and removed by the one that made it."""
    if os.environ.get(_SCRATCH_MARK):
        return
    folder = tempfile.mkdtemp(prefix="tongwen-test-")
    Path(folder).chmod(0o755)  # The embedded server may run as another user.
    os.environ[_SCRATCH_MARK] = os.environ[HOME.name] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
