from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from django.conf import settings
from django.test import Client

from factories import people
from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services, types
from tongwen.domain.identity.types import Role

pytestmark = pytest.mark.django_db


class Pair(NamedTuple):
    kept: int
    merged: int


@pytest.fixture
def pair(load, lending_library: int, distant_library: int) -> Pair:
    """A full record of the cataloguer's library and a brief one of another, of different books."""
    load(lending_library, marc_file(book("1", "Orlando", isbn="9780156701600", more=("520    $aA biography.",))))
    load(distant_library, marc_file(book("x1", "Flush", year="1933", more=("650  0 $aDogs.",))))
    found = {bib.view.title.value: number for number, bib in queries.bibs(list(range(1, 100_000))).items()}
    return Pair(found["Orlando"], found["Flush"])


def merge(desk: Client, pair: Pair) -> str:
    """Merge by the page; returns the address it leads to."""
    answer = desk.post(f"/staff/bib/{pair.kept}/merge/{pair.merged}")
    assert answer.status_code == 302
    return str(answer["Location"])


def edit(bib_id: int, tag: str, words: str) -> None:
    """Change the first subfield of the fields with a tag by hand."""
    bib = queries.bib(bib_id)
    fields = [
        field._replace(subfields=((field.subfields[0][0], words), *field.subfields[1:])) if field.tag == tag else field
        for field in bib.record.fields
    ]
    record = bib.record._replace(fields=tuple(fields))
    services.edit_bib(bib_id=bib_id, version=bib.version, record=record, actor="editor")


class TestPreview:
    def test_shows_what_comes_out_and_whose_each_field_is(self, desk: Client, pair: Pair) -> None:
        page = desk.get(f"/staff/bib/{pair.kept}/merge?with={pair.merged}").text
        assert re.search(rf'class="apart">.{{0,200}}Dogs\..{{0,80}}record {pair.merged}<', page, re.DOTALL)
        assert re.search(rf"A biography\..{{0,80}}record {pair.kept}<", page, re.DOTALL)
        assert f'action="/staff/bib/{pair.kept}/merge/{pair.merged}"' in page
        assert queries.survivor(pair.merged) == pair.merged

    def test_warns_of_what_a_person_said(self, desk: Client, pair: Pair, load, lending_library: int) -> None:
        load(
            lending_library, marc_file(book("7", "Orlando", isbn="9780156701600", author="Forster, E", extent="312 p."))
        )
        with tenancy.scope(lending_library):
            (line,) = queries.reviews(lending_library)
            services.decide_review(review_id=line.review.id, verdict=types.Verdict.DIFFERENT, actor="cataloguer")
        page = desk.get(f"/staff/bib/{pair.kept}/merge?with={line.review.bib_id}").text
        assert "A person has said of these two records that they are not the same." in page
        assert "A person has said" not in desk.get(f"/staff/bib/{pair.kept}/merge?with={pair.merged}").text

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("", "digits only"),
            ("seven", "digits only"),
            ("999999", "No record has the number 999999"),
            ("1" * 30, "digits only"),
        ],
    )
    def test_keeps_what_was_typed_and_says_what_is_wrong_with_it(
        self, desk: Client, pair: Pair, typed: str, said: str
    ) -> None:
        answer = desk.get(f"/staff/bib/{pair.kept}/merge?with={typed}")
        assert answer.status_code == 422
        assert said in answer.text
        assert f'value="{typed}"' in answer.text

    def test_of_a_record_with_itself_is_refused(self, desk: Client, pair: Pair) -> None:
        answer = desk.get(f"/staff/bib/{pair.kept}/merge?with={pair.kept}")
        assert "cannot be merged with itself" in answer.text

    def test_of_a_merged_record_names_the_one_that_stands(self, desk: Client, pair: Pair) -> None:
        merge(desk, pair)
        answer = desk.get(f"/staff/bib/{pair.kept}/merge?with={pair.merged}")
        assert f"Record {pair.merged} is part of record {pair.kept} already." in answer.text


class TestMerging:
    def test_moves_the_holdings_and_offers_the_way_back(self, desk: Client, pair: Pair) -> None:
        page = desk.get(merge(desk, pair)).text
        (standing,) = queries.merges(pair.kept)
        assert f'action="/staff/merges/{standing.id}/undo"' in page
        assert len(queries.library_ids([pair.kept])[pair.kept]) == 2

    def test_leads_the_old_address_on_only_while_it_stands(self, desk: Client, pair: Pair) -> None:
        merge(desk, pair)
        answer = desk.get(f"/bib/{pair.merged}")
        assert (answer.status_code, answer["Location"]) == (302, f"/bib/{pair.kept}")
        desk.post(f"/staff/merges/{queries.merges(pair.kept)[0].id}/undo")
        assert desk.get(f"/bib/{pair.merged}").status_code == 200

    def test_twice_says_that_it_is_done(self, desk: Client, pair: Pair) -> None:
        merge(desk, pair)
        assert "is part of record" in desk.get(merge(desk, pair)).text

    def test_by_a_library_that_holds_neither_is_refused(
        self, client: Client, pair: Pair, neighbouring_library: int
    ) -> None:
        stranger = people.person("s", Role.CATALOGUER, institution_id=neighbouring_library)
        client.force_login(stranger)
        assert client.post(f"/staff/bib/{pair.kept}/merge/{pair.merged}").status_code == 403
        assert queries.merges(pair.kept) == ()


