"""A service logs a reader in by OpenID Connect, with Authlib as its library, and what it must not get away with."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet

from factories.services import CALLBACK, answered, register
from servers.conftest import PORTAL, Portal, log_in
from tongwen.core import clock
from tongwen.domain.identity import models as identity
from tongwen.domain.identity import services
from tongwen.domain.identity.services import privacy
from tongwen.domain.identity.types import ClientKind, Entry, Role, Scope

pytestmark = pytest.mark.django_db


class Service:
    """A service that uses Authlib, and the reader's browser at hand."""

    def __init__(
        self, registered: services.Registered, browser: Client, *, scope: str = "openid", public: bool = False
    ) -> None:
        self.browser, self.registered = browser, registered
        self.session = OAuth2Session(
            registered.client_id,
            registered.secret or None,
            scope=scope,
            redirect_uri=CALLBACK,
            code_challenge_method="S256",
            token_endpoint_auth_method="none" if public else "client_secret_basic",
        )
        self.session.mount("http://", Portal())
        self.about = self.session.get(f"{PORTAL}/.well-known/openid-configuration", withhold_token=True).json()
        self.verifier = generate_token(48)
        self.nonce = generate_token(20)

    def address(self, **more: str) -> str:
        address, self.state = self.session.create_authorization_url(
            self.about["authorization_endpoint"], code_verifier=self.verifier, nonce=self.nonce, **more
        )
        return address.removeprefix(PORTAL)

    def send(self, **more: str) -> Any:
        return self.browser.get(self.address(**more))

    def callback(self, response: Any) -> str:
        assert response["Location"].startswith(CALLBACK)
        return response["Location"]

    def tokens(self, response: Any, **more: str) -> dict[str, Any]:
        return self.session.fetch_token(
            self.about["token_endpoint"],
            authorization_response=self.callback(response),
            state=self.state,
            **({"code_verifier": self.verifier} | more),
        )

    def log_in(self) -> dict[str, Any]:
        return self.tokens(self.send())

    def claims(self, token: dict[str, Any]) -> dict[str, Any]:
        keys = KeySet.import_key_set(self.session.get(self.about["jwks_uri"], withhold_token=True).json())
        return jwt.decode(token["id_token"], keys, algorithms=["RS256"]).claims

    def userinfo(self) -> dict[str, Any]:
        answer = self.session.get(self.about["userinfo_endpoint"])
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def service(lending_library: int, browser: Client) -> Service:
    return Service(register(lending_library), browser)


class TestLogIn:
    def test_tells_the_service_institution_and_role_and_no_name(self, service: Service) -> None:
        claims = service.claims(service.log_in())
        assert claims["iss"] == PORTAL
        assert claims["aud"] == service.registered.client_id
        assert claims["nonce"] == service.nonce
        assert (claims["institution"], claims["roles"]) == ("L1", ["reader"])
        assert "name" not in claims
        assert service.userinfo() == {
            name: claims[name] for name in ("sub", "roles", "institution", "institution_name")
        }

    def test_knows_nobody_by_her_number_or_log_in_name(self, service: Service, reader: identity.Person) -> None:
        claims = service.claims(service.log_in())
        assert claims["sub"] != str(reader.pk)
        assert reader.username not in [value for value in claims.values() if value != ["reader"]]

    def test_tells_the_name_with_the_scope_for_it(self, lending_library: int, browser: Client) -> None:
        service = Service(register(lending_library), browser, scope="openid profile")
        assert service.claims(service.log_in())["name"] == "reader"

    def test_of_a_public_client_needs_pkce(self, lending_library: int, browser: Client) -> None:
        registered = register(lending_library, is_public=True)
        service = Service(registered, browser, public=True)
        assert service.log_in()["access_token"]
        bare = {"client_id": registered.client_id, "response_type": "code", "scope": "openid", "redirect_uri": CALLBACK}
        assert answered(browser.get("/oidc/authorize", bare))["error"] == "invalid_request"

    def test_leads_who_is_not_logged_in_to_the_log_in_page_and_back(
        self, lending_library: int, reader: identity.Person
    ) -> None:
        browser = Client()
        service = Service(register(lending_library), browser)
        asked = service.address()
        first = browser.get(asked)
        assert urlsplit(first["Location"]).path == "/login"
        back = log_in(browser, asked)
        assert back["Location"] == asked
        assert service.claims(service.tokens(browser.get(asked)))["institution"] == "L1"


