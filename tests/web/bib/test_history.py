from __future__ import annotations

import pytest
from django.test import Client

from factories import people
from factories.files import book
from tongwen.domain.catalogue import queries, services
from tongwen.domain.identity.types import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def edited(union: dict[str, int]) -> int:
    """The record of the distant library, once edited by hand."""
    bib = queries.bib(union["Orlando"])
    note = book("n", "x", more=("500    $aSeen by hand.",)).tagged("500")
    services.edit_bib(
        bib_id=bib.id,
        version=bib.version,
        record=bib.record._replace(fields=(*bib.record.fields, *note)),
        actor="editor@l3",
    )
    return bib.id


class TestHistory:
    def test_lists_the_versions_with_their_reasons(self, reader: Client, edited: int) -> None:
        page = reader.get(f"/bib/{edited}/history").text
        assert page.index("Edited by hand") < page.index("Came with a load")
        assert "Demo L3" in page

    def test_tells_staff_who_it_was_and_readers_not(self, client: Client, desk: Client, edited: int) -> None:
        assert "editor@l3" in desk.get(f"/bib/{edited}/history").text
        assert "editor@l3" not in Client(headers={"Accept-Language": "en"}).get(f"/bib/{edited}/history").text

    def test_shows_only_what_changed(self, reader: Client, edited: int) -> None:
        page = reader.get(f"/bib/{edited}/history?from=1&to=2").text
        assert "Seen by hand." in page
        assert '<th scope="row">245' not in page

    def test_shows_the_first_version_alone_as_such(self, reader: Client, union: dict[str, int]) -> None:
        assert "nothing has changed since" in reader.get(f"/bib/{union['The waves']}/history").text

    @pytest.mark.parametrize("asked", ["from=7&to=9", "from=x", "to=-1", f"to={10**20}"])
    def test_of_versions_that_are_not_there_shows_the_newest_change(
        self, reader: Client, edited: int, asked: str
    ) -> None:
        assert "From version 1 to version 2" in reader.get(f"/bib/{edited}/history?{asked}").text

    def test_offers_going_back_to_holders_only(
        self, client: Client, desk: Client, distant_library: int, edited: int
    ) -> None:
        assert "Restore version" not in desk.get(f"/bib/{edited}/history").text
        holder = people.person("c@l3", Role.CATALOGUER, institution_id=distant_library)
        client.force_login(holder)
        assert "Restore version 1" in client.get(f"/bib/{edited}/history").text

    def test_of_a_merged_record_leads_on(self, reader: Client, union: dict[str, int], edited: int) -> None:
        services.merge_bibs_as_operator(kept_id=union["The waves"], merged_id=edited, actor="operator")
        answer = reader.get(f"/bib/{edited}/history")
        assert (answer.status_code, answer["Location"]) == (302, f"/bib/{union['The waves']}/history")


class TestOrigins:
    def test_name_the_library_each_field_is_of(self, reader: Client, union: dict[str, int]) -> None:
        services.merge_bibs_as_operator(kept_id=union["The waves"], merged_id=union["Orlando"], actor="operator")
        page = reader.get(f"/bib/{union['The waves']}?view=marc").text
        assert "Compared with the records of Demo L2, Demo L3." in page
        assert '<td class="from">Demo L2</td>' in page
        assert "The waves" in page

    def test_say_in_one_sentence_what_is_one_librarys(self, reader: Client, union: dict[str, int]) -> None:
        page = reader.get(f"/bib/{union['Orlando']}?view=marc").text
        assert "This record is the one that Demo L3 delivered." in page
        assert 'class="from"' not in page

    def test_name_what_came_by_hand(self, client: Client, desk: Client, edited: int) -> None:
        page = desk.get(f"/bib/{edited}?view=marc").text
        assert "by hand, version 2 editor@l3" in page
        public = Client(headers={"Accept-Language": "en"}).get(f"/bib/{edited}?view=marc").text
        assert "by hand, version 2</td>" in public
