"""What to enter at the other end, by kind of client: addresses and names, ready to be copied."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tongwen.domain.identity.types import Client, ClientKind


class Instruction(NamedTuple):
    """One thing to enter, and a way to try it: `link` is an address that can be opened at once."""

    label: str
    value: str
    link: str = ""


def of(request: HttpRequest, client: Client) -> list[Instruction]:
    """Return what the person who sets the service up has to enter."""
    base = settings.TONGWEN_ADDRESS or request.build_absolute_uri("/").rstrip("/")
    return _WRITERS[client.kind](base, client)


def _oidc(base: str, client: Client) -> list[Instruction]:
    discovery = base + reverse("oidc-discovery")
    return [
        Instruction(_("Issuer"), base),
        Instruction(_("Discovery document"), discovery, discovery),
        Instruction(_("Client id"), client.client_id),
        Instruction(_("Scopes"), " ".join(client.scopes)),
        Instruction(_("Token signature"), "RS256"),
    ]


def _cas(base: str, client: Client) -> list[Instruction]:
    login = base + reverse("cas-login")
    first = client.services[0] if client.services else ""
    return [
        Instruction(_("Server"), base + "/cas"),
        Instruction(_("Log-in"), login, f"{login}?service={first}"),
        Instruction(_("Validation (version 3)"), base + reverse("cas-p3-service-validate")),
        Instruction(_("Validation (version 2)"), base + reverse("cas-service-validate")),
        Instruction(_("Log-out"), base + reverse("cas-logout")),
    ]


def _saml(base: str, client: Client) -> list[Instruction]:
    metadata = base + reverse("saml-metadata")
    return [
        Instruction(_("Metadata of this identity provider"), metadata, metadata),
        Instruction(_("Entity id of this identity provider"), metadata),
        Instruction(_("Entity id of the service"), client.saml_entity_id),
    ]


def _machine(base: str, client: Client) -> list[Instruction]:
    return [
        Instruction(_("Token address"), base + reverse("oidc-token")),
        Instruction(_("Client id"), client.client_id),
        Instruction(_("Scopes"), " ".join(client.scopes)),
        Instruction(_("First call to try"), base + reverse("api-self")),
    ]


_WRITERS = {
    ClientKind.OIDC: _oidc,
    ClientKind.CAS: _cas,
    ClientKind.SAML: _saml,
    ClientKind.MACHINE: _machine,
}
