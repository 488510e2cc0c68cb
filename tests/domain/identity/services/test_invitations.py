from __future__ import annotations

import datetime as dt
import re

import orjson
import pytest
from django.contrib.auth import authenticate

from factories import people
from tongwen.core import clock, secrets, tenancy
from tongwen.core.models import AuditEntry, Mail
from tongwen.domain.identity import models, queries, types
from tongwen.domain.identity.queries import invitations as reading
from tongwen.domain.identity.services import invitations
from tongwen.domain.identity.types import Place, Role

pytestmark = pytest.mark.django_db
NOW = clock.now()
PASSWORD = "a long pass phrase"


@pytest.fixture
def administrator(lending_library: int) -> types.Actor:
    row = people.person("admin", Role.INSTITUTION_ADMINISTRATOR, institution_id=lending_library)
    return queries.actor(queries.person(row.pk), Place(lending_library), clock.today())


def invite(actor: types.Actor, **changes) -> int:
    given = {
        "institution_id": actor.institution_id,
        "email": "new@example.org",
        "display_name": "新馆员",
        "roles": [Role.CATALOGUER],
        "actor": actor,
        "now": NOW,
        **changes,
    }
    return invitations.invite(**given)


def last_mail() -> tuple[str, str]:
    with tenancy.reaching_all("the test reads a mail of whatever library"):
        subject, body = orjson.loads(secrets.unseal(Mail.objects.order_by("-pk")[0].sealed))
    return subject, body


def last_token() -> str:
    found = re.search(r"/invitation/(\S+)", last_mail()[1])
    assert found is not None
    return found.group(1)


def accept(token: str, username: str = "new", now: dt.datetime = NOW) -> int:
    return invitations.accept_as_new(token=token, username=username, display_name="新馆员", password=PASSWORD, now=now)


class TestInvitation:
    def test_leads_to_an_account_with_the_roles(self, administrator: types.Actor, lending_library: int) -> None:
        invite(administrator, roles=[Role.CATALOGUER, Role.TRAINER])
        person_id = accept(last_token())
        assert authenticate(username="new", password=PASSWORD) is not None
        held = queries.affiliations(person_id, clock.today())
        assert {(one.role, one.place) for one in held} == {
            (Role.CATALOGUER, Place(lending_library)),
            (Role.TRAINER, Place(lending_library)),
        }
        assert {one.given_by for one in held} == {"admin"}
        assert queries.person(person_id).email == "new@example.org"

    def test_works_once(self, administrator: types.Actor) -> None:
        invite(administrator)
        token = last_token()
        accept(token)
        with pytest.raises(types.InvitationClosed, match="accepted"):
            accept(token, username="second")
        assert not models.Person.objects.filter(username="second").exists()

    def test_ends_after_its_term(self, administrator: types.Actor) -> None:
        invite(administrator)
        with pytest.raises(types.InvitationClosed, match="expired"):
            accept(last_token(), now=NOW + invitations.VALID_FOR)

    def test_sent_again_makes_the_first_link_void(self, administrator: types.Actor) -> None:
        number = invite(administrator)
        first = last_token()
        invitations.resend(invitation_id=number, actor=administrator, now=NOW)
        with pytest.raises(types.UnknownInvitation):
            accept(first)
        accept(last_token())

    def test_revoked_is_void(self, administrator: types.Actor) -> None:
        number = invite(administrator)
        invitations.revoke(invitation_id=number, actor=administrator, now=NOW)
        with pytest.raises(types.InvitationClosed, match="revoked"):
            accept(last_token())
        with pytest.raises(types.InvitationClosed):
            invitations.resend(invitation_id=number, actor=administrator, now=NOW)

    def test_is_kept_without_its_link(self, administrator: types.Actor) -> None:
        invite(administrator)
        token = last_token()
        rows = [
            str(row)
            for row in (*models.Invitation.objects.unscoped("the test looks").values(), *AuditEntry.objects.values())
        ]
        assert not any(token in row for row in rows)

    def test_of_the_same_address_stands_once(self, administrator: types.Actor) -> None:
        invite(administrator)
        with pytest.raises(types.AlreadyInvited):
            invite(administrator, email="NEW@example.org")
        later = NOW + invitations.VALID_FOR
        assert invite(administrator, now=later)

    def test_can_be_taken_by_who_has_an_account(self, administrator: types.Actor, lending_library: int) -> None:
        known = people.person("known").pk
        invite(administrator)
        invitations.accept_as_existing(token=last_token(), person_id=known, now=NOW)
        assert queries.places(known, clock.today()) == (Place(lending_library),)

    def test_takes_no_account_over(self, administrator: types.Actor) -> None:
        known = people.person("known").pk
        invite(administrator)
        token = last_token()
        with pytest.raises(types.UsernameTaken):
            accept(token, username="KNOWN")
        assert authenticate(username="known", password=people.PASSWORD) is not None
        assert queries.places(known, clock.today()) == ()
        accept(token)

    def test_with_a_weak_password_stays_open(self, administrator: types.Actor) -> None:
        invite(administrator)
        with pytest.raises(types.WeakPassword):
            invitations.accept_as_new(token=last_token(), username="new", display_name="x", password="short", now=NOW)
        accept(last_token())

    def test_is_only_to_what_the_inviter_has_to_give(self, administrator: types.Actor, distant_library: int) -> None:
        for changes in (
            {"institution_id": distant_library},
            {"roles": [Role.CATALOGUER, Role.READER], "institution_id": distant_library},
            {"roles": []},
            {"roles": [Role.NATIONAL_ADMINISTRATOR], "institution_id": None},
        ):
            with pytest.raises(types.MayNotGive):
                invite(administrator, **changes)
        assert not Mail.objects.exists()

    def test_of_another_library_is_unknown(self, administrator: types.Actor, distant_library: int) -> None:
        number = invite(administrator)
        row = people.person("other", Role.INSTITUTION_ADMINISTRATOR, institution_id=distant_library)
        stranger = queries.actor(queries.person(row.pk), Place(distant_library), clock.today())
        with pytest.raises(types.UnknownInvitation):
            invitations.revoke(invitation_id=number, actor=stranger, now=NOW)
        assert reading.of_place(Place(distant_library), NOW) == ()
        assert len(reading.of_place(Place(administrator.institution_id), NOW)) == 1

    @pytest.mark.parametrize(("language", "word"), [("zh-hans", "邀请"), ("zh-hant", "邀請"), ("en", "invitation")])
    def test_speaks_the_language_of_the_invited(self, administrator: types.Actor, language: str, word: str) -> None:
        invite(administrator, language=language)
        assert word in last_mail()[0]
