"""The matrix: every address of the portal, asked by every role in its own library, in another and in none.

The installation is made once for all; whatever a request changes is taken back after it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from architecture import portal as portals
from architecture.portal import TABLE, Portal
from factories import people
from tongwen.api.urls import PREFIX
from tongwen.core import clock
from tongwen.domain.identity import services as identity
from tongwen.domain.identity.rules import permissions
from tongwen.domain.identity.types import Level, Permission, Place, Role
from tongwen.domain.members import queries as members
from tongwen.domain.members import services as registry
from tongwen.domain.members.types import InstitutionType, SharingDomainKind

pytestmark = pytest.mark.django_db

SERVED = sorted(name for name, rule in TABLE.items() if rule["who"] != "developers")
REFUSED = {302, 403, 404, 405}


class Person(NamedTuple):
    """Somebody with one role in one place, and the browser in which she is logged in."""

    name: str
    client: Client
    role: Role | None = None
    place: Place | None = None
    is_logged_in: bool = True

    @property
    def rights(self) -> frozenset[Permission]:
        return permissions.permissions_of([self.role]) if self.role else frozenset()

    @property
    def institution_id(self) -> int | None:
        return self.place.institution_id if self.place else None


class Installation(NamedTuple):
    """The portal with its things, and all who may come to it."""

    portal: Portal
    people: tuple[Person, ...]


def library(code: str, city: str) -> int:
    for number in (f"{city[:2]}0000", city):
        registry.register_place(code=number, name_zh=number, name_zh_hant=number, name_en=number)
    return registry.register_institution(
        code=code,
        name_zh=f"示范馆 {code}",
        name_zh_hant=f"示範館 {code}",
        name_en=f"Demo {code}",
        type=InstitutionType.UNIVERSITY,
        province=f"{city[:2]}0000",
        city=city,
    )


def domain(code: str, institution_id: int) -> int:
    kind = SharingDomainKind.PROVINCE
    return registry.register_sharing_domain(
        code=code, name_zh=code, name_zh_hant=code, name_en=code, kind=kind, institution_ids=[institution_id]
    )


def somebody(name: str, role: Role | None = None, place: Place | None = None) -> Person:
    at = place or Place()
    held = [role] if role else []
    row = people.person(name, *held, institution_id=at.institution_id, domain_id=at.domain_id)
    client = Client()
    client.force_login(row)
    return Person(name, client, role, place)


def former(name: str, place: Place) -> Person:
    """Somebody who was the library's administrator until yesterday."""
    row = people.person(name)
    identity.affiliate(
        person_id=row.pk,
        role=Role.INSTITUTION_ADMINISTRATOR,
        place=place,
        given_by="test",
        now=clock.now() - dt.timedelta(days=30),
        expires_on=clock.today(),
    )
    client = Client()
    client.force_login(row)
    return Person(name, client)


def everybody(owning: int, other: int) -> Iterator[Person]:
    """Yield a person of every role in the owning library's places and in the other's, and those without any."""
    yield Person("a reader without a log-in", Client(), is_logged_in=False)
    yield somebody("somebody without a place")
    yield former("a former administrator", Place(owning))
    domains = {owning: domain("OWN", owning), other: domain("OTHER", other)}
    for role, rights in permissions.table().items():
        if rights.level is Level.NATION:
            yield somebody(f"{role} of the nation", role)
            continue
        for number, words in ((owning, "the owning library"), (other, "another library")):
            place = Place(number) if rights.level is Level.INSTITUTION else Place(domain_id=domains[number])
            yield somebody(f"{role} of {words}", role, place)


@pytest.fixture(scope="module")
def installation(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("isolation")
    with django_db_blocker.unblock(), elsewhere(folder), transaction.atomic():  # type: ignore[attr-defined]
        owning, other = library("OWN", "320100"), library("OTHER", "610100")
        members.forget()
        yield Installation(portals.make(owning, other), tuple(everybody(owning, other)))
        transaction.set_rollback(True)
    members.forget()


@pytest.fixture
def _django_db_helper(installation: Installation) -> Iterator[None]:
    """Stand in for pytest-django's: a test works in the one transaction of the module, and is taken back alone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def elsewhere(folder: Path) -> override_settings:
    """Keep index and files in a folder of their own."""
    kept = {**settings.STORAGES["default"], "OPTIONS": {"location": folder / "blobs"}}
    return override_settings(TONGWEN_INDEX_FOLDER=folder / "index", STORAGES={**settings.STORAGES, "default": kept})


class Answer(NamedTuple):
    """What somebody got, and whether asking has changed anything of the catalogue or the libraries."""

    status: int
    location: str
    text: str
    has_changed: bool = False


def ask(name: str, portal: Portal, person: Person, *, method: str, is_watched: bool = False) -> Answer:
    """Ask for an address and take back what that has changed."""
    address = portals.address(name, portal)
    cookies = {key: morsel.value for key, morsel in person.client.cookies.items()}
    with transaction.atomic():
        before = fingerprint() if is_watched else ""
        response = (
            person.client.post(address, portals.POSTED.get(name, {}))
            if method == "POST"
            else person.client.get(address, portals.ASKED.get(name, lambda _portal: {})(portal))
        )
        answer = Answer(response.status_code, response.headers.get("Location", ""), text_of(response))
        has_changed = is_watched and fingerprint() != before
        transaction.set_rollback(True)
    person.client.cookies = SimpleCookie(cookies)  # Logging out and choosing a library change them.
    return answer._replace(has_changed=has_changed)


def text_of(response: HttpResponse) -> str:
    content = b"".join(response) if response.streaming else response.content
    return content.decode("utf-8", "replace")


EPHEMERAL = {
    "audit_entry",
    "django_migrations",
    "django_session",
    "failed_attempts",
    "limit_bucket",
    "session_record",
}
"""Tables that a refused request may write to: requests and log-ins are counted, sessions seen, and acts kept."""


def fingerprint() -> str:
    """Return a digest of all tables but the ephemeral ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
            " AND relkind = 'r' AND NOT relname = ANY(%s) ORDER BY 1",
            [list(EPHEMERAL)],
        )
        tables = [row[0] for row in cursor.fetchall()]
        each = (f"SELECT '{one}', md5(string_agg(t::text, '' ORDER BY t.ctid)) FROM {one} t" for one in tables)
        cursor.execute(f"{' UNION ALL '.join(each)} ORDER BY 1")
        return str(cursor.fetchall())


