from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.standards import sip2

UNSUMMED = sip2.DIALECTS["unsummed"]
STATUS = "24" + " " * 14 + "00020260301   Z080509"


def answered(fields: str, dialect: sip2.Dialect = UNSUMMED, head: str = STATUS) -> sip2.Patron:
    return sip2.patron(sip2.decode((head + fields).encode(), dialect), dialect)


class TestPatron:
    def test_is_read_with_everything_that_is_said(self) -> None:
        found = answered("AOlib|AAr1|AE王小明|BLY|CQY|PA20271231|PC本科生|BEr1@example.org|AFWelcome|AFback|")
        assert (found.identifier, found.name, found.category, found.email) == (
            "r1",
            "王小明",
            "本科生",
            "r1@example.org",
        )
        assert (found.is_valid, found.has_valid_password, found.expires_on) == (True, True, dt.date(2027, 12, 31))
        assert found.message == "Welcome back"

    @pytest.mark.parametrize("fields", ["BLY|", "BLY|CQ|", "BLY|CQN|", "BLY|CQy|", "BLY|CQ1|", "BLY|CQY|CQN|"])
    def test_has_no_valid_password_unless_that_is_said(self, fields: str) -> None:
        assert not answered("AOlib|AAr1|AEx|" + fields).has_valid_password

    @pytest.mark.parametrize("fields", ["CQY|", "BL|CQY|", "BLN|CQY|", "BLY|BLN|CQY|"])
    def test_is_not_valid_unless_that_is_said(self, fields: str) -> None:
        assert not answered("AOlib|AAr1|AEx|" + fields).is_valid

    def test_of_version_1_is_valid_unless_the_contrary_is_said(self) -> None:
        lenient = replace(UNSUMMED, needs_valid_patron=False)
        assert answered("AOlib|AAr1|AEx|CQY|", lenient).is_valid
        assert not answered("AOlib|AAr1|AEx|BLN|CQY|", lenient).is_valid

    def test_is_told_by_what_she_is_blocked(self) -> None:
        blocked = "24Y   Y" + " " * 9 + "00020260301   Z080509"
        assert answered("AOlib|AAr1|AEx|BLY|CQY|", head=blocked).blocks == ("charge_denied", "card_lost")

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("20271231", dt.date(2027, 12, 31)),
            ("2027-12-31", dt.date(2027, 12, 31)),
            ("20271231    235959", dt.date(2027, 12, 31)),
            ("20271331", None),
            ("soon", None),
            ("", None),
        ],
    )
    def test_expires_on_the_day_that_is_written(self, written: str, meant: dt.date | None) -> None:
        assert answered(f"AOlib|AAr1|AEx|BLY|CQY|PA{written}|").expires_on == meant

    def test_without_a_number_is_refused(self) -> None:
        with pytest.raises(sip2.Malformed):
            answered("AOlib|AEx|BLY|CQY|")

    @given(st.text(max_size=120))
    def test_is_never_let_in_by_chance(self, noise: str) -> None:
        try:
            found = answered("AOlib|AAr1|AEx|BLY|" + noise.replace("CQY", "CQN"))
        except sip2.Malformed:
            return
        assert not found.has_valid_password


class TestLogin:
    @pytest.mark.parametrize(("answer", "meant"), [(b"941\r", True), (b"940\r", False)])
    def test_is_told_by_one_digit(self, answer: bytes, meant: bool) -> None:
        assert sip2.is_logged_in(sip2.decode(answer, UNSUMMED)) is meant

    def test_is_not_told_by_another_message(self) -> None:
        with pytest.raises(sip2.Malformed):
            sip2.is_logged_in(sip2.decode(b"96\r", UNSUMMED))


class TestStatus:
    def test_says_version_and_known_messages(self) -> None:
        content = b"98YYYYYY03000320260301   Z0805092.00AOlib|AMDemo|BXYYYYYYYYYYYNYYYY|\r"
        told = sip2.status(sip2.decode(content, UNSUMMED))
        assert (told["online"], told["version"], told["library"], told["supported"][:2]) == ("Y", "2.00", "Demo", "YY")
