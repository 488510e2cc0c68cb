"""Merging and un-merging at the catalogue's front door, and random histories that must keep every holding."""

from __future__ import annotations

import random

import pytest
from django.db import connection

from factories.files import book, chinese_book, marc_file
from factories.keys import keys_are_those_of_the_records
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services, types
from tongwen.domain.catalogue.models import Bib, Holding, Merge
from tongwen.domain.catalogue.services import merging
from tongwen.standards.marc import types as marc

pytestmark = pytest.mark.django_db


def only_bib(institution_id: int, batch: types.Batch) -> int:
    with tenancy.scope(institution_id):
        return queries.batch_bibs(batch.id, types.Outcome.NEW)[0][0].bib_id


@pytest.fixture
def pair(lending_library: int, distant_library: int, load) -> tuple[int, int]:
    """Two bibs of two libraries that the rules keep apart."""
    first = load(lending_library, marc_file(book("1", "Orlando", isbn="9780156701600", more=("650  0 $aBiography.",))))
    second = load(
        distant_library,
        marc_file(book("x1", "Flush", year="1933", more=("650  0 $aDogs.", "520    $aA dog's life."))),
    )
    return only_bib(lending_library, first), only_bib(distant_library, second)


class TestMerge:
    def test_gives_the_kept_record_what_the_field_rules_take(self, pair: tuple[int, int]) -> None:
        services.merge_bibs_as_operator(kept_id=pair[0], merged_id=pair[1], actor="cataloguer")
        record = queries.bib(pair[0]).record
        assert {field.first("a") for field in record.tagged("650")} == {"Biography.", "Dogs."}
        assert [field.first("a") for field in record.tagged("520")] == ["A dog's life."]
        assert len(record.tagged("245")) == 1

    def test_keeps_local_fields_out_of_the_union_record_of_others(self, pair: tuple[int, int]) -> None:
        services.merge_bibs_as_operator(kept_id=pair[0], merged_id=pair[1], actor="cataloguer")
        assert len(queries.bib(pair[0]).record.tagged("852")) <= 1

    def test_with_itself_is_refused(self, pair: tuple[int, int]) -> None:
        with pytest.raises(types.NotAllowedNow, match="itself"):
            services.merge_bibs_as_operator(kept_id=pair[0], merged_id=pair[0], actor="cataloguer")

    def test_of_a_merged_bib_is_refused(self, pair: tuple[int, int]) -> None:
        services.merge_bibs_as_operator(kept_id=pair[0], merged_id=pair[1], actor="cataloguer")
        with pytest.raises(types.NotAllowedNow, match="merged"):
            services.merge_bibs_as_operator(kept_id=pair[0], merged_id=pair[1], actor="cataloguer")


class TestUnmerge:
    def test_sends_each_holding_home(self, pair: tuple[int, int], lending_library: int, distant_library: int) -> None:
        number = services.merge_bibs_as_operator(kept_id=pair[0], merged_id=pair[1], actor="cataloguer")
        services.unmerge_bibs_as_operator(merge_id=number, actor="cataloguer")
        assert queries.library_ids(pair) == {pair[0]: (lending_library,), pair[1]: (distant_library,)}

    def test_takes_out_what_the_merge_brought_in_and_keeps_later_edits(self, pair: tuple[int, int]) -> None:
        number = services.merge_bibs_as_operator(kept_id=pair[0], merged_id=pair[1], actor="cataloguer")
        bib = queries.bib(pair[0])
        note = book("n", "x", more=("500    $aSeen later.",)).tagged("500")[0]
        services.edit_bib(
            bib_id=pair[0],
            version=bib.version,
            record=bib.record._replace(fields=(*bib.record.fields, note)),
            actor="editor",
        )
        assert services.unmerge_bibs_as_operator(merge_id=number, actor="cataloguer") == ()
        record = queries.bib(pair[0]).record
        assert [field.first("a") for field in record.tagged("650")] == ["Biography."]
        assert [field.first("a") for field in record.tagged("500")] == ["Seen later."]

    def test_twice_is_refused(self, pair: tuple[int, int]) -> None:
        number = services.merge_bibs_as_operator(kept_id=pair[0], merged_id=pair[1], actor="cataloguer")
        services.unmerge_bibs_as_operator(merge_id=number, actor="cataloguer")
        with pytest.raises(types.NotAllowedNow, match="already"):
            services.unmerge_bibs_as_operator(merge_id=number, actor="cataloguer")

    def test_of_a_chain_works_from_the_middle(
        self, pair: tuple[int, int], neighbouring_library: int, lending_library: int, distant_library: int, load
    ) -> None:
        third = load(neighbouring_library, marc_file(book("y1", "The years", year="1937")))
        last = only_bib(neighbouring_library, third)
        inner = services.merge_bibs_as_operator(kept_id=pair[0], merged_id=pair[1], actor="cataloguer")
        services.merge_bibs_as_operator(kept_id=last, merged_id=pair[0], actor="cataloguer")
        services.unmerge_bibs_as_operator(merge_id=inner, actor="cataloguer")
        assert queries.library_ids([last, pair[1]]) == {
            last: tuple(sorted((lending_library, neighbouring_library))),
            pair[1]: (distant_library,),
        }
        assert "Dogs." not in {field.first("a") for field in queries.bib(last).record.tagged("650")}


