"""Provinces and cities in which members are."""

from __future__ import annotations

from collections.abc import Iterable

from tongwen.domain.members import models
from tongwen.domain.members.rules import divisions
from tongwen.domain.members.services.changing import register_changes


def register_place(*, code: str, name_zh: str, name_zh_hant: str, name_en: str) -> None:
    """Enter a province or city by its GB/T 2260 code."""
    names = {"name_zh": name_zh, "name_zh_hant": name_zh_hant, "name_en": name_en}
    with register_changes():
        models.Place.objects.update_or_create(code=code, defaults=names)


def enter_places(codes: Iterable[str]) -> None:
    """Enter the places that are not yet there, with the names of GB/T 2260; within a change of the register."""
    known = (divisions.place(code) for code in set(codes))
    rows = [models.Place(one.code, one.name_zh, one.name_zh_hant, one.name_en) for one in known if one is not None]
    models.Place.objects.bulk_create(rows, ignore_conflicts=True)
