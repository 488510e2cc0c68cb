"""Services for tests: clients of a library or the centre, and browsers that carry people to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tongwen.core import clock
from tongwen.domain.identity import services, types
from tongwen.domain.identity.types import ClientKind, Entry, Permission, Place, Scope

CALLBACK = "https://discovery.example.org/callback"


def integrator(institution_id: int | None) -> types.Actor:
    """Return somebody who may register clients of a library, or (None) of the centre."""
    return types.Actor(
        username="integrator",
        place=Place(institution_id),
        roles=frozenset({types.Role.INTEGRATOR}),
        permissions=frozenset({Permission.CLIENTS_MANAGE}),
    )


def register(institution_id: int | None, kind: ClientKind = ClientKind.OIDC, **facts: Any) -> services.Registered:
    """Register a client; what is not said is as for a service of the owner that asks nobody for her consent."""
    usual: dict[str, Any] = {"is_trusted": True, "entry": Entry.OWN if institution_id else Entry.ALL}
    if kind is ClientKind.OIDC:
        usual |= {"scopes": (Scope.OPENID, Scope.PROFILE), "redirect_uris": (CALLBACK,)}
    client = types.Client(kind=kind, name_zh="发现系统", name_zh_hant="探索系統", name_en="Discovery")
    return services.register_client(
        actor=integrator(institution_id), client=replace(client, **(usual | facts)), now=clock.now()
    )


def answered(response: Any) -> dict[str, str]:
    """Return the parameters with which a browser is sent to a service."""
    assert response.status_code == 302, response.content.decode()[:3000]
    return {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}
