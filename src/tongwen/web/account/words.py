"""What people are told when they are not let in."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongwen.domain.identity.types import Denial, Denied, Unavailable

DENIALS: dict[Denial, str | Promise] = {
    Denial.WRONG: gettext_lazy("Name and password do not fit together. Check both; capitals count in the password."),
    Denial.BLANK: gettext_lazy("Enter name and password."),
    Denial.EXPIRED: gettext_lazy("Your library says that your card has expired. Have it renewed there."),
    Denial.BLOCKED: gettext_lazy("Your library says that your card is blocked. Ask at its desk."),
    Denial.REFUSED: gettext_lazy("The log-in at your institution's page was not completed. Try again."),
    Denial.CLOSED: gettext_lazy("This way of logging in is closed at the moment. Ask your library."),
    Denial.INACTIVE: gettext_lazy("Your account on this platform was deactivated. Ask your library."),
}


def denial(denied: Denied) -> str:
    """Return the sentence for a refusal, with what the library wants to add."""
    sentence = str(DENIALS[denied.reason])
    return f"{sentence} {_('Your library adds:')} {denied.message[:300]}" if denied.message else sentence


def unavailable(error: Unavailable) -> str:
    """Return the sentence for a source that cannot be asked; a missing part is a matter of the operators."""
    if error.reason == "extra":
        return _(
            "This way of logging in needs a part that is not installed (%(part)s). Tell those who run the platform."
        ) % {"part": error.detail}
    return _(
        "The log-in of your library is temporarily unavailable. Nothing is wrong with your password; try again later."
    )
