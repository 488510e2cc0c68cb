"""Whether everything that answers a request is guarded, what is sent later too."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from django.conf import settings
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from factories import people
from tongwen.config import guard
from tongwen.core import clock, tenancy
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Batch
from tongwen.domain.identity.types import Role

WITHOUT_DATABASE = {"RequestLogMiddleware", "HeadersMiddleware"}
"""Middleware that asks the database for nothing and may stand before the guard."""


def a_batch(institution_id: int, file_name: str) -> None:
    with tenancy.scope(institution_id):
        Batch.objects.create(
            institution_id=institution_id,
            file_name=file_name,
            blob="x",
            size=1,
            state=types.BatchState.LOADED,
            created_by="test",
            created_at=clock.now(),
        )


class TestGuard:
    def test_surrounds_whatever_may_ask_the_database(self) -> None:
        asking = [name for name in settings.MIDDLEWARE if name.rpartition(".")[2] not in WITHOUT_DATABASE]
        assert asking[0] == "tongwen.config.guard.GuardMiddleware"

    def test_ends_with_the_request(self) -> None:
        seen = []
        guard.GuardMiddleware(lambda _request: seen.append(tenancy.standing()) or HttpResponse())(  # type: ignore[func-returns-value]
            RequestFactory().get("/")
        )
        assert seen == [tenancy.Standing(is_guarded=True)]
        assert tenancy.standing() == tenancy.Standing()

    def test_ends_with_a_request_that_fails(self) -> None:
        def view(_request: object) -> HttpResponse:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            guard.GuardMiddleware(view)(RequestFactory().get("/"))
        assert tenancy.standing() == tenancy.Standing()


class TestStreamingResponse:
    @staticmethod
    def parts() -> Iterator[bytes]:
        for _ in range(2):
            yield str(tenancy.standing().is_guarded).encode()

    def test_is_guarded_part_by_part(self) -> None:
        response = guard.GuardMiddleware(lambda _request: StreamingHttpResponse(self.parts()))(
            RequestFactory().get("/")
        )
        parts = iter(response)  # type: ignore[call-overload]
        assert next(parts) == b"True"
        assert not tenancy.standing().is_guarded
        assert list(parts) == [b"True"]

    def test_keeps_the_way_of_the_server_for_files(self) -> None:
        response = guard.within(tenancy.guarded, FileResponse(BytesIO(b"a")))
        assert isinstance(response, FileResponse)
        assert response.file_to_stream is not None  # type: ignore[attr-defined]


@pytest.mark.django_db
class TestConnectionThatPersists:
    def test_serves_one_library_after_the_other(self, lending_library: int, distant_library: int) -> None:
        browsers = {"": Client()}
        for name, library in (("lending", lending_library), ("distant", distant_library)):
            people.person(name, Role.CATALOGUER, institution_id=library)
            browsers[name] = Client()
            assert browsers[name].login(username=name, password=people.PASSWORD)
            a_batch(library, f"{name}.mrc")
        for _ in range(2):
            for name, browser in browsers.items():
                answer = browser.get("/staff/loads")
                assert answer.status_code == (200 if name else 302)
                assert {one for one in ("lending", "distant") if f"{one}.mrc" in answer.content.decode()} == (
                    {name} if name else set()
                )

    def test_serves_another_after_a_request_that_failed(
        self, lending_library: int, distant_library: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from tongwen.web.loads import views

        browsers = []
        for name, library in (("lending", lending_library), ("distant", distant_library)):
            people.person(name, Role.CATALOGUER, institution_id=library)
            browsers.append(Client(raise_request_exception=False))
            assert browsers[-1].login(username=name, password=people.PASSWORD)
            a_batch(library, f"{name}.mrc")
        with monkeypatch.context() as broken:
            broken.setattr(views.catalogue, "batches", lambda *_a, **_k: 1 / 0)
            assert browsers[0].get("/staff/loads").status_code == 500
        page = browsers[1].get("/staff/loads").content.decode()
        assert "distant.mrc" in page
        assert "lending.mrc" not in page
