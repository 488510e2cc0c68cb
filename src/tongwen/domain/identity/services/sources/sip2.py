"""A library system that is asked by SIP2: one connection for each question, ended at the deadline."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tongwen.core import clock, outbound
from tongwen.core.outbound import Deadline
from tongwen.domain.identity.services.sources.port import Configuration
from tongwen.domain.identity.types import Attributes, Denial, Denied, Unavailable
from tongwen.standards import sip2

_ENDS = (b"\r", b"\n")
_EXPIRED = ("card_lost",)


@dataclass(frozen=True, slots=True)
class SIP2Source:
    """Asks for one patron with 63 or 23, after the terminal has logged in where it has a name (93)."""

    configuration: Configuration

    def authenticate(self, name: str, password: str, deadline: Deadline) -> Attributes:
        """Return the patron whose number and password the system calls valid (BL and CQ both Y)."""
        if not name or not password:
            raise Denied(Denial.BLANK)
        return self._attributes(self.probe(name, password, deadline))

    def probe(self, name: str, password: str, deadline: Deadline) -> sip2.Patron:
        """Return what the system says of a patron, yes or no; raises Denied, Unavailable."""
        try:
            with self._connected(deadline) as line:
                return self._ask(line, name, password)
        except sip2.Unsendable:
            raise Denied(Denial.WRONG) from None
        except sip2.Malformed as error:
            raise Unavailable("answer", str(error)) from None
        except outbound.OutboundFailed as failed:
            raise Unavailable(failed.reason, failed.detail) from None
        except ssl.SSLError as error:
            raise Unavailable("tls", getattr(error, "verify_message", "") or str(error.reason)) from None
        except OSError as error:
            slow = isinstance(error, TimeoutError)
            raise Unavailable("deadline" if slow else "broken", type(error).__name__) from None

    @contextmanager
    def _connected(self, deadline: Deadline) -> Iterator[_Line]:
        host, port = self.configuration.text("host"), int(self.configuration.settings["port"])
        with outbound.connect(host, port, deadline) as plain, outbound.cut_off(plain, deadline):
            if not self.configuration.settings["tls"]:
                yield _Line(plain, dialect(self.configuration), deadline)
                return
            context = self.configuration.trust().context()
            with context.wrap_socket(plain, server_hostname=host) as secure:
                yield _Line(secure, dialect(self.configuration), deadline)

    def _ask(self, line: _Line, name: str, password: str) -> sip2.Patron:
        terminal, key = self.configuration.text("login_name"), self.configuration.secrets.get("login_password", "")
        if terminal:
            asked = sip2.login(terminal, key, self.configuration.text("location"), sequence=0)
            if not sip2.is_logged_in(line.exchange(asked)):
                raise Unavailable("terminal", "the library system does not let the terminal in (940)")
        by_status = line.dialect.question is sip2.Question.STATUS
        question = sip2.patron_status if by_status else sip2.patron_information
        institution = self.configuration.text("institution")
        at = clock.now()
        asked = question(name, password, at=at, dialect=line.dialect, institution=institution, sequence=1)
        return sip2.patron(line.exchange(asked), line.dialect)

    def _attributes(self, found: sip2.Patron) -> Attributes:
        if not (found.is_valid and found.has_valid_password):
            raise Denied(Denial.WRONG, found.message)
        if found.expires_on is not None and found.expires_on < clock.today():
            raise Denied(Denial.EXPIRED, found.message)
        if set(found.blocks) & set(_EXPIRED):
            raise Denied(Denial.BLOCKED, found.message)
        subject = _subject(found, self.configuration.text("subject_field"))
        everything = {name: value for name, value in found.fields if value and name != "AD"}
        return Attributes(subject, found.name, found.email, found.category, found.expires_on, everything)


def _subject(found: sip2.Patron, field: str) -> str:
    values = [value.strip() for name, value in found.fields if name == field and value.strip()]
    subject = values[0] if field != "AA" and values else found.identifier if field == "AA" else ""
    if not subject:
        raise Unavailable("answer", f"the answer does not hold {field}, by which the patron is known again")
    return subject


def dialect(configuration: Configuration) -> sip2.Dialect:
    """Return the way of speaking that the settings describe."""
    chosen = configuration.settings
    return replace(
        sip2.STANDARD,
        name="own",
        terminator=b"\r\n" if chosen["line_end"] == "crlf" else b"\r",
        has_checksum=bool(chosen["checksum"]),
        charset=str(chosen["charset"]),
        language=str(chosen["language"]),
        question=sip2.Question(chosen["question"]),
        needs_valid_patron=bool(chosen["needs_valid_patron"]),
    )


@dataclass(slots=True)
class _Line:
    """A connection as one sees it who sends a message and waits for its answer."""

    connection: socket.socket
    dialect: sip2.Dialect
    deadline: Deadline
    rest: bytes = b""

    def exchange(self, asked: sip2.Message) -> sip2.Message:
        """Send and return the answer; what was damaged on the way, in either direction, is sent once more."""
        self._send(asked)
        try:
            answer = sip2.decode(self._receive(), self.dialect)
        except sip2.BadChecksum:
            self._send(sip2.resend())
            return sip2.decode(self._receive(), self.dialect)
        if answer.code == "96":
            self._send(asked)
            return sip2.decode(self._receive(), self.dialect)
        return answer

    def _send(self, message: sip2.Message) -> None:
        self.connection.settimeout(self.deadline.left())
        self.connection.sendall(sip2.encode(message, self.dialect))

    def _receive(self) -> bytes:
        content = self.rest.lstrip(b"\r\n")
        while not any(end in content for end in _ENDS):
            self.connection.settimeout(self.deadline.left())
            block = self.connection.recv(4096)
            if not block:
                self.deadline.left()
                raise Unavailable("broken", "the connection ended before the answer did")
            content = (content + block).lstrip(b"\r\n")
            if len(content) > 16_384:
                raise Unavailable("size", "the answer does not end")
        place = min(content.index(end) for end in _ENDS if end in content)
        self.rest = content[place + 1 :]
        return content[:place]
