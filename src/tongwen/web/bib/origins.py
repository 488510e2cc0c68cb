"""Whose each field of a record is, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from tongwen.domain.catalogue.queries import MergePreview, Origin, Part, Version
from tongwen.domain.members import queries as members
from tongwen.standards.marc.types import Field
from tongwen.web.bib import words
from tongwen.web.shared import terms

_NAMED = 2


class FieldOrigin(NamedTuple):
    """A field with the words for where it comes from; `all_names` where the words leave some out."""

    field: Field
    words: str
    all_names: str = ""
    apart: bool = False
    """True where it is worth a second look: of one side only, or by hand."""


def names_of(institution_ids: Iterable[int]) -> list[str]:
    """Return the names of libraries in the reader's language."""
    known = {one.id: one for one in members.institutions()}
    return [known[one].name(get_language() or "en") for one in institution_ids if one in known]


def listed(names: Iterable[str]) -> str:
    """Return names in a row as the reader's language writes them."""
    return pgettext("between names", ", ").join(names)


def provenance(found: Iterable[Origin], holders: int, *, staff: bool) -> list[FieldOrigin]:
    """Return each field with the libraries it is of; staff learn who wrote what came by hand."""
    return [_origin(one, holders, staff=staff) for one in found]


def _origin(one: Origin, holders: int, *, staff: bool) -> FieldOrigin:
    if not one.institution_ids:
        return FieldOrigin(one.field, _version_words(one.version, staff=staff), apart=True)
    number = len(one.institution_ids)
    if number == holders > 1:
        return FieldOrigin(one.field, pgettext("libraries", "all"), listed(names_of(one.institution_ids)))
    names = names_of(one.institution_ids)
    if number <= _NAMED:
        return FieldOrigin(one.field, listed(names))
    more = ngettext("and %(n)s more", "and %(n)s more", number - _NAMED) % {"n": number - _NAMED}
    return FieldOrigin(one.field, f"{listed(names[:_NAMED])} {more}", listed(names))


def _version_words(version: Version | None, *, staff: bool) -> str:
    if version is None:
        return ""
    if version.reason in words.BY_HAND:
        who = version.actor if staff else ""
        return " ".join(filter(None, (_("by hand, version %(n)s") % {"n": version.number}, who)))
    library = listed(names_of([version.institution_id])) if version.institution_id else ""
    said = _("an earlier record, version %(n)s") % {"n": version.number}
    return f"{said} ({library})" if library else said


def reason(version: Version) -> str:
    """Return in words why a version came about."""
    return terms.word(words.REASONS, version.reason)


def author(version: Version, *, staff: bool) -> str:
    """Return who wrote a version: the library whose load it was; a person's name is for staff only."""
    if version.institution_id is not None:
        return listed(names_of([version.institution_id]))
    return version.actor if staff else ""


def preview(parts: Iterable[Part], found: MergePreview) -> list[FieldOrigin]:
    """Return fields of a merge to be with the number of the record each is of; what is not the base's stands out."""
    numbers = (found.kept.bib.id, found.merged.bib.id)
    return [
        FieldOrigin(
            part.field, _side(part, numbers), apart=not (part.in_merged if found.base_is_merged else part.in_kept)
        )
        for part in parts
    ]


def fields_alone(fields: Iterable[Field]) -> list[FieldOrigin]:
    """Return fields to be shown without where they come from."""
    return [FieldOrigin(field, "") for field in fields]


def _side(part: Part, numbers: tuple[int, int]) -> str:
    if part.in_kept and part.in_merged:
        return pgettext("records", "both")
    return _("record %(n)s") % {"n": numbers[0] if part.in_kept else numbers[1]}
