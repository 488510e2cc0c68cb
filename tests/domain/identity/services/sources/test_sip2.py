from __future__ import annotations

import datetime as dt
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from factories import peers
from factories.certificates import certificate
from tongwen.core.outbound import Deadline
from tongwen.domain.identity.rules import source_settings
from tongwen.domain.identity.services.sources.port import Configuration
from tongwen.domain.identity.services.sources.sip2 import SIP2Source
from tongwen.domain.identity.types import Denial, Denied, SourceKind, Unavailable
from tongwen.standards import sip2

RIGHT = "open sesame"
STATUS = " " * 14 + "00020260301   Z080509"
COUNTS = "0000" * 6


def source(port: int, key: str = "key", **settings) -> SIP2Source:
    given = {"host": "127.0.0.1", "port": port, "login_name": "gate", "institution": "lib", **settings}
    kept = source_settings.checked(SourceKind.SIP2, given, {"login_password": key})
    return SIP2Source(Configuration(kept, {"login_password": key}))


def ask(port: int, name: str = "R001", password: str = RIGHT, seconds: float = 3, **settings):
    return source(port, **settings).authenticate(name, password, Deadline.after(seconds))


def message(fields: str, code: str = "64", fixed: str = STATUS + COUNTS) -> bytes:
    pairs = tuple((part[:2], part[2:]) for part in fields.split("|") if part)
    return sip2.encode(sip2.Message(code, fixed, pairs), sip2.STANDARD)


@pytest.fixture(scope="module")
def peer() -> Iterator[int]:
    with peers.sip2_server(login_required=True) as port:
        yield port


class TestPeer:
    def test_lets_a_reader_in_by_her_password(self, peer: int) -> None:
        said = ask(peer)
        assert (said.subject, said.display_name, said.email) == ("R001", "示范读者", "r001@example.org")

    @pytest.mark.parametrize(
        ("name", "password"), [("R001", "wrong"), ("nobody", RIGHT), ("R002", RIGHT), ("读者", RIGHT)]
    )
    def test_refuses_others(self, peer: int, name: str, password: str) -> None:
        with pytest.raises(Denied) as denied:
            ask(peer, name, password)
        assert denied.value.reason is Denial.WRONG

    @pytest.mark.parametrize(("name", "password"), [("", RIGHT), ("R001", "")])
    def test_is_not_asked_with_a_blank(self, peer: int, name: str, password: str) -> None:
        with pytest.raises(Denied) as denied:
            ask(1, name, password)
        assert denied.value.reason is Denial.BLANK

    @pytest.mark.parametrize("name", ["R001|ADx", "R001\rAZ"])
    def test_is_not_asked_with_what_would_end_a_field(self, peer: int, name: str) -> None:
        with pytest.raises(Denied):
            ask(peer, name)

    def test_that_does_not_know_the_terminal_is_no_matter_of_the_reader(self, peer: int) -> None:
        with pytest.raises(Unavailable) as failed:
            ask(peer, key="another key")
        assert failed.value.reason == "terminal"


def refused(*answers: bytes, seconds: float = 3) -> Exception:
    with peers.talking(peers.saying(*answers)) as port, pytest.raises((Denied, Unavailable)) as failed:
        ask(port, login_name="", seconds=seconds)
    return failed.value


