"""Who the members are, where they stand, when they work, what they may use, and whose an address or host name is."""

from __future__ import annotations

from collections.abc import Sequence

from tongwen.domain.members import models, types
from tongwen.domain.members.queries import register
from tongwen.domain.members.queries.applying import (
    application,
    application_by_secret,
    applications,
    applications_waiting,
)
from tongwen.domain.members.queries.calendars import add_working_days, calendar, is_open, next_working_day
from tongwen.domain.members.queries.register import forget
from tongwen.domain.members.queries.subscribing import is_service_open, service_outcome, services_of, subscriptions
from tongwen.domain.members.rules import addresses, admission, colours, divisions, finding, member_files

__all__ = [
    "add_working_days",
    "address_ranges",
    "all_cities",
    "all_provinces",
    "application",
    "application_by_secret",
    "applications",
    "applications_waiting",
    "calendar",
    "domains_of",
    "export_members",
    "find_institutions",
    "find_members",
    "forget",
    "institution",
    "institution_by_code",
    "institution_ids_in_city",
    "institution_ids_in_province",
    "institution_of_address",
    "institutions",
    "is_open",
    "is_service_open",
    "logo",
    "next_code",
    "next_working_day",
    "overlaps_of",
    "places",
    "portal_by_host",
    "possible_steps",
    "service_outcome",
    "services_of",
    "sharing_domain",
    "sharing_domains",
    "style_sheet",
    "subscriptions",
]

_FEW = 30


def institutions() -> tuple[types.Institution, ...]:
    """Return all members by their number."""
    return tuple(register.current().institutions.values())


def institution(institution_id: int) -> types.Institution:
    """Return one member.

    Raises:
        UnknownInstitution: there is none with this number.
    """
    found = register.current().institutions.get(institution_id)
    found = found or register.as_it_stands().institutions.get(institution_id)
    if found is None:
        raise types.UnknownInstitution(f"no institution has the number {institution_id}")
    return found


def institution_by_code(code: str) -> types.Institution:
    """Return one member by its code in any case; UnknownInstitution lists the known codes when they are few."""
    found = register.current().by_code.get(code.casefold()) or register.as_it_stands().by_code.get(code.casefold())
    if found is None:
        known = sorted(one.code for one in institutions())
        hint = f"; known: {', '.join(known)}" if 0 < len(known) <= _FEW else ""
        raise types.UnknownInstitution(f"no institution has the code {code!r}{hint}")
    return found


def find_institutions(text: str, limit: int = 20) -> tuple[types.Institution, ...]:
    """Return active members by name in any script, pinyin, initials, code or some characters in order, best first."""
    active = (one for one in institutions() if one.status is types.InstitutionStatus.ACTIVE)
    return finding.find(text, active)[:limit]


def next_code(city: str) -> str:
    """Suggest a code for a new member: the first four digits of its city and a number that is free (`3201007`)."""
    taken = set(register.as_it_stands().by_code)
    return next(code for number in range(1, 10_000) if (code := f"{city[:4]}{number:03d}") not in taken)


def find_members(
    *,
    text: str = "",
    within: frozenset[int] | None = None,
    province: str = "",
    type: str = "",  # noqa: A002  The field's word.
    status: str = "",
) -> tuple[types.Institution, ...]:
    """Return members of any status for the register's pages, best first or by code; `within` leaves only these."""
    chosen = [
        one
        for one in institutions()
        if (within is None or one.id in within)
        and province in ("", one.province)
        and type in ("", one.type)
        and status in ("", one.status)
    ]
    return finding.find(text, chosen) if text.strip() else tuple(sorted(chosen, key=lambda one: one.code))


def places() -> dict[str, types.Place]:
    """Return the provinces and cities in which members are, by their GB/T 2260 code."""
    return register.current().places


def all_provinces() -> tuple[types.Place, ...]:
    """Return the provinces of GB/T 2260, members or not."""
    return tuple(divisions.provinces().values())


def all_cities() -> tuple[types.Place, ...]:
    """Return the cities of GB/T 2260, members or not, in the order of their codes."""
    return tuple(divisions.cities().values())


def institution_ids_in_city(code: str) -> tuple[int, ...]:
    """Return the members of a city."""
    return tuple(one.id for one in institutions() if one.city == code)


def institution_ids_in_province(code: str) -> tuple[int, ...]:
    """Return the members of a province."""
    return tuple(one.id for one in institutions() if one.province == code)


def sharing_domains() -> tuple[types.SharingDomain, ...]:
    """Return all sharing domains with their members."""
    return tuple(register.current().domains.values())


def sharing_domain(domain_id: int) -> types.SharingDomain:
    """Return one sharing domain.

    Raises:
        UnknownSharingDomain
    """
    found = register.current().domains.get(domain_id) or register.as_it_stands().domains.get(domain_id)
    if found is None:
        raise types.UnknownSharingDomain(f"no sharing domain has the number {domain_id}")
    return found


def domains_of(institution_id: int) -> tuple[types.SharingDomain, ...]:
    """Return the sharing domains in which a member is."""
    return tuple(one for one in sharing_domains() if institution_id in one.institution_ids)


def portal_by_host(host_name: str) -> types.Portal | None:
    """Return whose portal answers under a host name (without port); a new one is known at once in every process."""
    name = host_name.casefold().rstrip(".")
    found = register.current().portals.get(name) or register.as_it_stands().portals.get(name)
    closed = types.InstitutionStatus.CLOSED
    return None if found is None or getattr(found.owner, "status", None) is closed else found


def style_sheet(look: types.Look) -> str:
    """Return the style sheet of a portal's colours, "" where it has none of its own."""
    return colours.style_sheet(look)


def logo(institution_id: int) -> tuple[bytes, str]:
    """Return an institution's logo with its media type, empty where it has none."""
    row = models.InstitutionLogo.objects.filter(pk=institution_id).values_list("content", "media_type").first()
    return (bytes(row[0]), row[1]) if row else (b"", "")


def institution_of_address(address: str) -> int | None:
    """Return the active institution to whose network an address belongs; the narrowest range wins.

    A change is seen by every process within a second. What is no address is nobody's.
    """
    return register.current().addresses.owner(address)


def address_ranges(institution_id: int) -> tuple[types.AddressRange, ...]:
    """Return an institution's networks in their order."""
    rows = models.AddressRange.objects.filter(institution_id=institution_id).order_by("network")
    return tuple(types.AddressRange(row.network, row.institution_id, row.pk) for row in rows)


def overlaps_of(institution_id: int, networks: Sequence[types.Network]) -> tuple[types.Overlap, ...]:
    """Return where networks of an institution share addresses with those of others."""
    rows = models.AddressRange.objects.exclude(institution_id=institution_id).values_list("network", "institution_id")
    return addresses.overlaps(networks, (types.AddressRange(*row) for row in rows))


def possible_steps(state: types.ApplicationState) -> frozenset[types.ApplicationStep]:
    """Return the steps that an application may take in a state."""
    return admission.possible(state)


def export_members(within: frozenset[int] | None = None) -> str:
    """Return the register as CSV with a byte order mark, as `services.import_members` reads it."""
    chosen = [one for one in institutions() if within is None or one.id in within]
    ranges: dict[int, list[types.Network]] = {}
    for number, network in models.AddressRange.objects.order_by("network").values_list("institution_id", "network"):
        ranges.setdefault(number, []).append(network)
    domains = {one.id: [domain.code for domain in domains_of(one.id)] for one in chosen}
    return member_files.write(chosen, places(), ranges, domains)