class TestEdit:
    def test_of_different_fields_by_two_people_comes_together(self, pair: tuple[int, int]) -> None:
        bib = queries.bib(pair[0])
        notes = [book("n", "x", more=(f"50{number}    $aNote {number}.",)).fields[-2] for number in (0, 4)]
        for note in notes:
            services.edit_bib(
                bib_id=bib.id,
                version=bib.version,
                record=bib.record._replace(fields=(*bib.record.fields, note)),
                actor="editor",
            )
        assert queries.bib(bib.id).record.tagged("500", "504") == notes

    def test_of_the_same_field_by_two_people_is_a_conflict(self, pair: tuple[int, int]) -> None:
        bib = queries.bib(pair[0])

        def retitled(word: str):
            fields = [
                field._replace(subfields=(("a", word),)) if field.tag == "245" else field for field in bib.record.fields
            ]
            return bib.record._replace(fields=tuple(fields))

        services.edit_bib(bib_id=bib.id, version=bib.version, record=retitled("One"), actor="first")
        with pytest.raises(types.EditConflict) as caught:
            services.edit_bib(bib_id=bib.id, version=bib.version, record=retitled("Two"), actor="second")
        assert caught.value.tags == ("245",)
        assert queries.bib(bib.id).view.title.value == "One"


def deleted(record: marc.Record) -> marc.Record:
    return record._replace(leader=record.leader[:5] + "d" + record.leader[6:])


