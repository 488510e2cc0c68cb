"""The form that enters and changes a client; which fields it has depends on the kind."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _

from tongwen.domain.identity.queries import clients as queries
from tongwen.domain.identity.types import Client, ClientKind, Entry, Role, Scope, WrongClient
from tongwen.domain.members import queries as members
from tongwen.domain.members.types import UnknownInstitution
from tongwen.web.clients import words
from tongwen.web.shared.components import FormField, Option

_LONGEST = 20_000
_METADATA = 1 << 20


def read(given: QueryDict, kind: ClientKind, number: int = 0) -> Client:
    """Read the form.

    Raises:
        WrongClient: a library's code is unknown.
    """
    is_machine = kind is ClientKind.MACHINE
    return Client(
        id=number,
        kind=kind,
        name_zh=_text(given, "name_zh"),
        name_zh_hant=_text(given, "name_zh_hant"),
        name_en=_text(given, "name_en"),
        home_url=_text(given, "home_url"),
        is_public=kind is ClientKind.OIDC and given.get("is_public") == "1",
        is_trusted=is_machine or "1" in given.getlist("is_trusted"),
        scopes=_scopes(given, kind),
        redirect_uris=_lines(given, "redirect_uris"),
        logout_redirect_uris=_lines(given, "logout_redirect_uris"),
        sector=_text(given, "sector"),
        services=_lines(given, "services"),
        saml_metadata=given.get("saml_metadata", "").strip()[: _METADATA + 1],
        backchannel_uri=_text(given, "backchannel_uri"),
        entry=_one_of(Entry, given.get("entry"), Entry.OWN),
        admitted_ids=tuple(_libraries(_text(given, "admitted"))),
        roles=tuple(Role(word) for word in given.getlist("roles") if word in set(Role)),
    )


def _scopes(given: QueryDict, kind: ClientKind) -> tuple[Scope, ...]:
    chosen = tuple(Scope(word) for word in given.getlist("scopes") if word in set(Scope))
    return (Scope.OPENID, *chosen) if kind is ClientKind.OIDC and Scope.OPENID not in chosen else chosen


def _one_of(kind: type[Entry], value: str | None, otherwise: Entry) -> Entry:
    return kind(value) if value in set(kind) else otherwise


def _text(given: QueryDict, name: str) -> str:
    return given.get(name, "").strip()[:_LONGEST]


def _lines(given: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(given.get(name, "")[:_LONGEST].split()))


def _libraries(codes: str) -> Iterator[int]:
    for code in codes.replace(",", " ").replace("，", " ").split():
        try:
            yield members.institution_by_code(code).id
        except UnknownInstitution:
            raise WrongClient((("admitted", "unknown"),)) from None


def fields(
    client: Client, given: QueryDict | None, errors: list[tuple[str, str]], *, is_centre: bool
) -> list[FormField]:
    """Return the fields for a kind of client; what was typed stays when something is wrong."""
    wrong = dict(errors)
    made = [*_names(client), *_of_kind(client, is_centre=is_centre)]
    if client.kind is not ClientKind.MACHINE:
        made += [*_entry(is_centre=is_centre), *_consent()]
    return [_filled(one, client, given, wrong.get(one.name, "")) for one in made]


def _filled(field: FormField, client: Client, given: QueryDict | None, error: str) -> FormField:
    if given is not None and field.options:
        chosen: list[str] = given.getlist(field.name)
    elif field.options:
        chosen = _chosen(client, field.name)
    else:
        chosen = []
    return FormField(
        field.name,
        field.label,
        value=_value(client, field.name) if given is None else given.get(field.name, ""),
        hint=field.hint,
        error=error,
        kind=field.kind,
        options=[Option(one.value, one.label, one.value in chosen) for one in field.options],
        rows=field.rows,
        lang=field.lang,
    )


def _value(client: Client, name: str) -> str:
    if name == "admitted":
        return " ".join(members.institution(number).code for number in client.admitted_ids)
    value = getattr(client, name, "")
    return "\n".join(value) if isinstance(value, tuple) else str(value)


def _chosen(client: Client, name: str) -> list[str]:
    if name in ("is_public", "is_trusted"):
        return ["1" if getattr(client, name) else "0"]
    value = getattr(client, name)
    return [str(one) for one in value] if isinstance(value, tuple) else [str(value)]


def _names(client: Client) -> Iterator[FormField]:
    yield FormField("name_zh", _("Name in simplified Chinese"), lang="zh-Hans")
    yield FormField("name_zh_hant", _("Name in traditional Chinese"), hint=_("Empty: as above."), lang="zh-Hant")
    yield FormField("name_en", _("Name in English"), lang="en")
    if client.kind is not ClientKind.MACHINE:
        hint = _("A page where people find what the service is. It may be left empty.")
        yield FormField("home_url", _("About the service"), hint=hint, kind="url")


def _of_kind(client: Client, *, is_centre: bool) -> Iterator[FormField]:
    if client.kind is ClientKind.OIDC:
        yield from _oidc()
    elif client.kind is ClientKind.CAS:
        yield from _cas()
    elif client.kind is ClientKind.SAML:
        hint = _("The file of metadata that the service gives you, as it is (XML).")
        yield FormField("saml_metadata", _("Metadata of the service"), hint=hint, kind="textarea", rows=10)
    usual = [one for one in queries.scopes_for(client.kind, 0 if not is_centre else None) if one is not Scope.OPENID]
    label = (
        _("What it may do") if client.kind is ClientKind.MACHINE else _("What it may know besides library and roles")
    )
    yield FormField("scopes", label, kind="checkboxes", options=[Option(one, str(words.SCOPES[one])) for one in usual])


def _oidc() -> Iterator[FormField]:
    where = [
        Option("0", _("On a server, which keeps a secret")),
        Option("1", _("On people's own devices or in their browsers: without a secret, with PKCE")),
    ]
    yield FormField("is_public", _("Where it runs"), kind="radio", options=where)
    hint = _("Where people come back to after the log-in, character by character; one address a line.")
    yield FormField("redirect_uris", _("Redirect addresses"), hint=hint, kind="textarea", rows=3)
    hint = _("Where people may come back to after the log-out; one address a line. It may be left empty.")
    yield FormField("logout_redirect_uris", _("Addresses after the log-out"), hint=hint, kind="textarea", rows=2)
    yield from _hearing()
    hint = _("Services of one sector know people by the same identifier. Empty: the host of the redirect address.")
    yield FormField("sector", _("Sector"), hint=hint)


def _cas() -> Iterator[FormField]:
    hint = _("Everything on this host below this path is the service; one address a line.")
    yield FormField("services", _("Addresses of the service"), hint=hint, kind="textarea", rows=3)
    yield from _hearing()


def _hearing() -> Iterator[FormField]:
    hint = _("We tell this address when somebody logs out anywhere. It may be left empty.")
    yield FormField("backchannel_uri", _("Address that hears of log-outs"), hint=hint, kind="url")


def _entry(*, is_centre: bool) -> Iterator[FormField]:
    open_to = [one for one in Entry if not (is_centre and one is Entry.OWN)]
    yield FormField(
        "entry", _("Who may enter"), kind="radio", options=[Option(one, str(words.ENTRIES[one])) for one in open_to]
    )
    hint = _("Codes of libraries, where only people of some may enter.")
    yield FormField("admitted", _("These libraries"), hint=hint)
    roles = [Option(one, str(words.ROLES[one])) for one in words.ROLES]
    hint = _("Nothing chosen: all roles.")
    yield FormField("roles", _("Only these roles"), hint=hint, kind="checkboxes", options=roles)


def _consent() -> Iterator[FormField]:
    hint = _("People of other libraries are asked in any case before a library's service learns about them.")
    yield FormField(
        "is_trusted",
        _("Consent"),
        hint=hint,
        kind="checkboxes",
        options=[Option("1", _("It is our own service: our people are not asked"))],
    )