class TestUnmerging:
    def test_is_told_in_words_before_it_is_done(self, desk: Client, pair: Pair) -> None:
        merge(desk, pair)
        page = desk.get(f"/staff/bib/{pair.kept}/merges").text
        assert f"Record {pair.merged} stands again, and 1 holding goes back to it: Demo L3." in page
        assert f"What only record {pair.merged} brought leaves record {pair.kept}: 650." in page

    def test_sends_the_holding_home_and_can_be_undone(self, desk: Client, pair: Pair, distant_library: int) -> None:
        merge(desk, pair)
        answer = desk.post(f"/staff/merges/{queries.merges(pair.kept)[0].id}/undo")
        assert queries.library_ids([pair.merged]) == {pair.merged: (distant_library,)}
        page = desk.get(answer["Location"]).text
        assert f"record {pair.merged} stands again" in page
        assert f'action="/staff/bib/{pair.kept}/merge/{pair.merged}"' in page

    def test_keeps_a_later_edit_of_what_the_merge_brought(self, desk: Client, pair: Pair) -> None:
        merge(desk, pair)
        edit(pair.kept, "650", "Cats.")
        desk.post(f"/staff/merges/{queries.merges(pair.kept)[0].id}/undo")
        assert [field.first("a") for field in queries.bib(pair.kept).record.tagged("650")] == ["Cats."]

    def test_names_the_tags_where_a_later_edit_stands(self, desk: Client, pair: Pair) -> None:
        brief_kept = Pair(pair.merged, pair.kept)
        merge(desk, brief_kept)
        edit(brief_kept.kept, "245", "Orlando, edited")
        listed = desk.get(f"/staff/bib/{brief_kept.kept}/merges").text
        answer = desk.post(f"/staff/merges/{queries.merges(brief_kept.kept)[0].id}/undo")
        for page in (listed, desk.get(answer["Location"]).text):
            assert "please look at them: 245." in page
        assert queries.bib(brief_kept.kept).view.title.value == "Orlando, edited"

    def test_twice_is_said_in_words(self, desk: Client, pair: Pair) -> None:
        merge(desk, pair)
        number = queries.merges(pair.kept)[0].id
        desk.post(f"/staff/merges/{number}/undo")
        assert "taken back already" in desk.get(desk.post(f"/staff/merges/{number}/undo")["Location"]).text

    def test_of_a_chain_shows_every_link(self, desk: Client, pair: Pair, load, lending_library: int) -> None:
        merge(desk, pair)
        load(lending_library, marc_file(book("9", "The years", year="1937")))
        last = max(queries.bibs(list(range(1, 100_000))))
        services.merge_bibs_as_operator(kept_id=last, merged_id=pair.kept, actor="operator")
        page = desk.get(f"/staff/bib/{last}/merges").text
        assert f"Un-merge record {pair.kept}" in page
        assert f"Un-merge record {pair.merged}" in page
        assert desk.get(f"/staff/bib/{pair.kept}/merges")["Location"] == f"/staff/bib/{last}/merges"


class TestRestoring:
    def restore(self, desk: Client, pair: Pair, **said: int):
        return desk.post(f"/staff/bib/{pair.kept}/restore", said)

    def test_writes_the_old_record_as_a_new_version_and_offers_the_way_back(self, desk: Client, pair: Pair) -> None:
        merge(desk, pair)
        answer = self.restore(desk, pair, version=1, seen=2)
        assert queries.bib(pair.kept).version == 3
        assert queries.bib(pair.kept).record.tagged("650") == []
        page = desk.get(answer["Location"]).text
        way_back = re.search(r'action="(/staff/bib/\d+/restore\?[^"]+)"', page)
        assert way_back is not None
        desk.post(way_back[1].replace("&amp;", "&"))
        assert len(queries.bib(pair.kept).record.tagged("650")) == 1
        assert [one.reason for one in queries.versions(pair.kept)] == ["restored", "restored", "merged", "loaded"]

    def test_of_a_record_that_has_changed_since_is_refused(self, desk: Client, pair: Pair) -> None:
        merge(desk, pair)
        answer = self.restore(desk, pair, version=1, seen=1)
        assert "has changed meanwhile" in desk.get(answer["Location"]).text
        assert queries.bib(pair.kept).version == 2

    def test_of_what_is_no_version_is_refused(self, desk: Client, pair: Pair) -> None:
        assert self.restore(desk, pair, version=9, seen=1).status_code == 404
        assert self.restore(desk, pair, version="x", seen=1).status_code == 400
        assert desk.get(f"/staff/bib/{pair.kept}/restore").status_code == 405


class TestOperator:
    def test_may_merge_and_unmerge_what_no_institution_of_hers_holds(self, client: Client, pair: Pair) -> None:
        operator = people.person("op", Role.NATIONAL_ADMINISTRATOR)
        client.force_login(operator)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        assert "Merge and un-merge" in client.get(f"/bib/{pair.kept}").text
        merge(client, pair)
        number = queries.merges(pair.kept)[0].id
        assert client.post(f"/staff/merges/{number}/undo").status_code == 302
        assert queries.merges(pair.kept) == ()
