from __future__ import annotations

from pathlib import Path

from tests.marc_lines import record

from bench import varied
from tongwen.standards.marc import iso2709

_COPIES = 13
"""As many as 3,000,000 records have of the 250,000, with the sample for the limits."""

_SEVEN_EIGHT_NINE_TEN_DIGITS = ("   0000018 ", "   00000018 ", "   000000018", "  2001627090")


def _file(folder: Path) -> Path:
    """Write records whose LCCN have all the lengths that are met."""
    file = folder / "real.mrc"
    file.write_bytes(
        b"".join(
            iso2709.encode(record(f"001    {number}", f"010    $a{number}", f"245 10 $aTitle {word}"))
            for number, word in zip(_SEVEN_EIGHT_NINE_TEN_DIGITS, ("one", "two", "three", "four"), strict=True)
        )
    )
    return file


def _numbers(file: Path) -> list[str]:
    return [iso2709.decode(raw).record.control("001").strip() for raw in varied.stream(file)]


class TestWrite:
    def test_gives_every_record_of_every_copy_a_number_of_its_own(self, tmp_path: Path) -> None:
        real = _file(tmp_path)
        loaded = varied.write(real, tmp_path / "loaded.mrc", 4 * (_COPIES - 1))
        sample = varied.write(real, tmp_path / "sample.mrc", 4, first_copy=_COPIES - 1)
        numbers = _numbers(loaded) + _numbers(sample)
        assert len(set(numbers)) == len(numbers) == 4 * _COPIES

    def test_changes_the_number_alike_wherever_it_stands(self, tmp_path: Path) -> None:
        copy = varied.write(_file(tmp_path), tmp_path / "copy.mrc", 4, first_copy=3)
        for raw in varied.stream(copy):
            found = iso2709.decode(raw).record
            assert found.control("001") == found.tagged("010")[0].first("a")

    def test_leaves_the_first_copy_as_it_is(self, tmp_path: Path) -> None:
        real = _file(tmp_path)
        assert varied.write(real, tmp_path / "same.mrc", 4).read_bytes() == real.read_bytes()