class TestSubjects:
    def test_are_the_same_for_a_service_at_every_log_in(self, service: Service) -> None:
        assert service.claims(service.log_in())["sub"] == service.claims(service.log_in())["sub"]

    def test_differ_between_services_of_different_hosts(self, lending_library: int, browser: Client) -> None:
        one = Service(register(lending_library), browser)
        other = Service(register(lending_library, sector="ill.example.org"), browser)
        assert one.claims(one.log_in())["sub"] != other.claims(other.log_in())["sub"]

    def test_are_shared_within_a_sector(self, lending_library: int, browser: Client) -> None:
        one = Service(register(lending_library), browser)
        other = Service(register(lending_library, sector="discovery.example.org"), browser)
        assert one.claims(one.log_in())["sub"] == other.claims(other.log_in())["sub"]


class TestConsent:
    @pytest.fixture
    def asking(self, lending_library: int, browser: Client) -> Service:
        return Service(register(lending_library, is_trusted=False), browser, scope="openid profile")

    def test_is_asked_before_anything_is_told(self, asking: Service) -> None:
        page = asking.send()
        assert page.status_code == 200
        assert "Your name: reader" in page.content.decode()
        assert "form-action 'self' https://discovery.example.org" in page["Content-Security-Policy"]
        assert not identity.Visit.objects.exists()

    def test_leads_on_and_is_remembered(self, asking: Service) -> None:
        asked = asking.address()
        asking.browser.get(asked)
        token = asking.tokens(asking.browser.post(asked, {"answer": "yes"}))
        assert asking.claims(token)["name"] == "reader"
        assert asking.log_in()["access_token"]

    def test_taken_back_ends_what_it_opened_and_is_asked_anew(self, asking: Service, reader: identity.Person) -> None:
        asked = asking.address()
        asking.tokens(asking.browser.post(asked, {"answer": "yes"}))
        privacy.withdraw_consent(person_id=reader.pk, purpose=asking.registered.client_id, now=clock.now())
        assert asking.session.get(asking.about["userinfo_endpoint"]).status_code == 401
        assert "Agree and go on" in asking.send().content.decode()

    def test_refused_tells_the_service_only_that(self, asking: Service) -> None:
        asked = asking.address()
        answer = answered(asking.browser.post(asked, {"answer": "no"}))
        assert answer == {"error": "access_denied", "iss": PORTAL, "state": asking.state}

    def test_of_other_libraries_readers_is_not_spared_by_a_library(self, distant_library: int, browser: Client) -> None:
        service = Service(register(distant_library, entry=Entry.ALL), browser)
        assert "Agree and go on" in service.send().content.decode()


class TestPrompt:
    def test_none_without_a_log_in_says_so(self, lending_library: int) -> None:
        service = Service(register(lending_library), Client())
        assert answered(service.send(prompt="none"))["error"] == "login_required"

    def test_none_with_a_log_in_goes_on(self, service: Service) -> None:
        assert service.tokens(service.send(prompt="none"))["id_token"]

    def test_none_where_a_question_is_due_says_so(self, lending_library: int, browser: Client) -> None:
        service = Service(register(lending_library, is_trusted=False), browser)
        assert answered(service.send(prompt="none"))["error"] == "consent_required"

    def test_login_asks_again_and_believes_only_a_later_log_in(self, service: Service, reader: identity.Person) -> None:
        first = service.send(prompt="login")
        assert first["Location"].startswith("/login?")
        back = answered(first)["next"]
        assert service.browser.get(first["Location"]).status_code == 200  # The log-in page, though she is logged in.
        assert answered(service.browser.get(back))["next"]  # She did not log in: asked again.
        assert log_in(service.browser, back)["Location"] == back
        assert service.tokens(service.browser.get(back))["id_token"]

    def test_max_age_asks_again_when_the_log_in_is_old(self, service: Service, reader: identity.Person) -> None:
        long_ago = clock.now() - dt.timedelta(hours=3)
        identity.Person.objects.filter(pk=reader.pk).update(last_login=long_ago)
        assert service.send(max_age="600")["Location"].startswith("/login?")
        assert answered(service.send(max_age="600", prompt="none"))["error"] == "login_required"
        assert service.claims(service.log_in())["auth_time"] == int(long_ago.timestamp())


