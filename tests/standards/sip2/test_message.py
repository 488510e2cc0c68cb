from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pysip2 import codec as peer

from tongwen.standards import sip2
from tongwen.standards.sip2.message import FIXED_LENGTHS, LONGEST, checksum

AT = dt.datetime(2026, 3, 1, 8, 5, 9, tzinfo=dt.UTC)
UNSUMMED = sip2.DIALECTS["unsummed"]

names = st.from_regex(r"[A-Z][A-Z0-9]", fullmatch=True)
values = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="|\ufffd"), max_size=30
)
fields = st.lists(st.tuples(names, values), max_size=8).map(tuple)


@st.composite
def messages(draw: st.DrawFn) -> sip2.Message:
    code = draw(st.sampled_from(sorted(FIXED_LENGTHS)))
    fixed = draw(st.text(st.sampled_from("0123456789 YNZ"), min_size=FIXED_LENGTHS[code], max_size=FIXED_LENGTHS[code]))
    if code == "64":
        fixed = fixed[:-1] + "0"
    return sip2.Message(code, fixed, draw(fields), draw(st.integers(0, 9)))


class TestMessage:
    @given(messages(), st.sampled_from([sip2.STANDARD, sip2.DIALECTS["gb18030"], sip2.DIALECTS["crlf"]]))
    def test_comes_back_as_it_was_sent(self, message: sip2.Message, dialect: sip2.Dialect) -> None:
        assert sip2.decode(sip2.encode(message, dialect), dialect) == message

    @given(messages())
    def test_comes_back_without_a_check_sum(self, message: sip2.Message) -> None:
        assert sip2.decode(sip2.encode(message, UNSUMMED), UNSUMMED) == replace(message, sequence=None)

    @given(st.binary(max_size=300), st.sampled_from(list(sip2.DIALECTS.values())))
    def test_of_any_bytes_is_read_or_refused_in_words(self, content: bytes, dialect: sip2.Dialect) -> None:
        with contextlib.suppress(sip2.Malformed):
            assert sip2.decode(content, dialect).code in FIXED_LENGTHS

    @given(messages(), st.data())
    def test_with_a_changed_byte_is_refused(self, message: sip2.Message, data: st.DataObject) -> None:
        content = bytearray(sip2.encode(message, sip2.STANDARD))
        place = data.draw(st.integers(0, len(content) - len("AY0AZ0000\r") - 1))
        content[place] ^= 1
        with pytest.raises(sip2.BadChecksum):
            sip2.decode(bytes(content), sip2.STANDARD)

    def test_adds_up_to_zero(self) -> None:
        content = b"9300CNterminal|COkey|AY1AZ"
        assert (sum(content) + int(checksum(content), 16)) & 0xFFFF == 0

    @pytest.mark.parametrize("value", ["a|b", "a\rAZ", "a\x00", "a\x7f"])
    def test_is_not_sent_with_a_value_that_would_end_its_field(self, value: str) -> None:
        with pytest.raises(sip2.Unsendable):
            sip2.encode(sip2.login(value, "key", ""), sip2.STANDARD)

    def test_is_not_sent_with_characters_that_the_system_does_not_know(self) -> None:
        with pytest.raises(sip2.Unsendable):
            sip2.encode(sip2.login("读者", "key", ""), replace(sip2.STANDARD, charset="cp850"))

    def test_of_gb18030_is_not_cut_inside_a_character(self) -> None:
        # The second byte of 厊 in GB 18030 is 0x7C, the delimiter.
        dialect = sip2.DIALECTS["gb18030"]
        assert "厊".encode("gb18030")[1:] == b"|"
        message = sip2.Message("94", "1", (("AF", "厊x"),), 3)
        assert sip2.decode(sip2.encode(message, dialect), dialect) == message

    @pytest.mark.parametrize("ending", [b"\r", b"\n", b"\r\n", b"", b"\r\x00"])
    def test_may_end_in_any_way(self, ending: bytes) -> None:
        assert sip2.decode(b"\n 941" + ending, UNSUMMED).fixed == "1"

    def test_without_the_check_sum_that_was_agreed_is_read_and_noted(self) -> None:
        assert sip2.decode(b"941\r", sip2.STANDARD).problems == ("unsummed",)

    def test_with_a_wrong_length_is_split_before_its_first_field(self) -> None:
        content = b"24              00120260301080509AOlib|AAr1|AEWang|BLY|CQY|\r"
        message = sip2.decode(content, UNSUMMED)
        assert message.first("AA") == "r1"
        assert message.problems == ("fixed-length",)

    def test_that_is_too_long_is_refused(self) -> None:
        with pytest.raises(sip2.Malformed):
            sip2.decode(b"941" + b"AFx|" * LONGEST, UNSUMMED)

    def test_keeps_a_last_field_without_its_end(self) -> None:
        message = sip2.decode(b"941AFhello", UNSUMMED)
        assert (message.first("AF"), message.problems) == ("hello", ("unended-field",))


class TestRequest:
    @pytest.mark.parametrize("question", [sip2.patron_information, sip2.patron_status])
    def test_is_understood_by_another_implementation(self, question) -> None:
        asked = question("r1", "geheim", at=AT, dialect=sip2.STANDARD, institution="lib", sequence=4)
        seen = peer.decode_message(sip2.encode(asked, sip2.STANDARD), encoding="utf-8").message
        assert (seen.patron_identifier, seen.patron_password, seen.institution_id) == ("r1", "geheim", "lib")

    def test_says_its_moment_in_the_standards_way(self) -> None:
        asked = sip2.patron_status("r1", "x", at=AT, dialect=sip2.STANDARD, institution="")
        assert asked.fixed == "00020260301   Z080509"
