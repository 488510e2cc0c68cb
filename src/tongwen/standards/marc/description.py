"""What both views of a record draw on: one place to gather in while the fields are read once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tongwen.standards.marc.types import Carrier, Level, Material, Text

if TYPE_CHECKING:
    from tongwen.standards.marc.types import Classification, Field, Format, Link, Name, Note, Related, Subject

EMPTY: Final = Text("")


class Description:
    """A record's content while it is being read; the readers of the two formats fill it, the views copy it.

    Lists keep the order of the record. Text in the original script comes first, its romanised form goes
    to the attribute that ends in `_other`.
    """

    __slots__ = (
        "agency", "authors", "book_numbers", "carrier", "classifications", "coded",
        "coded_century", "control_number", "date",
        "edition", "encoding_level", "extent", "fallback", "format", "full_extent", "host", "imprint_years",
        "is_ancient", "is_translation", "isbns", "issns", "lang", "language", "languages", "latin_lang", "lccns",
        "level", "links", "material", "names", "national_numbers", "notes", "oclc_numbers", "original_languages",
        "other_numbers", "other_titles", "parallel_titles", "parts", "pinyin", "places", "places_other", "publishers",
        "publishers_other", "related", "responsibility", "romanized_title", "series", "subjects", "subtitle", "title",
        "traced_series", "uniform_title", "variant_titles", "wrong_isbns", "years",
    )  # fmt: skip

    def __init__(self, record_format: Format) -> None:
        self.format = record_format
        self.control_number = self.agency = self.encoding_level = ""
        self.language = self.lang = self.latin_lang = ""
        self.material, self.carrier, self.level = Material.UNKNOWN, Carrier.UNKNOWN, Level.UNKNOWN
        self.title = self.subtitle = self.romanized_title = self.uniform_title = self.responsibility = EMPTY
        self.edition = self.full_extent = EMPTY
        self.date = self.extent = self.coded_century = ""
        self.is_translation = self.is_ancient = False
        self.parts: list[Text] = []
        self.parallel_titles: list[Text] = []
        self.variant_titles: list[Text] = []
        self.names: list[Name] = []
        self.authors: list[str] = []
        self.places: list[Text] = []
        self.places_other: list[str] = []
        self.publishers: list[Text] = []
        self.publishers_other: list[str] = []
        self.imprint_years: list[int] = []
        self.years: list[int] = []
        self.series: list[Text] = []
        self.languages: list[str] = []
        self.original_languages: list[str] = []
        self.subjects: list[Subject] = []
        self.classifications: list[Classification] = []
        self.notes: list[Note] = []
        self.links: list[Link] = []
        self.related: list[Related] = []
        self.host: list[str] = []
        self.isbns: list[str] = []
        self.wrong_isbns: list[str] = []
        self.issns: list[str] = []
        self.lccns: list[str] = []
        self.oclc_numbers: list[str] = []
        self.national_numbers: list[str] = []
        self.book_numbers: list[str] = []
        self.other_numbers: list[tuple[str, str]] = []
        self.pinyin: list[str] = []
        self.coded: dict[str, str] = {}
        self.other_titles: list[str] = []
        self.traced_series: list[Text] = []
        self.fallback: list[tuple[Field, Field | None]] = []
