"""Which settings each kind of source has, and whether given ones can be used. Nothing is asked of the source here."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tongwen.domain.identity.rules.kit import SHORTEST_SECRET
from tongwen.domain.identity.types import BadSource, Setting, SourceField, SourceKind

LONGEST = {SourceField.BLOCK: 2_000_000, SourceField.TEXT: 500, SourceField.URL: 500, SourceField.SECRET: 500}

_CERTIFICATES = Setting("certificates", SourceField.BLOCK)
_NORMALIZE = Setting("normalize", SourceField.FLAG, default=True)


def _told_by(name: str, email: str, category: str) -> tuple[Setting, ...]:
    return (
        Setting("name_attribute", default=name),
        Setting("email_attribute", default=email),
        Setting("category_attribute", default=category),
    )


TABLE: dict[SourceKind, tuple[Setting, ...]] = {
    SourceKind.LOCAL: (),
    SourceKind.LDAP: (
        Setting("url", SourceField.URL, is_required=True),
        Setting("starttls", SourceField.FLAG, default=True),
        _CERTIFICATES,
        Setting("bind", SourceField.CHOICE, default="search", choices=("search", "direct")),
        Setting("account"),
        Setting("account_password", SourceField.SECRET),
        Setting("base", is_required=True),
        Setting("filter", default="(uid={name})"),
        Setting("name_template", default="uid={name},ou=people,dc=example,dc=org"),
        Setting("subject_attribute", default="entryUUID", is_required=True),
        *_told_by("displayName", "mail", ""),
        Setting("expiry_attribute"),
        _NORMALIZE,
    ),
    SourceKind.SIP2: (
        Setting("host", is_required=True),
        Setting("port", SourceField.NUMBER, default=6001, is_required=True),
        Setting("tls", SourceField.FLAG, default=False),
        _CERTIFICATES,
        Setting("login_name"),
        Setting("login_password", SourceField.SECRET),
        Setting("location"),
        Setting("institution"),
        Setting("question", SourceField.CHOICE, default="information", choices=("information", "status")),
        Setting("charset", SourceField.CHOICE, default="utf-8", choices=("utf-8", "gb18030", "cp850")),
        Setting("line_end", SourceField.CHOICE, default="cr", choices=("cr", "crlf")),
        Setting("checksum", SourceField.FLAG, default=True),
        Setting("language", default="019"),
        Setting("needs_valid_patron", SourceField.FLAG, default=True),
        Setting("subject_field", default="AA", is_required=True),
        _NORMALIZE,
    ),
    SourceKind.CAS: (
        Setting("url", SourceField.URL, is_required=True),
        Setting("version", SourceField.CHOICE, default="3", choices=("3", "2", "1")),
        _CERTIFICATES,
        Setting("subject_attribute"),
        *_told_by("displayName", "mail", ""),
    ),
    SourceKind.OIDC: (
        Setting("issuer", SourceField.URL, is_required=True),
        Setting("client", is_required=True),
        Setting("client_secret", SourceField.SECRET),
        Setting("client_authentication", SourceField.CHOICE, default="basic", choices=("basic", "post")),
        Setting("scopes", default="openid profile email"),
        _CERTIFICATES,
        *_told_by("name", "email", ""),
    ),
    SourceKind.SAML: (
        Setting("metadata", SourceField.BLOCK, is_required=True),
        Setting("entity"),
        Setting(
            "subject",
            SourceField.CHOICE,
            default="eduPersonPrincipalName",
            choices=("eduPersonPrincipalName", "pairwise-id", "subject-id", "eduPersonTargetedID", "persistent"),
        ),
        *_told_by("displayName", "mail", "eduPersonScopedAffiliation"),
    ),
    SourceKind.KIT: (
        Setting("url", SourceField.URL, is_required=True),
        Setting("secret", SourceField.SECRET, is_required=True),
        _CERTIFICATES,
        _NORMALIZE,
    ),
}

NORMALIZES = "normalize"


def defaults(kind: SourceKind) -> dict[str, Any]:
    """Return the settings of a new source."""
    return {one.name: one.default for one in TABLE[kind] if one.field is not SourceField.SECRET}


def whole(kind: SourceKind, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return kept settings with a value for every field, also for those that came after they were kept."""
    return {name: kept.get(name, default) for name, default in defaults(kind).items()}


def checked(kind: SourceKind, given: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings as they are kept. `secrets` are those that will hold, old and new.

    Raises:
        BadSource: with every field that is missing or wrong.
    """
    kept, problems = {}, []
    for one in TABLE[kind]:
        value = (secrets if one.field is SourceField.SECRET else given).get(one.name, one.default)
        value = value.strip() if isinstance(value, str) and one.field is not SourceField.SECRET else value
        problem = _problem(kind, one, value)
        if problem:
            problems.append((one.name, problem))
        elif one.field is not SourceField.SECRET:
            kept[one.name] = int(value) if one.field is SourceField.NUMBER else value
    problems += _problems_together(kind, kept, {name for name, _problem_ in problems}, secrets)
    if problems:
        raise BadSource(*problems)
    return kept


def _problem(kind: SourceKind, one: Setting, value: Any) -> str:
    if value in ("", None):
        return "missing" if one.is_required else ""
    if len(str(value)) > LONGEST.get(one.field, 500):
        return "long"
    if one.field is SourceField.URL:
        return _address_problem(kind, str(value))
    wrong = {
        "choice": one.field is SourceField.CHOICE and value not in one.choices,
        "number": one.field is SourceField.NUMBER and not (str(value).isdecimal() and 0 < int(value) < 65_536),
        "certificates": one is _CERTIFICATES and not ("-----BEGIN CERTIFICATE-----" in value and value.isascii()),
    }
    return next((code for code, is_so in wrong.items() if is_so), "")


def _address_problem(kind: SourceKind, value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "address"
    schemes = {"ldap", "ldaps"} if kind is SourceKind.LDAP else {"https"}
    if host in {"localhost", "127.0.0.1", "::1"}:
        schemes = schemes | ({"http"} if "https" in schemes else set())
    if not host or parts.scheme not in schemes or parts.username or parts.password or parts.fragment:
        return "address"
    return ""


def _problems_together(
    kind: SourceKind, kept: Mapping[str, Any], wrong: set[str], secrets: Mapping[str, str]
) -> list[tuple[str, str]]:
    """What is right field by field may be wrong together."""
    if kind is SourceKind.LDAP and "bind" not in wrong:
        field = "filter" if kept["bind"] == "search" else "name_template"
        if field not in wrong and not _takes_a_name(str(kept.get(field, ""))):
            return [(field, "template")]
        if kept.get("account") and not secrets.get("account_password"):
            return [("account_password", "missing")]
        if not kept.get("starttls") and str(kept.get("url", "")).startswith("ldap://") and not _is_here(kept["url"]):
            return [("starttls", "plain")]
    if kind is SourceKind.SIP2 and "language" not in wrong and not _three_digits(str(kept["language"])):
        return [("language", "language")]
    if kind is SourceKind.KIT and "secret" not in wrong and len(secrets.get("secret", "")) < SHORTEST_SECRET:
        return [("secret", "short")]
    return []


def _is_here(url: str) -> bool:
    return urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}


def _three_digits(text: str) -> bool:
    return len(text) == 3 and set(text) <= set(string.digits)


def _takes_a_name(template: str) -> bool:
    return "{name}" in template and template.count("{") == template.count("{name}")
