"""The description of a record as labelled rows, headings leading to searches."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongwen.domain.discovery.types import SearchField
from tongwen.standards import identifiers
from tongwen.standards.marc import codes
from tongwen.standards.marc.types import DisplayView, Name, Note, Related, Subject, Text
from tongwen.web.shared import description, terms
from tongwen.web.shared.components import Linked, Row

_NUMBER_NAMES = {
    "lccn": "LCCN",
    "oclc": "OCLC",
    "doi": "DOI",
    "cn": "CN",
    "ismn": "ISMN",
}


def rows(view: DisplayView) -> list[Row]:
    """Return what is known of a record in the order a reader asks; rows without a value are left out."""
    found = [
        Row(_("Authors and contributors"), tuple(name_link(name) for name in view.names)),
        Row(_("Uniform title"), _texts([view.uniform_title])),
        Row(_("Parallel title"), _texts(view.parallel_titles)),
        Row(_("Other titles"), _texts(view.variant_titles)),
        Row(_("Edition"), _texts([view.edition])),
        Row(_("Published"), _published(view)),
        Row(_("Extent"), _texts([view.extent])),
        Row(_("Series"), tuple(_heading(text, SearchField.TITLE) for text in view.series)),
        Row(_("Language"), _languages(view)),
        Row(_("Subjects"), tuple(subject_link(subject) for subject in view.subjects)),
        *_classifications(view),
        *_notes(view.notes),
        Row("ISBN", tuple(_isbns(view))),
        Row("ISSN", tuple(Linked(number) for number in view.issns)),
        Row(_("Other numbers"), tuple(_other_numbers(view))),
        *_related(view.related),
        Row(_("Online"), tuple(_addresses(view))),
    ]
    return [row for row in found if row.values]


def search_url(text: str, field: SearchField) -> str:
    """Return the search that a heading leads to."""
    return f"{reverse('results')}?{urlencode({'q': text, 'in': field.value})}"


def facet_url(facet: str, value: str) -> str:
    """Return the search for all records with this very heading."""
    return f"{reverse('results')}?{urlencode({facet: value})}"


def name_link(name: Name) -> Linked:
    """Return a name with its role and its other script, leading to all records with the heading."""
    role = codes.relator_name(name.role, get_language() or "en") if name.role else ""
    after = " ".join(filter(None, (name.dates, f"({role})" if role else "")))
    url = facet_url("author", name.heading.value)
    return Linked(name.heading.value, name.heading.lang, url, after, name.other_script)


def subject_link(subject: Subject) -> Linked:
    """Return a subject heading as it is counted in the facet, leading to all records with it."""
    whole = " -- ".join(part for part in subject.parts if part)
    return Linked(" — ".join(part for part in subject.parts if part), subject.lang, facet_url("subject", whole))


def _texts(texts: Iterable[Text]) -> tuple[Linked, ...]:
    return tuple(Linked(text.value, text.lang) for text in texts if text.value)


def _heading(text: Text, field: SearchField) -> Linked:
    return Linked(text.value, text.lang, search_url(text.value, field))


def _published(view: DisplayView) -> tuple[Linked, ...]:
    """Return place and date as they stand together, then each publisher leading to what it published."""
    line = ", ".join(filter(None, (" ; ".join(text.value for text in view.places), view.date)))
    place = (Linked(line, view.places[0].lang if view.places else ""),) if line else ()
    return (*(_heading(text, SearchField.PUBLISHER) for text in view.publishers), *place)


def _languages(view: DisplayView) -> tuple[Linked, ...]:
    ui = get_language() or "en"
    names = [Linked(codes.language_name(code, ui), url=facet_url("language", code)) for code in view.languages]
    originals = [codes.language_name(code, ui) for code in view.original_languages]
    if originals and names:
        last = names[-1]
        after = _("translated from: %(languages)s") % {"languages": ", ".join(originals)}
        names[-1] = Linked(last.text, url=last.url, after=f"({after})")
    return tuple(names)


def _classifications(view: DisplayView) -> list[Row]:
    by_scheme: dict[str, list[Linked]] = {}
    for scheme, number, _edition in view.classifications:
        link = Linked(number, url=search_url(number, SearchField.CALL_NUMBER))
        by_scheme.setdefault(scheme, []).append(link)
    return [
        Row(terms.word(terms.SCHEMES, scheme) if scheme in terms.SCHEMES else _("Class number"), tuple(links))
        for scheme, links in by_scheme.items()
    ]


def _notes(notes: Iterable[Note]) -> list[Row]:
    labels = {
        "contents": _("Contents"),
        "abstract": _("Abstract"),
        "thesis": _("Thesis"),
        "bibliography": _("Bibliography"),
        "audience": _("Audience"),
        "access": _("Access"),
        "provenance": _("Provenance"),
        "award": _("Awards"),
        "language": _("Language note"),
    }
    by_label: dict[str, list[Linked]] = {}
    for note in notes:
        if note.text.value:
            label = labels.get(note.kind, _("Notes"))
            by_label.setdefault(label, []).append(Linked(note.text.value, note.text.lang))
    return [Row(label, tuple(values)) for label, values in by_label.items()]


def _isbns(view: DisplayView) -> Iterable[Linked]:
    for isbn in view.isbns:
        yield Linked(identifiers.isbn_hyphenated(isbn))
    for isbn in view.wrong_isbns:
        yield Linked(isbn, after=_("(wrong or cancelled)"))


def _other_numbers(view: DisplayView) -> Iterable[Linked]:
    names = {"book-number": _("Unified book number"), **_NUMBER_NAMES}
    for scheme, number in view.other_numbers:
        yield Linked(f"{names.get(scheme, scheme.upper())} {number}")


def _addresses(view: DisplayView) -> Iterable[Linked]:
    for link in view.links:
        if description.is_web_address(link.url):
            yield Linked(link.label or link.url, url=link.url, outside=True)


def _related(related: Iterable[Related]) -> list[Row]:
    labels = {
        "host": _("Part of"),
        "part": _("Parts"),
        "preceding": _("Earlier title"),
        "succeeding": _("Later title"),
        "translation-of": _("Translation of"),
        "other-form": _("Other form"),
    }
    by_label: dict[str, list[Linked]] = {}
    for one in related:
        if one.title and one.kind != "series":
            number = one.isbn or one.issn
            url = search_url(number, SearchField.ISBN) if number else search_url(one.title, SearchField.TITLE)
            by_label.setdefault(labels.get(one.kind, _("Related")), []).append(Linked(one.title, url=url))
    return [Row(label, tuple(values)) for label, values in by_label.items()]
