"""The form that hands in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongwen.domain.catalogue.types import Profile
from tongwen.standards.marc.types import Charset, Format
from tongwen.web.shared import terms
from tongwen.web.shared.components import FormField, Option
from tongwen.web.shared.templatetags import tongwen as filters


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What was entered: the file (None where none came), and what is declared about it."""

    file: UploadedFile[Any] | None
    format: Format | None
    charset: Charset | None
    preview: bool
    profile: str = ""


def read(request: HttpRequest) -> HandedIn:
    """Read the form; a format or charset that is not offered counts as "tell from the file"."""
    given = request.POST
    return HandedIn(
        file=request.FILES.get("file"),
        format=Format(given["format"]) if given.get("format") in set(Format) else None,
        charset=Charset(given["charset"]) if given.get("charset") in set(Charset) else None,
        preview=given.get("mode") != "load",
        profile=given.get("profile", ""),
    )


def errors(handed: HandedIn) -> list[tuple[str, str]]:
    """Return what is wrong as (field, sentence)."""
    if handed.file is None:
        return [("file", _("Choose the file to load."))]
    limit = settings.TONGWEN_MAX_UPLOAD
    if handed.file.size is not None and handed.file.size > limit:
        sentence = _(
            "The file has %(size)s; the limit is %(limit)s. Load larger files on the server: tongwen load FILE."
        )
        return [("file", sentence % {"size": filters.size(handed.file.size), "limit": filters.size(limit)})]
    return []


def fields(
    handed: HandedIn | None, found: list[tuple[str, str]], profiles: tuple[Profile, ...] = ()
) -> list[FormField]:
    """Return the fields of the form with what was entered and what is wrong with it."""
    wrong = dict(found)
    handed = handed or HandedIn(None, None, None, preview=True)
    chosen = [_profile_field(handed, profiles, wrong)] if profiles else []
    return [
        FormField(
            "file",
            _("File of records"),
            hint=_(
                "ISO 2709 (.mrc, .iso, .dat), MARCXML or MARC-in-JSON. "
                "A browser cannot keep the file: after an error choose it again."
            ),
            error=wrong.get("file", ""),
            kind="file",
            accept=".mrc,.marc,.iso,.iso2709,.dat,.xml,.json,.jsonl,.txt,.utf8",
        ),
        FormField("mode", _("What to do"), kind="radio", options=_modes(handed)),
        *chosen,
        *declared_fields(handed.format, handed.charset),
    ]


def _profile_field(handed: HandedIn, profiles: tuple[Profile, ...], wrong: dict[str, str]) -> FormField:
    return FormField(
        "profile",
        _("Profile"),
        hint=_("How this library's files are to be read; what is declared below goes before it."),
        error=wrong.get("profile", ""),
        kind="select",
        options=[
            Option("", _("None"), not handed.profile),
            *(Option(one.name, one.name, handed.profile == one.name) for one in profiles),
        ],
    )


def declared_fields(format_: Format | None, charset: Charset | None) -> list[FormField]:
    """Return the fields that declare what a file is."""
    return [
        FormField(
            "format",
            _("Record format"),
            hint=_("Needed only where the file cannot tell."),
            kind="select",
            options=[
                Option("", _("Tell from the file"), format_ is None),
                *(Option(one, terms.FORMATS[one], format_ is one) for one in Format),
            ],
        ),
        FormField(
            "charset",
            _("Character set"),
            hint=_("Needed only where the file cannot tell. What was found, and why, stands in the report."),
            kind="select",
            options=[
                Option("", _("Tell from the file"), charset is None),
                *(Option(one, _charset_label(one), charset is one) for one in Charset),
            ],
        ),
    ]


def _modes(handed: HandedIn) -> list[Option]:
    return [
        Option(
            "preview",
            _("Preview first: see what would be new, matched, for review or rejected. Nothing is changed."),
            handed.preview,
        ),
        Option("load", _("Load at once. A load can be reverted later."), not handed.preview),
    ]


def _charset_label(charset: Charset) -> str:
    return "GBK / GB 18030" if charset is Charset.GB18030 else str(charset.value)