class TestAnswer:
    @pytest.mark.parametrize("fields", ["AOlib|AAR001|AEx|BLY|", "AOlib|AAR001|AEx|CQY|", "AOlib|AAR001|AEx|BLY|CQN|"])
    def test_without_a_clear_yes_is_a_no(self, fields: str) -> None:
        assert isinstance(refused(message(fields)), Denied)

    @pytest.mark.parametrize(
        "content", [b"", b"HTTP/1.1 400 Bad Request\r\n", b"\x00\xff\r", b"941\r", message("BLY|CQY|")]
    )
    def test_that_is_none_is_a_source_that_is_down(self, content: bytes) -> None:
        assert isinstance(refused(content), Unavailable)

    def test_that_does_not_end_is_cut_off(self) -> None:
        failed = refused(b"64" + b"x" * 20_000)
        assert isinstance(failed, Unavailable)
        assert failed.reason == "size"

    def test_that_was_damaged_is_asked_for_again(self) -> None:
        good = message("AOlib|AAR001|AEx|BLY|CQY|")
        with peers.talking(peers.saying(good.replace(b"R001", b"R009"), good)) as port:
            assert ask(port, login_name="").subject == "R001"

    def test_that_asks_for_the_question_again_gets_it(self) -> None:
        again = sip2.encode(sip2.Message("96"), sip2.STANDARD)
        with peers.talking(peers.saying(again, message("AOlib|AAR001|AEx|BLY|CQY|"))) as port:
            assert ask(port, login_name="").subject == "R001"

    def test_of_an_expired_card_is_a_no_with_the_reason(self) -> None:
        denied = refused(message("AOlib|AAR001|AEx|BLY|CQY|PA20010101|AFCard expired|"))
        assert isinstance(denied, Denied)
        assert (denied.reason, denied.message) == (Denial.EXPIRED, "Card expired")

    def test_of_a_lost_card_is_a_no(self) -> None:
        lost = "    Y" + " " * 9 + "00020260301   Z080509" + COUNTS
        denied = refused(message("AOlib|AAR001|AEx|BLY|CQY|", fixed=lost))
        assert isinstance(denied, Denied)
        assert denied.reason is Denial.BLOCKED

    def test_says_how_long_the_card_holds(self) -> None:
        with peers.talking(peers.saying(message("AOlib|AAR001|AEx|BLY|CQY|PA20990228|PC教师|"))) as port:
            said = ask(port, login_name="")
        assert (said.expires_on, said.category) == (dt.date(2099, 2, 28), "教师")

    def test_is_known_again_by_the_field_that_was_chosen(self) -> None:
        with peers.talking(peers.saying(message("AOlib|AAR001|AEx|BLY|CQY|XI77|"))) as port:
            assert ask(port, login_name="", subject_field="XI").subject == "77"
        with peers.talking(peers.saying(message("AOlib|AAR001|AEx|BLY|CQY|"))) as port, pytest.raises(Unavailable):
            ask(port, login_name="", subject_field="XI")

    def test_of_version_1_is_understood(self) -> None:
        answer = sip2.encode(
            sip2.Message("24", STATUS, (("AO", "lib"), ("AA", "R001"), ("AE", "x"), ("CQ", "Y"))),
            sip2.DIALECTS["unsummed"],
        )
        with peers.talking(peers.saying(answer)) as port:
            said = ask(port, login_name="", question="status", checksum=False, needs_valid_patron=False)
        assert said.subject == "R001"


class TestEncryption:
    def test_hides_the_password_on_its_way(self, tmp_path: Path) -> None:
        context, pem = certificate(tmp_path, "127.0.0.1")
        good = message("AOlib|AAR001|AEx|BLY|CQY|")

        def talk(plain: socket.socket) -> None:
            with context.wrap_socket(plain.dup(), server_side=True) as secure:
                peers.saying(good)(secure)

        with peers.talking(talk) as port:
            assert ask(port, login_name="", tls=True, certificates=pem).subject == "R001"

    def test_is_not_begun_with_somebody_else(self, tmp_path: Path) -> None:
        context, _pem = certificate(tmp_path, "127.0.0.1")
        heard: list[bytes] = []

        def talk(plain: socket.socket) -> None:
            with context.wrap_socket(plain.dup(), server_side=True) as secure:
                heard.append(secure.recv(9))

        with peers.talking(talk) as port, pytest.raises(Unavailable) as failed:
            ask(port, login_name="", tls=True)
        assert failed.value.reason == "tls"
        assert b"".join(heard) == b""


class TestDeadline:
    def test_ends_a_system_that_hangs(self) -> None:
        with peers.hanging() as port, pytest.raises(Unavailable) as failed:
            ask(port, seconds=0.1)
        assert failed.value.reason == "deadline"

    def test_ends_a_system_that_drips(self) -> None:
        def drip(connection: socket.socket) -> None:
            for _turn in range(100):
                connection.sendall(b"6")
                time.sleep(0.02)

        with peers.talking(drip) as port, pytest.raises(Unavailable) as failed:
            ask(port, seconds=0.2)
        assert failed.value.reason == "deadline"

    def test_says_that_nobody_is_there(self) -> None:
        with pytest.raises(Unavailable) as failed:
            ask(peers.free_port())
        assert failed.value.reason == "connect"
