from __future__ import annotations

import pytest

from tongwen.domain.discovery.rules import record_types
from tongwen.standards.marc.types import Carrier, Classification, DisplayView, Format, Level, Material, Note, Text


class TestRecordType:
    @pytest.mark.parametrize(
        ("word", "facts"),
        [
            ("book", {"material": Material.TEXT, "carrier": Carrier.PRINT, "level": Level.MONOGRAPH}),
            ("book", {"material": Material.TEXT, "year": 1988, "languages": ("chi",)}),
            ("ebook", {"material": Material.TEXT, "carrier": Carrier.ONLINE, "level": Level.MONOGRAPH}),
            ("journal", {"material": Material.TEXT, "level": Level.SERIAL}),
            ("ejournal", {"material": Material.TEXT, "level": Level.SERIAL, "carrier": Carrier.ONLINE}),
            ("rare-book", {"material": Material.TEXT, "year": 1877, "languages": ("chi",)}),
            ("book", {"material": Material.TEXT, "year": 1877, "languages": ("eng",)}),
            ("rare-book", {"material": Material.TEXT, "year": 1623, "languages": ("eng",)}),
            ("rare-book", {"material": Material.TEXT, "classifications": (Classification("sibu", "经部"),)}),
            ("thesis", {"material": Material.TEXT, "notes": (Note("thesis", Text("Thesis (Ph. D.)")),)}),
            ("article", {"material": Material.TEXT, "level": Level.COMPONENT}),
            ("microform", {"material": Material.TEXT, "carrier": Carrier.MICROFORM, "level": Level.SERIAL}),
            ("braille", {"material": Material.TEXT, "carrier": Carrier.BRAILLE}),
            ("map", {"material": Material.MAP, "carrier": Carrier.ONLINE}),
            ("score", {"material": Material.NOTATED_MUSIC}),
            ("audio", {"material": Material.SPOKEN}),
            ("other", {}),
        ],
    )
    def test_says_what_a_reader_would_call_it(self, word: str, facts: dict[str, object]) -> None:
        view = DisplayView(Format.MARC21, **facts)  # type: ignore[arg-type]
        assert record_types.record_type(view) == word
        assert word in record_types.RECORD_TYPES
