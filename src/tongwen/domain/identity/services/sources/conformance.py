"""Trying a library system before it is connected: what it must let in, what it must refuse, and how fast."""

from __future__ import annotations

import enum
import json
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tongwen.core import clock, outbound
from tongwen.core.outbound import Deadline
from tongwen.domain.identity.rules import kit, source_settings
from tongwen.domain.identity.services.sources import asking, sip2
from tongwen.domain.identity.services.sources.kit import LARGEST, KitSource
from tongwen.domain.identity.services.sources.port import Configuration
from tongwen.domain.identity.types import Attributes, Denial, Denied, SourceKind, Unavailable

AT_ONCE = 6
QUICK = 3.0
"""Seconds in which a person should have her answer; the deadline is longer."""
_NOBODY = "no-such-reader-7f3a"


class Verdict(enum.StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Check(enum.StrEnum):
    """What is tried, in this order."""

    REACHED = "reached"
    RIGHT_PASSWORD = "right-password"  # noqa: S105  The name of a check.
    SAME_SUBJECT = "same-subject"
    WRONG_PASSWORD = "wrong-password"  # noqa: S105
    BLANK_PASSWORD = "blank-password"  # noqa: S105
    UNKNOWN_READER = "unknown-reader"
    ODD_NAMES = "odd-names"
    EXPIRED_READER = "expired-reader"
    CHINESE_NAME = "chinese-name"
    IN_TIME = "in-time"
    AT_ONCE = "at-once"
    WRONG_SIGNATURE = "wrong-signature"
    REPLAYED_NONCE = "replayed-nonce"
    OLD_REQUEST = "old-request"
    BROKEN_BODY = "broken-body"


@dataclass(frozen=True, slots=True)
class Trial:
    """Readers of the library system who exist for the trial."""

    name: str
    password: str = field(repr=False)
    expired_name: str = ""
    expired_password: str = field(default="", repr=False)
    seconds: float = asking.SECONDS


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a check; `says` is a sentence for the vendor, without anybody's password."""

    check: Check
    verdict: Verdict
    says: str
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A library system that is tried, with settings that were checked."""

    kind: SourceKind
    configuration: Configuration = field(repr=False)


class Failed(Exception):
    """A check was not passed; the words say what was expected and what came."""


class Skipped(Exception):
    """A check does not apply; the words say why."""


def candidate(kind: SourceKind, given: Mapping[str, Any], secrets: Mapping[str, str]) -> Candidate:
    """Return a system to try; raises BadSource, and ValueError for kinds that are not asked with a password."""
    if asking.is_by_redirect(kind) or kind is SourceKind.LOCAL:
        raise ValueError(f"{kind.value} is not asked with a name and a password; try it on its page in the portal")
    return Candidate(kind, Configuration(source_settings.checked(kind, given, secrets), secrets))


def conform(of: Candidate, trial: Trial) -> Iterator[Result]:
    """Yield the result of each check as it is done. The system is asked some forty times, six times at once."""
    suite = _Suite(of, trial)
    for check in Check:
        started = time.monotonic()
        try:
            says, verdict = suite.run(check), Verdict.PASSED
        except Skipped as skipped:
            says, verdict = str(skipped), Verdict.SKIPPED
        except Failed as failed:
            says, verdict = str(failed), Verdict.FAILED
        except Unavailable as error:
            says, verdict = f"it could not be asked, or did not answer as it must ({error})", Verdict.FAILED
        except Denied as denied:
            says, verdict = f"it refused ({denied.reason.value}) where it must not", Verdict.FAILED
        yield Result(check, verdict, says, round((time.monotonic() - started) * 1000, 1))


class _Suite:
    def __init__(self, of: Candidate, trial: Trial) -> None:
        self.of, self.trial = of, trial
        self.source = asking.password_source(of.kind, of.configuration)
        self.checks: dict[Check, Callable[[], str]] = {
            Check.REACHED: self.reached,
            Check.RIGHT_PASSWORD: self.right_password,
            Check.SAME_SUBJECT: self.same_subject,
            Check.WRONG_PASSWORD: self.wrong_password,
            Check.BLANK_PASSWORD: self.blank_password,
            Check.UNKNOWN_READER: self.unknown_reader,
            Check.ODD_NAMES: self.odd_names,
            Check.EXPIRED_READER: self.expired_reader,
            Check.CHINESE_NAME: self.chinese_name,
            Check.IN_TIME: self.in_time,
            Check.AT_ONCE: self.at_once,
            Check.WRONG_SIGNATURE: self.wrong_signature,
            Check.REPLAYED_NONCE: self.replayed_nonce,
            Check.OLD_REQUEST: self.old_request,
            Check.BROKEN_BODY: self.broken_body,
        }

    def run(self, check: Check) -> str:
        return self.checks[check]()

    def _ask(self, name: str, password: str) -> Attributes:
        return self.source.authenticate(name, password, Deadline.after(self.trial.seconds))

    def _refused(self, name: str, password: str, whom: str) -> Denied:
        try:
            self._ask(name, password)
        except Denied as denied:
            return denied
        raise Failed(f"{whom} was let in")

    def reached(self) -> str:
        if self.of.kind is not SourceKind.KIT:
            self._refused(_NOBODY, "x" * 12, "a reader who does not exist")
            return "it answers"
        said = KitSource(self.of.configuration).health(Deadline.after(self.trial.seconds))
        known = said.get("capabilities")
        if said.get("result") != "ready" or not isinstance(known, list) or "authenticate" not in known:
            raise Failed('health must answer {"result": "ready", "capabilities": ["authenticate", …]}')
        return f"it answers, and says that it can {', '.join(map(str, known))}"

    def right_password(self) -> str:
        said = self._ask(self.trial.name, self.trial.password)
        told = [name for name in ("display_name", "email", "category", "expires_on") if getattr(said, name)]
        return f"the reader is let in as {said.subject!r}; also told: {', '.join(told) or 'nothing'}"

    def same_subject(self) -> str:
        first, second = (self._ask(self.trial.name, self.trial.password).subject for _turn in range(2))
        if first != second:
            raise Failed(
                "the same reader has another identifier the second time: she would be another person each time"
            )
        return "the identifier is the same each time"

    def wrong_password(self) -> str:
        for wrong in (f"{self.trial.password}x", self.trial.password[:-1] or "x", "读者密码"):
            self._refused(self.trial.name, wrong, "a reader with a wrong password")
        return "a wrong password is refused"

    def blank_password(self) -> str:
        """Our side never sends a blank password; whoever else asks this system might."""
        if self.of.kind is SourceKind.KIT:
            for said in ({"name": self.trial.name, "password": ""}, {"name": self.trial.name}):
                body = KitSource(self.of.configuration).call("authenticate", said, Deadline.after(self.trial.seconds))
                if not isinstance(kit.read(body), kit.Refused):
                    raise Failed("a reader without a password was let in")
            return "a blank or missing password is refused"
        if self.of.kind is SourceKind.SIP2:
            answer = sip2.SIP2Source(self.of.configuration).probe(
                self.trial.name, "", Deadline.after(self.trial.seconds)
            )
            if answer.has_valid_password:
                raise Failed("the system calls a blank password valid (CQY)")
            return "a blank password is refused"
        raise Skipped("a blank password is never sent to a directory")

    def unknown_reader(self) -> str:
        self._refused(_NOBODY, self.trial.password, "a reader who does not exist")
        return "a reader who does not exist is refused"

    def odd_names(self) -> str:
        for name in ("*", "' OR '1'='1", "${jndi:x}", "a)(uid=*", "读者甲", "x" * 200):
            self._refused(name, self.trial.password, f"a reader named {name[:20]!r}")
        return "names made of signs, Chinese names and long ones are refused like others"

    def expired_reader(self) -> str:
        if not self.trial.expired_name:
            raise Skipped("no expired reader was named (--expired-name)")
        denied = self._refused(self.trial.expired_name, self.trial.expired_password, "an expired reader")
        if denied.reason is not Denial.EXPIRED:
            return "an expired reader is refused, as if her password were wrong: the reason would help her"
        return "an expired reader is refused, with the reason"

    def chinese_name(self) -> str:
        said = self._ask(self.trial.name, self.trial.password)
        if not said.display_name:
            raise Skipped("the system tells no name of this reader")
        if "\ufffd" in said.display_name or "?" in said.display_name:
            raise Failed("the reader's name came with broken characters: the character set of the settings is wrong")
        if said.display_name.isascii():
            raise Skipped("this reader's name has no Chinese characters; try one that has")
        return f"the name came whole: {said.display_name}"

    def in_time(self) -> str:
        slowest = 0.0
        for _turn in range(3):
            started = time.monotonic()
            self._ask(self.trial.name, self.trial.password)
            slowest = max(slowest, time.monotonic() - started)
        if slowest > QUICK:
            raise Failed(f"the slowest of three answers took {slowest:.1f} s; {QUICK:.0f} s are the limit")
        return f"the slowest of three answers took {slowest * 1000:.0f} ms"

    def at_once(self) -> str:
        def ask(number: int) -> bool:
            password = self.trial.password if number % 2 else f"{self.trial.password}x"
            try:
                self._ask(self.trial.name, password)
            except Denied:
                return number % 2 == 0
            return number % 2 == 1

        with ThreadPoolExecutor(AT_ONCE) as pool:
            right = sum(pool.map(ask, range(AT_ONCE)))
        if right != AT_ONCE:
            raise Failed(f"of {AT_ONCE} questions at once, half with a wrong password, {right} were answered rightly")
        return f"{AT_ONCE} questions at once, half with a wrong password, were answered rightly"

    def wrong_signature(self) -> str:
        body, timestamp = self._body(), str(int(clock.now().timestamp()))
        headers = kit.request_headers("x" * 40, timestamp=timestamp, nonce="0" * 31 + "1", body=body)
        return self._must_refuse(body, headers, "a request with a wrong signature")

    def replayed_nonce(self) -> str:
        body, timestamp = self._body(), str(int(clock.now().timestamp()))
        headers = self._signed(body, timestamp)
        if self._post(body, headers).status != 200:
            raise Failed("a request that is signed rightly was refused")
        return self._must_refuse(body, headers, "a request that was sent before")

    def old_request(self) -> str:
        body = self._body()
        for seconds in (-kit.TOLERANCE - 60, kit.TOLERANCE + 60):
            timestamp = str(int(clock.now().timestamp()) + seconds)
            self._must_refuse(body, self._signed(body, timestamp), "a request of another time")
        return f"requests more than {kit.TOLERANCE} seconds old or ahead are refused"

    def broken_body(self) -> str:
        self._only_kit()
        for body in (b"", b"[]", b"{", b'{"name": 7, "password": ["x"]}'):
            answer = self._post(body, self._signed(body, str(int(clock.now().timestamp()))))
            if answer.status == 200 and isinstance(kit.read(answer.content), kit.Patron):
                raise Failed("somebody was let in by a body that is not a request")
            if answer.status >= 500:
                raise Failed(f"a body that is not a request is answered {answer.status}; 400 would be right")
        return "bodies that are not requests are refused"

    def _only_kit(self) -> None:
        if self.of.kind is not SourceKind.KIT:
            raise Skipped("concerns the call-back kit only")

    def _body(self) -> bytes:
        self._only_kit()
        return json.dumps({"name": self.trial.name, "password": self.trial.password}).encode()

    def _signed(self, body: bytes, timestamp: str) -> dict[str, str]:
        nonce = f"{time.monotonic_ns():032x}"
        secret = self.of.configuration.secrets["secret"]
        return kit.request_headers(secret, timestamp=timestamp, nonce=nonce, body=body)

    def _must_refuse(self, body: bytes, headers: dict[str, str], what: str) -> str:
        answer = self._post(body, headers)
        if answer.status not in {400, 401, 403, 409}:
            raise Failed(f"{what} is answered {answer.status}; 401 would be right")
        return f"{what} is refused ({answer.status})"

    def _post(self, body: bytes, headers: dict[str, str]) -> outbound.Answer:
        try:
            return outbound.fetch(
                "POST",
                f"{self.of.configuration.text('url').rstrip('/')}/authenticate",
                deadline=Deadline.after(self.trial.seconds),
                headers=headers,
                body=body,
                trust=self.of.configuration.trust(),
                largest=LARGEST,
            )
        except outbound.OutboundFailed as failed:
            raise Unavailable(failed.reason, failed.detail) from None
