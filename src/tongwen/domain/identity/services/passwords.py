"""Passwords of the local source: judging, changing, and giving a new one where the old is forgotten."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.utils.http import base36_to_int, int_to_base36
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongwen.core import audit, jobs, limits, secrets
from tongwen.domain.identity import models, types
from tongwen.domain.identity.rules import passwords as rules
from tongwen.domain.identity.services import notices, sessions, tokens

LETTER_JOB = "identity.password.letter"
_TOKENS = PasswordResetTokenGenerator()
"""Signed, bound to the present password and the last log-in: each link works once, for PASSWORD_RESET_TIMEOUT."""


def check(password: str, *, names: tuple[str, ...] = (), former: tuple[str, ...] = ()) -> None:
    """Refuse a password that is too weak. `former` are hashes of passwords that may not come again.

    Raises:
        WeakPassword: with what is wrong, in the language of the moment.
    """
    chosen = rules.rules(settings.TONGWEN_PASSWORD_RULES)
    found = [*rules.weaknesses(password, chosen, names)]
    if any(check_password(password, one) for one in former[: chosen.former]):
        found.append(rules.Weakness.FORMER)
    if found:
        raise types.WeakPassword(" ".join(_sentence(one, chosen) for one in found))


def requirements() -> tuple[str, ...]:
    """Say what a password has to be, for the hint beside the field."""
    chosen = rules.rules(settings.TONGWEN_PASSWORD_RULES)
    shortest = ngettext("At least %(n)s character.", "At least %(n)s characters.", chosen.shortest)
    said = [shortest % {"n": chosen.shortest}]
    if chosen.kinds > 1:
        said.append(_sentence(rules.Weakness.TOO_FEW_KINDS, chosen))
    return (*said, _("A sentence that only you would think of is better than a word with signs."))


def _sentence(weakness: rules.Weakness, chosen: rules.Rules) -> str:
    sentences = {
        rules.Weakness.TOO_SHORT: ngettext(
            "Use at least %(n)s character.", "Use at least %(n)s characters.", chosen.shortest
        )
        % {"n": chosen.shortest},
        rules.Weakness.TOO_LONG: _("Use no more than %(n)s characters.") % {"n": chosen.longest},
        rules.Weakness.TOO_FEW_KINDS: _(
            "Use at least %(n)s of these: small letters, capital letters, digits, other signs."
        )
        % {"n": chosen.kinds},
        rules.Weakness.COMMON: _("Many people use this password: it is the first that others try."),
        rules.Weakness.NAME: _("Leave out your name, your log-in name and the name of this service."),
        rules.Weakness.ROW: _("Do not repeat one sign, and do not take neighbours such as 12345678."),
        rules.Weakness.FORMER: _("You have used this password before. Choose a new one."),
    }
    return sentences[weakness]


def keep(row: models.Person, password: str, *, now: dt.datetime) -> None:
    """Set a password that has been checked, and remember the former one as long as the rules ask."""
    safety, _made = models.Safety.objects.get_or_create(person=row)
    former = [row.password, *safety.former_passwords] if row.has_usable_password() else safety.former_passwords
    row.set_password(password)
    row.save(update_fields=["password"])
    safety.former_passwords = former[: rules.rules(settings.TONGWEN_PASSWORD_RULES).former]
    safety.password_changed_at = now
    safety.save()


def change(
    *,
    person: types.Person,
    present: str,
    password: str,
    session_id: str | None,
    address: limits.Address,
    now: dt.datetime,
) -> None:
    """Change one's own password; all sessions but the one named end.

    Raises:
        WrongPassword: the present one is another (too many of these make the account wait: limits.Locked).
        WeakPassword.
    """
    attempt = limits.begin(
        kind=limits.PASSWORD, account=f"person {person.id}", institution_id=None, address=address, now=now
    )
    with transaction.atomic():
        row = models.Person.objects.select_for_update().get(pk=person.id)
        if not row.check_password(present):
            raise types.WrongPassword(f"this is not the password of person {person.id}")
        limits.succeeded(attempt)
        _set_new(row, password, now)
        sessions.end_all(person_id=row.pk, now=now, why="password_changed", but=session_id)
        audit.record(at=now, actor=row.username, action="password.change", subject=f"person {row.pk}")
        notices.tell("password_changed", row, now=now)


def _set_new(row: models.Person, password: str, now: dt.datetime) -> None:
    safety = models.Safety.objects.filter(person=row).first()
    former = (row.password, *(safety.former_passwords if safety else ()))
    check(password, names=(row.username, row.display_name, row.email), former=former)
    keep(row, password, now=now)


def check_own(*, person: types.Person, password: str, address: limits.Address, now: dt.datetime) -> None:
    """Let a person prove by her local password that it is still she who sits there.

    Raises:
        WrongPassword. limits.Locked, limits.TooMany.
    """
    attempt = limits.begin(
        kind=limits.PASSWORD, account=f"person {person.id}", institution_id=None, address=address, now=now
    )
    if not models.Person.objects.get(pk=person.id).check_password(password):
        raise types.WrongPassword(f"this is not the password of person {person.id}")
    limits.succeeded(attempt)


def ask_for_new(*, username: str) -> None:
    """Let a worker look whether anybody has this name and write to her.

    Known or not, it takes the same time and says the same: nobody learns here who has an account.
    """
    jobs.defer(LETTER_JOB, sealed_username=secrets.seal(username))


@transaction.atomic
def write_letter(*, sealed_username: str, now: dt.datetime) -> bool:
    """Send a link to who has this name, an address and a local password; tell whether there is somebody."""
    username = secrets.unseal(sealed_username)
    row = models.Person.objects.filter(username__iexact=username, is_active=True).exclude(email="").first()
    if row is None or not row.has_usable_password():
        return False
    notices.tell("new_password", row, now=now, link=tokens.link("password/link", reset_token(row.pk)))
    audit.record(at=now, actor=row.username, action="password.ask", subject=f"person {row.pk}")
    return True


def reset_token(person_id: int) -> str:
    """Return what a link for a new password carries; it is as good as the password for half an hour."""
    row = models.Person.objects.get(pk=person_id)
    return f"{int_to_base36(row.pk)}-{_TOKENS.make_token(row)}"


def person_of_token(token: str) -> types.Person:
    """Return whom a link for a new password belongs to.

    Raises:
        BadResetLink: damaged, too old, used, or made before the last log-in.
    """
    return _person(_row_of_token(token))


def _row_of_token(token: str) -> models.Person:
    number, _dash, rest = token.partition("-")
    try:
        row = models.Person.objects.filter(pk=base36_to_int(number), is_active=True).first()
    except ValueError:
        row = None
    if row is None or not _TOKENS.check_token(row, rest):
        raise types.BadResetLink("the link is damaged, too old, or was used")
    return row


def _person(row: models.Person) -> types.Person:
    return types.Person(row.pk, row.username, row.display_name, row.email, row.is_active)


@transaction.atomic
def set_forgotten(*, token: str, password: str, now: dt.datetime) -> types.Person:
    """Set a new password by a link; the link is used up and all sessions end.

    Raises:
        BadResetLink, WeakPassword.
    """
    row = _row_of_token(token)
    row = models.Person.objects.select_for_update().get(pk=row.pk)
    if not _TOKENS.check_token(row, token.partition("-")[2]):
        raise types.BadResetLink("the link was used just now")
    _set_new(row, password, now)
    sessions.end_all(person_id=row.pk, now=now, why="password_changed")
    audit.record(at=now, actor=row.username, action="password.reset", subject=f"person {row.pk}")
    notices.tell("password_changed", row, now=now)
    return _person(row)
