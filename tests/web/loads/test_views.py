from __future__ import annotations

import contextlib
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services
from tongwen.domain.catalogue.services import storing
from tongwen.domain.catalogue.types import BatchState

pytestmark = pytest.mark.django_db


def hand_in(desk: Client, content: bytes, **form: str):
    data = {"file": SimpleUploadedFile("books.mrc", content), "mode": "preview", "format": "", "charset": "", **form}
    return desk.post("/staff/loads/new", data)


class TestHandingIn:
    def test_leads_to_the_page_of_the_load(self, desk: Client, lending_library: int, blob_folder) -> None:
        answer = hand_in(desk, marc_file(book("1", "Orlando")).getvalue())
        assert answer.status_code == 302
        page = desk.get(answer["Location"]).text
        assert "books.mrc" in page
        assert 'hx-trigger="every 1s"' in page

    def test_takes_what_is_declared(self, desk: Client, lending_library: int, blob_folder) -> None:
        answer = hand_in(desk, b"x", format="cnmarc", charset="GB18030", mode="load")
        with tenancy.scope(lending_library):
            batch = queries.batch(int(answer["Location"].rsplit("/", 1)[1]))
        assert (batch.format, batch.charset, batch.state) == ("cnmarc", "GB18030", BatchState.LOADING)

    def test_asks_for_the_file(self, desk: Client) -> None:
        answer = desk.post("/staff/loads/new", {"mode": "load", "format": "cnmarc"})
        assert answer.status_code == 422
        assert '<a href="#file">Choose the file to load.</a>' in answer.text
        assert '<option value="cnmarc" selected>' in answer.text
        assert 'value="load" checked' in answer.text

    def test_says_that_a_file_is_empty(self, desk: Client, blob_folder) -> None:
        answer = hand_in(desk, b"")
        assert answer.status_code == 422
        assert "The file is empty." in answer.text

    def test_refuses_what_is_too_large(self, desk: Client, blob_folder, settings) -> None:
        settings.TONGWEN_MAX_UPLOAD = 3
        assert "the limit is 3 B" in hand_in(desk, b"four").text


