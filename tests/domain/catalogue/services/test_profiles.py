"""Profiles: where copies stand, what a record gives to the union record, trials that write nothing."""

from __future__ import annotations

import io

import pytest

from factories.files import book, chinese_book, marc_file
from shared_data import shared
from tongwen.core import tenancy
from tongwen.core.models import AuditEntry
from tongwen.domain.catalogue import queries, services, types
from tongwen.standards.marc import holdings
from tongwen.standards.marc import types as marc

pytestmark = pytest.mark.django_db

ISBN = "9780156701600"
OWN_FIELD = {"980": holdings.Layout("l", "c", "b", "n", "z", "/")}


@pytest.fixture
def keep():
    """Keep a profile for a library."""

    def save(institution_id: int, name: str = "monthly", **facts) -> types.Profile:
        services.save_profile(institution_id=institution_id, profile=types.Profile(name, **facts), actor="cataloguer")
        with tenancy.scope(institution_id):
            return queries.profile(name)

    return save


@pytest.fixture
def load_by(blob_folder: object):
    """Load a file by a profile of a library and return its batch."""

    def run(institution_id: int, *records: marc.Record, profile: str = "monthly") -> types.Batch:
        with tenancy.scope(institution_id):
            batch_id = services.receive_batch(
                institution_id=institution_id,
                file=marc_file(*records),
                file_name="books.mrc",
                actor="cataloguer",
                preview=False,
                profile=profile,
            )
            services.run_batch(batch_id=batch_id)
            return queries.batch(batch_id)

    return run


def bib_of(institution_id: int, batch: types.Batch, outcome: types.Outcome) -> types.Bib:
    with tenancy.scope(institution_id):
        return queries.bib(queries.batch_bibs(batch.id, outcome)[0][0].bib_id)


class TestSave:
    def test_keeps_what_was_said_and_the_order_of_the_fields(self, lending_library: int, keep) -> None:
        layouts = {tag: holdings.Layout("a", "b") for tag in ("952", "905", "980")}
        kept = keep(lending_library, format=marc.Format.CNMARC, charset=marc.Charset.GB18030, layouts=layouts)
        assert (kept.format, kept.charset, list(kept.layouts)) == ("cnmarc", "GB18030", ["952", "905", "980"])
        assert kept.layouts == layouts

    def test_under_a_known_name_replaces_and_is_audited(self, lending_library: int, keep) -> None:
        first = keep(lending_library)
        second = keep(lending_library, overlay=types.Overlay.FILL)
        assert (second.id, second.overlay) == (first.id, types.Overlay.FILL)
        assert AuditEntry.objects.filter(action="profile.save", institution_id=lending_library).count() == 2

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"name": "../up"}, "name"),
            ({"name": ""}, "name"),
            ({"layouts": {"001": holdings.Layout("a", "b")}}, "tag"),
            ({"layouts": {"95": holdings.Layout("a", "b")}}, "tag"),
            ({"layouts": {"952": holdings.Layout("", "")}}, "nothing-mapped"),
            ({"layouts": {"952": holdings.Layout("a|", "b")}}, "codes"),
            ({"layouts": {"952": holdings.Layout("a", "b", "p|q")}}, "codes"),
            ({"layouts": {"952": holdings.Layout("a", "b", between="------")}}, "between"),
        ],
    )
    def test_refuses_what_cannot_be_followed(self, lending_library: int, facts, code: str) -> None:
        profile = types.Profile(**{"name": "monthly", **facts})
        with pytest.raises(types.BadProfile) as caught:
            services.save_profile(institution_id=lending_library, profile=profile, actor="cataloguer")
        assert caught.value.code == code

    def test_is_not_seen_by_another_library(self, lending_library: int, distant_library: int, keep) -> None:
        keep(lending_library)
        with tenancy.scope(distant_library), pytest.raises(types.UnknownProfile):
            queries.profile("monthly")


class TestRemove:
    def test_leaves_what_was_loaded_by_it(self, lending_library: int, keep, load_by) -> None:
        keep(lending_library)
        batch = load_by(lending_library, book("1", "Orlando"))
        with tenancy.scope(lending_library):
            services.remove_profile(name="monthly", actor="cataloguer")
            assert queries.batch(batch.id).profile == "monthly"
            with pytest.raises(types.UnknownProfile):
                services.remove_profile(name="monthly", actor="cataloguer")


