"""What goes wrong with people, addresses, names and files of readers, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongwen.domain.identity.types import (
    AddressFault,
    BadAddress,
    ImportState,
    InvitationState,
    LineFault,
    ReaderProblem,
)
from tongwen.web.shared import terms
from tongwen.web.shared.terms import Word

ADDRESSES: Mapping[str, Word] = {
    AddressFault.NO_ADDRESS: gettext_lazy("This is no e-mail address. It must look like name@library.edu.cn."),
    AddressFault.TOO_LONG: gettext_lazy("The e-mail address is too long."),
    AddressFault.INVISIBLE: gettext_lazy("The e-mail address holds a space or an invisible character. Type it anew."),
    AddressFault.OTHER_LETTERS: gettext_lazy("Before the @ only plain Latin letters, digits and signs can be used."),
    AddressFault.BAD_DOMAIN: gettext_lazy("What stands behind the @ is no domain name."),
    AddressFault.LOOK_ALIKE: gettext_lazy(
        "The domain mixes letters of several scripts that look alike, as addresses of swindlers do. Type it anew."
    ),
}

INVITATIONS: Mapping[str, Word] = {
    InvitationState.OPEN: pgettext_lazy("invitation", "open"),
    InvitationState.ACCEPTED: pgettext_lazy("invitation", "accepted"),
    InvitationState.EXPIRED: pgettext_lazy("invitation", "expired"),
    InvitationState.REVOKED: pgettext_lazy("invitation", "revoked"),
}

IMPORTS: Mapping[str, Word] = {
    ImportState.WAITING: pgettext_lazy("file of readers", "being checked"),
    ImportState.CHECKED: pgettext_lazy("file of readers", "checked"),
    ImportState.FAULTY: pgettext_lazy("file of readers", "has errors"),
    ImportState.UNREADABLE: pgettext_lazy("file of readers", "cannot be read"),
    ImportState.TAKING: pgettext_lazy("file of readers", "being taken over"),
    ImportState.DONE: pgettext_lazy("file of readers", "taken over"),
    ImportState.CANCELLED: pgettext_lazy("file of readers", "not taken over"),
    ImportState.FAILED: pgettext_lazy("file of readers", "failed"),
}

COLUMNS: Mapping[str, Word] = {
    "number": gettext_lazy("Reader number"),
    "display_name": pgettext_lazy("person", "Name"),
    "category": gettext_lazy("Kind of reader"),
    "department": gettext_lazy("Department"),
    "email": gettext_lazy("E-mail address"),
    "expires_on": gettext_lazy("Valid until"),
}

FAULTS: Mapping[str, Word] = {
    LineFault.EMPTY_FILE: gettext_lazy("The file is empty."),
    LineFault.UNDECODABLE: gettext_lazy("The file is neither UTF-8 nor GB18030. Save it as CSV UTF-8."),
    LineFault.BROKEN_QUOTES: gettext_lazy("A quotation mark opens and does not close."),
    LineFault.COLUMN_MISSING: gettext_lazy("The first line must name the columns; one that is needed is missing."),
    LineFault.COLUMN_TWICE: gettext_lazy("Two columns have the same meaning."),
    LineFault.TOO_MANY_LINES: gettext_lazy("The file has more than 1,000,000 lines. Divide it."),
    LineFault.TOO_MANY_CELLS: gettext_lazy("The file has more than 100 columns."),
    LineFault.TOO_FEW_CELLS: gettext_lazy("The line has fewer cells than the first line names."),
    LineFault.EMPTY: gettext_lazy("This must be filled in."),
    LineFault.TOO_LONG: gettext_lazy("This is too long."),
    LineFault.INVISIBLE: gettext_lazy("This holds an invisible character."),
    LineFault.BAD_EMAIL: gettext_lazy("This is no e-mail address that can be used."),
    LineFault.BAD_DATE: gettext_lazy("This is no date. Write it as 2027-06-30."),
    LineFault.NUMBER_TWICE: gettext_lazy("This number stands on an earlier line too, with other facts."),
}


def address(error: BadAddress) -> str:
    """Say what is wrong with an e-mail address."""
    return terms.word(ADDRESSES, error.fault)


def problem(one: ReaderProblem) -> tuple[str, str]:
    """Return the column and the sentence of a problem."""
    return (terms.word(COLUMNS, one.column) if one.column else "", terms.word(FAULTS, one.fault))


def unreadable(findings: Mapping[str, object]) -> str:
    """Say why a file of readers cannot be read, and on which line."""
    sentence = terms.word(FAULTS, str(findings.get("fault", "")))
    what = str(findings.get("what", ""))
    named = f"{sentence} ({terms.word(COLUMNS, what)})" if what else sentence
    line = findings.get("line")
    return _("Line %(line)s: %(sentence)s") % {"line": line, "sentence": named} if line else named


def bad_name() -> str:
    """Say what a name must be like."""
    return _("Enter a name of at most 150 characters, without invisible ones.")
