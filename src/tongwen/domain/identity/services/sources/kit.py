"""A library system that speaks the call-back kit: signed JSON over HTTPS (`rules.kit`, docs/reference/kit.md)."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from tongwen.core import clock, outbound
from tongwen.core.outbound import Deadline
from tongwen.domain.identity.rules import kit
from tongwen.domain.identity.services.sources.port import Configuration
from tongwen.domain.identity.types import Attributes, Denial, Denied, Unavailable

LARGEST = 1 << 16
_REASONS = {"expired": Denial.EXPIRED, "blocked": Denial.BLOCKED}


@dataclass(frozen=True, slots=True)
class KitSource:
    """Posts to `<url>/authenticate`."""

    configuration: Configuration

    def authenticate(self, name: str, password: str, deadline: Deadline) -> Attributes:
        """Return the reader whom the library system accepts."""
        if not name or not password:
            raise Denied(Denial.BLANK)
        body = self.call("authenticate", {"name": name, "password": password}, deadline)
        try:
            said = kit.read(body)
        except kit.BadAnswer as error:
            raise Unavailable("answer", str(error)) from None
        if isinstance(said, kit.Refused):
            raise Denied(_REASONS.get(said.reason, Denial.WRONG), said.message)
        if said.expires_on is not None and said.expires_on < clock.today():
            raise Denied(Denial.EXPIRED)
        everything = {name: str(value) for name, value in _facts(said) if value}
        return Attributes(said.id, said.name, said.email, said.category, said.expires_on, everything)

    def health(self, deadline: Deadline) -> dict[str, object]:
        """Return what the library system says of itself: protocol and capabilities."""
        try:
            return kit.fields(self.call("health", {}, deadline))
        except kit.BadAnswer as error:
            raise Unavailable("answer", str(error)) from None

    def call(self, action: str, said: dict[str, str], deadline: Deadline) -> bytes:
        """Post a signed request and return the body of the signed answer.

        Raises:
            Unavailable: not reached; or not signed as it must be, which is never shown as a wrong password.
        """
        secret, nonce = self.configuration.secrets.get("secret", ""), secrets.token_hex(16)
        body = json.dumps(said, ensure_ascii=False).encode()
        timestamp = str(int(clock.now().timestamp()))
        try:
            answer = outbound.fetch(
                "POST",
                f"{self.configuration.text('url').rstrip('/')}/{action}",
                deadline=deadline,
                headers=kit.request_headers(secret, timestamp=timestamp, nonce=nonce, body=body),
                body=body,
                trust=self.configuration.trust(),
                largest=LARGEST,
            )
        except outbound.OutboundFailed as failed:
            raise Unavailable(failed.reason, failed.detail) from None
        signature = answer.headers.get(kit.SIGNATURE.lower(), "")
        if not kit.is_signed(secret, nonce=nonce, status=answer.status, body=answer.content, signature=signature):
            raise Unavailable("signature", f"the answer {answer.status} is not signed with the common secret")
        if answer.status != 200:
            raise Unavailable("answer", f"the library system answered {answer.status}")
        return answer.content


def _facts(said: kit.Patron) -> list[tuple[str, object]]:
    names = ("id", "name", "email", "category", "expires_on")
    return [(name, getattr(said, name)) for name in names]
