"""The form that keeps a profile of loading."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongwen.domain.catalogue.types import BadProfile, Deletions, Overlay, Profile, WithoutItems
from tongwen.standards.marc import holdings
from tongwen.standards.marc.types import Charset, Format
from tongwen.web.loads import forms, words
from tongwen.web.shared.components import Column, FormField, Option

PARTS = ("tag", *holdings.Layout._fields)
_FREE_ROWS = 2
_MOST_ROWS = 12


class Cell(NamedTuple):
    """One input of a row of the mapping, named for screen readers by its column and row."""

    name: str
    value: str
    label: str


def read(given: QueryDict, name: str = "") -> Profile:
    """Read the form; `name` is that of a profile which stands and keeps its name."""
    rows = [[given.get(f"{part}-{row}", "").strip(" ")[:20] for part in PARTS] for row in range(_MOST_ROWS)]
    return Profile(
        name=name or given.get("name", "").strip(),
        format=Format(given["format"]) if given.get("format") in set(Format) else None,
        charset=Charset(given["charset"]) if given.get("charset") in set(Charset) else None,
        layouts={tag: holdings.Layout(*parts[:-1], parts[-1] or " ") for tag, *parts in rows if tag},
        overlay=Overlay(given["overlay"]) if given.get("overlay") in set(Overlay) else Overlay.ATTACH,
        without_items=(
            WithoutItems(given["without_items"])
            if given.get("without_items") in set(WithoutItems)
            else WithoutItems.HOLD
        ),
        deletions=Deletions(given["deletions"]) if given.get("deletions") in set(Deletions) else Deletions.OBEY,
        is_picked_up=bool(given.get("pickup")),
    )


def sentence(error: BadProfile) -> tuple[str, str]:
    """Return what is wrong as (field, sentence)."""
    said = str(words.PROFILE_FAULTS.get(error.code, error.detail))
    return error.field, said % {"detail": error.detail} if "%(detail)s" in said else said


def context(profile: Profile, errors: list[tuple[str, str]]) -> dict[str, Any]:
    """Return what the form shows of a profile, and what is wrong with it."""
    wrong = dict(errors)
    name = FormField(
        "name",
        pgettext("profile", "Name"),
        value=profile.name,
        hint=_("Also the name of its pick-up folder: letters, digits, hyphens and underscores."),
        error=wrong.get("name", ""),
    )
    return {
        "profile": profile,
        "errors": errors,
        "name_field": name,
        "fields": [
            *forms.declared_fields(profile.format, profile.charset),
            FormField(
                "overlay",
                _("When a record matches a union record"),
                kind="radio",
                options=[Option(one, str(words.OVERLAYS[one]), profile.overlay is one) for one in Overlay],
            ),
            FormField(
                "without_items",
                _("When a record speaks of no copy"),
                kind="radio",
                options=[
                    Option(one, str(words.WITHOUT_ITEMS[one]), profile.without_items is one) for one in WithoutItems
                ],
            ),
            FormField(
                "deletions",
                _("When a record says that it is deleted"),
                kind="radio",
                options=[Option(one, str(words.DELETIONS[one]), profile.deletions is one) for one in Deletions],
            ),
        ],
        "mapping_columns": [Column(label) for label in _labels()],
        "mapping": _rows(profile),
        "mapping_error": wrong.get("layouts", ""),
    }


def _labels() -> list[str]:
    return [
        _("Tag"),
        _("Location"),
        _("Call number"),
        _("Barcode"),
        _("Copies"),
        _("Note"),
        _("Between parts"),
    ]


def _rows(profile: Profile) -> list[list[Cell]]:
    filled = [[tag, *layout] for tag, layout in profile.layouts.items()]
    free = [[""] * len(PARTS)] * max(1, min(_FREE_ROWS, _MOST_ROWS - len(filled)))
    return [
        [
            Cell(f"{part}-{row}", value, f"{label} {row + 1}")
            for part, value, label in zip(PARTS, values, _labels(), strict=True)
        ]
        for row, values in enumerate([*filled, *free][:_MOST_ROWS])
    ]
