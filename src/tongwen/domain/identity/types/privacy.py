"""Consent, links that work once, and what stands against an erasure."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass


class TicketPurpose(enum.StrEnum):
    """What a link that works once is for."""

    EMAIL = "email"
    ACTIVATION = "activation"


class UnknownTicket(LookupError):
    """The link is none of ours, was used already, or has expired."""


class StandingObligations(ValueError):
    """The person cannot be erased yet; `reasons` says in the language of the moment what stands against it."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Consent:
    """That a person agreed to a purpose, in the wording of a version; `withdrawn_at` once she has taken it back."""

    purpose: str
    version: str
    given_at: dt.datetime
    withdrawn_at: dt.datetime | None = None
