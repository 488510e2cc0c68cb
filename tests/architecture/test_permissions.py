"""Every address of the portal stands in `permissions.toml`, and answers each kind of person as it says there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from factories import people
from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services, types
from tongwen.domain.discovery import services as discovery
from tongwen.domain.identity.types import Role
from tongwen.standards.marc import types as marc

TABLE: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("permissions.toml").read_text(encoding="utf-8")
)
STAFF_NAMES = sorted(name for name, rule in TABLE.items() if rule["who"] in ("staff", "owner"))
HOLDER_NAMES = sorted(name for name, rule in TABLE.items() if rule["who"] == "holder")
ADMINISTRATOR_NAMES = sorted(name for name, rule in TABLE.items() if rule["who"] == "administrator")
SOMEBODY_NAMES = sorted(name for name, rule in TABLE.items() if rule["who"] == "somebody")
PUBLIC_NAMES = sorted(name for name, rule in TABLE.items() if rule["who"] == "everybody")
POSTED = {
    "review-decide": {"verdict": "different"},
    "record-restore": {"version": 1, "seen": 1},
    "load-priority": {"priority": 1},
}


class Portal(NamedTuple):
    """An installation with something to look at: whose it is, whose it is not, and the numbers of the things."""

    owner: str
    stranger: str
    operator: str
    batch: int
    review: int
    bib: int
    profile: int
    other: int
    merge: int


def named_patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Yield every pattern of the URL configuration, nested ones too."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from named_patterns(entry)
        else:
            yield entry


@pytest.fixture
def portal(lending_library: int, distant_library: int, index_folder: Path, blob_folder: Path) -> Portal:
    people.person("owner", Role.CATALOGUER, institution_id=lending_library)
    people.person("stranger", Role.CATALOGUER, institution_id=distant_library)
    people.person("operator", Role.NATIONAL_ADMINISTRATOR)
    people.person("administrator", Role.INSTITUTION_ADMINISTRATOR, institution_id=lending_library)
    discovery.make_index()
    _load(distant_library, book("9", "Orlando", isbn="9780156701600", author="Ariosto, Ludovico"))
    batch_id = _load(lending_library, book("1", "Orlando", isbn="9780156701600"), book("2", "The waves"))
    merge_id, other_id = _merged(lending_library)
    with tenancy.scope(lending_library):
        review_id = queries.next_review(lending_library)
        assert review_id is not None
        bib_id = queries.review_pair(review_id).incoming.bib.id
    discovery.catch_up()
    profile_id = services.save_profile(
        institution_id=lending_library, profile=types.Profile("monthly"), actor="cataloguer"
    )
    return Portal(
        "owner",
        "stranger",
        "operator",
        batch=batch_id,
        review=review_id,
        bib=bib_id,
        profile=profile_id,
        other=other_id,
        merge=merge_id,
    )


def _merged(institution_id: int) -> tuple[int, int]:
    """Merge two books of the institution; returns the merge's number and that of the bib that stands."""
    batch_id = _load(institution_id, book("3", "Flush", year="1933"), book("4", "The years", year="1937"))
    with tenancy.scope(institution_id):
        kept, merged = (one.bib_id for one in queries.batch_bibs(batch_id, types.Outcome.NEW)[0])
    return services.merge_bibs_as_operator(kept_id=kept, merged_id=merged, actor="operator"), kept


def _load(institution_id: int, *records: marc.Record) -> int:
    with tenancy.scope(institution_id):
        batch_id = services.receive_batch(
            institution_id=institution_id,
            file=marc_file(*records),
            file_name=f"books-{institution_id}.mrc",
            actor="cataloguer",
            preview=False,
        )
        services.run_batch(batch_id=batch_id)
    return batch_id


def ask(name: str, portal: Portal, *, as_person: str = "") -> HttpResponse:
    """Ask for an address by its name, signed in as somebody or not at all."""
    client = Client()
    if as_person:
        assert client.login(username=as_person, password=people.PASSWORD)
    known = {
        "batch_id": portal.batch,
        "review_id": portal.review,
        "bib_id": portal.bib,
        "other_id": portal.other,
        "merge_id": portal.merge,
        "rest": "nothing",
        "profile_id": portal.profile,
        "outcome": "new",
        "form": "jsonl" if name == "audit-export" else "mrc",
        "kind": "totp",
        "factor_id": 0,
        "session_id": "00000000-0000-0000-0000-000000000000",
        "lock_id": 0,
        "person_id": 0,
        "token": "none",
    }
    pattern = next(one for one in named_patterns() if one.name == name)
    address = reverse(name, kwargs={word: known[word] for word in pattern.pattern.converters})
    if TABLE[name].get("method", "GET") == "POST":
        return client.post(address, POSTED.get(name, {}))
    asked = {"with": portal.other} if name == "merge-preview" else {"first": portal.bib, "second": portal.other}
    return client.get(
        address, {"results": {"q": "orlando"}, "merge-preview": asked, "api-explain": asked}.get(name, {})
    )