class History:
    """A random history of loads, changes, merges, un-merges, edits and reverts of three libraries."""

    def __init__(self, seed: int, libraries: list[int], load) -> None:
        self.choose = random.Random(seed)
        self.libraries = libraries
        self.load = load
        self.delivered: dict[tuple[int, str], list[tuple[int, str]]] = {}
        """(library, number) -> [(batch, call number)] of the deliveries that stand; "" for a deletion."""
        self.batches: list[tuple[int, int]] = []

    def step(self) -> None:
        self.choose.choice([self.deliver] * 2 + [self.delete, self.merge, self.unmerge, self.edit, self.revert])()

    def deliver(self) -> None:
        """Deliver up to three records at once; a number may come twice, then the later one stands."""
        library = self.choose.choice(self.libraries)
        books = [self.any_book() for _ in range(self.choose.choice([1, 1, 2, 3]))]
        batch = self.load(library, marc_file(*(one for _, _, one in books)))
        for number, call_number in {number: call_number for number, call_number, _ in books}.items():
            self.delivered.setdefault((library, number), []).append((batch.id, call_number))
        self.batches.append((library, batch.id))

    def delete(self) -> None:
        """Say of one or two numbers that their records are deleted, whether they are held or not."""
        library = self.choose.choice(self.libraries)
        numbers = self.choose.sample(range(6), self.choose.choice([1, 2]))
        batch = self.load(library, marc_file(*(deleted(book(f"{number}", "Gone")) for number in numbers)))
        for number in numbers:
            standing = self.delivered.get((library, f"{number}"))
            if standing and standing[-1][1]:
                standing.append((batch.id, ""))
        self.batches.append((library, batch.id))

    def any_book(self) -> tuple[str, str, marc.Record]:
        number, call_number = f"{self.choose.randrange(6)}", f"C{self.choose.randrange(1_000_000)}"
        isbn = "9780156701600" if self.choose.random() < 0.4 else ""
        title = f"Title {self.choose.randrange(3)}"
        return number, call_number, book(number, title, isbn=isbn, call_number=call_number)

    def merge(self) -> None:
        active = list(Bib.objects.filter(state="active").order_by("pk").values_list("pk", flat=True))
        if len(active) > 1:
            kept, merged = self.choose.sample(active, 2)
            services.merge_bibs_as_operator(kept_id=kept, merged_id=merged, actor="history")

    def unmerge(self) -> None:
        standing = list(Merge.objects.filter(undone_at=None).order_by("pk").values_list("pk", flat=True))
        if standing:
            services.unmerge_bibs_as_operator(merge_id=self.choose.choice(standing), actor="history")

    def edit(self) -> None:
        active = list(Bib.objects.filter(state="active").order_by("pk").values_list("pk", flat=True))
        if active:
            bib = queries.bib(self.choose.choice(active))
            note = book("n", "x", more=(f"500    $aEdit {self.choose.random()}",)).tagged("500")[0]
            services.edit_bib(
                bib_id=bib.id,
                version=bib.version,
                record=bib.record._replace(fields=(*bib.record.fields, note)),
                actor="history",
            )

    def revert(self) -> None:
        """Take back a batch that nothing of its library has overlaid since."""
        if not self.batches:
            return
        library, batch_id = self.batches.pop(self.choose.randrange(len(self.batches)))
        with tenancy.scope(library):
            services.revert_batch_now(batch_id=batch_id, actor="history")
        for deliveries in self.delivered.values():
            if deliveries and deliveries[-1][0] == batch_id:
                deliveries.pop()

    def check(self) -> None:
        rows = list(Holding.objects.unscoped("the test looks at everything").order_by("pk"))
        expected = {key: stack[-1][1] for key, stack in self.delivered.items() if stack and stack[-1][1]}
        found = {(row.institution_id, row.source_id): row.items[0][1] for row in rows}
        assert len(rows) == len(found)
        assert found == expected
        for row in rows:
            assert row.bib_id == merging.survivor(row.home_bib_id)
        self.check_bibs()

    @staticmethod
    def check_bibs() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM bib WHERE (state = 'active') <>"
                " EXISTS (SELECT 1 FROM holding WHERE bib_id = bib.id)"
            )
            assert cursor.fetchone()[0] == 0
        assert keys_are_those_of_the_records()
        for holding_bib in Bib.objects.filter(state="active"):
            for holding in queries.holdings(holding_bib.pk):
                assert [field.first("h") for field in holding.local_fields] == [holding.items[0].call_number]


@pytest.mark.parametrize("seed", range(12))
class TestRandomHistory:
    def test_keeps_every_holding_exactly_once(
        self, seed: int, lending_library: int, neighbouring_library: int, distant_library: int, load
    ) -> None:
        history = History(seed, [lending_library, neighbouring_library, distant_library], load)
        for _ in range(25):
            history.step()
            history.check()


class TestUnmergeAcrossFormats:
    """A brief MARC21 record into which a fuller CNMARC record was merged, which then stood alone."""

    @pytest.fixture
    def merged(self, lending_library: int, distant_library: int, load) -> tuple[int, int]:
        first = load(lending_library, marc_file(book("1", "Hong lou meng")))
        second = load(distant_library, marc_file(chinese_book("c1", "红楼梦", isbn="9787020002207")))
        kept = only_bib(lending_library, first)
        number = services.merge_bibs_as_operator(
            kept_id=kept, merged_id=only_bib(distant_library, second), actor="cataloguer"
        )
        assert queries.bib(kept).format is marc.Format.CNMARC
        return kept, number

    def test_gives_the_record_back_in_its_own_format(self, merged: tuple[int, int]) -> None:
        kept, number = merged
        assert services.unmerge_bibs_as_operator(merge_id=number, actor="cataloguer") == ()
        bib = queries.bib(kept)
        assert (bib.format, bib.view.title.value) == (marc.Format.MARC21, "Hong lou meng")

    def test_names_the_edits_that_only_the_other_format_can_hold(self, merged: tuple[int, int]) -> None:
        kept, number = merged
        bib = queries.bib(kept)
        note = chinese_book("n", "x").tagged("690")[0]._replace(tag="300")
        services.edit_bib(
            bib_id=kept,
            version=bib.version,
            record=bib.record._replace(fields=(*bib.record.fields, note)),
            actor="editor",
        )
        assert services.unmerge_bibs_as_operator(merge_id=number, actor="cataloguer") == ("300",)
        bib = queries.bib(kept)
        assert (bib.format, bib.view.title.value) == (marc.Format.MARC21, "Hong lou meng")
