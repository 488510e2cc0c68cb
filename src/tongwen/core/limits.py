"""How often something may be tried: token buckets, and waits that grow with every failure.

Both live in PostgreSQL, so that all processes and machines of the portal count together and no further server is
needed. Buckets stand in an unlogged table: after a crash of the database everybody begins afresh.

A log-in form, whoever checks the password, does this:

    attempt = limits.begin(kind=limits.PASSWORD, account=name, institution_id=…, address=…, now=now)   # or Locked
    ... ask the source ...
    limits.succeeded(attempt)       # the person is recognised: her failures are forgotten
    limits.give_back(attempt)       # nobody could judge (the source is down): the attempt does not count
    # nothing at all: it was wrong, and stays counted

The attempt is counted before it is judged: many at once get no more tries than one after the other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import ipaddress
import unicodedata
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from tongwen.core.models import FailedAttempts

logger = structlog.get_logger("tongwen.limits")

PASSWORD = "password"  # noqa: S105  The name of a kind.
SECOND_FACTOR = "factor"

_WAITS = (60, 120, 300, 900, 1800, 3600)
"""Seconds to wait after the first failure too many, after the next one, and so on; the last one stays."""
_FORGET = dt.timedelta(hours=24)
_SHOWN = 3


class Wait(Exception):
    """Not now: it may be tried again at `until`."""

    def __init__(self, until: dt.datetime) -> None:
        super().__init__(f"not before {until.isoformat()}")
        self.until = until


class Locked(Wait):
    """Too many failures for this account."""


class TooMany(Wait):
    """Too many requests from this address, or of this account."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once (`burst`), and so many an hour in the long run; a campus has `campus` times as many."""

    name: str
    burst: int
    hourly: float
    campus: int = 50


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request comes from. A campus is an address that many people share: a member's range, or loopback."""

    text: str
    is_campus: bool = False

    def group(self) -> str:
        """Return what is counted together: an IPv4 address, or the /64 that one subscriber has of IPv6 (RFC 6177)."""
        try:
            address = ipaddress.ip_address(self.text)
        except ValueError:
            return "unknown"
        if isinstance(address, ipaddress.IPv6Address):
            mapped = address.ipv4_mapped
            return str(mapped or ipaddress.ip_network((address, 64), strict=False))
        return str(address)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try that has been counted; `failures` are those before it."""

    kind: str
    digest: str
    failures: int
    address: Address


@dataclass(frozen=True, slots=True)
class Lock:
    """An account that has to wait, as administrators see it: of its name only the beginning is known."""

    id: int
    kind: str
    shown: str
    institution_id: int | None
    failures: int
    last_at: dt.datetime
    locked_until: dt.datetime


FAILURES = Rate("failures", burst=100, hourly=200)
"""Failed log-ins of one address, over all accounts."""


def begin(*, kind: str, account: str, institution_id: int | None, address: Address, now: dt.datetime) -> Attempt:
    """Count an attempt, known account or not, before it is judged.

    `account` is what the person typed, or a number that stands for her; case and width do not count.

    Raises:
        Locked: this account failed too often. TooMany: this address failed too often, over all accounts.
    """
    digest = _digest(kind, institution_id, account)
    with transaction.atomic():
        _make_row(kind, digest, institution_id, account, now)
        row = FailedAttempts.objects.select_for_update().get(kind=kind, digest=digest)
        if row.locked_until is not None and row.locked_until > now:
            raise Locked(row.locked_until)
        before = row.failures if row.last_at > now - _FORGET else 0
        row.failures, row.last_at = before + 1, now
        row.locked_until = _locked_until(row.failures, now)
        row.save(update_fields=["failures", "last_at", "locked_until"])
    attempt = Attempt(kind, digest, before, address)
    try:
        take(FAILURES, address, now=now)
    except TooMany:
        give_back(attempt, refund=False)
        raise
    return attempt


def succeeded(attempt: Attempt) -> None:
    """Forget the account's failures; what the address failed at with other accounts stays counted."""
    FailedAttempts.objects.filter(kind=attempt.kind, digest=attempt.digest).delete()
    _refund(FAILURES, attempt.address)


def give_back(attempt: Attempt, *, refund: bool = True) -> None:
    """Count an attempt as if it had not been made: nobody could judge it."""
    FailedAttempts.objects.filter(kind=attempt.kind, digest=attempt.digest).update(
        failures=attempt.failures, locked_until=None
    )
    if refund:
        _refund(FAILURES, attempt.address)


