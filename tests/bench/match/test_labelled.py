from __future__ import annotations

from pathlib import Path

from bench.match.labelled import Pair, Side

from bench.match import labelled
from tongwen.standards.marc.types import Field, Format, Record

BOOK = Side(Record("0" * 24, (Field("001", data="1"),)), Format.MARC21)


def pair(one: str, two: str) -> Pair:
    return Pair("kind", True, "label", (one, two), BOOK, BOOK)


class TestDivided:
    def test_puts_no_record_into_both_parts(self) -> None:
        chain = [pair(f"loc:{number}", f"loc:{number + 1}") for number in range(200) if number % 5]
        parts: dict[str, set[str]] = {}
        for one in labelled.divided(chain):
            for name in one.ids:
                parts.setdefault(name, set()).add(one.part)

        assert all(len(found) == 1 for found in parts.values())
        assert {part for found in parts.values() for part in found} == set(labelled.PARTS)

    def test_keeps_about_three_in_ten_apart(self) -> None:
        alone = labelled.divided(pair(f"loc:{number}", f"loc:{number}") for number in range(2_000))

        assert 0.26 < sum(one.part == labelled.HELD_OUT for one in alone) / 2_000 < 0.34

    def test_puts_a_record_into_the_same_part_every_time(self) -> None:
        assert labelled.part_of("loc:00009027") == labelled.part_of("loc:00009027")


class TestSet:
    def test_is_read_as_it_was_written(self, tmp_path: Path) -> None:
        labelled.write(tmp_path / "set", [pair("a", "b")])

        assert labelled.read(tmp_path / "set").pairs == [pair("a", "b")]

    def test_shows_no_pair_that_is_kept_apart(self) -> None:
        pairs = labelled.divided(pair(f"loc:{number}", f"loc:{number}") for number in range(100))
        shown = labelled.LabelledSet(pairs).development

        assert 0 < len(shown) < 100
        assert {one.part for one in shown} == {labelled.DEVELOPMENT}

    def test_counts_pairs_by_kind_and_part_in_its_manifest(self) -> None:
        made = labelled.manifest([pair("a", "b"), pair("c", "d")._replace(part=labelled.HELD_OUT)])

        assert made["kinds"] == [{"kind": "kind", "same": True, "label": "label", "development": 1, "held-out": 1}]
        assert made["sha256"] == labelled.digest([pair("a", "b"), pair("c", "d")._replace(part=labelled.HELD_OUT)])
