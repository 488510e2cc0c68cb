from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services, types

pytestmark = pytest.mark.django_db

ROW = {"tag-0": "980", "location-0": "l", "call_number-0": "c", "barcode-0": "b", "copies-0": "n", "between-0": "/"}
FORM = {
    "name": "monthly",
    "format": "marc21",
    "charset": "",
    "overlay": "fill",
    "without_items": "reject",
    "deletions": "ignore",
    **ROW,
}


@pytest.fixture
def kept(desk: Client, lending_library: int) -> types.Profile:
    assert desk.post("/staff/loads/profiles/new", FORM).status_code == 302
    with tenancy.scope(lending_library):
        return queries.profile("monthly")


class TestProfile:
    def test_is_kept_as_entered_and_shown_again(self, desk: Client, kept: types.Profile) -> None:
        layout = kept.layouts["980"]
        assert (layout.location, layout.call_number, layout.between) == ("l", "c", "/")
        assert (kept.format, kept.overlay, kept.without_items) == ("marc21", "fill", "reject")
        assert kept.deletions == "ignore"
        page = desk.get(f"/staff/loads/profiles/{kept.id}").text
        assert 'name="tag-0" value="980"' in page
        assert 'value="fill" checked' in page
        assert "monthly" in desk.get("/staff/loads/profiles").text

    def test_is_changed_under_its_name(self, desk: Client, kept: types.Profile, lending_library: int) -> None:
        desk.post(f"/staff/loads/profiles/{kept.id}", {**FORM, "name": "other", "overlay": "attach", "pickup": "1"})
        with tenancy.scope(lending_library):
            (one,) = queries.profiles()
        assert (one.name, one.overlay, one.is_picked_up) == ("monthly", "attach", True)
        assert "pickup/L1/monthly" in desk.get(f"/staff/loads/profiles/{kept.id}").text

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"name": "../up"}, "Give the profile a name"),
            ({"tag-0": "9"}, "A tag has three characters"),
            ({"location-0": "", "call_number-0": "", "barcode-0": ""}, "Say where location"),
            ({"location-0": "Ä"}, "Subfield codes are small letters"),
            ({"between-0": "//////"}, "At most five characters"),
        ],
    )
    def test_that_cannot_be_is_refused_with_what_was_entered(self, desk: Client, change, sentence: str) -> None:
        answer = desk.post("/staff/loads/profiles/new", {**FORM, **change})
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'name="copies-0" value="n"' in answer.text

    def test_of_a_name_that_there_is_does_not_replace_it(self, desk: Client, kept: types.Profile) -> None:
        answer = desk.post("/staff/loads/profiles/new", FORM)
        assert (answer.status_code, "There is a profile of this name" in answer.text) == (422, True)

    def test_is_removed(self, desk: Client, kept: types.Profile) -> None:
        page = desk.post(f"/staff/loads/profiles/{kept.id}/remove", follow=True).text
        assert "The profile is gone." in page
        assert "No profile yet" in page
        assert desk.get(f"/staff/loads/profiles/{kept.id}").status_code == 404

    def test_of_another_library_is_not_there(self, desk: Client, distant_library: int) -> None:
        number = services.save_profile(
            institution_id=distant_library, profile=types.Profile("theirs"), actor="stranger"
        )
        for part in ("", "/trial"):
            assert desk.get(f"/staff/loads/profiles/{number}{part}").status_code == 404
        assert "theirs" not in desk.get("/staff/loads/profiles").text


class TestHandingIn:
    def test_offers_the_profiles_and_loads_by_the_chosen_one(
        self, desk: Client, kept: types.Profile, lending_library: int, blob_folder
    ) -> None:
        assert '<option value="monthly">' in desk.get("/staff/loads/new").text
        file = SimpleUploadedFile("books.mrc", marc_file(book("1", "Orlando")).getvalue())
        answer = desk.post("/staff/loads/new", {"file": file, "mode": "load", "profile": "monthly"})
        with tenancy.scope(lending_library):
            batch = queries.batch(int(answer["Location"].rsplit("/", 1)[1]))
        assert (batch.profile, batch.format) == ("monthly", "marc21")
        assert "<dd>monthly</dd>" in desk.get(answer["Location"]).text

    def test_says_that_a_profile_is_gone(self, desk: Client, kept: types.Profile, blob_folder) -> None:
        file = SimpleUploadedFile("books.mrc", marc_file(book("1", "Orlando")).getvalue())
        answer = desk.post("/staff/loads/new", {"file": file, "mode": "load", "profile": "nowhere"})
        assert (answer.status_code, "no longer there" in answer.text) == (422, True)


class TestTrial:
    def test_shows_title_place_number_and_problems_and_writes_nothing(self, desk: Client, kept: types.Profile) -> None:
        records = marc_file(book("1", "Orlando", more=("980    $lHall$cPR$bB7$n2",)), book("2", "Flush"))
        file = SimpleUploadedFile("books.mrc", records.getvalue())
        page = desk.post(f"/staff/loads/profiles/{kept.id}/trial", {"file": file}).text
        for said in ("Orlando", "<td>Hall</td><td>PR</td>", "no copies", "speaks of no copy", "MARC 21"):
            assert said in page
        assert queries.number_of_bibs() == 0
        assert "Nothing has been loaded yet" in desk.get("/staff/loads").text

    def test_asks_for_a_file_of_records(self, desk: Client, kept: types.Profile) -> None:
        address = f"/staff/loads/profiles/{kept.id}/trial"
        assert "Choose the file to try." in desk.post(address).text
        answer = desk.post(address, {"file": SimpleUploadedFile("a.mrc", b"\xff\xd8\xff\xe0JFIF" * 9)})
        assert (answer.status_code, "JPEG" in answer.text) == (422, True)

    def test_refuses_what_is_too_large(self, desk: Client, kept: types.Profile, settings) -> None:
        settings.TONGWEN_MAX_UPLOAD = 3
        answer = desk.post(f"/staff/loads/profiles/{kept.id}/trial", {"file": SimpleUploadedFile("a", b"four")})
        assert (answer.status_code, "the limit is 3 B" in answer.text) == (422, True)
