from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marc_lines import field, record
from tongwen.domain.catalogue.rules import differences

LINES = [
    f"{tag} {indicators} ${code}{word}"
    for tag in ("245", "500", "650")
    for indicators in ("00",)
    for code in "ab"
    for word in ("x", "y", "z")
]
records = st.lists(st.sampled_from(LINES), max_size=6).map(lambda lines: record(*sorted(lines)))


class TestDifference:
    def test_ignores_lengths_in_the_leader(self) -> None:
        one, two = record("245 00 $ax"), record("245 00 $ax", leader="00123nam a2200077 a 4500")
        assert differences.difference(one, two) == differences.Difference((), ())

    def test_counts_a_repeated_field(self) -> None:
        once, twice = record("500    $ax"), record("500    $ax", "500    $ax")
        assert differences.difference(once, twice).added == (field("500    $ax"),)

    @given(records, records)
    def test_leads_from_one_record_to_the_other(self, before, after) -> None:
        joined = differences.join(before, before, after)
        assert joined.conflicts == ()
        assert sorted(joined.record.fields) == sorted(after.fields)


class TestJoin:
    @given(records, records)
    def test_with_no_change_on_one_side_gives_the_other(self, base, other) -> None:
        assert sorted(differences.join(base, other, base).record.fields) == sorted(other.fields)

    def test_keeps_changes_of_different_fields(self) -> None:
        base = record("245 00 $aOne", "500    $aOld")
        mine, theirs = record("245 00 $aTwo", "500    $aOld"), record("245 00 $aOne", "500    $aNew")
        joined = differences.join(base, mine, theirs)
        assert joined.record.fields == record("245 00 $aTwo", "500    $aNew").fields
        assert joined.conflicts == ()

    def test_lets_the_first_change_of_a_field_stand_and_reports_the_second(self) -> None:
        base, mine, theirs = (record(f"245 00 $a{word}") for word in ("One", "Two", "Three"))
        joined = differences.join(base, mine, theirs)
        assert joined.record.fields == mine.fields
        assert joined.conflicts == theirs.fields

    def test_takes_the_same_change_of_both_once(self) -> None:
        base, both = record("245 00 $aOne"), record("245 00 $aTwo")
        joined = differences.join(base, both, both)
        assert joined.record.fields == both.fields
        assert joined.conflicts == ()