def expected(name: str, portal: Portal, person: Person) -> set[int]:
    """Return what an address may answer somebody: what stands in the table, or how she is refused."""
    rule = TABLE[name]
    who, answer = rule["who"], rule.get("answer", 200)
    if who != "everybody" and not person.is_logged_in:
        return {302}
    if who in ("everybody", "somebody"):
        return {answer, rule.get("otherwise", answer)}
    if not portals.permissions(name) & person.rights:
        return {403}
    return expected_with_the_right(who, portal, person) or {answer}


def expected_with_the_right(who: str, portal: Portal, person: Person) -> set[int]:
    """Return how somebody is refused who has the right, but not here; nothing where she is not."""
    if who == "holder":
        may = person.institution_id == portal.owning or Permission.BIBS_CHANGE_ANY in person.rights
        return set() if may else {403}
    if person.institution_id is None:  # Of a sharing domain or the nation: what she has to do there, or nothing.
        return {200, 302, 403, 404}
    return {404} if who == "owner" and person.institution_id != portal.owning else set()


def is_allowed(name: str, portal: Portal, person: Person) -> bool:
    return TABLE[name].get("answer", 200) in expected(name, portal, person) and (
        person.is_logged_in or TABLE[name]["who"] == "everybody"
    )


class TestMatrix:
    @pytest.mark.parametrize("name", SERVED)
    def test_answers_everybody_as_the_table_says(self, name: str, installation: Installation) -> None:
        method = TABLE[name].get("method", "GET")
        wrong = []
        for person in installation.people:
            answer = ask(name, installation.portal, person, method=method)
            if answer.status not in expected(name, installation.portal, person):
                wrong.append((person.name, answer.status))
            if not person.is_logged_in and TABLE[name]["who"] != "everybody":
                assert answer.location.startswith("/login?next=/")
        assert wrong == []

    @pytest.mark.parametrize("name", SERVED)
    def test_shows_nothing_of_a_library_to_others(self, name: str, installation: Installation) -> None:
        portal = installation.portal
        told = [
            (person.name, mark)
            for person in outsiders(installation)
            for mark in portal.marks
            if mark in ask(name, portal, person, method=TABLE[name].get("method", "GET")).text
        ]
        assert told == []

    @pytest.mark.parametrize("name", [one for one in SERVED if TABLE[one]["who"] != "everybody"])
    def test_changes_nothing_for_those_it_refuses(self, name: str, installation: Installation) -> None:
        portal = installation.portal
        wrong = []
        for person in installation.people:
            if not is_allowed(name, portal, person):
                answer = ask(name, portal, person, method="POST", is_watched=True)
                if answer.status not in REFUSED or answer.has_changed:
                    wrong.append((person.name, answer.status, answer.has_changed))
        assert wrong == []

    def test_knows_every_role_in_every_place(self, installation: Installation) -> None:
        found = [
            (one.role, one.institution_id == installation.portal.owning) for one in installation.people if one.role
        ]
        assert {role for role, _ in found} == set(Role)
        assert (Role.CATALOGUER, True) in found
        assert (Role.CATALOGUER, False) in found

    def test_would_notice_what_is_told_to_others(self, installation: Installation) -> None:
        portal = installation.portal
        owner = next(
            one
            for one in installation.people
            if one.role and one.institution_id == portal.owning and Permission.LOADS_MANAGE in one.rights
        )
        assert portal.marks[0] in ask("loads", portal, owner, method="GET").text
        assert portal.marks[1] in ask("profiles", portal, owner, method="GET").text

    def test_would_notice_a_change(self, installation: Installation) -> None:
        portal = installation.portal
        owner = next(one for one in installation.people if one.name == "cataloguer of the owning library")
        assert ask("review-decide", portal, owner, method="POST", is_watched=True).has_changed
        assert not ask("loads", portal, owner, method="GET", is_watched=True).has_changed


def outsiders(installation: Installation) -> list[Person]:
    """Return those who have no business with the owning library's own things."""
    return [
        one
        for one in installation.people
        if one.role is None or one.institution_id == installation.portal.other_library
    ]


class TestOperationsOfTheInterface:
    def test_stand_in_the_table_and_only_read(self) -> None:
        schema = json.loads(Client().get(reverse("api-description")).content)
        operations = {
            (method, address.replace("{", "<").replace("}", ">"))
            for address, methods in schema["paths"].items()
            for method in methods
        }
        named = {
            ("get", PREFIX + re.sub(r"\w+:", "", str(portals.pattern(name).pattern)))
            for name in TABLE
            if name.startswith("api-") and name not in ("api-reference", "api-description", "api-unknown")
        }
        assert operations == named
