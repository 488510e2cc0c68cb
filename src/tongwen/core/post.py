"""How a mail leaves the house: by SMTP, or into a folder of `.eml` files where no server is set."""

from __future__ import annotations

import ipaddress
import os
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

_SECONDS = 20.0
_PERMANENT = 500
"""Replies from here on say that trying again is of no use (RFC 5321 4.2.1)."""


class Unsent(RuntimeError):
    """The mail could not be sent now; later it may."""


class Refused(RuntimeError):
    """The server will not take this mail, now or later."""


def deliver(message: EmailMessage, *, name: str) -> None:
    """Send a mail as `TONGWEN_MAIL_URL` says; without one, write it into `TONGWEN_HOME/mail` under this file name.

    Raises:
        Unsent, Refused
    """
    if settings.TONGWEN_MAIL_URL:
        _by_smtp(message, urlsplit(settings.TONGWEN_MAIL_URL))
    else:
        _into_folder(message, name)


def _into_folder(message: EmailMessage, name: str) -> None:
    folder: Path = settings.TONGWEN_MAIL_FOLDER
    draft = folder / f".{name}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.touch(mode=0o600)
        draft.write_bytes(message.as_bytes())
        draft.replace(folder / name)
    except OSError as error:
        raise Unsent(f"the mail could not be written to {folder}: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)


def _by_smtp(message: EmailMessage, server: SplitResult) -> None:
    try:
        with _connected(server) as connection:
            if server.username:
                connection.login(unquote(server.username), unquote(server.password or ""))
            connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _failure(code, words) from None
    except smtplib.SMTPAuthenticationError as error:
        raise Unsent(f"the mail server {server.hostname} does not take the log-in ({error.smtp_code})") from None
    except smtplib.SMTPResponseException as error:
        raise _failure(error.smtp_code, error.smtp_error) from None
    except (OSError, smtplib.SMTPException) as error:
        raise Unsent(f"the mail server {server.hostname} cannot be used: {error}") from None


def _failure(code: int, words: bytes | str) -> Unsent | Refused:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    kind = Refused if code >= _PERMANENT else Unsent
    return kind(f"the mail server said {code} {' '.join(said.split())[:300]}")


def _connected(server: SplitResult) -> smtplib.SMTP:
    """Connect, encrypted wherever the server can; a password goes in the clear to this machine only."""
    host, trusted = server.hostname or "localhost", ssl.create_default_context()
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(host, server.port or 465, timeout=_SECONDS, context=trusted)
    connection = smtplib.SMTP(host, server.port or 25, timeout=_SECONDS)
    try:
        _encrypt(connection, host, trusted, needed=bool(server.username) and not _is_here(host))
    except BaseException:
        with suppress(OSError):
            connection.close()
        raise
    return connection


def _encrypt(connection: smtplib.SMTP, host: str, trusted: ssl.SSLContext, *, needed: bool) -> None:
    connection.ehlo()
    if connection.has_extn("starttls"):
        connection.starttls(context=trusted)
        connection.ehlo()
    elif needed:
        raise Unsent(f"the mail server {host} offers no encryption: the password is not sent to it")


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False
