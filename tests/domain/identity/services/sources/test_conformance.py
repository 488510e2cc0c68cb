from __future__ import annotations

import json

import pytest

from factories import peers
from tongwen.domain.identity.rules import kit
from tongwen.domain.identity.services import sources
from tongwen.domain.identity.types import BadSource, SourceKind

TRIAL = sources.Trial("R001", peers.RIGHT, "R002", peers.RIGHT, seconds=3)


def verdicts(kind: SourceKind, given: dict[str, object], secrets: dict[str, str]) -> dict[str, str]:
    of = sources.candidate(kind, given, secrets)
    return {one.check.value: one.verdict.value for one in sources.conform(of, TRIAL)}


class TestSuite:
    def test_passes_the_reference_server(self) -> None:
        with peers.kit_server() as url:
            found = verdicts(SourceKind.KIT, {"url": url}, {"secret": peers.SECRET})
        assert set(found) == {check.value for check in sources.Check}
        assert set(found.values()) == {"passed"}

    def test_passes_another_implementation_of_sip2(self) -> None:
        with peers.sip2_server() as port:
            found = verdicts(SourceKind.SIP2, {"host": "127.0.0.1", "port": port}, {})
        assert {name for name, verdict in found.items() if verdict == "failed"} == set()
        assert found["blank-password"] == "passed"
        assert found["wrong-signature"] == "skipped"

    def test_fails_a_system_that_lets_everybody_in(self) -> None:
        def talk(connection) -> None:
            asked = b""
            while b"\r\n\r\n" not in asked:
                asked += connection.recv(65_536)
            nonce = next(
                line.partition(": ")[2]
                for line in asked.decode("latin-1").lower().splitlines()
                if line.startswith("tongwen-nonce")
            )
            body = json.dumps({"result": "accepted", "patron": {"id": nonce}}).encode()
            signed = kit.answer_signature(peers.SECRET, nonce=nonce, status=200, body=body)
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nTongwen-Signature: {signed}\r\n\r\n"
            connection.sendall(head.encode() + body)

        with peers.talking(talk) as port:
            found = verdicts(SourceKind.KIT, {"url": f"http://127.0.0.1:{port}"}, {"secret": peers.SECRET})
        failed = {name for name, verdict in found.items() if verdict == "failed"}
        assert failed >= {
            "same-subject",
            "wrong-password",
            "blank-password",
            "unknown-reader",
            "odd-names",
            "expired-reader",
            "at-once",
            "wrong-signature",
            "replayed-nonce",
            "old-request",
            "broken-body",
        }

    def test_fails_a_system_that_is_not_there(self) -> None:
        given = {"url": f"http://127.0.0.1:{peers.free_port()}"}
        found = verdicts(SourceKind.KIT, given, {"secret": peers.SECRET})
        assert found["reached"] == found["right-password"] == "failed"

    def test_shows_no_password(self) -> None:
        of = sources.candidate(SourceKind.KIT, {"url": "http://127.0.0.1:1"}, {"secret": peers.SECRET})
        assert peers.RIGHT not in repr(TRIAL)
        assert peers.SECRET not in repr(of)
        assert not any(peers.RIGHT in one.says for one in sources.conform(of, TRIAL))


class TestCandidate:
    def test_must_be_usable(self) -> None:
        with pytest.raises(BadSource):
            sources.candidate(SourceKind.KIT, {}, {})

    def test_is_asked_with_a_password(self) -> None:
        with pytest.raises(ValueError, match="oidc"):
            sources.candidate(SourceKind.OIDC, {}, {})
