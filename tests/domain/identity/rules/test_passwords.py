"""Whether a password is good enough."""

from __future__ import annotations

import datetime as dt

import pytest

from tongwen.domain.identity.rules.passwords import Weakness, is_too_old, rules, weaknesses

LENGTH, COMPLEXITY = rules("length"), rules("complexity")
NOW = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)


class TestPassword:
    @pytest.mark.parametrize(
        "password",
        ["correct horse battery", "山高月小水落石出清风徐来", "l'été est si court ici", "🌊🌊 sea and 🐚 shell"],
    )
    def test_may_be_any_sentence(self, password: str) -> None:
        assert weaknesses(password, LENGTH) == ()

    @pytest.mark.parametrize(
        ("password", "weakness"),
        [
            ("shortish", Weakness.TOO_SHORT),
            ("水落石出", Weakness.TOO_SHORT),
            ("long " * 60, Weakness.TOO_LONG),
            ("qwertyuiop", Weakness.COMMON),
            ("1q2w3e4r5t", Weakness.COMMON),
            ("aaaaaaaaaaaa", Weakness.ROW),
            ("121212121212", Weakness.ROW),
            ("12345678901234", Weakness.ROW),
            ("ｌｋｊｉｈｇｆｅｄｃ", Weakness.ROW),
            ("My-Tongwen-2026", Weakness.NAME),
            ("同文图书馆真好用啊啊", Weakness.NAME),
        ],
    )
    def test_is_told_what_is_wrong_with_it(self, password: str, weakness: Weakness) -> None:
        assert weakness in weaknesses(password, LENGTH)

    @pytest.mark.parametrize("name", ["Cataloguer@L1", "cataloguer", "x@cataloguer.example"])
    def test_may_not_hold_the_name(self, name: str) -> None:
        assert weaknesses("the CATALOGUER.example works", LENGTH, [name]) == (Weakness.NAME,)

    def test_may_hold_what_is_too_short_to_be_a_name(self) -> None:
        assert weaknesses("we all like reading", LENGTH, ["we", "li@l1"]) == ()

    def test_needs_three_kinds_of_signs_where_complexity_is_asked(self) -> None:
        assert weaknesses("all small letters", COMPLEXITY) == (Weakness.TOO_FEW_KINDS,)
        assert weaknesses("Three kinds 3", COMPLEXITY) == ()
        assert weaknesses("Kinds和汉字7也算", COMPLEXITY) == ()


class TestAge:
    def test_counts_only_where_the_rules_say_so(self) -> None:
        assert not is_too_old(NOW - dt.timedelta(days=4000), LENGTH, NOW)
        assert not is_too_old(NOW - dt.timedelta(days=89), COMPLEXITY, NOW)
        assert is_too_old(NOW - dt.timedelta(days=90), COMPLEXITY, NOW)
        assert is_too_old(None, COMPLEXITY, NOW)


class TestRules:
    def test_are_known_by_name_only(self) -> None:
        with pytest.raises(KeyError):
            rules("none")
