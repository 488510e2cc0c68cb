from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Iterator

import pytest
from django.db import connection

from factories import peers, people
from tongwen.core import clock, tenancy
from tongwen.domain.identity import models, queries
from tongwen.domain.identity.services import sources
from tongwen.domain.identity.services.sources import admitting
from tongwen.domain.identity.types import (
    Actor,
    Attributes,
    Denial,
    Denied,
    Role,
    SourceKind,
    Unavailable,
    UnknownSource,
)
from tongwen.domain.members import models as member_models
from tongwen.domain.members import queries as members

pytestmark = pytest.mark.django_db

ACTOR = Actor(username="administrator")


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    with peers.kit_server() as url:
        yield url


def kit_source(url: str, *, on: bool = True) -> int:
    number = sources.add_source(
        kind=SourceKind.KIT,
        names=("图书馆", "圖書館", "Library"),
        settings={"url": url, "normalize": True},
        given_secrets={"secret": peers.SECRET},
        actor=ACTOR,
        now=clock.now(),
    )
    if on:
        sources.switch_source_on(source_id=number, actor=ACTOR, now=clock.now())
    return number


def counts() -> tuple[int, int, int]:
    every = "the test counts all"
    return (
        models.Person.objects.count(),
        models.Link.objects.unscoped(every).count(),
        models.Affiliation.objects.unscoped(every).count(),
    )


