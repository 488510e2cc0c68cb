from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import peers
from tongwen.core.outbound import Deadline
from tongwen.domain.identity.rules import kit, source_settings
from tongwen.domain.identity.services.sources.kit import KitSource
from tongwen.domain.identity.services.sources.port import Configuration
from tongwen.domain.identity.types import BadSource, Denial, Denied, SourceKind, Unavailable

RIGHT = "open sesame"


def source(url: str, secret: str = peers.SECRET) -> KitSource:
    kept = source_settings.checked(SourceKind.KIT, {"url": url}, {"secret": secret})
    return KitSource(Configuration(kept, {"secret": secret}))


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    with peers.kit_server() as url:
        yield url


def ask(url: str, name: str = "R001", password: str = RIGHT, *, secret: str = peers.SECRET, seconds: float = 3):
    return source(url, secret).authenticate(name, password, Deadline.after(seconds))


class TestReferenceServer:
    def test_lets_a_reader_in_by_her_password(self, peer: str) -> None:
        said = ask(peer)
        assert (said.subject, said.display_name, said.email) == ("7", "示范读者", "r001@example.org")
        assert (said.category, said.expires_on) == ("本科生", dt.date(2099, 12, 31))

    @pytest.mark.parametrize(
        ("name", "password", "reason"),
        [
            ("R001", "wrong", Denial.WRONG),
            ("nobody", RIGHT, Denial.WRONG),
            ("R002", RIGHT, Denial.EXPIRED),
            ("R001", "", Denial.BLANK),
        ],
    )
    def test_refuses_others(self, peer: str, name: str, password: str, reason: Denial) -> None:
        with pytest.raises(Denied) as denied:
            ask(peer, name, password)
        assert denied.value.reason is reason

    def test_with_another_secret_is_no_matter_of_the_reader(self, peer: str) -> None:
        with pytest.raises(Unavailable) as failed:
            ask(peer, secret="f" * 40)
        assert failed.value.reason == "signature"

    def test_says_what_it_can(self, peer: str) -> None:
        assert source(peer).health(Deadline.after(3))["capabilities"] == ["authenticate"]


def answering(body: bytes, *, nonce: str | None = None, status: int = 200):
    """Answer as a library system that knows the secret, for the request's nonce or another one."""

    def talk(connection) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += connection.recv(65_536)
        lines = asked.decode("latin-1").lower().splitlines()
        own = next(line.partition(": ")[2] for line in lines if line.startswith("tongwen-nonce"))
        signed = kit.answer_signature(peers.SECRET, nonce=nonce or own, status=status, body=body)
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nTongwen-Signature: {signed}\r\n\r\n"
        connection.sendall(head.encode() + body)

    return talk


def refused(body: bytes, **options) -> str:
    with peers.talking(answering(body, **options)) as port, pytest.raises(Unavailable) as failed:
        ask(f"http://127.0.0.1:{port}")
    return failed.value.reason


ACCEPTED = json.dumps({"result": "accepted", "patron": {"id": "7"}}).encode()


class TestAnswer:
    def test_of_another_request_is_not_believed(self) -> None:
        assert refused(ACCEPTED, nonce="0" * 32) == "signature"

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"[]",
            b"nothing",
            b"{}",
            b'{"result": "ACCEPTED"}',
            b'{"result": true, "patron": {"id": "7"}}',
            b'{"result": "accepted"}',
            b'{"result": "accepted", "patron": {"id": ""}}',
            b'{"result": "accepted", "patron": {"id": 7}}',
            b'{"result": "accepted", "patron": {"id": "7", "expires_on": "soon"}}',
        ],
    )
    def test_without_a_clear_yes_lets_nobody_in(self, body: bytes) -> None:
        assert refused(body) == "answer"

    def test_that_says_yes_with_an_error_status_is_not_believed(self) -> None:
        assert refused(ACCEPTED, status=500) == "answer"

    def test_that_is_not_signed_is_not_believed(self) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(ACCEPTED)
        with peers.talking(peers.saying(head + ACCEPTED)) as port, pytest.raises(Unavailable) as failed:
            ask(f"http://127.0.0.1:{port}")
        assert failed.value.reason == "signature"

    @given(st.binary(max_size=120))
    def test_of_any_bytes_lets_nobody_in(self, body: bytes) -> None:
        try:
            assert not isinstance(kit.read(body), kit.Patron)
        except kit.BadAnswer:
            return


class TestDeadline:
    def test_ends_a_system_that_hangs(self) -> None:
        with peers.hanging() as port, pytest.raises(Unavailable) as failed:
            ask(f"http://127.0.0.1:{port}", seconds=0.1)
        assert failed.value.reason == "deadline"


class TestSettings:
    @pytest.mark.parametrize(
        ("url", "secret", "problem"),
        [
            ("http://library.example.org/", peers.SECRET, ("url", "address")),
            ("file:///etc/hostname", peers.SECRET, ("url", "address")),
            ("", peers.SECRET, ("url", "missing")),
            ("https://library.example.org/", "short", ("secret", "short")),
        ],
    )
    def test_are_refused_where_they_would_not_be_safe(self, url: str, secret: str, problem: tuple[str, str]) -> None:
        with pytest.raises(BadSource) as bad:
            source(url, secret)
        assert problem in bad.value.problems


class TestReferencePage:
    def test_shows_signatures_that_are_right(self) -> None:
        page = (peers.ROOT / "docs" / "reference" / "kit.md").read_text(encoding="utf-8")
        nonce = "000102030405060708090a0b0c0d0e0f"
        asked, answered = (
            b'{"name": "R001", "password": "open sesame"}',
            b'{"result": "denied", "reason": "credentials"}',
        )
        assert f"`{asked.decode()}`" in page
        assert kit.request_signature(peers.SECRET, timestamp="1767225600", nonce=nonce, body=asked) in page
        assert kit.answer_signature(peers.SECRET, nonce=nonce, status=200, body=answered) in page
