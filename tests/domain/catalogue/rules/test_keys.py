from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.views import replace

from domain.catalogue.rules import books
from tongwen.domain.catalogue.rules import keys
from tongwen.domain.catalogue.rules.keys import Key, KeyKind
from tongwen.standards.marc.types import Format, MatchView


def kinds(one: MatchView, other: MatchView) -> set[KeyKind]:
    return {key.kind for key in set(keys.keys(one)) & set(keys.keys(other))}


class TestIdentifierKeys:
    def test_hold_each_number_under_its_kind(self) -> None:
        view = MatchView(
            Format.CNMARC,
            control_number="1",
            control_agency="BNU",
            isbns=("9787503726231",),
            wrong_isbns=("7503726238",),
            issns=("1002-1027",),
            book_numbers=("11018·1056",),
            national_numbers=("cnb:2001-1", "cn:11-1541/G2"),
            lccns=("82000001",),
            oclc_numbers=("123",),
        )

        assert keys.keys(view) == (
            Key(KeyKind.SOURCE, "BNU 1"),
            Key(KeyKind.ISBN, "9787503726231"),
            Key(KeyKind.WRONG_ISBN, "7503726238"),
            Key(KeyKind.ISSN, "1002-1027"),
            Key(KeyKind.BOOK_NUMBER, "11018·1056"),
            Key(KeyKind.LCCN, "82000001"),
            Key(KeyKind.OCLC, "123"),
            Key(KeyKind.NATIONAL, "cnb:2001-1"),
            Key(KeyKind.CN, "11-1541"),
        )

    def test_do_not_take_a_control_number_without_its_agency(self) -> None:
        assert keys.keys(MatchView(Format.MARC21, control_number="1")) == ()


class TestTitleKeys:
    def test_bring_a_title_together_with_and_without_its_subtitle(self) -> None:
        parted = replace(books.LEIBNIZ, subtitle="a short life")
        whole = replace(books.LEIBNIZ, title="Leibniz in 90 minutes : a short life")
        unparted = replace(books.LEIBNIZ, title="Leibniz in 90 minutes a short life")

        assert KeyKind.TITLE_YEAR in kinds(books.LEIBNIZ, parted)
        assert KeyKind.TITLE_YEAR in kinds(books.LEIBNIZ, whole)
        assert KeyKind.TITLE_AUTHOR in kinds(parted, unparted)

    def test_bring_traditional_and_simplified_titles_together(self) -> None:
        assert kinds(books.MING_1981, books.MING_IN_MARC21) >= {
            KeyKind.TITLE_YEAR,
            KeyKind.TITLE_AUTHOR,
            KeyKind.TITLE_PUBLISHER,
        }

    def test_keep_the_volumes_of_a_set_apart(self) -> None:
        lower = replace(books.DREAM_UPPER, parts=("下册",), isbns=())

        assert kinds(books.DREAM_UPPER, lower) <= {KeyKind.SOUND_YEAR}

    def test_propose_a_han_title_for_its_romanised_form(self) -> None:
        assert kinds(books.MING_1981, books.MING_ROMANIZED) == {KeyKind.SOUND_YEAR}

    def test_do_not_bring_all_kana_titles_of_a_year_together(self) -> None:
        one = replace(books.MING_IN_MARC21, title="くずばな", other_titles=(), languages=("jpn",))
        other = replace(one, title="コミューン")

        assert KeyKind.SOUND_YEAR not in kinds(one, other)

    def test_bring_a_kana_title_together_with_its_romanised_form(self) -> None:
        one = replace(books.MING_IN_MARC21, title="くずばな", other_titles=("Kuzubana",), languages=("jpn",))
        romanised = replace(one, title="Kuzubana", other_titles=())

        assert KeyKind.SOUND_YEAR in kinds(one, romanised)

    def test_survive_a_publisher_with_and_without_its_trade(self) -> None:
        other = replace(books.LEIBNIZ, publishers=("I.R. Dee Publishers, Inc.",), isbns=(), lccns=())

        assert KeyKind.TITLE_PUBLISHER in kinds(books.LEIBNIZ, other)

    def test_are_a_handful_for_a_record(self) -> None:
        assert 4 <= len(keys.keys(books.LEIBNIZ)) <= 8


class TestHashed:
    def test_fits_a_signed_bigint_and_depends_on_the_kind(self) -> None:
        one, other = keys.hashed(Key(KeyKind.LCCN, "82000001")), keys.hashed(Key(KeyKind.OCLC, "82000001"))

        assert one != other
        assert all(-(2**63) <= number < 2**63 for number in (one, other))

    def test_never_changes_for_what_is_stored(self) -> None:
        assert keys.hashed(Key(KeyKind.ISBN, "9787503726231")) == STORED_HASH

    @given(st.text())
    def test_takes_any_text(self, text: str) -> None:
        assert keys.hashed(Key(KeyKind.TITLE_YEAR, text)) == keys.hashed(Key(KeyKind.TITLE_YEAR, text))

    def test_takes_a_broken_surrogate(self) -> None:
        assert isinstance(keys.hashed(Key(KeyKind.TITLE_YEAR, "\ud800")), int)


STORED_HASH = -4612477325668184631


@pytest.mark.parametrize(
    "text", ["", " ", "：", "\ud800", "///", "12345678901234567890", "上", "卷", "vol.", "'", "[等]"]
)
def test_keys_come_out_of_any_text(text: str) -> None:
    view = MatchView(
        Format.CNMARC, title=text, subtitle=text, parts=(text,), authors=(text,), publishers=(text,), languages=("chi",)
    )

    assert isinstance(keys.keys(view), tuple)
