"""What kinds of sources, their settings and their faults are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongwen.domain.identity.types import SourceKind

Words = str | Promise

KINDS: dict[SourceKind, Words] = {
    SourceKind.LOCAL: _("Accounts of this platform"),
    SourceKind.KIT: _("Library system, by the call-back kit"),
    SourceKind.SIP2: _("Library system, by SIP2"),
    SourceKind.LDAP: _("Directory (LDAP, Active Directory)"),
    SourceKind.CAS: _("CAS server"),
    SourceKind.OIDC: _("OpenID Connect provider"),
    SourceKind.SAML: _("SAML identity provider (CARSI)"),
}

PURPOSES: dict[SourceKind, Words] = {
    SourceKind.KIT: _(
        "Your library system answers signed questions over HTTPS. Its vendor finds a reference server in the manual."
    ),
    SourceKind.SIP2: _("Most library systems speak it for self-service machines."),
    SourceKind.LDAP: _("Your institution's directory of persons."),
    SourceKind.CAS: _("Your institution's single sign-on by CAS 1, 2 or 3."),
    SourceKind.OIDC: _("Your institution's single sign-on by OpenID Connect."),
    SourceKind.SAML: _("Your institution's single sign-on by SAML 2.0, also in a federation."),
}

_ATTRIBUTE = _("As the source calls it; empty: not taken over.")

SETTINGS: dict[str, tuple[Words, Words]] = {
    "url": (_("Address"), _("With https://; of a directory with ldaps:// or ldap://.")),
    "host": (_("Host"), _("Name or IP address of the SIP2 server.")),
    "port": (_("Port"), ""),
    "tls": (_("The connection is encrypted (TLS)"), ""),
    "starttls": (_("Encrypt an ldap:// connection (StartTLS)"), ""),
    "certificates": (_("Certificates of your own authority"), _("PEM. Empty: the authorities that browsers know.")),
    "bind": (_("How the person is found"), ""),
    "account": (_("Account that searches"), _("Its DN; empty: the directory may be searched without a name.")),
    "account_password": (_("Password of that account"), ""),
    "base": (_("Where the search begins"), _("DN, such as ou=people,dc=example,dc=edu.")),
    "filter": (_("Search filter"), _("{name} stands for what the person enters.")),
    "name_template": (
        _("Name to bind with"),
        _("{name} stands for what the person enters: uid={name},ou=… or {name}@example.edu."),
    ),
    "subject_attribute": (
        _("Attribute that never changes"),
        _("By it a person is known again. Never an e-mail address. CAS: empty for the user name."),
    ),
    "name_attribute": (_("Attribute of the name"), _ATTRIBUTE),
    "email_attribute": (_("Attribute of the e-mail address"), _ATTRIBUTE),
    "category_attribute": (_("Attribute of the reader category"), _ATTRIBUTE),
    "expiry_attribute": (_("Attribute of the last day"), _ATTRIBUTE),
    "normalize": (_("Make full-width digits and letters plain"), ""),
    "login_name": (_("Log-in name of the terminal (CN)"), _("Empty: no log-in is needed.")),
    "login_password": (_("Password of the terminal (CO)"), ""),
    "location": (_("Location code (CP)"), ""),
    "institution": (_("Institution (AO)"), ""),
    "question": (_("How a reader is asked for"), ""),
    "charset": (_("Character set"), ""),
    "line_end": (_("End of a message"), ""),
    "checksum": (_("Messages carry a check sum (AZ)"), ""),
    "language": (_("Language (three digits)"), _("019 Chinese, 001 English, 000 unknown.")),
    "needs_valid_patron": (_("An answer without BL is a no"), ""),
    "subject_field": (
        _("Field that never changes"),
        _("AA, or a field of your system that stays when a card is replaced."),
    ),
    "version": (_("Version of the protocol"), ""),
    "issuer": (_("Issuer"), _("Exactly as the provider writes it, with https://.")),
    "client": (_("Client identifier"), ""),
    "client_secret": (_("Client secret"), ""),
    "client_authentication": (_("How the client shows its secret"), ""),
    "scopes": (_("Scopes"), ""),
    "metadata": (_("Metadata of the identity provider"), _("The whole XML, of one provider or of a federation.")),
    "entity": (_("Entity id of your provider"), _("Needed where the metadata describes several.")),
    "subject": (_("Identifier that never changes"), ""),
    "secret": (_("Common secret"), _("32 characters or more, the same in your library system.")),
}

CHOICES: dict[tuple[str, str], Words] = {
    ("bind", "search"): _("Search for the entry, then log in as it"),
    ("bind", "direct"): _("Log in directly with a name that is put together"),
    ("question", "information"): _("Patron information (63)"),
    ("question", "status"): _("Patron status (23), of older systems"),
    ("line_end", "cr"): "CR",
    ("line_end", "crlf"): "CR LF",
    ("client_authentication", "basic"): "client_secret_basic",
    ("client_authentication", "post"): "client_secret_post",
}

FAULTS: dict[str, Words] = {
    "missing": _("This must be filled in."),
    "long": _("This is too long."),
    "choice": _("Choose one of the values."),
    "number": _("Enter a number from 1 to 65535."),
    "address": _(
        "This is no address that can be used: https:// (a directory: ldaps:// or ldap://), without a password in it."
    ),
    "certificates": _("There is no certificate in this. Paste the text from BEGIN CERTIFICATE to END CERTIFICATE."),
    "template": _("{name} must stand in it, and no other braces."),
    "plain": _("Passwords would travel unencrypted. Use ldaps:// or StartTLS."),
    "language": _("Enter three digits."),
    "short": _("Enter 32 characters or more."),
    "metadata": _("This is no SAML metadata of an identity provider."),
    "entity": _("The metadata does not describe this provider, or describes several: name yours."),
}
