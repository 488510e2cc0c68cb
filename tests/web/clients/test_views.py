"""Pages on which a library keeps its services and programs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from factories import people
from factories.services import CALLBACK, register
from tongwen.core.models import AuditEntry
from tongwen.domain.identity import models as identity
from tongwen.domain.identity.types import ClientKind, Role, Scope

pytestmark = pytest.mark.django_db

OIDC: dict[str, Any] = {
    "name_zh": "发现系统",
    "name_en": "Discovery",
    "is_public": "0",
    "redirect_uris": f"{CALLBACK}\nhttp://localhost:3000/callback",
    "entry": "own",
    "is_trusted": "1",
    "scopes": ["profile"],
}


@pytest.fixture
def desk(client: Client, lending_library: int) -> Client:
    """The browser of the library's integrator, in English."""
    client.force_login(people.person("integrator", Role.INTEGRATOR, institution_id=lending_library))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def centre(lending_library: int) -> Client:
    """The browser of a national administrator, in English."""
    browser = Client()
    browser.force_login(people.person("operator", Role.NATIONAL_ADMINISTRATOR))
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def entered(desk: Client, kind: str = "oidc", **facts: Any) -> Any:
    return desk.post(f"/staff/clients/new?kind={kind}", (OIDC if kind == "oidc" else {}) | facts)


def page_of(desk: Client) -> str:
    return desk.get(f"/staff/clients/{identity.Client.objects.get().pk}").content.decode()


class TestRegistering:
    def test_shows_the_secret_once_and_what_to_enter_at_the_other_end(self, desk: Client) -> None:
        assert entered(desk).status_code == 302
        first, second = page_of(desk), page_of(desk)
        secret = re.search(r'id="client-secret">([^<]+)<', first)
        assert secret
        assert secret[1] not in second
        row = identity.Client.objects.get()
        assert secret[1] not in row.client_secret
        assert row.client_id in second
        assert "http://testserver/.well-known/openid-configuration" in second
        assert row.scopes == "openid profile"

    def test_makes_a_program_that_gets_a_token_at_once(self, desk: Client) -> None:
        entered(desk, "machine", name_zh="装入程序", name_en="Loader", scopes=["loads"])
        secret = re.search(r'id="client-secret">([^<]+)<', page_of(desk))
        assert secret
        client_id = identity.Client.objects.get().client_id
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret[1]}
        assert Client().post("/oidc/token", form).json()["scope"] == "loads"

    def test_of_a_public_client_has_no_secret(self, desk: Client) -> None:
        entered(desk, is_public="1")
        assert 'id="client-secret"' not in page_of(desk)
        assert "Make a new secret" not in page_of(desk)

    def test_asks_for_the_kind_first(self, desk: Client) -> None:
        page = desk.get("/staff/clients/new").content.decode()
        assert all(f"?kind={kind}" in page for kind in ClientKind)

    @pytest.mark.parametrize("kind", list(ClientKind))
    def test_has_a_form_for_every_kind(self, desk: Client, kind: ClientKind) -> None:
        assert desk.get(f"/staff/clients/new?kind={kind}").status_code == 200

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("name_zh", "", "Enter the name in Chinese."),
            ("redirect_uris", "", "Enter at least one address that people come back to."),
            ("redirect_uris", "http://opac.example.org/", "Every address begins with https://"),
            ("redirect_uris", "https://u@opac.example.org/", "Every address begins with https://"),
            ("backchannel_uri", "ftp://x", "Every address begins with https://"),
            ("admitted", "NOWHERE", "One of these codes is no library"),
        ],
    )
    def test_says_what_is_wrong_and_loses_nothing(self, desk: Client, field: str, value: str, sentence: str) -> None:
        page = entered(desk, **{field: value, "sector": "kept.example.org"})
        assert page.status_code == 422
        text = page.content.decode()
        assert sentence in text
        assert "kept.example.org" in text
        assert f'href="#{field}"' in text
        assert not identity.Client.objects.exists()

    def test_gives_no_rights_in_a_library_to_the_centres_programs(self, centre: Client) -> None:
        page = entered(centre, "machine", name_zh="程序", name_en="Program", scopes=["loads"])
        assert page.status_code == 422
        assert "cannot be given" in page.content.decode()

    def test_by_the_centre_is_the_centres(self, centre: Client) -> None:
        assert entered(centre, entry="all").status_code == 302
        assert identity.Client.objects.get().institution_id is None

    def test_stands_in_the_audit_trail_without_the_secret(self, desk: Client) -> None:
        entered(desk)
        entry = AuditEntry.objects.get(action="client.register")
        assert (entry.actor, entry.detail["kind"]) == ("integrator", "oidc")
        assert "secret" not in str(entry.detail)


class TestChanging:
    def test_keeps_id_and_secret(self, desk: Client, lending_library: int) -> None:
        known = register(lending_library)
        before = identity.Client.objects.get().client_secret
        desk.post(f"/staff/clients/{known.number}", OIDC | {"name_en": "New name"})
        row = identity.Client.objects.get()
        assert (row.client_id, row.client_secret, row.name_en) == (known.client_id, before, "New name")

    def test_gives_a_new_secret_and_ends_the_old_one(self, desk: Client, lending_library: int) -> None:
        known = register(lending_library, ClientKind.MACHINE, scopes=(Scope.LOADS,))
        desk.post(f"/staff/clients/{known.number}/secret")
        assert 'id="client-secret"' in page_of(desk)
        form = {"grant_type": "client_credentials", "client_id": known.client_id, "client_secret": known.secret}
        assert Client().post("/oidc/token", form).status_code == 401

    def test_switches_off_and_on(self, desk: Client, lending_library: int) -> None:
        known = register(lending_library)
        for wanted in ("0", "1"):
            desk.post(f"/staff/clients/{known.number}/switch", {"is_enabled": wanted})
            assert identity.Client.objects.get().is_enabled == (wanted == "1")
        assert desk.post(f"/staff/clients/{known.number}/switch", {"is_enabled": "x"}).status_code == 404


class TestOthers:
    def test_see_nothing_of_a_librarys_clients(self, centre: Client, lending_library: int) -> None:
        known = register(lending_library)
        assert "发现系统" not in centre.get("/staff/clients").content.decode()
        for address in ("", "/secret", "/switch"):
            posted = centre.post(f"/staff/clients/{known.number}{address}", OIDC | {"is_enabled": "0"})
            assert posted.status_code == 404
        assert identity.Client.objects.get().is_enabled

    def test_without_the_right_are_told_so(self, client: Client, lending_library: int) -> None:
        client.force_login(people.person("reader", Role.READER, institution_id=lending_library))
        assert client.get("/staff/clients").status_code == 403


def test_lists_what_is_the_librarys_own(desk: Client, lending_library: int, distant_library: int) -> None:
    register(lending_library, name_en="Ours")
    register(distant_library, name_en="Theirs")
    page = desk.get("/staff/clients").content.decode()
    assert "Ours" in page
    assert "Theirs" not in page
