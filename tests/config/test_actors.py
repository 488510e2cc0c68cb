"""Who acts in a request, and in whose scope it runs."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from factories import people
from tongwen.config import actors
from tongwen.core import tenancy
from tongwen.domain.identity.types import ACTING_FOR, Place, Role


class TestScope:
    @pytest.mark.django_db
    def test_is_that_of_the_place_she_acts_for(self, lending_library: int) -> None:
        request = RequestFactory().get("/")
        request.user = people.person("cataloguer@l1", Role.CATALOGUER, institution_id=lending_library)
        request.session = {}  # type: ignore[assignment]  A new session keeps no place.
        found: list[int] = []

        def view(_request: object) -> HttpResponse:
            found.append(tenancy.current())
            return HttpResponse()

        actors.ActorMiddleware(view)(request)
        assert found == [lending_library]
        with pytest.raises(tenancy.NoScope):
            tenancy.current()

    @pytest.mark.django_db
    def test_follows_the_session_to_another_place_of_hers_only(
        self, lending_library: int, neighbouring_library: int, distant_library: int
    ) -> None:
        somebody = people.person("c", Role.CATALOGUER, institution_id=lending_library)
        people.person("c", Role.CATALOGUER, institution_id=neighbouring_library)
        found = []
        for library in (neighbouring_library, distant_library):
            request = RequestFactory().get("/")
            request.user = somebody
            request.session = {ACTING_FOR: Place(library).key()}  # type: ignore[assignment]
            actors.ActorMiddleware(lambda _request: found.append(tenancy.current()) or HttpResponse())(request)  # type: ignore[func-returns-value]
        assert found == [neighbouring_library, lending_library]

    def test_is_empty_for_readers(self) -> None:
        from django.contrib.auth.models import AnonymousUser

        request = RequestFactory().get("/")
        request.user = AnonymousUser()

        def view(_request: object) -> HttpResponse:
            tenancy.current()
            return HttpResponse()

        with pytest.raises(tenancy.NoScope):
            actors.ActorMiddleware(view)(request)
