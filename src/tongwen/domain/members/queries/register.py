"""The register of members, read as a whole and kept until its mark changes.

Members are few and change rarely. Each process keeps them; once a second it asks the database for the mark, which
every change of the register replaces, and reads anew where it is another one.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from django.db import connection

from tongwen.domain.members import models, types
from tongwen.domain.members.rules import addresses

_TRUSTED_SECONDS = 1.0


@dataclass(frozen=True)
class Register:
    """Everything about members that is asked for again and again."""

    mark: UUID | None
    institutions: dict[int, types.Institution]
    places: dict[str, types.Place]
    by_code: dict[str, types.Institution]
    domains: dict[int, types.SharingDomain]
    portals: dict[str, types.Portal]

    @cached_property
    def addresses(self) -> addresses.AddressTable:
        """Return whose addresses are whose; read at the first question."""
        rows = models.AddressRange.objects.values_list("network", "institution_id")
        active = {one.id for one in self.institutions.values() if one.status is types.InstitutionStatus.ACTIVE}
        return addresses.AddressTable(types.AddressRange(*row) for row in rows if row[1] in active)


_kept: Register | None = None
_checked_at = 0.0
_reading = threading.Lock()
_uncommitted = threading.local()


def forget() -> None:
    """Read the register anew at the next question."""
    global _kept  # noqa: PLW0603  The cache of this process.
    _kept = _uncommitted.register = None


def trust_no_longer() -> None:
    """Ask for the mark at the next question, however short ago it was asked for.

    Called after the commit of a change. That it waits to be called says that this connection has changed the register
    and not committed yet.
    """
    global _checked_at  # noqa: PLW0603  The cache of this process.
    _checked_at = 0.0


def current() -> Register:
    """Return the register as it stood at most a second ago; within a change of it, as the change has made it."""
    global _kept, _checked_at  # noqa: PLW0603  The cache of this process.
    if any(waiting[1] is trust_no_longer for waiting in connection.run_on_commit):
        return _changed_here()
    kept = _kept
    if kept is not None and time.monotonic() - _checked_at < _TRUSTED_SECONDS:
        return kept
    with _reading:
        mark = _mark()
        if _kept is None or _kept.mark != mark:
            _kept = _read(mark)
        _checked_at = time.monotonic()
        return _kept


def _changed_here() -> Register:
    """Return what only this connection sees: it may yet be taken back, so others are not shown it."""
    mark = _mark()
    found: Register | None = getattr(_uncommitted, "register", None)
    if found is None or found.mark != mark:
        found = _uncommitted.register = _read(mark)
    return found


def as_it_stands() -> Register:
    """Return the register as it stands now: for what was not found in the one that is kept."""
    trust_no_longer()
    return current()


def _mark() -> UUID | None:
    return models.RegisterMark.objects.order_by("pk").values_list("mark", flat=True).first()


def _read(mark: UUID | None) -> Register:
    hosts = models.PortalHost.objects.values_list("host_name", "institution_id", "domain_id")
    names: dict[tuple[int | None, int | None], str] = {(one, other): host for host, one, other in hosts}
    institutions = {
        row.pk: _institution(row, names.get((row.pk, None), ""))
        for row in models.Institution.objects.select_related(None).order_by("pk")
    }
    logos = models.InstitutionLogo.objects.values_list("institution_id", "digest")
    for number, digest in logos:
        one = institutions[number]
        institutions[number] = replace(one, look=one.look._replace(logo=digest))
    domains = _domains(names)
    portals = {one.host_name: types.Portal(one) for one in institutions.values() if one.host_name}
    portals |= {one.host_name: types.Portal(one) for one in domains.values() if one.host_name}
    return Register(
        mark=mark,
        institutions=institutions,
        places={row[0]: types.Place(*row) for row in models.Place.objects.order_by("pk").values_list()},
        by_code={one.code.casefold(): one for one in institutions.values()},
        domains=domains,
        portals=portals,
    )


def _institution(row: models.Institution, host_name: str) -> types.Institution:
    return types.Institution(
        id=row.pk,
        code=row.code,
        name_zh=row.name_zh,
        name_zh_hant=row.name_zh_hant,
        name_en=row.name_en,
        type=types.InstitutionType(row.type),
        province=row.province_id,
        city=row.city_id,
        isil=row.isil,
        tier=types.MemberTier(row.tier),
        status=types.InstitutionStatus(row.status),
        homepage=row.homepage,
        contact_mail=row.contact_mail,
        contact_phone=row.contact_phone,
        open_weekdays=row.open_weekdays,
        host_name=host_name,
        welcome=types.Welcome(row.welcome_zh, row.welcome_zh_hant, row.welcome_en),
        look=types.Look(row.colour, row.accent),
        forms=tuple(row.forms.split("\n")),
    )


def _domains(hosts: dict[tuple[int | None, int | None], str]) -> dict[int, types.SharingDomain]:
    members: dict[int, list[int]] = {}
    through = models.SharingDomain.institutions.through.objects
    for domain, institution in through.order_by("institution_id").values_list("sharingdomain_id", "institution_id"):
        members.setdefault(domain, []).append(institution)
    off: dict[int, set[types.Service]] = {}
    for domain, service in models.DomainService.objects.filter(is_on=False).values_list("domain_id", "service"):
        off.setdefault(domain, set()).add(types.Service(service))
    return {
        row.pk: types.SharingDomain(
            id=row.pk,
            code=row.code,
            name_zh=row.name_zh,
            name_zh_hant=row.name_zh_hant,
            name_en=row.name_en,
            kind=types.SharingDomainKind(row.kind),
            institution_ids=tuple(members.get(row.pk, ())),
            place=row.place_id or "",
            centre_id=row.centre_id,
            host_name=hosts.get((None, row.pk), ""),
            welcome=types.Welcome(row.welcome_zh, row.welcome_zh_hant, row.welcome_en),
            look=types.Look(row.colour, row.accent),
            switched_off=frozenset(off.get(row.pk, ())),
        )
        for row in models.SharingDomain.objects.order_by("pk")
    }