class TestEntry:
    def test_is_refused_to_another_librarys_reader(self, distant_library: int, browser: Client) -> None:
        page = Service(register(distant_library), browser).send()
        assert page.status_code == 403
        assert "not open to the library that you act for" in page.content.decode()

    def test_is_refused_to_other_roles(self, lending_library: int, browser: Client) -> None:
        page = Service(register(lending_library, roles=(Role.CATALOGUER,)), browser).send()
        assert "open to other roles" in page.content.decode()

    def test_is_refused_to_somebody_who_belongs_nowhere(self, browser: Client) -> None:
        identity.Affiliation.objects.unscoped("the test ends all roles").update(ended_at=clock.now())
        page = Service(register(None), browser).send()
        assert "do not belong to a library" in page.content.decode()

    def test_to_chosen_libraries_lets_theirs_in(self, lending_library: int, browser: Client) -> None:
        service = Service(register(None, entry=Entry.CHOSEN, admitted_ids=(lending_library,)), browser)
        assert service.log_in()["id_token"]


def changed(service: Service, **more: str) -> Any:
    """Ask with other parameters than the library would send."""
    asked = {
        "client_id": service.registered.client_id,
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": CALLBACK,
        "state": "s",
    }
    return service.browser.get(f"/oidc/authorize?{urlencode(asked | more)}")


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "https://evil.example.org/callback",
            "https://discovery.example.org.evil.org/callback",
            "https://discovery.example.org/callback/../elsewhere",
            "https://discovery.example.org/callback?more=1",
            "https://evil@discovery.example.org/callback",
            "https://discovery.example.org:444/callback",
            "http://discovery.example.org/callback",
            "https://discovery.example.org/callback#part",
            "javascript:alert(1)",
            "//discovery.example.org/callback",
            "",
        ],
    )
    def test_that_are_not_registered_are_never_led_to(self, service: Service, address: str) -> None:
        page = changed(service, redirect_uri=address)
        assert page.status_code == 400
        assert "Location" not in page
        assert "not registered" in page.content.decode()

    @pytest.mark.parametrize("client_id", ["nobody", "nul\0", "' OR 1=1 --"])
    def test_of_unknown_clients_are_not_led_to(self, service: Service, client_id: str) -> None:
        assert changed(service, client_id=client_id).status_code == 400

    def test_of_a_client_that_is_switched_off_are_not_led_to(self, service: Service) -> None:
        identity.Client.objects.update(is_enabled=False)
        assert changed(service).status_code == 400

    @pytest.mark.parametrize("response_type", ["token", "id_token", "code token", "code id_token"])
    def test_get_codes_only(self, service: Service, response_type: str) -> None:
        answer = changed(service, response_type=response_type, nonce="n")
        assert "access_token" not in answer.get("Location", "")
        assert "error=" in answer.get("Location", "error=")

    def test_get_no_scope_that_the_client_has_not(self, service: Service) -> None:
        assert answered(changed(service, scope="openid loads"))["error"] == "invalid_scope"

    def test_of_every_answer_carry_the_issuer(self, service: Service) -> None:
        assert answered(changed(service))["iss"] == PORTAL
        assert answered(changed(service, scope="loads"))["iss"] == PORTAL


