from __future__ import annotations

import re

import pytest
from django.test import Client

from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services
from tongwen.standards.marc import types as marc

pytestmark = pytest.mark.django_db


@pytest.fixture
def pairs(desk: Client, lending_library: int, distant_library: int, load) -> list[int]:
    """Two pairs that wait for the lending library: the same titles without an identifier, of differing extent."""
    load(distant_library, marc_file(book("1", "Orlando", extent="299 p."), book("2", "The waves", extent="324 p.")))
    load(lending_library, marc_file(book("a", "Orlando", extent="301 p."), book("b", "The waves", extent="330 p.")))
    with tenancy.scope(lending_library):
        return [line.review.id for line in queries.reviews(lending_library)]


def compared(page: str) -> str:
    """Return the table of a pair's page that sets the two records side by side."""
    return page[page.index('<table class="pair">') : page.index("</table>")]


def holders(page: str) -> list[str]:
    """Return the libraries named below the table, those of the incoming record first."""
    return re.findall(r'<span class="quiet">(Demo [^<]*)</span></dd>', page)


class TestQueue:
    def test_lists_what_waits_with_its_cause(self, desk: Client, pairs: list[int]) -> None:
        assert len(pairs) == 2
        page = desk.get("/staff/reviews").text
        assert "Orlando" in page
        assert page.count(f'href="/staff/reviews/{pairs[0]}"') == 1
        assert '<span class="count">2</span>' in page

    def test_says_when_nothing_waits(self, desk: Client) -> None:
        assert "Nothing is waiting" in desk.get("/staff/reviews").text


class TestPair:
    def test_marks_what_differs_within_the_line(self, desk: Client, pairs: list[int]) -> None:
        page = desk.get(f"/staff/reviews/{pairs[0]}").text
        assert "<mark>301</mark>" in page
        assert "<mark>299</mark>" in page

    def test_shows_the_decision_in_words(self, desk: Client, pairs: list[int]) -> None:
        heading = re.search(r'<h2 id="why">([^<]+)</h2>', desk.get(f"/staff/reviews/{pairs[0]}").text)
        assert heading is not None
        assert "a person must decide" in heading.group(1)

    def test_shows_the_fields_side_by_side(self, desk: Client, pairs: list[int]) -> None:
        page = desk.get(f"/staff/reviews/{pairs[0]}?view=marc").text
        assert '<th scope="row">300' in page


class TestDeciding:
    def test_goes_on_to_the_next_pair_and_offers_the_way_back(self, desk: Client, pairs: list[int]) -> None:
        answer = desk.post(f"/staff/reviews/{pairs[0]}/decide", {"verdict": "different"})
        assert answer["Location"].startswith(f"/staff/reviews/{pairs[1]}?")
        page = desk.get(answer["Location"]).text
        assert f'action="/staff/reviews/{pairs[0]}/undo"' in page
        desk.post(f"/staff/reviews/{pairs[0]}/undo")
        assert 'name="verdict"' in desk.get(f"/staff/reviews/{pairs[0]}").text

    def test_makes_two_records_one_with_the_old_address_leading_on(
        self, desk: Client, pairs: list[int], lending_library
    ) -> None:
        with tenancy.scope(lending_library):
            pair = queries.review_pair(pairs[0])
        desk.post(f"/staff/reviews/{pairs[0]}/decide", {"verdict": "same"})
        answer = desk.get(f"/bib/{pair.incoming.bib.id}")
        assert (answer.status_code, answer["Location"]) == (302, f"/bib/{pair.candidate.bib.id}")
        assert "Demo L1" in desk.get(answer["Location"]).text

    def test_shows_both_records_as_they_were_then(self, desk: Client, pairs: list[int]) -> None:
        before = desk.get(f"/staff/reviews/{pairs[0]}?view=marc").text
        desk.post(f"/staff/reviews/{pairs[0]}/decide", {"verdict": "same"})
        described = desk.get(f"/staff/reviews/{pairs[0]}").text
        assert "<mark>301</mark>" in described
        assert "<mark>299</mark>" in described
        assert "as they were when this was decided" in described
        fields = desk.get(f"/staff/reviews/{pairs[0]}?view=marc").text
        assert compared(fields) == compared(before)
        assert holders(fields) == holders(before) == ["Demo L1", "Demo L3"]

    def test_shows_them_so_after_later_edits_too(self, desk: Client, pairs: list[int], lending_library: int) -> None:
        with tenancy.scope(lending_library):
            candidate = queries.review_pair(pairs[0]).candidate.bib
        before = compared(desk.get(f"/staff/reviews/{pairs[0]}?view=marc").text)
        desk.post(f"/staff/reviews/{pairs[0]}/decide", {"verdict": "different"})
        edited = candidate.record._replace(
            fields=(*candidate.record.fields, marc.Field("500", "  ", (("a", "Later."),)))
        )
        services.edit_bib(bib_id=candidate.id, version=candidate.version, record=edited, actor="editor")
        assert "Later." in desk.get(f"/bib/{candidate.id}").text
        assert compared(desk.get(f"/staff/reviews/{pairs[0]}?view=marc").text) == before

    def test_ends_in_the_queue_after_the_last_pair(self, desk: Client, pairs: list[int]) -> None:
        for number in pairs:
            answer = desk.post(f"/staff/reviews/{number}/decide", {"verdict": "different"})
        assert answer["Location"].startswith("/staff/reviews?")
        assert "Nothing is waiting" in desk.get(answer["Location"]).text

    def test_says_so_when_somebody_was_quicker(self, desk: Client, pairs: list[int]) -> None:
        desk.post(f"/staff/reviews/{pairs[0]}/decide", {"verdict": "different"})
        answer = desk.post(f"/staff/reviews/{pairs[0]}/decide", {"verdict": "same"}, follow=True)
        assert "has been decided already" in answer.text

    def test_takes_no_other_word(self, desk: Client, pairs: list[int]) -> None:
        assert desk.post(f"/staff/reviews/{pairs[0]}/decide", {"verdict": "perhaps"}).status_code == 400
