"""Notices by mail, through a queue: entered in the transaction that asks, sent by a worker, tried again when it fails.

What is said stands in text files, one for each kind and language, whose first line is `Subject: …`. Until a mail is
sent its text is sealed (core.secrets), because it may hold a link that is as good as a password; afterwards the text
is gone. The queue itself knows the mail's number only.
"""

from __future__ import annotations

import datetime as dt
import string
import unicodedata
from collections.abc import Mapping
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import NamedTuple

import orjson
import structlog
from django.conf import settings
from django.db import transaction

from tongwen.core import clock, jobs, secrets, tenancy
from tongwen.core.models import Mail
from tongwen.core.post import Refused, Unsent, deliver

logger = structlog.get_logger("tongwen.mail")

SEND_JOB = "core.mail.send"
LANGUAGES = ("zh-hans", "zh-hant", "en")
WAITS = (60, 300, 1_800, 7_200, 21_600, 43_200, 86_400)
"""Seconds between the tries; a mail that fails once more is dead."""

_FORGOTTEN = dt.timedelta(minutes=10)


class BadMail(ValueError):
    """The mail cannot be written: its recipient is no address, or what goes into it would break its form."""


class Letter(NamedTuple):
    """A mail as it stands in the queue; the text is not in it."""

    id: int
    kind: str
    recipient: str
    state: str
    attempts: int
    created_at: dt.datetime
    sent_at: dt.datetime | None
    problem: str


@transaction.atomic
def queue(
    *,
    to: str,
    words: Path,
    language: str,
    facts: Mapping[str, str],
    now: dt.datetime,
    institution_id: int | None = None,
) -> int:
    """Enter a mail to be sent after the commit and return its number.

    `words` is the path of the texts without language and ending (`…/mails/invitation`); `facts` fill their `$names`.

    Raises:
        BadMail: an address that is none, a line break or control character in a fact.
    """
    _check_recipient(to)
    subject, body = compose(words, language, facts)
    with tenancy.reaching_all("a notice goes to a person, whichever institution's scope it is asked for in"):
        row = Mail.objects.create(
            kind=words.name,
            recipient=to,
            sealed=secrets.seal(orjson.dumps([subject, body]).decode()),
            institution_id=institution_id,
            created_at=now,
            due_at=now,
        )
    _defer(row.pk)
    return row.pk


def compose(words: Path, language: str, facts: Mapping[str, str]) -> tuple[str, str]:
    """Return subject and text in a language; an unknown language gives the installation's.

    Raises:
        BadMail: a fact has more than one line. KeyError: the text names a fact that is not given.
    """
    for name, fact in facts.items():
        if any(unicodedata.category(sign) in ("Cc", "Zl", "Zp") for sign in fact):
            raise BadMail(f"{name} of the mail {words.name} holds a line break or control character")
    spoken = language if language in LANGUAGES else settings.LANGUAGE_CODE
    text = words.with_name(f"{words.name}.{spoken}.txt").read_text(encoding="utf-8")
    head, _, body = text.partition("\n\n")
    subject = string.Template(head.removeprefix("Subject: ")).substitute(facts)
    return subject, string.Template(body).substitute(facts)


def _check_recipient(address: str) -> None:
    try:
        parsed = Address(addr_spec=address)
    except (HeaderParseError, IndexError, ValueError):
        raise BadMail("the recipient is no e-mail address") from None
    if not parsed.username or not parsed.domain or not address.isascii() or not address.isprintable():
        raise BadMail("the recipient is no e-mail address")


def _defer(mail_id: int, seconds: int = 0) -> None:
    jobs.defer(SEND_JOB, once=f"mail {mail_id}", seconds=seconds, mail_id=mail_id)


@jobs.job(SEND_JOB, queue="mail")
def send(*, mail_id: int) -> None:
    """Send a mail that waits; a temporary failure is tried again later, a refusal is the end of it."""
    attempt(mail_id=mail_id, now=clock.now())


@transaction.atomic
def attempt(*, mail_id: int, now: dt.datetime) -> str:
    """Try to send a mail and return the state in which it is then: sent, waiting or dead. One that is sent stays so."""
    row = Mail.objects.select_for_update().filter(pk=mail_id).first()
    if row is None or row.state != Mail.WAITING:
        return row.state if row else "gone"
    row.attempts += 1
    try:
        deliver(_message(row), name=f"{row.created_at:%Y%m%d-%H%M%S}-{row.pk:06}-{row.kind}.eml")
    except secrets.Unreadable as error:
        _bury(row, str(error))
    except Refused as refused:
        _bury(row, str(refused))
    except Unsent as unsent:
        _try_later(row, str(unsent), now)
    else:
        row.state, row.sealed, row.sent_at, row.problem = Mail.SENT, "", now, ""
    row.save()
    return row.state


def _message(row: Mail) -> EmailMessage:
    subject, body = orjson.loads(secrets.unseal(row.sealed))
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.TONGWEN_MAIL_FROM
    message["To"] = row.recipient
    message["Subject"] = subject
    message["Date"] = format_datetime(row.created_at)
    # The same at every try, so that a mail that arrives twice is shown once.
    sender = Address(addr_spec=settings.TONGWEN_MAIL_FROM.rpartition("<")[2].rstrip(">"))
    message["Message-ID"] = f"<{row.pk}.{int(row.created_at.timestamp())}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 5: nobody's holiday notice answers it.
    message.set_content(body, charset="utf-8")
    return message


def _bury(row: Mail, problem: str) -> None:
    """Give a mail up. Its text stays sealed, so that an operator may have it sent after all."""
    row.state, row.problem = Mail.DEAD, problem
    logger.error("mail refused", mail=row.pk, kind=row.kind, reason=problem)


def _try_later(row: Mail, problem: str, now: dt.datetime) -> None:
    if row.attempts > len(WAITS):
        _bury(row, problem)
        return
    seconds = WAITS[row.attempts - 1]
    row.problem, row.due_at = problem, now + dt.timedelta(seconds=seconds)
    logger.warning("mail not sent yet", mail=row.pk, kind=row.kind, reason=problem, again_in=seconds)
    _defer(row.pk, seconds)


def letters(*, limit: int = 50, state: str = "") -> tuple[Letter, ...]:
    """Return the mails of the queue, the newest first."""
    rows = Mail.objects.filter(**({"state": state} if state else {})).order_by("-pk")[:limit]
    return tuple(
        Letter(row.pk, row.kind, row.recipient, row.state, row.attempts, row.created_at, row.sent_at, row.problem)
        for row in rows
    )


def dead() -> list[int]:
    """Return the numbers of the mails that were given up."""
    return list(Mail.objects.filter(state=Mail.DEAD).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def revive(*, mail_id: int, now: dt.datetime) -> None:
    """Give a dead mail all its tries again."""
    if Mail.objects.filter(pk=mail_id, state=Mail.DEAD).update(state=Mail.WAITING, attempts=0, due_at=now):
        _defer(mail_id)


def requeue_forgotten(now: dt.datetime) -> int:
    """Put mails on the queue whose time has passed though no job waits for them: their worker was killed."""
    late = Mail.objects.filter(state=Mail.WAITING, due_at__lt=now - _FORGOTTEN).values_list("pk", flat=True)
    forgotten = [one for one in late if not jobs.waits(f"mail {one}")]
    for one in forgotten:
        _defer(one)
    return len(forgotten)


def forget_sent(before: dt.datetime) -> int:
    """Remove what is known of mails that were sent, or given up, before this moment; returns how many."""
    return Mail.objects.exclude(state=Mail.WAITING).filter(created_at__lt=before).delete()[0]
