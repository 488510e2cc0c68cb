"""What things of safety are called."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongwen.domain.identity.types import FactorKind, FactorPolicy

POLICIES = {
    FactorPolicy.OFF: gettext_lazy("Not asked for"),
    FactorPolicy.ASKED: gettext_lazy("Offered; may be put off"),
    FactorPolicy.REQUIRED: gettext_lazy("Required of all staff"),
}


def factor_kind(kind: FactorKind) -> str:
    """Return the word for a kind of factor."""
    return _("Authenticator app") if kind is FactorKind.TOTP else _("Passkey")


def method(name: str) -> str:
    """Return the words for how somebody was recognised; kinds of sources keep their own names."""
    known = {"password": _("Password"), "passkey": _("Passkey"), "source": _("Log-in page of the library")}
    return known.get(name, name.upper())
