from __future__ import annotations

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
