"""The fields of membership's forms, and reading what they send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby

from django.http import QueryDict
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from tongwen.domain.members import queries as members
from tongwen.domain.members import types
from tongwen.web.members import words
from tongwen.web.shared import terms
from tongwen.web.shared.components import FormField, Option

Errors = Mapping[str, str]
_LONGEST = 10_000


def text(given: QueryDict, name: str) -> str:
    """Return what stands in a field, without what no text has."""
    return given.get(name, "").replace("\0", "")[:_LONGEST]


def date(given: QueryDict, name: str) -> dt.date:
    """Return a date of a form.

    Raises:
        BadFacts
    """
    try:
        return dt.date.fromisoformat(given.get(name, ""))
    except ValueError:
        raise types.BadFacts(types.Problem(name, "bad_date" if given.get(name) else "missing")) from None


def welcome(given: QueryDict) -> types.Welcome:
    """Return the texts of a portal as they were typed."""
    return types.Welcome(*(text(given, f"welcome_{part}") for part in types.Welcome._fields))


def options(known: Mapping[str, words.Word], chosen: str | Iterable[str]) -> list[Option]:
    """Return all words of a kind as options."""
    picked = {chosen} if isinstance(chosen, str) else set(chosen)
    return [Option(value, terms.word(known, value), value in picked) for value in known]


def city(chosen: str, errors: Errors, name: str = "city", label: str = "") -> FormField:
    """Return the choice of a city below its province."""
    language = get_language() or "en"
    provinces = {one.code: one for one in members.all_provinces()}
    groups = [
        (
            provinces[code + "0000"].name(language),
            [Option(one.code, one.name(language), one.code == chosen) for one in inside],
        )
        for code, inside in groupby(members.all_cities(), key=lambda one: one.code[:2])
    ]
    first = [Option("", _("Choose …"), not chosen)]
    return FormField(
        name, label or _("Province and city"), kind="select", options=first, groups=groups, error=errors.get(name, "")
    )


def names(one: types.InstitutionFacts | types.DomainFacts | types.Candidate, errors: Errors) -> list[FormField]:
    """Return the fields of the three names."""
    hint = _("May stay empty: it is then made from the simplified name.")
    return [
        FormField(
            "name_zh", _("Name in simplified Chinese"), one.name_zh, error=errors.get("name_zh", ""), lang="zh-Hans"
        ),
        FormField(
            "name_zh_hant",
            _("Name in traditional Chinese"),
            one.name_zh_hant,
            hint,
            errors.get("name_zh_hant", ""),
            required=False,
            lang="zh-Hant",
        ),
        FormField(
            "name_en",
            _("Name in English"),
            one.name_en,
            _("May stay empty."),
            errors.get("name_en", ""),
            required=False,
            lang="en",
        ),
    ]


def contact(homepage: str, mail: str, phone: str, errors: Errors) -> list[FormField]:
    """Return the fields by which a library is reached."""
    return [
        FormField("homepage", _("Web site"), homepage, error=errors.get("homepage", ""), kind="url", required=False),
        FormField(
            "contact_mail", _("Contact mail"), mail, error=errors.get("contact_mail", ""), kind="email", required=False
        ),
        FormField(
            "contact_phone", _("Telephone"), phone, error=errors.get("contact_phone", ""), kind="tel", required=False
        ),
    ]


def institution(one: types.InstitutionFacts, errors: Errors, *, is_new: bool) -> list[FormField]:
    """Return the fields of what a centre enters of a member."""
    code = FormField(
        "code",
        pgettext("library", "Code"),
        one.code,
        _("Letters, digits and hyphens. It stays for ever: files and links speak of it."),
        errors.get("code", ""),
    )
    return [
        *([code] if is_new else []),
        *names(one, errors),
        FormField("isil", "ISIL", one.isil, _("May stay empty."), errors.get("isil", ""), required=False),
        FormField(
            "type",
            pgettext("library", "Type"),
            kind="select",
            options=options(words.INSTITUTION_TYPES, one.type),
            error=errors.get("type", ""),
        ),
        FormField(
            "tier",
            pgettext("library", "Tier"),
            kind="select",
            options=options(words.MEMBER_TIERS, one.tier),
            error=errors.get("tier", ""),
        ),
        city(one.city, errors),
        *contact(one.homepage, one.contact_mail, one.contact_phone, errors),
        host_name(one.host_name, errors),
    ]


def host_name(value: str, errors: Errors) -> FormField:
    """Return the field of a portal's host name."""
    return FormField(
        "host_name",
        _("Host name of its own portal"),
        value,
        _("May stay empty. The name server must lead this name to this installation; the portal then answers at once."),
        errors.get("host_name", ""),
        required=False,
    )


def read_institution(given: QueryDict, code: str = "") -> types.InstitutionFacts:
    """Read what a centre entered of a member."""
    found = {name: text(given, name) for name in types.InstitutionFacts._fields}
    return types.InstitutionFacts(**found | ({"code": code} if code else {}))


def facts_of(one: types.Institution) -> types.InstitutionFacts:
    """Return what stands of a member, for its form."""
    return types.InstitutionFacts(
        code=one.code,
        name_zh=one.name_zh,
        name_zh_hant=one.name_zh_hant,
        name_en=one.name_en,
        type=one.type.value,
        city=one.city,
        isil=one.isil,
        tier=one.tier.value,
        homepage=one.homepage,
        contact_mail=one.contact_mail,
        contact_phone=one.contact_phone,
        host_name=one.host_name,
    )


def look(colour: str, accent: str, errors: Errors) -> list[FormField]:
    """Return the fields of a portal's two colours."""
    hint = _("As #14566b; empty for the installation's own. White letters must be legible on it.")
    return [
        FormField("colour", _("Main colour"), colour, hint, errors.get("colour", ""), required=False),
        FormField("accent", _("Second colour"), accent, hint, errors.get("accent", ""), required=False),
    ]


def welcomes(one: types.Welcome, errors: Errors) -> list[FormField]:
    """Return the fields of the text on a portal's home page."""
    labels = {
        "zh": _("Welcome in simplified Chinese"),
        "zh_hant": _("Welcome in traditional Chinese"),
        "en": _("Welcome in English"),
    }
    tags = {"zh": "zh-Hans", "zh_hant": "zh-Hant", "en": "en"}
    return [
        FormField(
            f"welcome_{part}",
            labels[part],
            value,
            error=errors.get(f"welcome_{part}", ""),
            kind="textarea",
            required=False,
            lang=tags[part],
        )
        for part, value in one._asdict().items()
    ]


def services(name: str, label: str, chosen: Iterable[str], hint: str = "", error: str = "") -> FormField:
    """Return the choice of services."""
    return FormField(
        name, label, hint=hint, error=error, kind="checkboxes", options=options(words.SERVICES, chosen), required=False
    )


def addresses(value: str, error: str) -> FormField:
    """Return the field of address ranges."""
    return FormField(
        "addresses",
        _("Address ranges"),
        value,
        _("One a line: 192.0.2.0/24, 192.0.2.1-192.0.2.99 or 2001:db8::/32. What follows # is a remark."),
        error,
        kind="textarea",
        rows=8,
        required=False,
    )
