"""Loading at its front door: files in, bibs and holdings out."""

from __future__ import annotations

import io
import json

import pytest
from django.db import DatabaseError, OperationalError, connection

from factories.files import book, chinese_book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services, types
from tongwen.domain.catalogue.services import storing
from tongwen.standards.marc import iso2709

pytestmark = pytest.mark.django_db


def bib_of(institution_id: int, batch: types.Batch, outcome: types.Outcome, place: int = 0) -> int:
    with tenancy.scope(institution_id):
        return queries.batch_bibs(batch.id, outcome)[0][place].bib_id


class TestFirstDelivery:
    def test_makes_a_bib_and_a_holding_of_each_record(self, lending_library: int, load) -> None:
        batch = load(lending_library, marc_file(book("1", "Orlando"), book("2", "The waves")))
        assert (batch.state, batch.counts.new, batch.counts.read) == (types.BatchState.LOADED, 2, 2)
        held = queries.held_bib(bib_of(lending_library, batch, types.Outcome.NEW))
        assert held.bib.view.title.value == "Orlando"
        assert held.holdings[0].institution_id == lending_library
        assert held.holdings[0].items[0].call_number == "PR6045"

    def test_keeps_the_record_byte_for_byte(self, lending_library: int, load) -> None:
        record = book("1", "Orlando", more=("500    $aA biography, in jest.",))
        batch = load(lending_library, marc_file(record))
        assert queries.bib(bib_of(lending_library, batch, types.Outcome.NEW)).raw == iso2709.encode(record)

    def test_takes_both_formats_as_they_are(self, lending_library: int, load) -> None:
        batch = load(lending_library, marc_file(chinese_book("c1", "红楼梦", isbn="9787020002207")))
        bib = queries.bib(bib_of(lending_library, batch, types.Outcome.NEW))
        assert (bib.format.value, bib.view.title.value) == ("cnmarc", "红楼梦")

    def test_reads_gbk_and_says_so(self, lending_library: int, load) -> None:
        from tongwen.standards.marc.types import Charset

        record = chinese_book("c1", "红楼梦")._replace()
        batch = load(lending_library, marc_file(record, charset=Charset.GB18030))
        assert batch.evidence["charsets"][0]["charset"] == "GB18030"
        assert queries.bib(bib_of(lending_library, batch, types.Outcome.NEW)).view.title.value == "红楼梦"


class TestSecondLibrary:
    def test_attaches_its_holding_to_the_bib_that_stands(
        self, lending_library: int, distant_library: int, load
    ) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn="9780156701600")))
        second = load(distant_library, marc_file(book("x9", "Orlando", isbn="0156701600", call_number="823 W")))
        assert second.counts.matched == 1
        bib_id = bib_of(lending_library, first, types.Outcome.NEW)
        assert bib_of(distant_library, second, types.Outcome.MATCHED) == bib_id
        assert queries.library_ids([bib_id]) == {bib_id: tuple(sorted((lending_library, distant_library)))}

    def test_keeps_volumes_of_a_set_apart_although_they_share_an_isbn(
        self, lending_library: int, distant_library: int, load
    ) -> None:
        one = book("1", "Collected essays.$nVol. 1", isbn="9780156701600")
        two = book("x2", "Collected essays.$nVol. 2", isbn="9780156701600")
        load(lending_library, marc_file(one))
        assert load(distant_library, marc_file(two)).counts.matched == 0

    def test_matches_within_its_own_file_too(self, lending_library: int, load) -> None:
        twins = marc_file(book("1", "Orlando", isbn="9780156701600"), book("2", "Orlando", isbn="9780156701600"))
        batch = load(lending_library, twins)
        assert (batch.counts.new, batch.counts.matched) == (1, 1)


