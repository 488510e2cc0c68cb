"""The words shown for kinds of clients, scopes, who may enter, and what is wrong with an entry."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongwen.domain.identity.types import ClientKind, Entry, Role, Scope

Word = str | Promise

KINDS: Mapping[str, Word] = {
    ClientKind.OIDC: "OpenID Connect",
    ClientKind.CAS: "CAS",
    ClientKind.SAML: "SAML",
    ClientKind.MACHINE: _("Program"),
}

PURPOSES: Mapping[str, Word] = {
    ClientKind.OIDC: _("A service that people open: the newest way, and the first choice for what you build yourself."),
    ClientKind.CAS: _("A service that people open and that speaks CAS 1, 2 or 3, as many library systems do."),
    ClientKind.SAML: _("A publisher's or vendor's service in the manner of CARSI; it gives you a file of metadata."),
    ClientKind.MACHINE: _("Nobody logs in: a program of your library asks the interface for programs with a token."),
}

SCOPES: Mapping[str, Word] = {
    Scope.OPENID: _("Log people in"),
    Scope.PROFILE: _("Know their names"),
    Scope.INTROSPECTION: _("Check tokens of others"),
    Scope.LOADS: _("Loads"),
    Scope.READERS: _("Import readers"),
    Scope.AUDIT: _("Read the audit trail"),
}

ENTRIES: Mapping[str, Word] = {
    Entry.OWN: _("People of your library only"),
    Entry.CHOSEN: _("People of these libraries"),
    Entry.ALL: _("People of all libraries"),
}

ROLES: Mapping[str, Word] = {
    Role.READER: pgettext_lazy("role", "Reader"),
    Role.CATALOGUER: pgettext_lazy("role", "Cataloguer"),
    Role.ILL_LIBRARIAN: pgettext_lazy("role", "Interlibrary loan librarian"),
    Role.E_RESOURCE_LIBRARIAN: pgettext_lazy("role", "E-resource librarian"),
    Role.ACQUISITIONS_LIBRARIAN: pgettext_lazy("role", "Acquisitions librarian"),
    Role.REFERENCE_LIBRARIAN: pgettext_lazy("role", "Reference librarian"),
    Role.CURATOR: pgettext_lazy("role", "Curator"),
    Role.TRAINER: pgettext_lazy("role", "Trainer"),
    Role.INTEGRATOR: pgettext_lazy("role", "Integrator"),
    Role.INSTITUTION_ADMINISTRATOR: pgettext_lazy("role", "Administrator of the library"),
}
"""Roles in a library, by which entry can be narrowed."""

FAULTS: Mapping[tuple[str, str], Word] = {
    ("name_zh", "missing"): _("Enter the name in Chinese."),
    ("name_en", "missing"): _("Enter the name in English."),
    ("redirect_uris", "missing"): _("Enter at least one address that people come back to."),
    ("services", "missing"): _("Enter at least one address of the service."),
    ("saml_metadata", "missing"): _("Paste the metadata of the service."),
    ("saml_metadata", "xml"): _("This is no well-formed XML, or too much of it. Paste the file as you got it."),
    ("saml_metadata", "entity"): _(
        "This is not the metadata of one service provider: EntityDescriptor with SPSSODescriptor."
    ),
    ("saml_metadata", "consumer"): _("The metadata names no address that takes answers by HTTP-POST."),
    ("saml_metadata", "known"): _("A service with this entity id is registered already."),
    ("admitted", "missing"): _("Enter the codes of the libraries whose people may enter."),
    ("admitted", "unknown"): _("One of these codes is no library's. Check them one by one."),
    ("entry", "entry"): _("Choose whose people may enter."),
    ("scopes", "scope"): _("One of these rights cannot be given to this kind of client."),
}
ADDRESS_FAULT = _("Every address begins with https:// and has no # and no user name; http:// is for this machine only.")


def fault(name: str, code: str) -> str:
    """Return in words what is wrong with a field."""
    return str(FAULTS.get((name, code), ADDRESS_FAULT))
