"""Who the members are and where they stand. Members change rarely and are few: they are read as a whole and kept."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tongwen.domain.members import models, types

_KEEP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Register:
    read_at: float
    institutions: dict[int, types.Institution]
    places: dict[str, types.Place]
    by_code: dict[str, types.Institution]


_register: _Register | None = None


def _institution(row: models.Institution) -> types.Institution:
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
    )


def _read() -> _Register:
    global _register  # noqa: PLW0603  A cache of this module, for the life of a few seconds.
    now = time.monotonic()
    if _register is None or now - _register.read_at > _KEEP_SECONDS:
        rows = {row.pk: _institution(row) for row in models.Institution.objects.order_by("pk")}
        places = {
            row.code: types.Place(row.code, row.name_zh, row.name_zh_hant, row.name_en)
            for row in models.Place.objects.order_by("pk")
        }
        _register = _Register(now, rows, places, {row.code: row for row in rows.values()})
    return _register


def forget() -> None:
    """Read the members anew at the next question; called when they have changed."""
    global _register  # noqa: PLW0603  A cache of this module.
    _register = None


def institutions() -> tuple[types.Institution, ...]:
    """Return all members by their number."""
    return tuple(_read().institutions.values())


def institution(institution_id: int) -> types.Institution:
    """Return one member.

    Raises:
        UnknownInstitution: there is none with this number.
    """
    try:
        return _read().institutions[institution_id]
    except KeyError:
        raise types.UnknownInstitution(f"no institution has the number {institution_id}") from None


def institution_by_code(code: str) -> types.Institution:
    """Return one member by its code; the message of UnknownInstitution lists the known codes when they are few."""
    found = _read().by_code.get(code)
    if found is None:
        known = sorted(_read().by_code)
        hint = f"; known: {', '.join(known)}" if 0 < len(known) <= 30 else ""
        raise types.UnknownInstitution(f"no institution has the code {code!r}{hint}")
    return found


def places() -> dict[str, types.Place]:
    """Return provinces and cities by their GB/T 2260 code."""
    return _read().places


def institution_ids_in_city(code: str) -> tuple[int, ...]:
    """Return the members of a city."""
    return tuple(one.id for one in institutions() if one.city == code)


def institution_ids_in_province(code: str) -> tuple[int, ...]:
    """Return the members of a province."""
    return tuple(one.id for one in institutions() if one.province == code)


def sharing_domains() -> tuple[types.SharingDomain, ...]:
    """Return all sharing domains with their members."""
    rows = models.SharingDomain.objects.prefetch_related("institutions").order_by("pk")
    return tuple(
        types.SharingDomain(
            id=row.pk,
            code=row.code,
            name_zh=row.name_zh,
            name_zh_hant=row.name_zh_hant,
            name_en=row.name_en,
            kind=types.SharingDomainKind(row.kind),
            institution_ids=tuple(sorted(one.pk for one in row.institutions.all())),
        )
        for row in rows
    )