class TestTable:
    def test_names_every_address(self) -> None:
        nameless = [str(pattern.pattern) for pattern in named_patterns() if not pattern.name]
        assert nameless == []
        served = {pattern.name for pattern in named_patterns()}
        developers = {name for name, rule in TABLE.items() if rule["who"] == "developers"}
        assert served | developers == set(TABLE)

    def test_keeps_pages_for_developers_from_being_served(self) -> None:
        served = {pattern.name for pattern in named_patterns()}
        assert not served & {name for name, rule in TABLE.items() if rule["who"] == "developers"}

    def test_knows_seven_kinds_of_people(self) -> None:
        assert {rule["who"] for rule in TABLE.values()} <= {
            "administrator",
            "everybody",
            "somebody",
            "staff",
            "owner",
            "holder",
            "developers",
        }

    def test_would_miss_an_address_in_a_nested_configuration(self) -> None:
        nested = path("more/", ([path("secret", lambda _request: HttpResponse(), name="secret")], "", ""))
        assert [pattern.name for pattern in named_patterns(nested)] == ["secret"]


@pytest.mark.django_db
class TestAddressForEverybody:
    @pytest.mark.parametrize("name", PUBLIC_NAMES)
    def test_answers_a_reader_without_log_in(self, name: str, portal: Portal) -> None:
        response = ask(name, portal)
        assert response.status_code == TABLE[name].get("answer", 200)
        assert "/login" not in response.headers.get("Location", "")


@pytest.mark.django_db
class TestStaffAddress:
    @pytest.mark.parametrize("name", STAFF_NAMES)
    def test_answers_the_owner(self, name: str, portal: Portal) -> None:
        assert ask(name, portal, as_person="owner").status_code == TABLE[name].get("answer", 200)

    @pytest.mark.parametrize("name", STAFF_NAMES)
    def test_sends_readers_to_the_log_in_and_does_not_exist_for_others(self, name: str, portal: Portal) -> None:
        reader = ask(name, portal)
        assert reader.status_code == 302
        assert reader.headers["Location"].startswith("/login?next=/staff/")
        # Who runs the installation acts for no institution: her role does not include its daily work.
        assert ask(name, portal, as_person="operator").status_code == 403
        if TABLE[name]["who"] == "owner":
            assert ask(name, portal, as_person="stranger").status_code == 404


@pytest.mark.django_db
class TestAddressForAdministrators:
    @pytest.mark.parametrize("name", ADMINISTRATOR_NAMES)
    @pytest.mark.parametrize("who", ["administrator", "operator"])
    def test_answers_who_manages_people(self, name: str, who: str, portal: Portal) -> None:
        assert ask(name, portal, as_person=who).status_code == TABLE[name].get("answer", 200)

    @pytest.mark.parametrize("name", ADMINISTRATOR_NAMES)
    def test_refuses_other_staff_and_sends_readers_to_the_log_in(self, name: str, portal: Portal) -> None:
        assert ask(name, portal, as_person="owner").status_code == 403
        reader = ask(name, portal)
        assert reader.status_code == 302
        assert reader.headers["Location"].startswith("/login?next=/staff/")


@pytest.mark.django_db
class TestAddressForSomebody:
    @pytest.mark.parametrize("name", SOMEBODY_NAMES)
    @pytest.mark.parametrize("who", ["owner", "stranger", "operator"])
    def test_answers_whoever_has_logged_in(self, name: str, who: str, portal: Portal) -> None:
        assert ask(name, portal, as_person=who).status_code == TABLE[name].get("answer", 200)

    @pytest.mark.parametrize("name", SOMEBODY_NAMES)
    def test_sends_readers_without_log_in_to_it(self, name: str, portal: Portal) -> None:
        reader = ask(name, portal)
        assert reader.status_code == 302
        assert reader.headers["Location"].startswith("/login?next=/")


@pytest.mark.django_db
class TestAddressForHolders:
    @pytest.mark.parametrize("name", HOLDER_NAMES)
    def test_answers_holders(self, name: str, portal: Portal) -> None:
        assert ask(name, portal, as_person="owner").status_code == TABLE[name].get("answer", 200)

    @pytest.mark.parametrize("name", HOLDER_NAMES)
    def test_answers_operators(self, name: str, portal: Portal) -> None:
        assert ask(name, portal, as_person="operator").status_code == TABLE[name].get("answer", 200)

    @pytest.mark.parametrize("name", HOLDER_NAMES)
    def test_sends_readers_to_the_log_in_and_refuses_others_in_words(self, name: str, portal: Portal) -> None:
        reader = ask(name, portal)
        assert reader.status_code == 302
        assert reader.headers["Location"].startswith("/login?next=/staff/")
        refused = ask(name, portal, as_person="stranger")
        assert refused.status_code == 403
        assert "收藏".encode() in refused.content

    def test_changes_nothing_for_others(self, portal: Portal) -> None:
        before = (queries.versions(portal.bib), queries.merges(portal.other), queries.survivor(portal.other))
        for name in HOLDER_NAMES:
            ask(name, portal, as_person="stranger")
        assert (queries.versions(portal.bib), queries.merges(portal.other), queries.survivor(portal.other)) == before


@pytest.mark.django_db
class TestThingOfAnInstitution:
    @pytest.mark.parametrize("name", ["load-cancel", "load-revert", "review-decide"])
    def test_is_not_changed_by_another_institution(self, name: str, portal: Portal, lending_library: int) -> None:
        with tenancy.scope(lending_library):
            before = (queries.batch(portal.batch), queries.review_pair(portal.review).review)
        ask(name, portal, as_person="stranger")
        with tenancy.scope(lending_library):
            assert (queries.batch(portal.batch), queries.review_pair(portal.review).review) == before

    def test_stands_in_no_list_of_another_institution(self, portal: Portal, lending_library: int) -> None:
        name = f"books-{lending_library}.mrc".encode()
        assert name in ask("loads", portal, as_person="owner").content
        assert name not in ask("loads", portal, as_person="stranger").content
