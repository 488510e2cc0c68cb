from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from factories import peers
from tongwen.core.outbound import Deadline
from tongwen.domain.identity.rules import source_settings
from tongwen.domain.identity.services.sources import oidc
from tongwen.domain.identity.services.sources.oidc import OIDCSource
from tongwen.domain.identity.services.sources.port import Configuration
from tongwen.domain.identity.types import Attributes, Denial, Denied, SourceKind, Unavailable

CALLBACK = "https://portal.example.org/login/return/3"

KEY_OF_CLIENT = "client-key"


def source(issuer: str, secret: str = KEY_OF_CLIENT, **settings) -> OIDCSource:
    given = {"issuer": issuer, "client": "tongwen", "name_attribute": "displayName", **settings}
    kept = source_settings.checked(SourceKind.OIDC, given, {"client_secret": secret})
    return OIDCSource(Configuration(kept, {"client_secret": secret}))


def soon(seconds: float = 5) -> Deadline:
    return Deadline.after(seconds)


class TestProvider:
    def test_brings_a_person_back(self, provider: str) -> None:
        begun = source(provider).begin(CALLBACK, "state-1", soon())
        back = peers.through_the_page(begun.url)
        assert back["state"] == "state-1"
        said = source(provider).complete(CALLBACK, back, begun.kept, soon())
        assert (said.subject, said.email) == ("r001", "r001@example.org")

    def test_is_asked_with_a_proof_that_nobody_else_has(self, provider: str) -> None:
        first, second = (source(provider).begin(CALLBACK, "s", soon()) for _turn in range(2))
        asked = parse_qs(urlsplit(first.url).query)
        assert asked["code_challenge_method"] == ["S256"]
        assert first.kept["nonce"] != second.kept["nonce"]
        assert first.kept["verifier"] not in first.url

    def test_does_not_take_a_code_twice(self, provider: str) -> None:
        begun = source(provider).begin(CALLBACK, "s", soon())
        back = peers.through_the_page(begun.url)
        source(provider).complete(CALLBACK, back, begun.kept, soon())
        with pytest.raises(Denied) as denied:
            source(provider).complete(CALLBACK, back, begun.kept, soon())
        assert denied.value.reason is Denial.REFUSED

    def test_does_not_take_the_code_of_another_beginning(self, provider: str) -> None:
        mine, hers = (source(provider).begin(CALLBACK, "s", soon()) for _turn in range(2))
        with pytest.raises((Denied, Unavailable)):
            source(provider).complete(CALLBACK, peers.through_the_page(hers.url), mine.kept, soon())

    def test_says_that_the_client_is_not_known(self, provider: str) -> None:
        begun = source(provider).begin(CALLBACK, "s", soon())
        with pytest.raises(Unavailable):
            source(provider, "wrong").complete(CALLBACK, peers.through_the_page(begun.url), begun.kept, soon())


KEY = RSAKey.generate_key(2048, parameters={"kid": "one"})
OTHER_KEY = RSAKey.generate_key(2048, parameters={"kid": "two"})
KEPT = {"nonce": "n-1", "verifier": "v-1"}


