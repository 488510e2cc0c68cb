from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from factories import peers
from tongwen.core.outbound import Deadline
from tongwen.domain.identity.rules import source_settings
from tongwen.domain.identity.services.sources.cas import CASSource
from tongwen.domain.identity.services.sources.port import Configuration
from tongwen.domain.identity.types import Attributes, Denial, Denied, SourceKind, Unavailable
from tongwen.standards import cas

CALLBACK = "https://portal.example.org/login/return/3"


class Server:
    """A CAS server by our own half of the protocol: each ticket is good once, for its own service."""

    def __init__(self) -> None:
        self.tickets: dict[str, str] = {}
        self.raw = b""

    def grant(self, url: str) -> dict[str, str]:
        asked = parse_qs(urlsplit(url).query)
        ticket = f"ST-{len(self.tickets) + 1}-abc"
        self.tickets[ticket] = asked["service"][0]
        return {"ticket": ticket, "state": parse_qs(urlsplit(asked["service"][0]).query)["state"][0]}

    def talk(self, connection) -> None:
        asked = parse_qs(urlsplit(connection.recv(65_536).split()[1].decode()).query)
        good = self.tickets.pop(asked["ticket"][0], None) == asked["service"][0]
        attributes = {"displayName": ("示范读者",), "mail": ("r001@example.org",), "number": ("7",)}
        answer = cas.Success("r001", attributes) if good else cas.Failure(cas.FailureCode.INVALID_TICKET)
        body = self.raw or cas.render(answer, cas.Version.THREE).encode()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


@pytest.fixture
def server():
    one = Server()
    with peers.talking(one.talk) as port:
        one.url = f"http://127.0.0.1:{port}/cas"
        yield one


def source(server: Server, **settings) -> CASSource:
    return CASSource(Configuration(source_settings.checked(SourceKind.CAS, {"url": server.url, **settings}, {})))


def soon() -> Deadline:
    return Deadline.after(3)


def complete(server: Server, back: dict[str, str], kept: dict[str, str], **settings) -> Attributes:
    return source(server, **settings).complete(CALLBACK, back, kept, soon())


class TestServer:
    def test_brings_a_person_back(self, server: Server) -> None:
        begun = source(server).begin(CALLBACK, "state-1", soon())
        back = server.grant(begun.url)
        assert back["state"] == "state-1"
        said = complete(server, back, begun.kept)
        assert (said.subject, said.display_name, said.email) == ("r001", "示范读者", "r001@example.org")

    def test_knows_her_again_by_the_attribute_that_was_chosen(self, server: Server) -> None:
        begun = source(server).begin(CALLBACK, "s", soon())
        assert complete(server, server.grant(begun.url), begun.kept, subject_attribute="number").subject == "7"

    def test_without_that_attribute_lets_nobody_in(self, server: Server) -> None:
        begun = source(server).begin(CALLBACK, "s", soon())
        with pytest.raises(Unavailable):
            complete(server, server.grant(begun.url), begun.kept, subject_attribute="missing")

    def test_does_not_take_a_ticket_twice(self, server: Server) -> None:
        begun = source(server).begin(CALLBACK, "s", soon())
        back = server.grant(begun.url)
        complete(server, back, begun.kept)
        with pytest.raises(Denied) as denied:
            complete(server, back, begun.kept)
        assert denied.value.reason is Denial.REFUSED

    def test_does_not_take_the_ticket_of_another_beginning(self, server: Server) -> None:
        mine, hers = (source(server).begin(CALLBACK, state, soon()) for state in ("mine", "hers"))
        with pytest.raises(Denied):
            complete(server, server.grant(hers.url), mine.kept)

    def test_sends_back_who_broke_off(self, server: Server) -> None:
        with pytest.raises(Denied):
            complete(server, {}, {"service": CALLBACK})

    @pytest.mark.parametrize("ticket", ["PT-1", "ST-1 x", "ST-" + "x" * 400])
    def test_is_not_asked_for_what_is_no_service_ticket(self, server: Server, ticket: str) -> None:
        with pytest.raises(Unavailable):
            complete(server, {"ticket": ticket}, {"service": CALLBACK})

    @pytest.mark.parametrize(
        "raw",
        [
            b"<html>log in</html>",
            b"yes\nr001\n",
            cas.render(cas.Failure(cas.FailureCode.INTERNAL_ERROR), cas.Version.THREE).encode(),
            cas.render(cas.Success("r001"), cas.Version.THREE)
            .replace("</cas:user>", "</cas:user><cas:proxies><cas:proxy>https://x</cas:proxy></cas:proxies>")
            .encode(),
        ],
    )
    def test_that_answers_something_else_lets_nobody_in(self, server: Server, raw: bytes) -> None:
        server.raw = raw
        with pytest.raises(Unavailable):
            complete(server, {"ticket": "ST-1"}, {"service": CALLBACK})

    def test_that_hangs_is_not_waited_for(self) -> None:
        server = Server()
        with peers.hanging() as port:
            server.url = f"http://127.0.0.1:{port}"
            with pytest.raises(Unavailable) as failed:
                source(server).complete(CALLBACK, {"ticket": "ST-1"}, {"service": CALLBACK}, Deadline.after(0.1))
        assert failed.value.reason == "deadline"