class TestFirstLogIn:
    def test_makes_a_reader_of_the_library(self, in_scope: int, peer: str) -> None:
        found = sources.sign_in(source_id=kit_source(peer), name="R001", password=peers.RIGHT)
        person = queries.person(found.person_id)
        (held,) = queries.affiliations(found.person_id, clock.today())
        assert found.is_new
        assert (person.display_name, person.email) == ("示范读者", "r001@example.org")
        assert (held.role, held.place.institution_id) == (Role.READER, in_scope)
        assert held.expires_on == dt.date(2100, 1, 1)  # The day after the last one.

    def test_gives_no_hint_of_the_reader_number(self, in_scope: int, peer: str) -> None:
        found = sources.sign_in(source_id=kit_source(peer), name="R001", password=peers.RIGHT)
        assert "R001" not in queries.person(found.person_id).username.upper()

    def test_happens_once(self, in_scope: int, peer: str) -> None:
        number = kit_source(peer)
        first = sources.sign_in(source_id=number, name="R001", password=peers.RIGHT)
        second = sources.sign_in(source_id=number, name="Ｒ００１", password=peers.RIGHT)
        assert (second.person_id, second.is_new) == (first.person_id, False)
        assert counts() == (1, 1, 1)

    def test_links_nobody_by_an_address(self, in_scope: int, peer: str) -> None:
        someone = people.person("someone", Role.CATALOGUER, institution_id=in_scope)
        models.Person.objects.filter(pk=someone.pk).update(email="r001@example.org")
        found = sources.sign_in(source_id=kit_source(peer), name="R001", password=peers.RIGHT)
        assert found.person_id != someone.pk

    def test_of_two_libraries_makes_two_persons(self, in_scope: int, distant_library: int, peer: str) -> None:
        here = sources.sign_in(source_id=kit_source(peer), name="R001", password=peers.RIGHT)
        with tenancy.scope(distant_library):
            there = sources.sign_in(source_id=kit_source(peer), name="R001", password=peers.RIGHT)
        assert here.person_id != there.person_id

    def test_stores_no_password_anywhere(self, in_scope: int, peer: str, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG):
            found = sources.sign_in(source_id=kit_source(peer), name="R001", password=peers.RIGHT)
        row = models.Person.objects.get(pk=found.person_id)
        assert not row.has_usable_password()
        assert not row.check_password(peers.RIGHT)
        assert peers.RIGHT not in caplog.text
        assert "R001" not in caplog.text

    @pytest.mark.parametrize(
        ("name", "password", "reason"),
        [
            ("R001", "wrong", Denial.WRONG),
            ("R001", "", Denial.BLANK),
            ("", peers.RIGHT, Denial.BLANK),
            ("R002", peers.RIGHT, Denial.EXPIRED),
            ("R\u202e001", peers.RIGHT, Denial.BLANK),
        ],
    )
    def test_is_refused_and_leaves_nothing(
        self, in_scope: int, peer: str, name: str, password: str, reason: Denial
    ) -> None:
        number = kit_source(peer)
        with pytest.raises(Denied) as denied:
            sources.sign_in(source_id=number, name=name, password=password)
        assert denied.value.reason is reason
        assert counts() == (0, 0, 0)

    def test_is_taken_back_whole_where_it_fails(
        self, in_scope: int, peer: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number = kit_source(peer)

        def fail(*_arguments: object) -> None:
            raise OSError("the disk is full")

        monkeypatch.setattr(admitting, "_place", fail)
        with pytest.raises(OSError, match="disk"):
            sources.sign_in(source_id=number, name="R001", password=peers.RIGHT)
        assert counts() == (0, 0, 0)


class TestLaterLogIn:
    def test_takes_over_what_the_library_has_changed(self, in_scope: int) -> None:
        number = kit_source("https://library.example.org")
        now = clock.now()
        first = admitting.admit(source_id=number, said=Attributes("7", "Old", "old@example.org"), now=now)
        said = Attributes("7", "New", "", expires_on=dt.date(2099, 1, 31))
        admitting.admit(source_id=number, said=said, now=now)
        person = queries.person(first.person_id)
        (held,) = queries.affiliations(first.person_id, clock.today())
        assert (person.display_name, person.email) == ("New", "old@example.org")
        assert held.expires_on == dt.date(2099, 2, 1)

    def test_of_a_deactivated_person_is_refused(self, in_scope: int) -> None:
        number = kit_source("https://library.example.org")
        found = admitting.admit(source_id=number, said=Attributes("7"), now=clock.now())
        models.Person.objects.filter(pk=found.person_id).update(is_active=False)
        with pytest.raises(Denied) as denied:
            admitting.admit(source_id=number, said=Attributes("7"), now=clock.now())
        assert denied.value.reason is Denial.INACTIVE


@pytest.mark.django_db(transaction=True)
class TestFirstLogInsAtOnce:
    def test_make_one_person(self, in_scope: int) -> None:
        number = kit_source("https://library.example.org")
        start = threading.Barrier(4)
        found: list[int] = []

        def admit() -> None:
            with tenancy.scope(in_scope):
                start.wait()
                found.append(admitting.admit(source_id=number, said=Attributes("7"), now=clock.now()).person_id)
            connection.close()

        threads = [threading.Thread(target=admit) for _turn in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert len(found) == 4
        assert len(set(found)) == 1
        assert counts() == (1, 1, 1)


class TestClosedSource:
    def test_is_not_asked(self, in_scope: int, peer: str) -> None:
        number = kit_source(peer, on=False)
        with pytest.raises(Denied) as denied:
            sources.sign_in(source_id=number, name="R001", password=peers.RIGHT)
        assert denied.value.reason is Denial.CLOSED

    def test_may_be_tried_and_keeps_nothing(self, in_scope: int, peer: str) -> None:
        said = sources.try_password(source_id=kit_source(peer, on=False), name="R001", password=peers.RIGHT)
        assert (said.subject, said.everything["category"]) == ("7", "本科生")
        assert counts() == (0, 0, 0)

    def test_of_a_suspended_library_is_not_asked(self, in_scope: int, peer: str) -> None:
        number = kit_source(peer)
        member_models.Institution.objects.filter(pk=in_scope).update(status="suspended")
        members.forget()
        try:
            with pytest.raises(Denied) as denied:
                sources.sign_in(source_id=number, name="R001", password=peers.RIGHT)
        finally:
            members.forget()
        assert denied.value.reason is Denial.CLOSED

    def test_of_another_library_does_not_exist(self, in_scope: int, distant_library: int, peer: str) -> None:
        number = kit_source(peer)
        with tenancy.scope(distant_library), pytest.raises(UnknownSource):
            sources.sign_in(source_id=number, name="R001", password=peers.RIGHT)


class TestSourceThatIsDown:
    def test_is_never_replaced_by_a_password_of_ours(self, in_scope: int) -> None:
        people.person("r001", Role.READER, institution_id=in_scope)
        number = kit_source(f"http://127.0.0.1:{peers.free_port()}")
        with pytest.raises(Unavailable):
            sources.sign_in(source_id=number, name="r001", password=people.PASSWORD)

    def test_is_told_in_the_log_by_its_reason(self, in_scope: int, caplog: pytest.LogCaptureFixture) -> None:
        with peers.hanging() as port, caplog.at_level(logging.INFO), pytest.raises(Unavailable):
            sources.sign_in(
                source_id=kit_source(f"http://127.0.0.1:{port}"), name="R001", password=peers.RIGHT, seconds=0.1
            )
        assert "unavailable: deadline" in caplog.text

    def test_with_a_secret_of_another_key_says_so(self, in_scope: int, peer: str, settings) -> None:
        number = kit_source(peer)
        settings.SECRET_KEY = "another key"
        with pytest.raises(Unavailable) as failed:
            sources.sign_in(source_id=number, name="R001", password=peers.RIGHT)
        assert failed.value.reason == "secret"


class TestLocalSource:
    def sign_in(self, name: str, password: str = people.PASSWORD) -> int:
        number = sources.local_source(now=clock.now())
        return sources.sign_in(source_id=number, name=name, password=password).person_id

    def test_knows_people_of_the_library_by_their_log_in_name(self, in_scope: int) -> None:
        person = people.person("cataloguer@l1", Role.CATALOGUER, institution_id=in_scope)
        assert self.sign_in("Cataloguer@L1") == person.pk

    def test_knows_readers_of_a_list_by_their_number(self, in_scope: int) -> None:
        person = people.person("l1.r001", Role.READER, institution_id=in_scope)
        number = sources.local_source(now=clock.now())
        models.Link.objects.create(
            institution_id=in_scope,
            source_id=number,
            subject="R001",
            person=person,
            linked_at=clock.now(),
            last_seen_at=clock.now(),
        )
        assert self.sign_in("R001") == person.pk

    def test_does_not_know_people_of_another_library(self, in_scope: int, distant_library: int) -> None:
        people.person("stranger", Role.CATALOGUER, institution_id=distant_library)
        with pytest.raises(Denied):
            self.sign_in("stranger")

    @pytest.mark.parametrize("password", ["wrong", "", people.PASSWORD + " "])
    def test_refuses_a_wrong_password(self, in_scope: int, password: str) -> None:
        people.person("cataloguer@l1", Role.CATALOGUER, institution_id=in_scope)
        with pytest.raises(Denied):
            self.sign_in("cataloguer@l1", password)

    def test_refuses_who_has_none(self, in_scope: int) -> None:
        person = people.person("cataloguer@l1", Role.CATALOGUER, institution_id=in_scope)
        person.set_unusable_password()
        person.save()
        with pytest.raises(Denied):
            self.sign_in("cataloguer@l1", "!")

    def test_refuses_who_was_deactivated(self, in_scope: int) -> None:
        person = people.person("cataloguer@l1", Role.CATALOGUER, institution_id=in_scope)
        models.Person.objects.filter(pk=person.pk).update(is_active=False)
        with pytest.raises(Denied) as denied:
            self.sign_in("cataloguer@l1")
        assert denied.value.reason is Denial.INACTIVE

    def test_takes_no_letters_that_only_look_alike(self, in_scope: int) -> None:
        people.person("cataloguer@l1", Role.CATALOGUER, institution_id=in_scope)
        with pytest.raises(Denied):
            self.sign_in("ｃataloguer@l1")
