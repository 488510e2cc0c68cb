"""BibTeX."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.standards import citation
from tongwen.standards.marc.types import Carrier, DisplayView, Format, Level, Link, Name, Note, Text


def view(title: str = "T", **more) -> DisplayView:
    return DisplayView(format=Format.MARC21, title=Text(title), **more)


class TestBibTeX:
    def test_has_a_field_for_each_element(self):
        record = view(
            "红楼梦",
            subtitle=Text("程乙本"),
            names=(Name(Text("曹雪芹"), "aut"), Name(Text("高鹗"), "aut"), Name(Text("启功"), "edt")),
            places=(Text("北京"),),
            publishers=(Text("人民文学出版社"),),
            date="1996",
            year=1996,
            isbns=("9787020002207",),
            languages=("chi",),
        )
        assert citation.bibtex(record, "tongwen:12", "https://c.example/bib/12") == (
            "@book{tongwen:12,\n"
            "  author = {曹雪芹 and 高鹗},\n"
            "  editor = {启功},\n"
            "  title = {红楼梦: 程乙本},\n"
            "  publisher = {人民文学出版社},\n"
            "  address = {北京},\n"
            "  year = {1996},\n"
            "  isbn = {9787020002207},\n"
            "  language = {chi},\n"
            "  url = {https://c.example/bib/12},\n"
            "}\n"
        )

    def test_escapes_what_tex_would_read(self):
        text = citation.bibtex(view(r"C# & 100% {of} $x_1^2~\n"), "k", "https://c.example/a_b?x=1&y=%20")
        assert (
            r"title = {C\# \& 100\% {\textbraceleft}of{\textbraceright} \$x\_1{\textasciicircum}2{\textasciitilde}"
            r"{\textbackslash}n}"
        ) in text
        assert "url = {https://c.example/a_b?x=1&y=%20}" in text

    def test_puts_bodies_in_braces(self):
        names = (Name(Text("Johnson and Johnson"), "aut", kind="body"), Name(Text("Doe, Jane"), "aut"))
        assert "author = {{Johnson and Johnson} and Doe, Jane}" in citation.bibtex(view(names=names), "k", "u")

    @pytest.mark.parametrize(
        ("more", "kind"),
        [
            ({}, "book"),
            ({"notes": (Note("thesis", Text("学位论文(博士)")),)}, "phdthesis"),
            ({"notes": (Note("thesis", Text("Thesis (M.A.)--Yale")),)}, "mastersthesis"),
            ({"names": (Name(Text("Congress"), kind="meeting", main=True),)}, "proceedings"),
            ({"level": Level.SERIAL}, "misc"),
        ],
    )
    def test_has_the_type_of_the_record(self, more, kind):
        assert citation.bibtex(view(**more), "k", "u").startswith(f"@{kind}{{k,\n")

    def test_gives_the_address_of_what_is_online(self):
        online = view(carrier=Carrier.ONLINE, links=(Link("https://r.example/{1}"),))
        assert "url = {https://r.example/%7B1%7D}" in citation.bibtex(online, "k", "https://c.example")

    @given(st.text(), st.text(), st.text(), st.text())
    def test_is_one_balanced_entry_whatever_the_record_holds(self, title, heading, key, url):
        text = citation.bibtex(view(title, names=(Name(Text(heading), "aut"),)), key, url)
        depth = 0
        for place, character in enumerate(text):
            depth += {"{": 1, "}": -1}.get(character, 0)
            assert depth > 0 or place < text.index("{") or place >= len(text) - 2
        assert depth == 0
