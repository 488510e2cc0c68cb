"""Pages on which a library, or the centre, keeps the services and programs that are its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongwen.core import clock, secrets
from tongwen.domain.identity import services
from tongwen.domain.identity.queries import clients as queries
from tongwen.domain.identity.types import Client, ClientKind, Entry, Permission, WrongClient
from tongwen.web.clients import forms, instructions, words
from tongwen.web.shared import access
from tongwen.web.shared.components import Column

_SHOWN_ONCE = "client_secret"


def _language() -> str:
    return get_language() or ""


@require_safe
@access.requires(Permission.CLIENTS_MANAGE)
def listing(request: HttpRequest) -> HttpResponse:
    """List the services and programs of the place acted for."""
    rows = [
        (one, one.name(_language()), words.KINDS[one.kind], words.ENTRIES[one.entry])
        for one in queries.clients(access.institution_of(request))
    ]
    columns = [Column(_("Name")), Column(_("Kind")), Column(_("Who may enter")), Column(_("State"))]
    return render(request, "clients/list.html", {"rows": rows, "columns": columns})


@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.CLIENTS_MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """Choose the kind of a new client, then enter it."""
    chosen = request.GET.get("kind", "")
    if chosen not in set(ClientKind):
        kinds = [(kind, words.KINDS[kind], words.PURPOSES[kind]) for kind in ClientKind]
        return render(request, "clients/kinds.html", {"kinds": kinds})
    kind = ClientKind(chosen)
    if request.method != "POST":
        is_centre = access.institution_of(request) is None
        empty = Client(kind, "", "", "", entry=Entry.ALL if is_centre else Entry.OWN, is_trusted=not is_centre)
        return _form(request, empty, [])
    try:
        registered = services.register_client(
            actor=access.actor(request), client=forms.read(request.POST, kind), now=clock.now()
        )
    except WrongClient as wrong:
        return _form(request, Client(kind, "", "", ""), wrong.errors)
    _show_once(request, registered.secret)
    messages.success(request, _("The client is registered. Below stands what to enter at its end."))
    return HttpResponseRedirect(reverse("client", args=[registered.number]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.CLIENTS_MANAGE)
def client(request: HttpRequest, client_number: int) -> HttpResponse:
    """Show a client with what to enter at its end, and change it."""
    known = queries.client(client_number, access.institution_of(request))
    if request.method != "POST":
        return _form(request, known, [])
    try:
        changed = forms.read(request.POST, known.kind, known.id)
        services.change_client(actor=access.actor(request), client=changed, now=clock.now())
    except WrongClient as wrong:
        return _form(request, known, wrong.errors)
    messages.success(request, _("The changes are kept."))
    return HttpResponseRedirect(reverse("client", args=[client_number]))


def _form(request: HttpRequest, known: Client, wrong: Any) -> HttpResponse:
    errors = [(name, words.fault(name, code)) for name, code in wrong]
    given = request.POST if request.method == "POST" else None
    is_centre = access.institution_of(request) is None
    context = {
        "client": known if known.id else None,
        "kind": words.KINDS[known.kind],
        "purpose": words.PURPOSES[known.kind],
        "name": known.name(_language()),
        "has_secret": known.kind in (ClientKind.OIDC, ClientKind.MACHINE) and not known.is_public,
        "fields": forms.fields(known, given, errors, is_centre=is_centre),
        "errors": errors,
    }
    if known.id:
        context |= {"secret": _shown_once(request), "instructions": instructions.of(request, known)}
    return render(request, "clients/client.html", context, status=422 if errors else 200)


@sensitive_variables("secret")
def _show_once(request: HttpRequest, secret: str) -> None:
    """Keep a new secret, sealed, for the one page that shows it."""
    if secret:
        request.session[_SHOWN_ONCE] = secrets.seal(secret)


def _shown_once(request: HttpRequest) -> str:
    sealed = request.session.pop(_SHOWN_ONCE, "") if request.method == "GET" else ""
    return secrets.unseal(sealed) if sealed else ""


@require_POST
@access.requires(Permission.CLIENTS_MANAGE)
def rotate(request: HttpRequest, client_number: int) -> HttpResponse:
    """Give a client a new secret; the old one ends at once."""
    secret = services.rotate_secret(actor=access.actor(request), number=client_number, now=clock.now())
    _show_once(request, secret)
    messages.success(request, _("There is a new secret; the old one is refused from now on."))
    return HttpResponseRedirect(reverse("client", args=[client_number]))


@require_POST
@access.requires(Permission.CLIENTS_MANAGE)
def switch(request: HttpRequest, client_number: int) -> HttpResponse:
    """Switch a client off, or on again."""
    wanted = request.POST.get("is_enabled", "")
    if wanted not in ("0", "1"):
        raise Http404
    services.switch_client(actor=access.actor(request), number=client_number, is_enabled=wanted == "1", now=clock.now())
    said = _("The client is switched on.") if wanted == "1" else _("The client is switched off: nobody enters by it.")
    messages.success(request, said)
    return HttpResponseRedirect(reverse("client", args=[client_number]))