class Forger:
    """A provider that says what the test wants."""

    def __init__(self) -> None:
        self.issuer = ""
        self.keys = [KEY]
        self.signer = KEY
        self.header = {"alg": "RS256"}
        self.claims: dict[str, object] = {}
        self.told: dict[str, object] = {}

    def answer(self, path: str) -> dict[str, object]:
        if path.endswith("openid-configuration"):
            names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
            return {"issuer": self.issuer, **{name: f"{self.issuer}/{name}" for name in names}, **self.told}
        if path.endswith("jwks_uri"):
            return {"keys": [key.as_dict(private=False) for key in self.keys]}
        if path.endswith("userinfo_endpoint"):
            return {"sub": "somebody else", "name": "x"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": "tongwen",
            "sub": "r001",
            "exp": now + 60,
            "iat": now,
            "nonce": "n-1",
            "displayName": "示范读者",
            "email": "r001@example.org",
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {**self.header, "kid": self.signer.as_dict()["kid"]}
        return {"id_token": jwt.encode(header, claims, self.signer), "access_token": "a", "token_type": "Bearer"}

    def talk(self, connection) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += connection.recv(65_536)
        body = json.dumps(self.answer(asked.split()[1].decode())).encode()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


@pytest.fixture
def forger() -> Iterator[Forger]:
    one = Forger()
    with peers.talking(one.talk) as port:
        one.issuer = f"http://127.0.0.1:{port}"
        yield one


def complete(forger: Forger, **parameters: str) -> Attributes:
    return source(forger.issuer).complete(CALLBACK, {"code": "c", **parameters}, KEPT, soon())


@contextmanager
def not_believed(reason: str = "answer") -> Iterator[None]:
    with pytest.raises(Unavailable) as failed:
        yield
    assert failed.value.reason == reason


class TestToken:
    def test_is_believed_when_everything_fits(self, forger: Forger) -> None:
        said = complete(forger)
        assert (said.subject, said.display_name) == ("r001", "示范读者")

    @pytest.mark.parametrize(
        "claims",
        [
            {"iss": "https://other.example.org"},
            {"iss": None},
            {"aud": "another-client"},
            {"aud": ["tongwen", "another-client"]},
            {"exp": int(time.time()) - 3_600},
            {"exp": None},
            {"iat": None},
            {"nonce": "n-2"},
            {"nonce": None},
            {"sub": None},
            {"sub": ""},
            {"sub": 7},
            {"azp": "another-client"},
            {"at_hash": "wrong"},
        ],
    )
    def test_is_not_believed_where_something_is_wrong(self, forger: Forger, claims: dict[str, object]) -> None:
        forger.claims = claims
        with not_believed():
            complete(forger)

    def test_signed_by_somebody_else_is_not_believed(self, forger: Forger) -> None:
        forger.signer = OTHER_KEY
        with not_believed():
            complete(forger)

    def test_signed_by_a_new_key_is_believed_once_the_provider_shows_it(self, forger: Forger) -> None:
        complete(forger)
        forger.keys, forger.signer = [OTHER_KEY], OTHER_KEY
        assert complete(forger).subject == "r001"

    @pytest.mark.parametrize("token", ["", "a.b", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyMDAxIn0.", "x" * 5_000])
    def test_that_is_none_is_not_believed(self, forger: Forger, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jwt, "encode", lambda *_: token)
        with not_believed():
            complete(forger)

    def test_may_be_completed_by_userinfo_of_the_same_person_only(self, forger: Forger) -> None:
        forger.claims = {"displayName": None}
        with not_believed():
            complete(forger)


class TestAnswer:
    def test_of_another_provider_is_not_taken(self, forger: Forger) -> None:
        with not_believed():
            complete(forger, iss="https://other.example.org")

    @pytest.mark.parametrize(("error", "kind"), [("access_denied", Denied), ("server_error", Unavailable)])
    def test_that_is_an_error_lets_nobody_in(self, forger: Forger, error: str, kind: type[Exception]) -> None:
        with pytest.raises(kind):
            complete(forger, error=error)

    def test_without_a_code_lets_nobody_in(self, forger: Forger) -> None:
        with not_believed():
            complete(forger, code="")


class TestDescription:
    @pytest.mark.parametrize(
        "told", [{"issuer": "https://other.example.org"}, {"authorization_endpoint": "file:///etc/hostname"}]
    )
    def test_that_does_not_fit_is_not_followed(self, forger: Forger, told: dict[str, object]) -> None:
        forger.told = told
        with not_believed():
            source(forger.issuer).begin(CALLBACK, "s", soon())

    def test_is_kept_for_a_while(self, forger: Forger) -> None:
        source(forger.issuer).begin(CALLBACK, "s", soon())
        forger.told = {"issuer": "https://other.example.org"}
        assert source(forger.issuer).begin(CALLBACK, "s", soon()).url.startswith(forger.issuer)
        oidc._described.clear()
        with not_believed():
            source(forger.issuer).begin(CALLBACK, "s", soon())

    def test_of_a_provider_that_hangs_is_not_waited_for(self) -> None:
        with peers.hanging() as port, not_believed("deadline"):
            source(f"http://127.0.0.1:{port}").begin(CALLBACK, "s", soon(0.1))