def exchange(service: Service, code: str, **more: str) -> Any:
    """Change a code for tokens by plain HTTP."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": service.verifier,
        "client_id": service.registered.client_id,
        "client_secret": service.registered.secret,
    }
    return Client().post("/oidc/token", form | more)


class TestCodes:
    def test_are_good_once_and_a_second_time_ends_what_came_of_the_first(self, service: Service) -> None:
        code = answered(service.send())["code"]
        first = exchange(service, code)
        assert first.status_code == 200
        assert exchange(service, code).json()["error"] == "invalid_grant"
        bearer = {"HTTP_AUTHORIZATION": f"Bearer {first.json()['access_token']}"}
        assert Client().get("/oidc/userinfo", **bearer).status_code == 401

    def test_are_bound_to_the_client(self, service: Service, lending_library: int) -> None:
        thief = register(lending_library)
        code = answered(service.send())["code"]
        stolen = exchange(service, code, client_id=thief.client_id, client_secret=thief.secret)
        assert stolen.json()["error"] == "invalid_grant"
        assert exchange(service, code).status_code == 200

    def test_are_bound_to_the_verifier(self, service: Service) -> None:
        code = answered(service.send())["code"]
        assert exchange(service, code, code_verifier=generate_token(48)).status_code == 400

    def test_are_bound_to_the_address(self, service: Service) -> None:
        code = answered(service.send())["code"]
        assert exchange(service, code, redirect_uri="https://discovery.example.org/other").status_code == 400

    def test_need_the_clients_secret(self, service: Service) -> None:
        code = answered(service.send())["code"]
        for wrong in ("", "wrong", "sha256:"):
            assert exchange(service, code, client_secret=wrong).status_code == 401

    def test_grow_old(self, service: Service) -> None:
        from oauth2_provider.models import Grant

        code = answered(service.send())["code"]
        Grant.objects.update(expires=clock.now())
        assert exchange(service, code).json()["error"] == "invalid_grant"

    def test_end_with_the_session_that_they_were_given_out_in(self, service: Service) -> None:
        code = answered(service.send())["code"]
        service.browser.post("/logout")
        assert exchange(service, code).json()["error"] == "invalid_grant"

    @pytest.mark.parametrize("code", ["", "nothing", "\0", "' OR 1=1 --", "漢"])
    def test_of_no_sense_are_refused(self, service: Service, code: str) -> None:
        assert exchange(service, code).status_code == 400


class TestTokens:
    def test_are_kept_as_digests_only(self, service: Service) -> None:
        from oauth2_provider.models import AccessToken, RefreshToken

        token = service.log_in()
        kept = [
            *AccessToken.objects.values_list("token", flat=True),
            *RefreshToken.objects.values_list("token", flat=True),
        ]
        assert kept == ["", ""]
        assert service.registered.secret not in identity.Client.objects.get().client_secret
        assert token["access_token"]

    def test_are_renewed_and_an_old_refresh_token_ends_the_family(self, service: Service) -> None:
        token = service.log_in()
        renewed = service.session.refresh_token(service.about["token_endpoint"], refresh_token=token["refresh_token"])
        assert renewed["refresh_token"] != token["refresh_token"]
        assert service.userinfo()["institution"] == "L1"
        replayed = _refresh(service, token["refresh_token"])
        assert replayed.json()["error"] == "invalid_grant"
        assert _refresh(service, renewed["refresh_token"]).json()["error"] == "invalid_grant"

    def test_are_revoked_at_the_clients_wish(self, service: Service) -> None:
        token = service.log_in()
        service.session.revoke_token(service.about["revocation_endpoint"], token["access_token"])
        assert service.session.get(service.about["userinfo_endpoint"]).status_code == 401

    def test_of_identity_open_nothing(self, service: Service) -> None:
        bearer = {"HTTP_AUTHORIZATION": f"Bearer {service.log_in()['id_token']}"}
        assert Client().get("/oidc/userinfo", **bearer).status_code == 401

    def test_are_not_read_from_the_address(self, service: Service) -> None:
        token = service.log_in()["access_token"]
        assert Client().get(f"/oidc/userinfo?access_token={token}").status_code == 400

    def test_end_when_the_client_is_switched_off(self, service: Service) -> None:
        service.log_in()
        identity.Client.objects.update(is_enabled=False)
        assert service.session.get(service.about["userinfo_endpoint"]).status_code == 401


def _refresh(service: Service, token: str) -> Any:
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": service.registered.client_id}
    return Client().post("/oidc/token", form | {"client_secret": service.registered.secret})


class TestIntrospection:
    def test_tells_a_client_of_its_own_tokens(self, service: Service) -> None:
        token = service.log_in()
        facts = _introspect(service.registered, token["access_token"]).json()
        assert (facts["active"], facts["institution"]) == (True, "L1")
        assert facts["sub"] == service.claims(token)["sub"]
        assert "username" not in facts

    def test_tells_others_nothing_of_them(self, service: Service, distant_library: int) -> None:
        other = register(distant_library, ClientKind.MACHINE, scopes=(Scope.INTROSPECTION,), is_trusted=False)
        token = service.log_in()["access_token"]
        assert _introspect(other, token).json() == {"active": False}

    def test_tells_a_resource_server_of_the_centre(self, service: Service) -> None:
        gate = register(None, ClientKind.MACHINE, scopes=(Scope.INTROSPECTION,))
        assert _introspect(gate, service.log_in()["access_token"]).json()["active"]

    def test_needs_the_secret(self, service: Service, lending_library: int) -> None:
        public = register(lending_library, is_public=True)
        token = service.log_in()["access_token"]
        assert _introspect(public, token).status_code == 401
        assert _introspect(service.registered._replace(secret="wrong"), token).status_code == 401


def _introspect(client: services.Registered, token: str) -> Any:
    form = {"token": token, "client_id": client.client_id, "client_secret": client.secret}
    return Client().post("/oidc/introspect", form)


class TestEndSession:
    def test_ends_the_session_and_goes_back(self, lending_library: int, browser: Client) -> None:
        back = "https://discovery.example.org/bye"
        service = Service(register(lending_library, logout_redirect_uris=(back,)), browser)
        asked = {"id_token_hint": service.log_in()["id_token"], "post_logout_redirect_uri": back, "state": "s"}
        assert browser.get("/oidc/logout", asked)["Location"] == f"{back}?state=s"
        assert "_auth_user_id" not in browser.session
        assert service.session.get(service.about["userinfo_endpoint"]).status_code == 401

    def test_asks_first_where_nothing_shows_whose_wish_it_is(self, service: Service) -> None:
        service.log_in()
        assert "Log out everywhere?" in service.browser.get("/oidc/logout").content.decode()
        assert "_auth_user_id" in service.browser.session

    def test_leads_nowhere_that_is_not_registered(self, service: Service) -> None:
        asked = {"id_token_hint": service.log_in()["id_token"], "post_logout_redirect_uri": "https://evil.example.org"}
        page = service.browser.get("/oidc/logout", asked)
        assert (page.status_code, "Location" in page) == (400, False)


class TestDiscovery:
    def test_says_what_is_so(self, service: Service) -> None:
        about = service.about
        assert about["subject_types_supported"] == ["pairwise"]
        assert about["response_types_supported"] == ["code"]
        assert "registration_endpoint" not in about
        assert set(CodeIDToken.ESSENTIAL_CLAIMS) <= {"iss", "sub", "aud", "exp", "iat"}
        assert settings.OAUTH2_PROVIDER["OIDC_RSA_PRIVATE_KEY"] not in str(about)

    def test_shows_public_keys_only(self, service: Service) -> None:
        keys = service.session.get(service.about["jwks_uri"], withhold_token=True).json()["keys"]
        assert [set(key) for key in keys] == [{"kty", "n", "e", "alg", "use", "kid"}]
