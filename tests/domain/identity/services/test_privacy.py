from __future__ import annotations

import datetime as dt

import pytest

from factories import people
from tongwen.core import clock, tenancy
from tongwen.core.models import AuditEntry
from tongwen.domain.identity import models, queries, types
from tongwen.domain.identity.services import accounts, privacy
from tongwen.domain.identity.types import Role

pytestmark = pytest.mark.django_db
NOW = clock.now()


@pytest.fixture(autouse=True)
def _guarded() -> None:
    """Work as workers do, whom row-level security does not bind; the pages are tried in tests/web."""


DAY = dt.timedelta(days=1)


@pytest.fixture
def person(lending_library: int) -> models.Person:
    row = people.person("li", Role.CATALOGUER, institution_id=lending_library)
    models.Person.objects.filter(pk=row.pk).update(email="li@example.org")
    return row


class TestConsent:
    def test_is_of_one_version_and_can_be_taken_back(self, person: models.Person) -> None:
        for version in ("1", "2", "2"):
            privacy.give_consent(person_id=person.pk, purpose="mail", version=version, now=NOW)
        assert not privacy.has_consent(person_id=person.pk, purpose="mail", version="1")
        assert privacy.has_consent(person_id=person.pk, purpose="mail", version="2")
        privacy.withdraw_consent(person_id=person.pk, purpose="mail", now=NOW)
        assert not privacy.has_consent(person_id=person.pk, purpose="mail", version="2")
        assert len(privacy.consents(person.pk)) == 2


class TestErasure:
    def test_empties_the_person_and_keeps_her_number(self, person: models.Person, settings) -> None:
        privacy.give_consent(person_id=person.pk, purpose="mail", version="1", now=NOW)
        due = privacy.ask_erasure(person_id=person.pk, now=NOW)
        assert due == NOW + settings.TONGWEN_ERASURE_DAYS * DAY
        assert privacy.erase_due(due - DAY) == 0
        assert privacy.erase_due(due) == 1
        row = models.Person.objects.get(pk=person.pk)
        assert (row.username, row.display_name, row.email) == (f"erased-{row.pk}", "", "")
        assert (row.is_active, row.has_usable_password(), row.erased_at) == (False, False, due)
        assert queries.affiliations(row.pk, clock.today()) == ()
        assert privacy.consents(row.pk) == ()
        last = AuditEntry.objects.order_by("-pk")[0]
        assert (last.action, last.subject) == ("person.erase", f"person {row.pk}")

    def test_waits_while_an_app_above_has_a_reason(
        self, person: models.Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(privacy, "_obligations", [])
        due = privacy.ask_erasure(person_id=person.pk, now=NOW)
        privacy.obliges(lambda number: ["A book is out."] if number == person.pk else [])
        assert privacy.erase_due(due) == 0
        with pytest.raises(types.StandingObligations, match="A book is out"):
            privacy.ask_erasure(person_id=person.pk, now=NOW)

    def test_leaves_the_librarys_own_list_alone(self, person: models.Person, lending_library: int) -> None:
        reader = a_reader(lending_library, person_id=person.pk)
        privacy.erase(person_id=person.pk, now=NOW)
        reader.refresh_from_db()
        assert (reader.person_id, reader.display_name) == (None, "张伟")


def a_reader(institution_id: int, **facts) -> models.Reader:
    with tenancy.scope(institution_id):
        return models.Reader.objects.create(
            institution_id=institution_id,
            number="1",
            display_name="张伟",
            keys="",
            entered_at=NOW,
            changed_at=NOW,
            **facts,
        )


class TestLimits:
    def test_of_keeping_end_what_has_had_its_time(self, lending_library: int, settings) -> None:
        somebody = people.person("reader").pk
        today = clock.today()
        a_reader(lending_library, person_id=somebody, expires_on=today - DAY)
        assert privacy.keep_limits(NOW)["readers"] == 0
        later = NOW + (settings.TONGWEN_KEEP_READERS_DAYS + 1) * DAY
        assert privacy.keep_limits(later)["readers"] == 1
        assert models.Person.objects.get(pk=somebody).erased_at == later

    def test_of_keeping_spare_who_is_something_else(self, lending_library: int, settings) -> None:
        somebody = people.person("reader", Role.CATALOGUER, institution_id=lending_library).pk
        a_reader(lending_library, person_id=somebody, expires_on=clock.today() - DAY)
        privacy.keep_limits(NOW + (settings.TONGWEN_KEEP_READERS_DAYS + 1) * DAY)
        assert models.Person.objects.get(pk=somebody).erased_at is None


class TestAccount:
    def test_that_is_renamed_is_found_by_its_new_name(self, person: models.Person) -> None:
        accounts.rename(person_id=person.pk, display_name="欧阳修")
        assert "ouyangxiu" in models.Person.objects.get(pk=person.pk).name_keys

    def test_tells_the_former_address_of_a_new_one(self, person: models.Person) -> None:
        from tongwen.core.models import Mail
        from tongwen.domain.identity.services import tickets

        token, _ = tickets.issue(types.TicketPurpose.EMAIL, email="new@example.org", person_id=person.pk, now=NOW)
        accounts.confirm_email(token=token, person_id=person.pk, now=NOW)
        assert [(one.kind, one.recipient) for one in Mail.objects.all()] == [("changed", "li@example.org")]