class TestMapping:
    def test_finds_copies_where_the_library_keeps_them(self, lending_library: int, keep, load_by) -> None:
        keep(lending_library, layouts=OWN_FIELD)
        batch = load_by(lending_library, book("1", "Orlando", more=("980    $lHall$cPR$n3$zworn",)))
        (holding,) = queries.holdings(bib_of(lending_library, batch, types.Outcome.NEW).id)
        assert holding.items == (types.Item("Hall", "PR", "", 3, "worn"),)

    def test_by_another_profile_changes_copies_of_an_unchanged_record(
        self, lending_library: int, load, keep, load_by
    ) -> None:
        record = book("1", "Orlando", more=("980    $lHall$cPR$bB9",))
        first = load(lending_library, marc_file(record))
        keep(lending_library, layouts=OWN_FIELD)
        again = load_by(lending_library, record)
        bib = bib_of(lending_library, first, types.Outcome.NEW)
        assert (again.counts.updated, bib.version) == (1, 1)
        assert queries.holdings(bib.id)[0].items == (types.Item("Hall", "PR", "B9"),)
        with tenancy.scope(lending_library):
            services.revert_batch_now(batch_id=again.id, actor="cataloguer")
        assert queries.holdings(bib.id)[0].items[0].location == "Stacks"

    def test_may_reject_records_without_copies(self, lending_library: int, keep, load_by) -> None:
        keep(lending_library, layouts=OWN_FIELD, without_items=types.WithoutItems.REJECT)
        batch = load_by(lending_library, book("1", "Orlando"), book("2", "Flush", more=("980    $lHall",)))
        assert (batch.counts.new, batch.counts.rejected) == (1, 1)
        with tenancy.scope(lending_library):
            (problem,), _ = queries.problems(batch.id, severity=marc.Severity.ERROR)
        assert (problem.code, problem.control_number) == ("items-missing", "1")

    def test_goes_on_as_it_was_when_the_file_was_handed_in(self, lending_library: int, keep, blob_folder) -> None:
        keep(lending_library, layouts=OWN_FIELD)
        with tenancy.scope(lending_library):
            batch_id = services.receive_batch(
                institution_id=lending_library,
                file=marc_file(book("1", "Orlando", more=("980    $lHall$cPR",))),
                file_name="a.mrc",
                actor="cataloguer",
                preview=False,
                profile="monthly",
            )
            keep(lending_library)
            services.run_batch(batch_id=batch_id)
            bib_id = queries.batch_bibs(batch_id, types.Outcome.NEW)[0][0].bib_id
        assert queries.holdings(bib_id)[0].items[0].location == "Hall"

    def test_declares_charset_and_format(self, lending_library: int, keep, blob_folder) -> None:
        keep(lending_library, format=marc.Format.CNMARC, charset=marc.Charset.GB18030)
        file = marc_file(chinese_book("c1", "红楼梦"), charset=marc.Charset.GB18030)
        with tenancy.scope(lending_library):
            batch_id = services.receive_batch(
                institution_id=lending_library, file=file, file_name="a", actor="x", preview=False, profile="monthly"
            )
            services.run_batch(batch_id=batch_id)
            evidence = queries.batch(batch_id).evidence
        assert (evidence["format_reason"], evidence["charsets"][0]["reason"]) == ("declared", "declared")

    def test_unknown_is_refused_before_the_file_is_kept(self, lending_library: int, load_by) -> None:
        with pytest.raises(types.UnknownProfile, match="nowhere"):
            load_by(lending_library, book("1", "Orlando"), profile="nowhere")


FULL = ("520    $aA life through centuries.", "650  0 $aBiography.")


class TestOverlay:
    def test_attach_leaves_the_union_record_alone(
        self, lending_library: int, distant_library: int, load, keep, load_by
    ) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN)))
        keep(distant_library)
        batch = load_by(distant_library, book("x9", "Orlando", isbn=ISBN, more=FULL))
        assert batch.counts.matched == 1
        assert bib_of(lending_library, first, types.Outcome.NEW).version == 1

    def test_fill_takes_what_is_lacking_and_a_revert_takes_it_out(
        self, lending_library: int, distant_library: int, load, keep, load_by
    ) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN)))
        keep(distant_library, overlay=types.Overlay.FILL)
        batch = load_by(distant_library, book("x9", "Orlando", isbn=ISBN, more=FULL))
        bib = bib_of(lending_library, first, types.Outcome.NEW)
        assert [field.first("a") for field in bib.record.tagged("520")] == ["A life through centuries."]
        assert len(bib.record.tagged("852")) == 1, "local fields of another library stay out"
        with tenancy.scope(distant_library):
            services.revert_batch_now(batch_id=batch.id, actor="cataloguer")
        after = bib_of(lending_library, first, types.Outcome.NEW)
        assert (after.record.tagged("520"), after.record.tagged("650")) == ([], [])

    def test_reverted_leaves_what_somebody_has_edited_since(
        self, lending_library: int, distant_library: int, load, keep, load_by
    ) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN)))
        keep(distant_library, overlay=types.Overlay.FILL)
        batch = load_by(distant_library, book("x9", "Orlando", isbn=ISBN, more=FULL))
        bib = bib_of(lending_library, first, types.Outcome.NEW)
        note = marc.Field("500", "  ", (("a", "Seen by eye."),))
        edited = bib.record._replace(fields=(*bib.record.fields, note))
        services.edit_bib(bib_id=bib.id, version=bib.version, record=edited, actor="cataloguer")
        with tenancy.scope(distant_library):
            services.revert_batch_now(batch_id=batch.id, actor="cataloguer")
        after = queries.bib(bib.id).record
        assert (len(after.tagged("500")), after.tagged("520")) == (1, [])

    def test_upgrade_makes_the_better_record_the_base_and_back(
        self, lending_library: int, distant_library: int, load, keep, load_by
    ) -> None:
        brief = book("1", "Orlando", isbn=ISBN, more=("504    $aIndex.",))
        brief = brief._replace(leader=brief.leader[:17] + "3" + brief.leader[18:])
        first = load(lending_library, marc_file(brief))
        keep(distant_library, overlay=types.Overlay.UPGRADE)
        batch = load_by(distant_library, book("x9", "Orlando", isbn=ISBN, more=FULL))
        bib = bib_of(lending_library, first, types.Outcome.NEW)
        assert bib.record.control("001") == "x9"
        assert bib.record.tagged("504")
        assert bib.record.tagged("520")
        with tenancy.scope(distant_library):
            services.revert_batch_now(batch_id=batch.id, actor="cataloguer")
        after = bib_of(lending_library, first, types.Outcome.NEW)
        assert (after.record.control("001"), after.record.tagged("520")) == ("1", [])
        again = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN, more=("505    $aContents.",))))
        assert again.counts.updated == 1
        assert queries.bib(bib.id).record.tagged("505")


