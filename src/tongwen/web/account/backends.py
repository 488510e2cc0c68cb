"""Django's door for log-ins that a source decides, so that what watches log-ins (lock-out) sees them all."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from tongwen.domain.identity.services import sources
from tongwen.domain.identity.types import Denied, SignedIn

_DENIED, _SIGNED_IN = "_denied", "_signed_in"


class SourceBackend(ModelBackend):
    """Ask the source of the institution in scope. Its no is final: no other backend is asked after it."""

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, username: str, password: str, source_id: int, **_more: Any
    ) -> Any:
        """Return the person; raises PermissionDenied, and Unavailable where the source cannot be asked."""
        try:
            signed_in = sources.sign_in(source_id=source_id, name=username, password=password)
        except Denied as denied:
            setattr(request, _DENIED, denied)
            raise PermissionDenied from None
        setattr(request, _SIGNED_IN, signed_in)
        return self.get_user(signed_in.person_id)


def denial(request: HttpRequest) -> Denied:
    """Return why nobody was let in by the last question."""
    denied: Denied = getattr(request, _DENIED, Denied())
    return denied


def signed_in(request: HttpRequest) -> SignedIn:
    """Return who was let in by the last question."""
    found: SignedIn = getattr(request, _SIGNED_IN)
    return found
