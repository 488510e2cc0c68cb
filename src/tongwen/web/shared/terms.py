"""The words shown for the stable values of the domain, as originals in three languages (see `locale/`)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tongwen.domain.catalogue.types import BatchState, Outcome
from tongwen.domain.discovery.types import SearchField, Sort, Tier
from tongwen.domain.identity.types import Place, Role
from tongwen.domain.members import queries as members

Word = str | Promise

TIERS: Mapping[str, Word] = {
    Tier.LIBRARY: _("My library"),
    Tier.CITY: _("My city"),
    Tier.PROVINCE: _("My province"),
    Tier.NATION: _("Nationwide"),
}

SEARCH_FIELDS: Mapping[str, Word] = {
    SearchField.ANY: _("Everything"),
    SearchField.TITLE: pgettext_lazy("search field", "Title"),
    SearchField.AUTHOR: pgettext_lazy("search field", "Author"),
    SearchField.SUBJECT: pgettext_lazy("search field", "Subject"),
    SearchField.PUBLISHER: pgettext_lazy("search field", "Publisher"),
    SearchField.ISBN: _("ISBN / ISSN"),
    SearchField.CALL_NUMBER: pgettext_lazy("search field", "Call number"),
}

SORTS: Mapping[str, Word] = {
    Sort.RELEVANCE: _("Most relevant first"),
    Sort.NEWEST: _("Newest first"),
    Sort.OLDEST: _("Oldest first"),
    Sort.TITLE: _("By title"),
}

FACETS: Mapping[str, Word] = {
    "library": pgettext_lazy("facet", "Library"),
    "type": pgettext_lazy("facet", "Type"),
    "language": pgettext_lazy("facet", "Language"),
    "year": pgettext_lazy("facet", "Year of publication"),
    "class": pgettext_lazy("facet", "Class"),
    "author": pgettext_lazy("facet", "Author"),
    "subject": pgettext_lazy("facet", "Subject"),
}

TYPES: Mapping[str, Word] = {
    "book": pgettext_lazy("type", "Book"),
    "ebook": pgettext_lazy("type", "E-book"),
    "journal": pgettext_lazy("type", "Journal"),
    "ejournal": pgettext_lazy("type", "E-journal"),
    "article": pgettext_lazy("type", "Article or chapter"),
    "map": pgettext_lazy("type", "Map"),
    "score": pgettext_lazy("type", "Score"),
    "video": pgettext_lazy("type", "Video"),
    "audio": pgettext_lazy("type", "Audio recording"),
    "image": pgettext_lazy("type", "Picture"),
    "software": pgettext_lazy("type", "Software"),
    "microform": pgettext_lazy("type", "Microform"),
    "braille": pgettext_lazy("type", "Braille"),
    "rare-book": pgettext_lazy("type", "Rare book"),
    "manuscript": pgettext_lazy("type", "Manuscript"),
    "thesis": pgettext_lazy("type", "Thesis"),
    "kit": pgettext_lazy("type", "Kit"),
    "object": pgettext_lazy("type", "Object"),
    "archive": pgettext_lazy("type", "Archival materials"),
    "other": pgettext_lazy("type", "Other"),
    "unknown": pgettext_lazy("type", "Type not stated"),
}

STATES: Mapping[str, Word] = {
    BatchState.WAITING: _("Waiting"),
    BatchState.PREVIEWING: _("Previewing"),
    BatchState.PREVIEWED: _("Preview ready"),
    BatchState.LOADING: _("Loading"),
    BatchState.PAUSED: _("Paused"),
    BatchState.LOADED: _("Loaded"),
    BatchState.FAILED: _("Failed"),
    BatchState.CANCELLED: _("Cancelled"),
    BatchState.REVERTING: _("Being reverted"),
    BatchState.REVERTED: _("Reverted"),
}

STATE_TONES: Mapping[str, str] = {
    BatchState.WAITING: "quiet",
    BatchState.PREVIEWING: "busy",
    BatchState.PREVIEWED: "ask",
    BatchState.LOADING: "busy",
    BatchState.PAUSED: "ask",
    BatchState.LOADED: "good",
    BatchState.FAILED: "bad",
    BatchState.CANCELLED: "quiet",
    BatchState.REVERTING: "busy",
    BatchState.REVERTED: "quiet",
}

OUTCOMES: Mapping[str, Word] = {
    Outcome.NEW: pgettext_lazy("outcome", "New"),
    Outcome.MATCHED: pgettext_lazy("outcome", "Matched"),
    Outcome.UPDATED: pgettext_lazy("outcome", "Updated"),
    Outcome.UNCHANGED: pgettext_lazy("outcome", "Unchanged"),
    Outcome.REVIEW: pgettext_lazy("outcome", "To review"),
    Outcome.REJECTED: pgettext_lazy("outcome", "Rejected"),
    Outcome.DELETED: pgettext_lazy("outcome", "Deleted"),
}

SEVERITIES: Mapping[str, Word] = {
    "error": pgettext_lazy("severity", "Rejected"),
    "mended": pgettext_lazy("severity", "Mended"),
    "warning": pgettext_lazy("severity", "Warning"),
}

FORMATS: Mapping[str, str] = {"marc21": "MARC 21", "cnmarc": "CNMARC"}

SCHEMES: Mapping[str, Word] = {
    "clc": _("Chinese Library Classification"),
    "ddc": _("Dewey Decimal Classification"),
    "lcc": _("Library of Congress Classification"),
    "ndc": _("Nippon Decimal Classification"),
    "kdc": _("Korean Decimal Classification"),
    "sibu": _("Four Categories"),
    "las": _("Classification of the Chinese Academy of Sciences"),
    "udc": _("Universal Decimal Classification"),
}

CLC: Mapping[str, Word] = {
    "A": _("Marxism, Leninism, Mao Zedong and Deng Xiaoping thought"),
    "B": _("Philosophy, religion"),
    "C": _("Social sciences in general"),
    "D": _("Politics, law"),
    "E": _("Military science"),
    "F": _("Economics"),
    "G": _("Culture, science, education, sports"),
    "H": _("Languages, linguistics"),
    "I": _("Literature"),
    "J": _("Art"),
    "K": _("History, geography"),
    "N": _("Natural sciences in general"),
    "O": _("Mathematics, physics, chemistry"),
    "P": _("Astronomy, earth sciences"),
    "Q": _("Biology"),
    "R": _("Medicine, health"),
    "S": _("Agriculture"),
    "T": _("Technology, industry"),
    "U": _("Transport"),
    "V": _("Aviation, space"),
    "X": _("Environment, safety"),
    "Z": _("Comprehensive works"),
}

DDC: Mapping[str, Word] = {
    "000": _("Computers, information, general works"),
    "100": _("Philosophy, psychology"),
    "200": _("Religion"),
    "300": _("Social sciences"),
    "400": _("Languages of the world"),
    "500": _("Natural sciences, mathematics"),
    "600": _("Applied sciences, technology"),
    "700": _("Arts, recreation"),
    "800": _("Literatures of the world"),
    "900": _("History and geography of the world"),
}

CHARSET_REASONS: Mapping[str, Word] = {
    "declared": _("as declared with the file"),
    "leader": _("as the leader says"),
    "field-100": _("as field 100 says"),
    "bom": _("from the byte order mark"),
    "valid-utf8": _("the bytes are valid UTF-8"),
    "valid-marc8": _("the bytes are valid MARC-8"),
    "valid-gb18030": _("the bytes are valid GB18030"),
    "escape-sequences": _("from its escape sequences"),
    "cyrillic-letters": _("the bytes read as Cyrillic letters"),
    "nul-bytes": _("from the zero bytes between the letters"),
    "last-resort": _("for want of anything better"),
    "ascii": _("plain ASCII only"),
}


def word(words: Mapping[str, Word], value: str) -> str:
    """Return the word for a value; a value without a word is shown as it is."""
    return str(words.get(value, value))


def class_name(value: str) -> str:
    """Return a class facet value (`clc:T`, `ddc:500`) with its caption."""
    scheme, _colon, number = value.partition(":")
    captions = {"clc": CLC, "ddc": DDC}.get(scheme, {})
    caption = captions.get(number)
    if caption is None:
        return f"{number} · {word(SCHEMES, scheme)}" if number else value
    return f"{number} {caption}"


ROLES: Mapping[str, Word] = {
    Role.READER: pgettext_lazy("role", "Reader"),
    Role.CATALOGUER: pgettext_lazy("role", "Cataloguer"),
    Role.ILL_LIBRARIAN: pgettext_lazy("role", "Interlibrary loan librarian"),
    Role.E_RESOURCE_LIBRARIAN: pgettext_lazy("role", "E-resource librarian"),
    Role.ACQUISITIONS_LIBRARIAN: pgettext_lazy("role", "Acquisitions librarian"),
    Role.REFERENCE_LIBRARIAN: pgettext_lazy("role", "Reference librarian"),
    Role.CURATOR: pgettext_lazy("role", "Curator"),
    Role.TRAINER: pgettext_lazy("role", "Trainer"),
    Role.INSTITUTION_ADMINISTRATOR: pgettext_lazy("role", "Administrator of the library"),
    Role.DOMAIN_ADMINISTRATOR: pgettext_lazy("role", "Administrator of the sharing domain"),
    Role.NATIONAL_ADMINISTRATOR: pgettext_lazy("role", "National administrator"),
    Role.AUDITOR: pgettext_lazy("role", "Auditor"),
    Role.INTEGRATOR: pgettext_lazy("role", "Integrator"),
}


def place_name(place: Place) -> str:
    """Return how a place is called in the reader's language."""
    language = get_language() or "en"
    if place.institution_id is not None:
        return members.institution(place.institution_id).name(language)
    for domain in members.sharing_domains():
        if domain.id == place.domain_id:
            return domain.name(language)
    return gettext("The whole platform")
