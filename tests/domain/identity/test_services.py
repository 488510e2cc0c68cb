from __future__ import annotations

import pytest
from django.contrib.auth import authenticate

from tongwen.domain.identity import services, types

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"


def register(password: str | None = PASSWORD) -> int:
    return services.register_person(username="Cataloguer@L1", display_name="示范编目员", password=password)


class TestPerson:
    def test_signs_in_whatever_the_case_of_the_name(self) -> None:
        number = register()
        person = authenticate(username="CATALOGUER@l1", password=PASSWORD)
        assert person is not None
        assert person.pk == number

    def test_keeps_her_password_when_only_her_name_changes(self) -> None:
        register()
        register(password=None)
        assert authenticate(username="cataloguer@l1", password=PASSWORD) is not None

    def test_with_a_weak_password_is_refused_in_words(self) -> None:
        with pytest.raises(types.WeakPassword, match="10"):
            register(password="abc")

    def test_without_a_password_cannot_sign_in(self) -> None:
        register(password=None)
        assert authenticate(username="cataloguer@l1", password="") is None
