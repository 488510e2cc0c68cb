"""RIS."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.standards import citation
from tongwen.standards.marc.types import Carrier, DisplayView, Format, Level, Link, Material, Name, Note, Subject, Text

VIEW = DisplayView(
    format=Format.MARC21,
    title=Text("AI and the future of banking"),
    subtitle=Text("a guide"),
    names=(Name(Text("Boobier, Tony"), "aut", main=True), Name(Text("Li, Ming"), "trl"), Name(Text("Doe, J."), "edt")),
    places=(Text("Chichester"),),
    publishers=(Text("Wiley"),),
    date="2020",
    year=2020,
    edition=Text("2nd ed."),
    extent=Text("xii, 350 p."),
    languages=("eng",),
    series=(Text("Finance"),),
    subjects=(Subject(("Banks and banking", "Data processing")),),
    notes=(Note("abstract", Text("Two\nlines.")), Note("general", Text("Index."))),
    isbns=("9781119596141",),
    material=Material.TEXT,
)


class TestRIS:
    def test_has_a_line_for_each_element(self):
        assert citation.ris(VIEW, "https://c.example/bib/7").split("\r\n") == [
            "TY  - BOOK",
            "TI  - AI and the future of banking: a guide",
            "AU  - Boobier, Tony",
            "A2  - Doe, J.",
            "A4  - Li, Ming",
            "PY  - 2020",
            "CY  - Chichester",
            "PB  - Wiley",
            "ET  - 2nd ed.",
            "T2  - Finance",
            "SP  - xii, 350 p.",
            "SN  - 9781119596141",
            "LA  - eng",
            "KW  - Banks and banking -- Data processing",
            "AB  - Two lines.",
            "N1  - Index.",
            "UR  - https://c.example/bib/7",
            "ER  - ",
            "",
        ]

    @pytest.mark.parametrize(
        ("more", "kind"),
        [
            ({"carrier": Carrier.ONLINE}, "EBOOK"),
            ({"level": Level.SERIAL}, "JFULL"),
            ({"material": Material.MAP}, "MAP"),
            ({"material": Material.MOVING_IMAGE}, "VIDEO"),
            ({"notes": (Note("thesis", Text("Ph.D.")),)}, "THES"),
        ],
    )
    def test_begins_with_the_type(self, more, kind):
        view = DisplayView(format=Format.MARC21, title=Text("T"), **more)
        assert citation.ris(view, "u").startswith(f"TY  - {kind}\r\n")

    def test_names_the_resource_before_the_permalink(self):
        view = DisplayView(
            format=Format.MARC21, title=Text("T"), carrier=Carrier.ONLINE, links=(Link("https://r.example"),)
        )
        assert re.findall("UR  - (.*)\r", citation.ris(view, "https://c.example")) == [
            "https://r.example",
            "https://c.example",
        ]

    @pytest.mark.parametrize(
        ("heading", "author"),
        [
            ("赫胥黎, T. H.", "赫胥黎, T. H."),
            ("(英)赫胥黎, T. H.", "赫胥黎, T. H."),
            ("曹雪芹", "曹雪芹"),
            ("夏目, 漱石", "夏目漱石"),
            ("哈里森·沃尔德伦", "哈里森·沃尔德伦"),
            ("Huxley, T. H.", "Huxley, T. H."),
        ],
    )
    def test_keeps_surnames_apart_where_importers_could_not(self, heading, author):
        view = DisplayView(format=Format.CNMARC, title=Text("天演论"), names=(Name(Text(heading), "aut"),))
        assert f"\r\nAU  - {author}\r\n" in citation.ris(view, "u")
        assert f"  author = {{{author}}},\n" in citation.bibtex(view, "k", "u")

    @given(st.text(), st.text(), st.text())
    def test_keeps_its_lines_whatever_the_record_holds(self, title, heading, note):
        view = DisplayView(
            format=Format.MARC21,
            title=Text(title),
            names=(Name(Text(heading), "aut"),),
            notes=(Note("general", Text(note)),),
        )
        text = citation.ris(view, "https://c.example")
        lines = text.split("\r\n")
        assert lines[-2:] == ["ER  - ", ""]
        assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", line) for line in lines[:-1])