class TestRedelivery:
    def test_of_the_same_file_changes_nothing(self, lending_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando")))
        again = load(lending_library, marc_file(book("1", "Orlando")))
        assert again.counts.unchanged == 1
        assert queries.bib(bib_of(lending_library, first, types.Outcome.NEW)).version == 1

    def test_of_a_changed_record_makes_a_version(self, lending_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando")))
        again = load(lending_library, marc_file(book("1", "Orlando", more=("500    $aRevised.",))))
        bib = queries.bib(bib_of(lending_library, first, types.Outcome.NEW))
        assert (again.counts.updated, bib.version) == (1, 2)
        assert bib.record.tagged("500")[0].first("a") == "Revised."

    def test_does_not_overlay_the_record_of_another_library(
        self, lending_library: int, distant_library: int, load
    ) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn="9780156701600")))
        load(distant_library, marc_file(book("x9", "Orlando", isbn="9780156701600")))
        load(distant_library, marc_file(book("x9", "Orlando", isbn="9780156701600", more=("500    $aOurs.",))))
        bib = queries.bib(bib_of(lending_library, first, types.Outcome.NEW))
        assert (bib.version, bib.record.tagged("500")) == (1, [])

    def test_under_a_number_used_for_another_book_now_moves_the_holding(self, lending_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn="9780156701600")))
        other = book("1", "Ulysses", author="Joyce, James", isbn="9780141182803", year="2000", publisher="Penguin")
        load(lending_library, marc_file(other))
        with pytest.raises(types.UnknownBib):
            queries.bib(bib_of(lending_library, first, types.Outcome.NEW))

    def test_twice_in_one_file_ends_with_the_later_record(self, lending_library: int, load) -> None:
        batch = load(
            lending_library,
            marc_file(book("1", "Orlando"), book("1", "Orlando", more=("500    $aLater.",))),
        )
        bib = queries.bib(bib_of(lending_library, batch, types.Outcome.NEW))
        assert bib.record.tagged("500")[0].first("a") == "Later."
        assert len(queries.holdings(bib.id)) == 1


@pytest.mark.django_db(transaction=True)
class TestPreview:
    def test_counts_what_will_happen_and_changes_nothing(self, lending_library: int, load) -> None:
        batch = load(lending_library, marc_file(book("1", "Orlando"), book("2", "Orlando")), preview=True)
        assert batch.state is types.BatchState.PREVIEWED
        assert batch.preview_counts is not None
        assert batch.preview_counts.read == 2
        assert queries.number_of_bibs() == 0
        assert queries.last_change() == 0

    def test_is_followed_by_the_load_it_foretold(self, lending_library: int, load) -> None:
        file = marc_file(book("1", "Orlando"), book("2", "The waves"))
        batch = load(lending_library, file, preview=True)
        with tenancy.scope(lending_library):
            services.commit_batch(batch_id=batch.id, actor="cataloguer")
            services.run_batch(batch_id=batch.id)
            loaded = queries.batch(batch.id)
        assert loaded.counts == batch.preview_counts

    def test_keeps_the_problems_it_found(self, lending_library: int, load) -> None:
        good = marc_file(book("1", "Orlando")).getvalue()
        batch = load(lending_library, io.BytesIO(good + b"00500nam a22 broken\x1d"), preview=True)
        with tenancy.scope(lending_library):
            found, number = queries.problems(batch.id)
        assert batch.preview_counts is not None
        assert (batch.preview_counts.rejected, number) == (1, len(found))
        assert any(problem.has_bytes for problem in found)


class TestTextThatNoDatabaseTakes:
    def test_nul_in_a_call_number_is_left_out(self, lending_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", call_number="A\0B")))
        bib_id = bib_of(lending_library, first, types.Outcome.NEW)
        load(lending_library, marc_file(book("1", "Orlando", call_number="C\0D")))
        assert [one.items[0].call_number for one in queries.holdings(bib_id)] == ["CD"]

    @pytest.mark.parametrize("place", ["title", "author", "publisher", "extent"])
    def test_nul_in_what_is_compared_is_left_out_of_the_decision(
        self, lending_library: int, distant_library: int, load, place: str
    ) -> None:
        said = {"title": "Orlando", "isbn": "9780156701600"}
        load(lending_library, marc_file(book("1", **said)))
        load(distant_library, marc_file(book("1", **{**said, place: "Hoga\0rth"})))
        with connection.cursor() as cursor:
            cursor.execute("SELECT features FROM match_decision")
            (features,) = (json.loads(row[0]) for row in cursor.fetchall())
        words = [word for one in features for word in one if isinstance(word, str)]
        assert any("rth" in word.lower() for word in words)
        assert not any("\0" in word for word in words)

    def test_half_a_surrogate_pair_in_the_number_of_json_is_rejected_and_spelt_out(
        self, lending_library: int, load
    ) -> None:
        number, title = {"001": "1\ud800"}, {"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": "Orlando"}]}}
        file = json.dumps([{"leader": "00000nam a2200000 a 4500", "fields": [number, title]}]).encode()
        batch = load(lending_library, io.BytesIO(file))
        with tenancy.scope(lending_library):
            found = queries.problems(batch.id)[0]
        assert (batch.counts.rejected, {one.control_number for one in found}) == (1, {"1\\ud800"})


