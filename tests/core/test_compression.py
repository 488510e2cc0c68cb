from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from tongwen.core import compression


class TestCompression:
    @given(st.binary(max_size=5_000))
    def test_gives_back_what_was_compressed(self, data: bytes) -> None:
        assert compression.decompress(compression.compress(data)) == data

    def test_makes_records_smaller(self) -> None:
        record = b"00500nam a2200025   4500" + b"245 10$aThe waves /$cVirginia Woolf. " * 20
        assert len(compression.compress(record)) < len(record) / 4

    @pytest.mark.parametrize("damaged", [b"", b"no frame at all", compression.compress(b"whole" * 100)[:-3]])
    def test_refuses_what_is_no_whole_frame(self, damaged: bytes) -> None:
        with pytest.raises(zstandard.ZstdError):
            compression.decompress(damaged)

    def test_reads_records_that_were_stored_without_a_dictionary(self) -> None:
        record = b"00500nam a2200025   4500" + b"245 10$aThe waves /$cVirginia Woolf."
        assert compression.decompress(zstandard.ZstdCompressor(level=1).compress(record)) == record

    def test_names_the_dictionary_in_each_frame(self) -> None:
        assert zstandard.get_frame_parameters(compression.compress(b"00500nam a2200025")).dict_id

    def test_keeps_the_dictionary_that_records_were_stored_with(self) -> None:
        """Another file in its place would make every stored record unreadable (ADR 0013)."""
        kept = Path(compression.__file__).with_name("records-1.zdict").read_bytes()
        known = "0329826acc4144e4cde18426250be55d01c81bd1d77501f67f6b964d62bdded5"
        assert hashlib.sha256(kept).hexdigest() == known
