"""Programs of libraries: a token by client credentials, and what it opens."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from oauth2_provider.models import AccessToken

from factories.files import book, marc_file
from factories.services import register
from tongwen.core import clock
from tongwen.domain.identity import models as identity
from tongwen.domain.identity import services
from tongwen.domain.identity.types import ClientKind, Scope

pytestmark = pytest.mark.django_db


def program(institution_id: int | None, *scopes: Scope) -> services.Registered:
    return register(institution_id, ClientKind.MACHINE, scopes=scopes, name_zh="装入程序", name_en="Loader")


def ask_token(client: services.Registered, **more: str) -> Any:
    form = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": client.secret}
    return Client().post("/oidc/token", form | more)


def get(address: str, token: str) -> Any:
    return Client().get(f"/api/v1/{address}", HTTP_AUTHORIZATION=f"Bearer {token}", HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture
def token(lending_library: int) -> str:
    return ask_token(program(lending_library, Scope.LOADS)).json()["access_token"]


class TestToken:
    def test_acts_for_the_library_that_owns_it(self, token: str) -> None:
        assert get("self", token).json() == {"name": "装入程序", "library": "L1", "permissions": ["loads.manage"]}

    def test_of_the_centre_acts_for_no_library(self) -> None:
        token = ask_token(program(None, Scope.INTROSPECTION)).json()["access_token"]
        assert get("self", token).json()["library"] is None
        assert get("batches", token).status_code == 403

    def test_has_no_more_than_the_scopes_that_were_asked_for(self, lending_library: int) -> None:
        client = program(lending_library, Scope.LOADS, Scope.READERS)
        token = ask_token(client, scope="readers").json()["access_token"]
        assert get("self", token).json()["permissions"] == ["readers.import"]
        refused = get("batches", token)
        assert (refused.status_code, "insufficient_scope" in refused["WWW-Authenticate"]) == (403, True)

    def test_is_not_given_for_scopes_that_the_program_has_not(self, lending_library: int) -> None:
        answer = ask_token(program(lending_library, Scope.READERS), scope="loads")
        assert answer.json()["error"] == "invalid_scope"

    def test_is_not_given_for_a_wrong_secret(self, lending_library: int) -> None:
        assert ask_token(program(lending_library)._replace(secret="wrong")).status_code == 401

    def test_is_not_given_to_a_service_for_people(self, lending_library: int) -> None:
        assert ask_token(register(lending_library)).json()["error"] == "unauthorized_client"

    @pytest.mark.parametrize("wrong", ["", "nothing", "' OR 1=1 --"])
    def test_of_no_sense_is_refused_even_for_public_reads(self, wrong: str) -> None:
        refused = get("self", wrong)
        assert (refused.status_code, "invalid_token" in refused["WWW-Authenticate"]) == (401, True)
        assert refused["Content-Type"] == "application/problem+json"

    def test_grows_old(self, token: str) -> None:
        AccessToken.objects.update(expires=clock.now() - dt.timedelta(seconds=1))
        assert get("self", token).status_code == 401

    def test_ends_when_its_program_is_switched_off(self, token: str) -> None:
        identity.Client.objects.update(is_enabled=False)
        assert get("self", token).status_code == 401

    def test_is_no_log_in_to_the_pages(self, token: str) -> None:
        assert Client().get("/staff/loads", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 302


class TestBatches:
    def test_are_those_of_the_own_library(
        self, token: str, load: Any, lending_library: int, distant_library: int
    ) -> None:
        load(lending_library, marc_file(book("1", "The waves")), name="own.mrc")
        load(distant_library, marc_file(book("2", "Orlando")), name="theirs.mrc")
        assert [one["file_name"] for one in get("batches", token).json()] == ["own.mrc"]

    def test_are_nobodys_without_a_token(self) -> None:
        refused = Client().get("/api/v1/batches")
        assert (refused.status_code, refused["WWW-Authenticate"]) == (401, 'Bearer realm="tongwen"')

    def test_of_page_nought_are_refused_in_words(self, token: str) -> None:
        assert get("batches?page=0", token).status_code == 422
