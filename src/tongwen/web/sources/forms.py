"""The form of a source: names in three languages, then the settings of its kind."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from tongwen.domain.identity import queries as identity
from tongwen.domain.identity.types import Setting, Source, SourceField, SourceKind
from tongwen.web.shared.components import FormField, Option
from tongwen.web.sources import words

NAMES = ("name_zh", "name_zh_hant", "name_en")


def names(given: QueryDict) -> tuple[str, str, str]:
    """Return the names; a Traditional or English one that is left empty is the Simplified one."""
    first, second, third = (given.get(name, "").strip() for name in NAMES)
    return first, second or first, third or first


def settings(given: QueryDict, kind: SourceKind) -> dict[str, Any]:
    """Return what was entered, flags as booleans; secrets are apart."""
    found: dict[str, Any] = {}
    for one in identity.source_settings_of(kind):
        if one.field is SourceField.FLAG:
            found[one.name] = given.get(one.name) == "1"
        elif one.field is not SourceField.SECRET:
            found[one.name] = given.get(one.name, "").replace("\r\n", "\n")
    return found


def secrets(given: QueryDict, kind: SourceKind) -> dict[str, str]:
    """Return the secrets that were entered; what is left empty stays as it is."""
    fields = (one.name for one in identity.source_settings_of(kind) if one.field is SourceField.SECRET)
    return {name: given[name] for name in fields if given.get(name)}


def fields(
    kind: SourceKind, values: dict[str, Any], kept: frozenset[str], problems: tuple[tuple[str, str], ...] = ()
) -> list[FormField]:
    """Return the whole form with what is wrong in it."""
    wrong = {name: str(words.FAULTS[code]) for name, code in problems}
    labels = (_("Name in Simplified Chinese"), _("Name in Traditional Chinese"), _("Name in English"))
    hint = _("As it is shown at the log-in.")
    named = [
        FormField(name, label, value=str(values.get(name, "")), hint=hint, error=wrong.get(name, ""))
        for name, label in zip(NAMES, labels, strict=True)
    ]
    of_kind = identity.source_settings_of(kind)
    return [*named, *(_field(one, values.get(one.name, one.default), kept, wrong.get(one.name, "")) for one in of_kind)]


def values_of(source: Source) -> dict[str, Any]:
    """Return what a source's form shows."""
    return {**{name: getattr(source, name) for name in NAMES}, **source.settings}


def _field(one: Setting, value: Any, kept: frozenset[str], error: str) -> FormField:
    label, hint = (str(part) for part in words.SETTINGS[one.name])
    if one.field is SourceField.FLAG:
        return FormField(one.name, label, kind="checkboxes", options=[Option("1", _("Yes"), bool(value))], error=error)
    if one.field is SourceField.CHOICE:
        options = [Option(it, str(words.CHOICES.get((one.name, it), it)), it == value) for it in one.choices]
        return FormField(one.name, label, hint=hint, kind="select", options=options, error=error)
    if one.field is SourceField.SECRET:
        state = _("It is kept, and not shown. Leave it empty to keep it.") if one.name in kept else ""
        hint = " ".join(filter(None, (hint, state)))
        return FormField(one.name, label, hint=hint, kind="password", error=error, autocomplete="new-password")
    kinds = {SourceField.BLOCK: "textarea", SourceField.URL: "text", SourceField.NUMBER: "text"}
    return FormField(one.name, label, value=str(value), hint=hint, kind=kinds.get(one.field, "text"), error=error)
