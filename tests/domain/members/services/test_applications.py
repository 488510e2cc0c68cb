"""An application for membership, from the form to the member."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from factories import people
from tongwen.core import clock, tenancy
from tongwen.core.models import AuditEntry, Mail
from tongwen.domain.identity import models as identity_models
from tongwen.domain.identity import queries as identity_queries
from tongwen.domain.identity import services as identity
from tongwen.domain.identity.types import Actor, Person, Role
from tongwen.domain.members import models, queries, services, types

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 22)
CANDIDATE = types.Candidate(
    name_zh="示范新馆",
    name_zh_hant="",
    name_en="",
    type=types.InstitutionType.COLLEGE,
    city="320100",
    contact_name="示范甲",
    contact_mail="library@new.example",
    services=(types.Service.CATALOGUE, types.Service.ILL),
    language="en",
)
CONFIRMED = types.InstitutionFacts(
    code="N1",
    name_zh="示范新馆",
    name_zh_hant="",
    name_en="Demo New Library",
    type="college",
    city="320100",
    host_name="new.example.org",
)


def submit(**changes: object) -> types.Receipt:
    given = CANDIDATE._replace(**changes)  # type: ignore[arg-type]
    return services.submit(submission=uuid.uuid4(), candidate=given, now=NOW)


def ask_back(number: int, text: str = "Which system do you use?") -> None:
    services.ask_back(application_id=number, provinces=None, text=text, actor="centre", now=NOW)


def national() -> Actor:
    row = people.person("nation", Role.NATIONAL_ADMINISTRATOR)
    person = Person(row.pk, row.username, row.display_name, row.email, is_active=True)
    return identity_queries.actor(person, None, clock.today())


def approve(number: int, actor: Actor, **changes: object) -> types.Admission:
    given: dict[str, object] = {
        "application_id": number,
        "provinces": None,
        "entered": CONFIRMED,
        "services": [types.Service.CATALOGUE],
        "domain_ids": [],
        "administrator_name": "示范甲",
        "administrator_mail": "library@new.example",
        "today": TODAY,
        "now": NOW,
    }
    return identity.approve_application(actor=actor, **given | changes)  # type: ignore[arg-type]


class TestSubmit:
    def test_gives_a_receipt_and_a_secret_that_is_not_stored(self) -> None:
        receipt = submit()
        found = queries.application_by_secret(receipt.secret)
        assert (found.number, found.state) == (receipt.number, types.ApplicationState.SUBMITTED)
        assert found.candidate.name_zh_hant == "示範新館"
        kept = models.MembershipApplication.objects.values().get()
        assert receipt.secret not in str(kept)

    def test_is_one_application_however_often_it_is_sent(self) -> None:
        submission = uuid.uuid4()
        first, again = (services.submit(submission=submission, candidate=CANDIDATE, now=NOW) for _ in range(2))
        assert first == again
        assert models.MembershipApplication.objects.count() == 1

    def test_writes_to_the_applicant_in_her_language(self) -> None:
        submit()
        with tenancy.reaching_all("who applies is of no institution"):
            mails = list(Mail.objects.all())
        assert [(one.kind, one.recipient) for one in mails] == [("application_received", "library@new.example")]

    def test_names_everything_that_is_wrong_at_once(self) -> None:
        with pytest.raises(types.BadFacts) as caught:
            submit(name_zh=" ", contact_mail="x@", city="999999", isil="!!", homepage="ftp://x.y", contact_name="")
        found = {(one.field, one.code) for one in caught.value.problems}
        assert found == {
            ("name_zh", "missing"),
            ("contact_mail", "bad_mail"),
            ("city", "unknown_city"),
            ("isil", "bad_isil"),
            ("homepage", "bad_url"),
            ("contact_name", "missing"),
        }
        assert not models.MembershipApplication.objects.exists()

    def test_refuses_a_library_that_is_a_member_or_has_applied(self, lending_library: int) -> None:
        with pytest.raises(types.BadFacts, match="member already"):
            submit(name_zh="示范一馆")
        receipt = submit()
        with pytest.raises(types.BadFacts, match=f"applied already {receipt.number}"):
            submit()

    def test_takes_an_application_again_after_it_was_withdrawn(self) -> None:
        services.withdraw(secret=submit().secret, now=NOW)
        submit()
        assert models.MembershipApplication.objects.count() == 2


class TestConversation:
    def test_asks_back_answers_and_keeps_every_step(self) -> None:
        receipt = submit()
        number = queries.application_by_secret(receipt.secret).id
        ask_back(number)
        services.answer(secret=receipt.secret, text="Our own.", now=NOW)
        found = queries.application(number)
        assert found.state is types.ApplicationState.ANSWERED
        assert [(one.actor, one.step.value, one.text) for one in found.events] == [
            ("", "submit", ""),
            ("centre", "ask_back", "Which system do you use?"),
            ("", "answer", "Our own."),
        ]
        with tenancy.reaching_all("the acts of all"):
            acts = list(AuditEntry.objects.order_by("pk").values_list("action", "actor"))
        assert list(acts) == [
            ("application.submit", "applicant"),
            ("application.ask_back", "centre"),
            ("application.answer", "applicant"),
        ]

    @pytest.mark.parametrize("text", ["", "  \n "])
    def test_does_not_ask_nothing(self, text: str) -> None:
        number = queries.application_by_secret(submit().secret).id
        with pytest.raises(types.BadFacts):
            ask_back(number, text)
        assert queries.application(number).state is types.ApplicationState.SUBMITTED

    def test_refuses_steps_out_of_order(self) -> None:
        receipt = submit()
        with pytest.raises(types.NotPossibleNow):
            services.answer(secret=receipt.secret, text="x", now=NOW)
        services.withdraw(secret=receipt.secret, now=NOW)
        number = queries.application_by_secret(receipt.secret).id
        for late in (lambda: ask_back(number), lambda: services.withdraw(secret=receipt.secret, now=NOW)):
            with pytest.raises(types.NotPossibleNow):
                late()

    def test_is_another_centres_for_a_province_of_somebody_else(self) -> None:
        number = queries.application_by_secret(submit().secret).id
        with pytest.raises(types.UnknownApplication):
            services.refuse(application_id=number, provinces={"610000"}, text="no", actor="x", now=NOW)
        assert queries.applications(provinces={"610000"}) == ((), 0)
        assert queries.applications_waiting({"320000"}) == 1

    def test_knows_no_secret_but_the_right_one(self) -> None:
        submit()
        for secret in ("", "x", "0" * 40):
            with pytest.raises(types.UnknownApplication):
                queries.application_by_secret(secret)


class TestApprove:
    def test_makes_a_member_whose_services_are_open_and_invites_its_administrator(self) -> None:
        receipt = submit()
        number = queries.application_by_secret(receipt.secret).id
        admission = approve(number, national())
        library = queries.institution_by_code("N1")
        assert library.id == admission.institution_id
        assert queries.is_service_open(library.id, types.Service.CATALOGUE, TODAY)
        assert not queries.is_service_open(library.id, types.Service.ILL, TODAY)
        portal = queries.portal_by_host("NEW.example.org.")
        assert portal is not None
        assert portal.owner == library
        invitation = identity_models.Invitation.objects.unscoped("the test looks at what was sent").get()
        assert (invitation.institution_id, invitation.roles) == (library.id, ["institution_administrator"])
        assert queries.application(number).state is types.ApplicationState.APPROVED

    def test_joins_the_domain(self, lending_library: int) -> None:
        domain = services.register_sharing_domain(
            code="JS",
            name_zh="江苏",
            name_zh_hant="江蘇",
            name_en="Jiangsu",
            kind=types.SharingDomainKind.PROVINCE,
            institution_ids=[lending_library],
            place="320000",
        )
        number = queries.application_by_secret(submit().secret).id
        admission = approve(number, national(), domain_ids=[domain])
        assert queries.sharing_domain(domain).institution_ids == (lending_library, admission.institution_id)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"entered": CONFIRMED._replace(code="L 1")}, "code"),
            ({"entered": CONFIRMED._replace(host_name="lib")}, "host_name"),
            ({"administrator_mail": "nobody"}, "administrator_mail"),
            ({"administrator_name": " "}, "administrator_name"),
        ],
    )
    def test_does_nothing_at_all_where_something_is_wrong(self, changes: dict[str, object], field: str) -> None:
        number = queries.application_by_secret(submit().secret).id
        actor = national()
        with pytest.raises(types.BadFacts) as caught:
            approve(number, actor, **changes)
        assert [one.field for one in caught.value.problems] == [field]
        queries.forget()
        assert queries.institutions() == ()
        assert not models.Subscription.objects.exists()
        assert queries.application(number).state is types.ApplicationState.SUBMITTED
        with tenancy.reaching_all("the mails of all"):
            assert not Mail.objects.filter(kind="invitation").exists()

    def test_is_done_once(self) -> None:
        number = queries.application_by_secret(submit().secret).id
        actor = national()
        approve(number, actor)
        with pytest.raises(types.NotPossibleNow):
            approve(number, actor, entered=CONFIRMED._replace(code="N2", host_name=""))

    def test_stands_in_the_database_with_its_institution_only(self) -> None:
        submit()
        with pytest.raises(IntegrityError), transaction.atomic():
            models.MembershipApplication.objects.update(state="approved")
