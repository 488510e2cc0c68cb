"""What each process keeps of the register, and when it learns of a change."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tongwen.domain.members import models, queries, services, types
from tongwen.domain.members.queries import register


def enter(code: str) -> int:
    return services.register_institution(
        code=code,
        name_zh="示范馆",
        name_zh_hant="示範館",
        name_en="Demo",
        type=types.InstitutionType.PUBLIC,
        province="320000",
        city="320100",
    )


@pytest.mark.django_db(transaction=True)
class TestRegister:
    def test_is_read_once_and_kept(self) -> None:
        enter("A1")
        queries.institutions()
        with CaptureQueriesContext(connection) as asked:
            for _ in range(100):
                queries.institutions()
        assert len(asked) == 0

    def test_knows_at_once_whom_it_does_not_find(self) -> None:
        number = enter("A1")
        kept = register.current()
        enter("B1")
        # Another process committed: this one has just looked and would trust what it keeps for a second.
        register._kept, register._checked_at = kept, register.time.monotonic()
        assert queries.institution_by_code("B1").code == "B1"
        assert queries.institution(number).code == "A1"

    def test_learns_of_another_process_by_the_mark(self) -> None:
        enter("A1")
        kept = register.current()
        models.Institution.objects.update(name_en="Changed behind its back")
        register.trust_no_longer()
        assert register.current() is kept  # Nobody said that something has changed.
        models.RegisterMark.objects.update(mark="11111111-1111-4111-8111-111111111111")
        register.trust_no_longer()
        assert queries.institution_by_code("A1").name_en == "Changed behind its back"

    def test_shows_nobody_what_is_taken_back(self) -> None:
        def take_back() -> None:
            with transaction.atomic():
                enter("C1")
                assert queries.institution_by_code("C1").code == "C1"
                raise types.BadFacts

        with pytest.raises(types.BadFacts):
            take_back()
        with pytest.raises(types.UnknownInstitution):
            queries.institution_by_code("C1")
