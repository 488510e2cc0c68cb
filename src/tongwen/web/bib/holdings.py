"""Where a record can be had, nearest first: own library, own city, own province, then the nation."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongwen.domain.catalogue.types import Holding, Item
from tongwen.domain.discovery.types import Tier
from tongwen.domain.members import queries as members
from tongwen.domain.members.types import Institution
from tongwen.web.shared import description, terms
from tongwen.web.shared.components import HeldAt, HoldingsTier

_MANY = 30


def tiers(holdings: Iterable[Holding], own: Institution | None) -> list[HoldingsTier]:
    """Group holdings by how near they are to the reader; each library stands in the nearest tier only."""
    libraries = {one.id: one for one in members.institutions()}
    by_library: dict[int, list[Item]] = {}
    for holding in holdings:
        library = libraries.get(holding.institution_id)
        if library is not None:
            by_library.setdefault(library.id, []).extend(
                description.shelved(holding.items, library) or [Item(copies=0)]
            )
    by_tier: dict[Tier, list[int]] = {}
    for library_id in by_library:
        by_tier.setdefault(nearness(libraries[library_id], own), []).append(library_id)
    found: list[HoldingsTier] = []
    for tier in Tier:
        if tier in by_tier:
            inside = {libraries[library_id]: by_library[library_id] for library_id in by_tier[tier]}
            is_first = not found
            found.append(_tier(tier, inside, own, is_open=is_first or len(inside) <= _MANY))
    return found


def nearness(library: Institution, own: Institution | None) -> Tier:
    """Return the nearest tier in which a library stands for this reader."""
    if own is None:
        return Tier.NATION
    if library.id == own.id:
        return Tier.LIBRARY
    if library.city == own.city:
        return Tier.CITY
    return Tier.PROVINCE if library.province == own.province else Tier.NATION


def _tier(tier: Tier, inside: dict[Institution, list[Item]], own: Institution | None, *, is_open: bool) -> HoldingsTier:
    language = get_language() or "en"
    groups: dict[str, list[HeldAt]] = {}
    for library in sorted(inside, key=lambda one: (one.province, one.city, one.id)):
        place = _place(library, tier, language)
        groups.setdefault(place, []).extend(
            _rows("" if tier is Tier.LIBRARY else library.name(language), inside[library])
        )
    return HoldingsTier(
        name=tier.value,
        label=_label(tier, own, language),
        libraries=len(inside),
        groups=tuple((place, tuple(rows)) for place, rows in groups.items()),
        open=is_open,
    )


def _label(tier: Tier, own: Institution | None, language: str) -> str:
    if own is None:
        return terms.word(terms.TIERS, tier)
    if tier is Tier.LIBRARY:
        return _("My library: %(name)s") % {"name": own.name(language)}
    places = members.places()
    if tier is Tier.CITY:
        return _("My city: %(name)s") % {"name": places[own.city].name(language)}
    if tier is Tier.PROVINCE:
        return _("Elsewhere in my province: %(name)s") % {"name": places[own.province].name(language)}
    return _("Elsewhere in the nation")


def _place(library: Institution, tier: Tier, language: str) -> str:
    places = members.places()
    city = places[library.city].name(language)
    if tier is Tier.NATION:
        return f"{places[library.province].name(language)} · {city}"
    return city if tier is Tier.PROVINCE else ""


def _rows(name: str, items: list[Item]) -> list[HeldAt]:
    """One row for each place and call number, its copies added up."""
    merged: dict[tuple[str, str, str], int] = {}
    for item in items:
        key = (item.call_number, item.location, item.note)
        merged[key] = merged.get(key, 0) + item.copies
    rows = [HeldAt(name, "", call, location, copies, note) for (call, location, note), copies in merged.items()]
    # The name stands once; further rows of the same library leave it out.
    return [row if number == 0 else row._replace(library="") for number, row in enumerate(rows)]