@pytest.mark.django_db(transaction=True)
class TestSession:
    @pytest.mark.parametrize("preview", [True, False])
    def test_keeps_no_settings_of_a_run(self, lending_library: int, load, *, preview: bool) -> None:
        before = settings_of_session()
        load(lending_library, marc_file(book("1", "Orlando")), preview=preview)
        assert settings_of_session() == before

    @pytest.mark.parametrize("preview", [True, False])
    def test_keeps_no_settings_of_a_run_that_failed(
        self, lending_library: int, load, monkeypatch: pytest.MonkeyPatch, *, preview: bool
    ) -> None:
        before = settings_of_session()

        def refuse(*_given: object) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")

        monkeypatch.setattr(storing.Storer, "_store", refuse)
        with pytest.raises(DatabaseError, match="division by zero"):
            load(lending_library, marc_file(book("1", "Orlando")), preview=preview)
        assert settings_of_session() == before

    def test_says_what_failed_where_the_connection_is_gone(
        self, lending_library: int, load, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lose(*_given: object) -> None:
            connection.connection.close()
            raise OperationalError("the server is gone")

        monkeypatch.setattr(storing.Storer, "foresee", lose)
        with pytest.raises(OperationalError, match="the server is gone"):
            load(lending_library, marc_file(book("1", "Orlando")))
        connection.close()


def settings_of_session() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name LIKE 'enable_%' OR name = 'jit' ORDER BY name")
        return cursor.fetchall()


class TestBrokenRecord:
    def test_costs_itself_only_and_is_kept(self, lending_library: int, load) -> None:
        one, two = (marc_file(book(number, title)).getvalue() for number, title in (("1", "Orlando"), ("2", "Flush")))
        broken = b"00999nam a2200025   4500garbage without a directory\x1e\x1d"
        batch = load(lending_library, io.BytesIO(one + broken + two))
        assert (batch.counts.new, batch.counts.rejected) == (2, 1)
        with tenancy.scope(lending_library):
            (problem, *_), _ = queries.problems(batch.id)
            assert problem.offset == len(one)
            assert b"".join(queries.rejected_bytes(batch.id)) == broken

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"\xff\xd8\xff\xe0" + bytes(100), "jpeg"),
            (b"PK\x03\x04" + bytes(100), "zip"),
            (b"Dear colleague,\nplease find attached our records.\n", "text"),
        ],
    )
    def test_file_of_another_kind_is_refused_by_name(
        self, lending_library: int, load, content: bytes, code: str
    ) -> None:
        with pytest.raises(types.UnreadableFile) as caught:
            load(lending_library, io.BytesIO(content))
        assert code in f"{caught.value.code} {caught.value}".lower()
        with tenancy.scope(lending_library):
            (batch,) = queries.batches(lending_library)
        assert batch.state is types.BatchState.FAILED
        assert batch.message
        assert batch.evidence["unreadable"] == caught.value.code

    def test_empty_file_is_refused(self, lending_library: int, load) -> None:
        with pytest.raises(types.UnreadableFile):
            load(lending_library, io.BytesIO())

    def test_truncated_file_gives_the_records_before_the_cut(self, lending_library: int, load) -> None:
        whole = marc_file(*(book(str(number), f"Title {number}") for number in range(5))).getvalue()
        batch = load(lending_library, io.BytesIO(whole[:-40]))
        assert batch.counts.new >= 4
        with tenancy.scope(lending_library):
            found, _ = queries.problems(batch.id)
        assert found, "the cut is reported"


class TestOtherInstitution:
    def test_does_not_see_the_batch(self, lending_library: int, distant_library: int, load) -> None:
        batch = load(lending_library, marc_file(book("1", "Orlando")))
        with tenancy.scope(distant_library), pytest.raises(types.UnknownBatch):
            queries.batch(batch.id)

    def test_cannot_revert_it(self, lending_library: int, distant_library: int, load) -> None:
        batch = load(lending_library, marc_file(book("1", "Orlando")))
        with tenancy.scope(distant_library), pytest.raises(types.UnknownBatch):
            services.revert_batch_now(batch_id=batch.id, actor="stranger")
