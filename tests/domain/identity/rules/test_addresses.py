from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.domain.identity.rules import addresses, naming
from tongwen.domain.identity.types import AddressFault, BadAddress, BadName


class TestAddress:
    @pytest.mark.parametrize(
        ("written", "kept"),
        [
            (" li@Example.ORG ", "li@example.org"),
            ("ｌｉ＠ｅｘａｍｐｌｅ．ｏｒｇ", "li@example.org"),
            ("li.wei+lib@example.edu.cn", "li.wei+lib@example.edu.cn"),
            ("li@图书馆.中国", "li@xn--1jq52s681d.xn--fiqs8s"),
            ("li@localhost", "li@localhost"),
        ],
    )
    def test_is_kept_in_one_spelling(self, written: str, kept: str) -> None:
        assert addresses.folded(written) == kept

    @pytest.mark.parametrize(
        ("written", "fault"),
        [
            ("", AddressFault.NO_ADDRESS),
            ("li", AddressFault.NO_ADDRESS),
            ("@example.org", AddressFault.NO_ADDRESS),
            ("a@b@example.org", AddressFault.NO_ADDRESS),
            ("a..b@example.org", AddressFault.NO_ADDRESS),
            ("a@example.org\nBcc: b@example.org", AddressFault.INVISIBLE),
            ("a\u200bb@example.org", AddressFault.INVISIBLE),
            ("а@example.org", AddressFault.OTHER_LETTERS),
            ("李@example.org", AddressFault.OTHER_LETTERS),
            ("a@exаmple.org", AddressFault.LOOK_ALIKE),
            ("a@раура.com", AddressFault.LOOK_ALIKE),
            ("a@xn--80aa0cbo65f.com", AddressFault.LOOK_ALIKE),
            ("a@example", AddressFault.BAD_DOMAIN),
            ("a@-x.org", AddressFault.BAD_DOMAIN),
            ("x" * 65 + "@example.org", AddressFault.TOO_LONG),
        ],
    )
    def test_that_is_none_or_imitates_is_refused_with_the_reason(self, written: str, fault: AddressFault) -> None:
        with pytest.raises(BadAddress) as refused:
            addresses.folded(written)
        assert refused.value.fault is fault

    @given(st.text(max_size=60) | st.from_regex(r"[^@]{1,8}@[^@]{1,12}\.[a-z]{2,3}", fullmatch=True))
    def test_is_folded_once_for_all_or_refused(self, written: str) -> None:
        try:
            kept = addresses.folded(written)
        except BadAddress:
            return
        assert addresses.folded(kept) == kept
        assert kept.isascii()


class TestLogInName:
    def test_is_kept_small_and_plain(self) -> None:
        assert naming.sign_in(" Ｌｉ.Wei@L1 ") == "li.wei@l1"
        assert naming.sign_in("李伟一") == "李伟一"

    @pytest.mark.parametrize("written", ["ab", "a b c", "аdmin", "a/b/c", "x" * 151])
    def test_that_could_deceive_or_is_ill_formed_is_refused(self, written: str) -> None:
        with pytest.raises(BadName):
            naming.sign_in(written)


class TestName:
    @pytest.mark.parametrize("written", ["", "  ", "a\u202eb", "x" * 151])
    def test_that_is_none_is_refused(self, written: str) -> None:
        with pytest.raises(BadName):
            naming.shown(written)

    def test_is_kept_with_single_blanks(self) -> None:
        assert naming.shown(" 王\n小  明 ") == "王 小 明"