def locks(*, institution_ids: frozenset[int] | None, now: dt.datetime, most: int = 500) -> tuple[Lock, ...]:
    """Return the accounts that have to wait now, the latest first; None asks for those of all institutions."""
    rows = FailedAttempts.objects.filter(locked_until__gt=now).order_by("-last_at")
    if institution_ids is not None:
        rows = rows.filter(institution_id__in=institution_ids)
    return tuple(map(_lock, rows[:most]))


def lift(lock_id: int, *, institution_ids: frozenset[int] | None) -> Lock | None:
    """Let an account try again at once and return its lock; None where there is none (any more) to be lifted."""
    rows = FailedAttempts.objects.filter(pk=lock_id, locked_until__isnull=False)
    if institution_ids is not None:
        rows = rows.filter(institution_id__in=institution_ids)
    row = rows.first()
    if row is None:
        return None
    lock = _lock(row)
    row.delete()
    return lock


def lift_account(*, kind: str, account: str, institution_id: int | None) -> bool:
    """Let an account try again at once, by its name; False where it did not have to wait."""
    removed, _ = FailedAttempts.objects.filter(kind=kind, digest=_digest(kind, institution_id, account)).delete()
    return bool(removed)


def take(rate: Rate, address: Address, *, now: dt.datetime, account: str = "") -> None:
    """Take one token of an address (or of an account, where one is named).

    A database that cannot write counts nothing and refuses nobody.

    Raises:
        TooMany: with the moment when there is one again.
    """
    burst, hourly = _size(rate, address, account)
    key = _key(rate, address, account)
    try:
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, {"key": key, "burst": burst, "rate": hourly / 3600, "now": now})
            if cursor.fetchone() is not None:
                return
            cursor.execute("SELECT tokens, filled_at FROM limit_bucket WHERE key = %s", [key])
            tokens, filled_at = cursor.fetchone() or (0.0, now)
    except DatabaseError as error:
        logger.warning("the limit is not counted", limit=rate.name, reason=type(error).__name__)
        return
    raise TooMany(filled_at + dt.timedelta(seconds=(1 - tokens) * 3600 / hourly))


def forget(now: dt.datetime) -> None:
    """Remove what counts no more; a worker calls it from time to time."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM limit_bucket WHERE filled_at < %s", [now - _FORGET])
    FailedAttempts.objects.filter(last_at__lt=now - _FORGET).delete()


_TAKE = """
INSERT INTO limit_bucket AS bucket (key, tokens, filled_at) VALUES (%(key)s, %(burst)s - 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET
  tokens = least(%(burst)s, bucket.tokens
                 + greatest(0, extract(epoch FROM %(now)s - bucket.filled_at)) * %(rate)s) - 1,
  filled_at = %(now)s
WHERE least(%(burst)s, bucket.tokens + greatest(0, extract(epoch FROM %(now)s - bucket.filled_at)) * %(rate)s) >= 1
RETURNING tokens
"""


def _refund(rate: Rate, address: Address) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE limit_bucket SET tokens = least(%s, tokens + 1) WHERE key = %s",
            [_size(rate, address, "")[0], _key(rate, address, "")],
        )


def _size(rate: Rate, address: Address, account: str) -> tuple[float, float]:
    factor = rate.campus if address.is_campus and not account else 1
    return float(rate.burst * factor), rate.hourly * factor


def _key(rate: Rate, address: Address, account: str) -> str:
    counted = _digest(rate.name, None, account) if account else address.group()
    return f"{rate.name}:{counted}"


def _digest(kind: str, institution_id: int | None, account: str) -> str:
    """What people type into the field for names may be a password: the table holds no more than a keyed digest."""
    name = unicodedata.normalize("NFKC", account).casefold().strip()
    words = f"{kind}\0{institution_id or 0}\0{name}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), words, hashlib.sha256).hexdigest()


def _make_row(kind: str, digest: str, institution_id: int | None, account: str, now: dt.datetime) -> None:
    FailedAttempts.objects.bulk_create(
        [
            FailedAttempts(
                kind=kind, digest=digest, institution_id=institution_id, shown=account.strip()[:_SHOWN], last_at=now
            )
        ],
        ignore_conflicts=True,
    )


def _locked_until(failures: int, now: dt.datetime) -> dt.datetime | None:
    beyond = failures - settings.TONGWEN_LOCK_AFTER
    if beyond < 0:
        return None
    return now + dt.timedelta(seconds=_WAITS[min(beyond, len(_WAITS) - 1)])


def _lock(row: FailedAttempts) -> Lock:
    until = row.locked_until or row.last_at
    return Lock(row.pk, row.kind, row.shown, row.institution_id, row.failures, row.last_at, until)