class TestRevertThatFailed:
    def test_says_so_with_the_reason_and_offers_another_try_only(
        self, desk: Client, lending_library: int, load, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        batch = load(lending_library, marc_file(book("1", "Orlando")))
        with tenancy.scope(lending_library), monkeypatch.context() as broken:
            broken.setattr(storing, "withdraw_without_holdings", lambda _bibs: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                services.revert_batch_now(batch_id=batch.id, actor="cataloguer")
            while queries.batch(batch.id).state is BatchState.REVERTING:
                with pytest.raises(ZeroDivisionError):
                    services.continue_revert(batch_id=batch.id, actor="cataloguer")
        page = desk.get(f"/staff/loads/{batch.id}").text
        assert "Taking the load back failed" in page
        assert "ZeroDivisionError: division by zero" in page
        assert f"/staff/loads/{batch.id}/revert" in page
        assert f"/staff/loads/{batch.id}/resume" not in page


class TestDeletions:
    def test_are_counted_and_listed(self, desk: Client, lending_library: int, load) -> None:
        delivered = book("h2", "Rivers of the east")
        load(lending_library, marc_file(delivered))
        deletion = delivered._replace(leader=delivered.leader[:5] + "d" + delivered.leader[6:])
        batch = load(lending_library, marc_file(deletion))
        assert f'href="/staff/loads/{batch.id}/records/deleted"' in desk.get(f"/staff/loads/{batch.id}").text
        page = desk.get(f"/staff/loads/{batch.id}/records/deleted").text
        assert "h2" in page
        assert "no longer in the catalogue" in page


class TestReport:
    def test_shows_new_records_leading_to_the_catalogue(self, desk: Client, lending_library: int, load) -> None:
        batch = load(lending_library, marc_file(book("1", "Orlando"), book("2", "The waves")))
        page = desk.get(f"/staff/loads/{batch.id}/records/new").text
        assert page.count('href="/bib/') == 2
        assert "The waves" in page

    def test_shows_tag_offset_and_reason_of_what_is_wrong(self, desk: Client, lending_library: int, load) -> None:
        good = marc_file(book("1", "Orlando")).getvalue()
        batch = load(
            lending_library,
            io.BytesIO(good + b"00026nam a2200025   4500\x1e\x1d" + good.replace(b"Orlando", b"Flushes")),
        )
        page = desk.get(f"/staff/loads/{batch.id}/problems?severity=error").text
        assert f'<td class="number">{len(good):,}</td>' in page
        assert '<span class="state bad">Rejected</span>' in page
        rejected = desk.get(f"/staff/loads/{batch.id}/rejected")
        assert b"".join(rejected.streaming_content) == b"00026nam a2200025   4500\x1e\x1d"

    def test_stops_polling_when_the_work_is_done(self, desk: Client, lending_library: int, load) -> None:
        batch = load(lending_library, marc_file(book("1", "Orlando")))
        answer = desk.get(f"/staff/loads/{batch.id}/progress", headers={"hx-request": "true"})
        assert (answer.status_code, answer["HX-Refresh"]) == (286, "true")

    def test_renews_itself_without_scripts_only_while_it_runs(self, desk: Client, lending_library: int, load) -> None:
        renewing = '<noscript><meta http-equiv="refresh"'
        running = hand_in(desk, marc_file(book("1", "Orlando")).getvalue())["Location"]
        assert renewing in (page := desk.get(running).text)
        assert page.index(renewing) < page.index("</head>")
        assert renewing in desk.get("/staff/loads").text
        done = load(lending_library, marc_file(book("2", "Flush")))
        assert renewing not in desk.get(f"/staff/loads/{done.id}").text
        assert renewing not in desk.get("/staff/loads?state=loaded").text

    def test_says_in_words_what_a_wrong_file_is(self, desk: Client, lending_library: int, blob_folder) -> None:
        with tenancy.scope(lending_library):
            batch_id = services.receive_batch(
                institution_id=lending_library,
                file=io.BytesIO(b"\xff\xd8\xff\xe0JFIF" * 9),
                file_name="a.mrc",
                actor="x",
                preview=False,
            )
            with contextlib.suppress(ValueError):
                services.run_batch(batch_id=batch_id)
        page = desk.get(f"/staff/loads/{batch_id}").text
        assert "The load failed" in page
        assert "JPEG" in page

    @pytest.mark.parametrize("part", ["/records/rejected", "/records/nonsense"])
    def test_has_no_other_lists(self, desk: Client, lending_library: int, load, part: str) -> None:
        batch = load(lending_library, marc_file(book("1", "Orlando")))
        assert desk.get(f"/staff/loads/{batch.id}{part}").status_code == 404


@pytest.mark.django_db(transaction=True)
class TestPreview:
    def test_offers_to_load_or_not(self, desk: Client, lending_library: int, load) -> None:
        batch = load(lending_library, marc_file(book("1", "Orlando")), preview=True)
        page = desk.get(f"/staff/loads/{batch.id}").text
        assert "Nothing has been changed yet." in page
        assert "Load 1 record" in page
        desk.post(f"/staff/loads/{batch.id}/cancel")
        assert "Cancelled" in desk.get(f"/staff/loads/{batch.id}").text

    def test_says_so_when_it_is_too_late(self, desk: Client, lending_library: int, load) -> None:
        batch = load(lending_library, marc_file(book("1", "Orlando")))
        answer = desk.post(f"/staff/loads/{batch.id}/commit", follow=True)
        assert "no longer in a state" in answer.text


class TestList:
    def test_names_loads_with_state_and_counts(self, desk: Client, lending_library: int, load) -> None:
        load(lending_library, marc_file(book("1", "Orlando")), name="first.mrc")
        load(lending_library, marc_file(book("2", "The waves")), name="second.mrc")
        page = desk.get("/staff/loads").text
        assert page.index("second.mrc") < page.index("first.mrc")
        assert page.count('<span class="state good">Loaded</span>') == 2

    def test_says_what_to_do_when_there_is_none(self, desk: Client) -> None:
        assert "Nothing has been loaded yet" in desk.get("/staff/loads").text

    def test_finds_by_name_state_and_day(self, desk: Client, lending_library: int, load) -> None:
        load(lending_library, marc_file(book("1", "Orlando")), name="first.mrc")
        load(lending_library, marc_file(book("2", "The waves")), name="second.mrc")
        page = desk.get("/staff/loads?file=FIR&state=loaded&from=2020-01-01&to=2090-01-01").text
        assert ">first.mrc<" in page
        assert ">second.mrc<" not in page
        assert 'value="FIR"' in page
        assert '<option value="loaded" selected>' in page
        assert "No load is like that" in desk.get("/staff/loads?state=failed").text

    @pytest.mark.parametrize(
        "query",
        ["state=asleep", "from=yesterday&to=0001-01-01", "to=9999-12-31", "file=%00", "page=-1", "from=2026-02-30"],
    )
    def test_takes_nonsense_as_not_asked(self, desk: Client, lending_library: int, load, query: str) -> None:
        load(lending_library, marc_file(book("1", "Orlando")), name="first.mrc")
        assert ">first.mrc<" in desk.get(f"/staff/loads?{query}").text

    def test_keeps_what_is_looked_for_on_the_next_page(self, desk: Client, lending_library: int) -> None:
        for number in range(51):
            services.receive_batch(
                institution_id=lending_library,
                file=io.BytesIO(b"x"),
                file_name=f"monthly-{number}.mrc",
                actor="x",
                preview=False,
            )
        page = desk.get("/staff/loads?file=monthly&state=waiting").text
        assert 'href="/staff/loads?file=monthly&amp;state=waiting&amp;page=2"' in page
        assert page.count('<span class="state quiet">Waiting</span>') == 50


class TestOrder:
    @pytest.fixture
    def waiting(self, lending_library: int, blob_folder) -> int:
        return services.receive_batch(
            institution_id=lending_library,
            file=marc_file(book("1", "Orlando")),
            file_name="a.mrc",
            actor="x",
            preview=False,
        )

    def test_lets_a_load_rest_and_go_on(self, desk: Client, waiting: int) -> None:
        page = desk.post(f"/staff/loads/{waiting}/pause", follow=True).text
        assert "The load rests." in page
        assert "Paused" in page
        assert "Go on with the load" in page
        assert "Waiting" in desk.post(f"/staff/loads/{waiting}/resume", follow=True).text

    def test_is_changed_among_the_own_loads(self, desk: Client, lending_library: int, waiting: int) -> None:
        assert (
            "The order is changed."
            in desk.post(f"/staff/loads/{waiting}/priority", {"priority": "1"}, follow=True).text
        )
        with tenancy.scope(lending_library):
            assert queries.batch(waiting).priority == 1

    @pytest.mark.parametrize("asked", ["2", "99", "soon", ""])
    def test_does_not_put_it_before_other_libraries(
        self, desk: Client, lending_library: int, waiting: int, asked: str
    ) -> None:
        desk.post(f"/staff/loads/{waiting}/priority", {"priority": asked})
        with tenancy.scope(lending_library):
            assert queries.batch(waiting).priority == 0

    def test_of_a_load_that_is_done_is_not_offered_and_refused_in_words(
        self, desk: Client, lending_library: int, load
    ) -> None:
        batch = load(lending_library, marc_file(book("1", "Orlando")))
        assert "When it runs" not in desk.get(f"/staff/loads/{batch.id}").text
        for act in ("pause", "priority"):
            answer = desk.post(f"/staff/loads/{batch.id}/{act}", {"priority": "1"}, follow=True)
            assert "no longer in a state" in answer.text