@pytest.mark.django_db(transaction=True)
class TestOverlayInPreview:
    def test_changes_nothing_and_foretells_the_load(
        self, lending_library: int, distant_library: int, load, keep, blob_folder
    ) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN)))
        keep(distant_library, overlay=types.Overlay.FILL)
        before = queries.last_change()
        with tenancy.scope(distant_library):
            batch_id = services.receive_batch(
                institution_id=distant_library,
                file=marc_file(book("x9", "Orlando", isbn=ISBN, more=FULL)),
                file_name="a.mrc",
                actor="x",
                preview=True,
                profile="monthly",
            )
            services.run_batch(batch_id=batch_id)
            previewed = queries.batch(batch_id)
        assert previewed.preview_counts is not None
        assert previewed.preview_counts.matched == 1
        assert queries.last_change() == before
        assert bib_of(lending_library, first, types.Outcome.NEW).version == 1


class TestBaseLibraryAfterOthers:
    def test_brings_its_changes_and_leaves_theirs(
        self, lending_library: int, distant_library: int, load, keep, load_by
    ) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN)))
        keep(distant_library, overlay=types.Overlay.FILL)
        load_by(distant_library, book("x9", "Orlando", isbn=ISBN, more=FULL))
        second = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN, more=("500    $aOurs.",))))
        third = load(
            lending_library, marc_file(book("1", "Orlando", isbn=ISBN, more=("500    $aOurs.", "504    $aIndex.")))
        )
        record = bib_of(lending_library, first, types.Outcome.NEW).record
        assert [len(record.tagged(tag)) for tag in ("500", "504", "520", "650")] == [1, 1, 1, 1]
        for batch in (third, second):
            with tenancy.scope(lending_library):
                services.revert_batch_now(batch_id=batch.id, actor="cataloguer")
        record = bib_of(lending_library, first, types.Outcome.NEW).record
        assert [len(record.tagged(tag)) for tag in ("500", "504", "520", "650")] == [0, 0, 1, 1]


class TestTrial:
    def test_shows_copies_and_problems_and_writes_nothing(self, lending_library: int) -> None:
        profile = types.Profile("try", layouts=OWN_FIELD, without_items=types.WithoutItems.REJECT)
        good = marc_file(book("1", "Orlando", more=("980    $lHall$cPR$n2",)), book("2", "Flush")).getvalue()
        trial = services.try_profile(file=io.BytesIO(good + b"00500nam a22 broken\x1d"), profile=profile)
        first, second, broken = trial.records
        assert (first.title.value, first.items) == ("Orlando", (types.Item("Hall", "PR", "", 2),))
        assert (second.is_rejected, [one.code for one in second.problems]) == (True, ["items-missing"])
        assert broken.is_unreadable
        assert broken.offset == len(good)
        assert (trial.items, trial.without_items) == (2, 1)
        assert (queries.number_of_bibs(), queries.last_change()) == (0, 0)

    def test_looks_at_200_records_only(self, lending_library: int) -> None:
        file = marc_file(*(book(str(number), f"Title {number}") for number in range(250)))
        assert len(services.try_profile(file=file, profile=types.Profile("try")).records) == 200

    def test_of_a_file_without_records_is_refused(self, lending_library: int) -> None:
        with pytest.raises(types.UnreadableFile):
            services.try_profile(file=io.BytesIO(b"\xff\xd8\xff\xe0JFIF" * 9), profile=types.Profile("try"))

    def test_reads_real_files_of_other_libraries(self, lending_library: int) -> None:
        folder = shared("marc_edge")
        seen = 0
        for path in sorted(folder.rglob("*.mrc"))[:40]:
            with path.open("rb") as source:
                try:
                    trial = services.try_profile(file=source, profile=types.Profile("try"))
                except types.UnreadableFile:
                    continue
            seen += len(trial.records)
        assert seen > 0
