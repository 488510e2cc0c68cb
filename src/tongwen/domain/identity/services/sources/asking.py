"""Asking a source who somebody is, and letting her in."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Mapping
from typing import TypeVar

import structlog

from tongwen.core import clock, secrets
from tongwen.core.outbound import Deadline, OutboundFailed
from tongwen.domain.identity import models, types
from tongwen.domain.identity.rules import source_settings
from tongwen.domain.identity.services.sources import admitting
from tongwen.domain.identity.services.sources.cas import CASSource
from tongwen.domain.identity.services.sources.kit import KitSource
from tongwen.domain.identity.services.sources.ldap import LDAPSource
from tongwen.domain.identity.services.sources.local import LocalSource
from tongwen.domain.identity.services.sources.oidc import OIDCSource
from tongwen.domain.identity.services.sources.port import Configuration, PasswordSource, RedirectSource
from tongwen.domain.identity.services.sources.saml import SAMLSource
from tongwen.domain.identity.services.sources.sip2 import SIP2Source
from tongwen.domain.identity.types import SourceKind

logger = structlog.get_logger("tongwen.identity.sources")

SECONDS = 8.0
"""How long a person waits for the system of her library."""
LONGEST = 255

_BY_PASSWORD: dict[SourceKind, Callable[[Configuration], PasswordSource]] = {
    SourceKind.LDAP: LDAPSource,
    SourceKind.SIP2: SIP2Source,
    SourceKind.KIT: KitSource,
}
_BY_REDIRECT: dict[SourceKind, Callable[[Configuration], RedirectSource]] = {
    SourceKind.CAS: CASSource,
    SourceKind.OIDC: OIDCSource,
    SourceKind.SAML: SAMLSource,
}
Answer = TypeVar("Answer")


def is_by_redirect(kind: SourceKind) -> bool:
    """Tell whether people log in at a page of the source."""
    return kind in _BY_REDIRECT


def password_source(kind: SourceKind, configuration: Configuration) -> PasswordSource:
    """Return a source that is asked with name and password; raises KeyError for the other kinds."""
    return _BY_PASSWORD[kind](configuration)


def sign_in(*, source_id: int, name: str, password: str, seconds: float = SECONDS) -> types.SignedIn:
    """Check a name and password with a source of the institution in scope and let the person in.

    Raises:
        Denied, Unavailable, UnknownSource
    """
    row = open_source(source_id)
    name = _usable(row, name)
    if not name or not password:
        raise types.Denied(types.Denial.BLANK)
    if row.kind == SourceKind.LOCAL:
        person_id = LocalSource(row.pk, row.institution_id).person(name, password, clock.today())
        return types.SignedIn(person_id, row.institution_id)
    source = password_source(SourceKind(row.kind), configuration(row))
    said = _asked(row, lambda deadline: source.authenticate(name, password, deadline), seconds)
    return admitting.admit(source_id=row.pk, said=said, now=clock.now())


def begin(*, source_id: int, callback_url: str, state: str, seconds: float = SECONDS) -> types.Redirection:
    """Return where a source wants the browser; raises Unavailable, UnknownSource, Denied (switched off)."""
    row = open_source(source_id)
    source = _BY_REDIRECT[SourceKind(row.kind)](configuration(row))
    return _asked(row, lambda deadline: source.begin(callback_url, state, deadline), seconds)


def complete(
    *,
    source_id: int,
    callback_url: str,
    parameters: Mapping[str, str],
    kept: Mapping[str, str],
    seconds: float = SECONDS,
) -> types.SignedIn:
    """Let in who comes back from a source; raises Denied, Unavailable, UnknownSource."""
    row = open_source(source_id)
    said = _completed(row, callback_url, parameters, kept, seconds)
    return admitting.admit(source_id=row.pk, said=said, now=clock.now())


def try_password(*, source_id: int, name: str, password: str, seconds: float = SECONDS) -> types.Attributes:
    """Show what a source says of somebody, also of a source that is switched off; nobody is let in, nothing is kept."""
    row = _row(source_id)
    name = _usable(row, name)
    if not name or not password:
        raise types.Denied(types.Denial.BLANK)
    if row.kind == SourceKind.LOCAL:
        person_id = LocalSource(row.pk, row.institution_id).person(name, password, clock.today())
        person = models.Person.objects.get(pk=person_id)
        return types.Attributes(str(person_id), person.display_name, person.email)
    source = password_source(SourceKind(row.kind), configuration(row))
    return _asked(row, lambda deadline: source.authenticate(name, password, deadline), seconds)


def begin_trial(*, source_id: int, callback_url: str, state: str, seconds: float = SECONDS) -> types.Redirection:
    """Return where a source wants the browser for a trial; it may be switched off."""
    row = _row(source_id)
    source = _BY_REDIRECT[SourceKind(row.kind)](configuration(row))
    return _asked(row, lambda deadline: source.begin(callback_url, state, deadline), seconds)


def complete_trial(
    *,
    source_id: int,
    callback_url: str,
    parameters: Mapping[str, str],
    kept: Mapping[str, str],
    seconds: float = SECONDS,
) -> types.Attributes:
    """Show what a source says of who comes back; nobody is let in, nothing is kept."""
    return _completed(_row(source_id), callback_url, parameters, kept, seconds)


def metadata(*, source_id: int, callback_url: str) -> bytes:
    """Return our own metadata for a SAML source; raises UnknownSource, Unavailable."""
    row = _row(source_id)
    if row.kind != SourceKind.SAML:
        raise types.UnknownSource(f"source {source_id} has no metadata")
    return SAMLSource(configuration(row)).metadata(callback_url)


def configuration(row: models.Source) -> Configuration:
    """Return settings and secrets of a source, whole; raises Unavailable where a secret cannot be read any more."""
    try:
        opened = {name: secrets.unseal(sealed) for name, sealed in row.secrets.items()}
    except secrets.Unreadable:
        raise types.Unavailable("secret", "a secret was kept under another signing key: enter it anew") from None
    return Configuration(source_settings.whole(SourceKind(row.kind), row.settings), opened)


def open_source(source_id: int) -> models.Source:
    """Return a source by which people may come in.

    Raises:
        UnknownSource. Denied: it is switched off, or the library's membership rests (`closed`).
    """
    row = _row(source_id)
    admitting.check_open(row)
    return row


def _row(source_id: int) -> models.Source:
    row = models.Source.objects.filter(pk=source_id).first()
    if row is None:
        raise types.UnknownSource(f"there is no source {source_id}")
    return row


def _completed(
    row: models.Source, callback_url: str, parameters: Mapping[str, str], kept: Mapping[str, str], seconds: float
) -> types.Attributes:
    source = _BY_REDIRECT[SourceKind(row.kind)](configuration(row))
    return _asked(row, lambda deadline: source.complete(callback_url, parameters, kept, deadline), seconds)


def _usable(row: models.Source, name: str) -> str:
    """Return the name as the source wants it: full-width digits and the like made plain, where it says so.

    A library's reader numbers are plain; what an input method wrote ２０２６０１ is meant as 202601. Local names are
    compared as they are, so that nobody passes for somebody else by letters that only look alike.
    """
    name = name.strip()
    if row.kind != SourceKind.LOCAL and row.settings.get(source_settings.NORMALIZES, False):
        name = unicodedata.normalize("NFKC", name).strip()
    return name if len(name) <= LONGEST and name.isprintable() else ""


def _asked(row: models.Source, ask: Callable[[Deadline], Answer], seconds: float) -> Answer:
    """Ask within the deadline and say in the log how it went: never who, and nothing of what was entered."""
    started = time.monotonic()
    outcome, detail = "answered", ""
    try:
        return ask(Deadline.after(seconds))
    except types.Denied as denied:
        outcome = f"denied: {denied.reason}"
        raise
    except types.Unavailable as error:
        outcome, detail = f"unavailable: {error.reason}", error.detail
        raise
    except OutboundFailed as failed:
        outcome, detail = f"unavailable: {failed.reason}", failed.detail
        raise types.Unavailable(failed.reason, failed.detail) from None
    finally:
        milliseconds = round((time.monotonic() - started) * 1000, 1)
        level = logger.warning if outcome.startswith("unavailable") else logger.info
        facts = {"source": row.pk, "kind": row.kind, "institution": row.institution_id, "outcome": outcome}
        level("source asked", **facts, detail=detail[:300], milliseconds=milliseconds)
