"""What every log-in source can do. How it says that it cannot: `types.Denied`, `types.Unavailable`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tongwen.core.outbound import Deadline, Trust
from tongwen.domain.identity.types import Attributes, Redirection


@dataclass(frozen=True, slots=True)
class Configuration:
    """A source's settings and secrets, whole: every field of its kind is there (`rules.source_settings`)."""

    settings: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    def text(self, name: str) -> str:
        """Return a setting as text, "" where it is empty."""
        return str(self.settings.get(name) or "")

    def trust(self) -> Trust:
        """Return whose certificates are believed."""
        return Trust(self.text("certificates"))


class PasswordSource(Protocol):
    """Checks a name and a password elsewhere; neither is kept nor logged."""

    def authenticate(self, name: str, password: str, deadline: Deadline) -> Attributes:
        """Return who it is; raises Denied or Unavailable, and Denied(BLANK) before anything is asked."""


class RedirectSource(Protocol):
    """Lets the person log in at a page of its own and come back."""

    def begin(self, callback_url: str, state: str, deadline: Deadline) -> Redirection:
        """Return where to send the browser; raises Unavailable."""

    def complete(
        self, callback_url: str, parameters: Mapping[str, str], kept: Mapping[str, str], deadline: Deadline
    ) -> Attributes:
        """Return who came back; `kept` is that of this one beginning. Raises Denied or Unavailable."""
