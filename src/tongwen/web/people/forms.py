"""The forms about people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from tongwen.core import clock
from tongwen.domain.identity import services, types
from tongwen.web.shared import terms
from tongwen.web.shared.components import FormField, Option

Errors = list[tuple[str, str]]


def role_options(actor: types.Actor, chosen: Sequence[str]) -> list[Option]:
    """Return the roles that the actor may give in the place she acts for."""
    return [
        Option(role.value, terms.word(terms.ROLES, role), role.value in chosen)
        for role in types.Role
        if services.may_give(actor, role, actor.place)
    ]


def give_fields(actor: types.Actor, given: Mapping[str, str], errors: Errors) -> list[FormField]:
    """Return the fields by which a role is given until a day."""
    wrong = dict(errors)
    return [
        FormField(
            "role",
            _("Role"),
            kind="select",
            options=role_options(actor, [given.get("role", "")]),
            error=wrong.get("role", ""),
        ),
        FormField(
            "until",
            _("Last day"),
            value=given.get("until", ""),
            kind="date",
            hint=_("Empty: without an end. A role that holds already gets this last day."),
            error=wrong.get("until", ""),
            required=False,
        ),
    ]


def read_role(actor: types.Actor, given: Mapping[str, str]) -> tuple[types.Role | None, dt.date | None, Errors]:
    """Return the role, the first day on which it does not hold any more, and what is wrong."""
    errors: Errors = []
    offered = {option.value for option in role_options(actor, [])}
    role = types.Role(given["role"]) if given["role"] in offered else None
    if role is None:
        errors.append(("role", _("Choose a role.")))
    last: dt.date | None = None
    if given["until"]:
        try:
            last = dt.date.fromisoformat(given["until"])
        except ValueError:
            errors.append(("until", _("Write the day as 2027-06-30.")))
    if last is not None and last < clock.today():
        errors.append(("until", _("This day has passed. To end a role now, use its button.")))
    return role, (last + dt.timedelta(days=1) if last and last < dt.date.max else None), errors


def invite_fields(
    actor: types.Actor, given: Mapping[str, str], roles: Sequence[str], errors: Errors
) -> list[FormField]:
    """Return the fields of an invitation."""
    wrong = dict(errors)
    spoken = given.get("language") or get_language()
    return [
        FormField(
            "email",
            _("E-mail address"),
            value=given.get("email", ""),
            kind="email",
            hint=_("The invitation is sent here. Whoever reads this mailbox can accept it."),
            error=wrong.get("email", ""),
            autocomplete="off",
        ),
        FormField(
            "name",
            pgettext("person", "Name"),
            value=given.get("name", ""),
            error=wrong.get("name", ""),
            autocomplete="off",
        ),
        FormField(
            "roles", _("Roles"), kind="checkboxes", options=role_options(actor, roles), error=wrong.get("roles", "")
        ),
        FormField(
            "language",
            _("Language of the mail"),
            kind="select",
            options=[Option(code, name, code == spoken) for code, name in settings.LANGUAGES],
        ),
    ]


def account_fields(given: Mapping[str, str], errors: Errors) -> list[FormField]:
    """Return the fields by which an invited person makes her account."""
    wrong = dict(errors)
    return [
        FormField(
            "name",
            _("Your name"),
            value=given.get("name", ""),
            error=wrong.get("name", ""),
            autocomplete="name",
        ),
        FormField(
            "username",
            _("Log-in name"),
            value=given.get("username", ""),
            hint=_("At least three letters or digits; you will type it at every log-in."),
            error=wrong.get("username", ""),
            autocomplete="username",
        ),
        *password_fields(wrong),
    ]


def password_fields(wrong: Mapping[str, str]) -> list[FormField]:
    """Return the two fields of a new password."""
    return [
        FormField(
            "password",
            _("Password"),
            kind="password",
            hint=_("At least ten characters. A sentence is easier to remember than signs."),
            error=wrong.get("password", ""),
            autocomplete="new-password",
        ),
        FormField(
            "again",
            _("Password once more"),
            kind="password",
            error=wrong.get("again", ""),
            autocomplete="new-password",
        ),
    ]
