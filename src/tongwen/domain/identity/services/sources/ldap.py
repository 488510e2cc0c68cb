"""An LDAP directory, asked with python-ldap (an optional part): the password is checked by a bind as the person."""

from __future__ import annotations

import datetime as dt
import os
import re
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tongwen.core import clock, outbound
from tongwen.core.outbound import Deadline
from tongwen.domain.identity.services.sources.port import Configuration
from tongwen.domain.identity.types import Attributes, Denial, Denied, ExtraMissing, Unavailable

PLACE = "{name}"
_GUIDS = {"objectguid"}
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_PORTS = {"ldap": 389, "ldaps": 636}

Entry = tuple[str, Mapping[str, list[bytes]]]


def library() -> Any:
    """Return python-ldap.

    Raises:
        ExtraMissing
    """
    try:
        import ldap
        import ldap.dn
        import ldap.filter
    except ImportError:
        raise ExtraMissing("ldap") from None
    return ldap


@dataclass(frozen=True, slots=True)
class LDAPSource:
    """Finds the person with an account of its own and binds as her, or binds as her at once by a template."""

    configuration: Configuration

    def authenticate(self, name: str, password: str, deadline: Deadline) -> Attributes:
        """Return whose entry it is.

        A blank password is refused before anything is asked: servers take a bind without one for an anonymous one
        and call it a success (RFC 4513, 5.1.2).
        """
        if not name or not password or "\x00" in name + password:
            raise Denied(Denial.BLANK if not (name and password) else Denial.WRONG)
        ldap = library()
        try:
            with self._opened(ldap, deadline) as server:
                return self._attributes(self._found(ldap, server, name, password, deadline))
        except (ldap.INVALID_CREDENTIALS, ldap.INAPPROPRIATE_AUTH, ldap.CONSTRAINT_VIOLATION):
            raise Denied(Denial.WRONG) from None
        except (ldap.TIMEOUT, ldap.TIMELIMIT_EXCEEDED):
            raise Unavailable("deadline") from None
        except ldap.LDAPError as error:
            raise Unavailable("connect" if isinstance(error, ldap.SERVER_DOWN) else "answer", _told(error)) from None
        except outbound.OutboundFailed as failed:
            raise Unavailable(failed.reason, failed.detail) from None

    @contextmanager
    def _opened(self, ldap: Any, deadline: Deadline) -> Iterator[Any]:
        url = self.configuration.text("url")
        parts = urlsplit(url)
        outbound.check_host(parts.hostname or "", parts.port or _PORTS[parts.scheme], deadline)
        with _certificates(self.configuration.text("certificates")) as path:
            server = ldap.initialize(url)
            server.set_option(ldap.OPT_PROTOCOL_VERSION, 3)
            server.set_option(ldap.OPT_REFERRALS, 0)
            server.set_option(ldap.OPT_NETWORK_TIMEOUT, deadline.left())
            server.set_option(ldap.OPT_TIMEOUT, deadline.left())
            server.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
            if path:
                server.set_option(ldap.OPT_X_TLS_CACERTFILE, path)
            server.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
            try:
                if parts.scheme == "ldap" and self.configuration.settings["starttls"]:
                    server.start_tls_s()
                yield server
            finally:
                server.unbind_ext()

    def _found(self, ldap: Any, server: Any, name: str, password: str, deadline: Deadline) -> Entry:
        if self.configuration.text("bind") == "direct":
            return self._bound_directly(ldap, server, name, password, deadline)
        account = self.configuration.text("account")
        if account:
            try:
                self._bind(ldap, server, account, self.configuration.secrets.get("account_password", ""), deadline)
            except ldap.INVALID_CREDENTIALS:
                raise Unavailable("account", "the directory does not let the account in that searches") from None
        entry = self._only(ldap, server, name, deadline)
        self._bind(ldap, server, entry[0], password, deadline)
        return entry

    def _bound_directly(self, ldap: Any, server: Any, name: str, password: str, deadline: Deadline) -> Entry:
        template = self.configuration.text("name_template")
        is_dn = "=" in template
        who = template.replace(PLACE, ldap.dn.escape_dn_chars(name) if is_dn else name)
        self._bind(ldap, server, who, password, deadline)
        if not is_dn:
            return self._only(ldap, server, name, deadline)
        return _single(self._search(ldap, server, who, ldap.SCOPE_BASE, "(objectClass=*)", deadline))

    @staticmethod
    def _bind(ldap: Any, server: Any, who: str, password: str, deadline: Deadline) -> None:
        if not password:
            raise ldap.INVALID_CREDENTIALS  # Never the unauthenticated bind.
        asked = server.simple_bind(who, password)
        if server.result3(asked, timeout=deadline.left())[0] != ldap.RES_BIND:
            raise Unavailable("answer", "the answer to the bind is another one")

    def _only(self, ldap: Any, server: Any, name: str, deadline: Deadline) -> Entry:
        wanted = self.configuration.text("filter").replace(PLACE, ldap.filter.escape_filter_chars(name))
        base = self.configuration.text("base")
        return _single(self._search(ldap, server, base, ldap.SCOPE_SUBTREE, wanted, deadline))

    def _search(self, ldap: Any, server: Any, base: str, scope: int, wanted: str, deadline: Deadline) -> list[Entry]:
        names = [one for one in map(self.configuration.text, _ATTRIBUTES) if one]
        seconds = deadline.left()
        try:
            asked = server.search_ext(base, scope, wanted, names, timeout=seconds, sizelimit=2)
            found = server.result3(asked, timeout=seconds)[1]
        except (ldap.NO_SUCH_OBJECT, ldap.SIZELIMIT_EXCEEDED):
            return []
        return [(who, values) for who, values in found if who is not None]

    def _attributes(self, entry: Entry) -> Attributes:
        values = {name.lower(): of for name, of in entry[1].items()}
        asked = self.configuration.text("subject_attribute")
        subject = _value(asked, values)
        if not subject:
            raise Unavailable("answer", f"the entry does not hold {asked}, by which the person is known again")
        expires_on = _day(_value(self.configuration.text("expiry_attribute"), values))
        if expires_on is not None and expires_on < clock.today():
            raise Denied(Denial.EXPIRED)
        return Attributes(
            subject,
            _value(self.configuration.text("name_attribute"), values),
            _value(self.configuration.text("email_attribute"), values),
            _value(self.configuration.text("category_attribute"), values),
            expires_on,
            {"dn": entry[0], **{name: _value(name, values) for name in values}},
        )


_ATTRIBUTES = ("subject_attribute", "name_attribute", "email_attribute", "category_attribute", "expiry_attribute")


def _single(found: list[Entry]) -> Entry:
    """Return the one entry: none and several are the same to who asks, nobody is let in."""
    if len(found) != 1:
        raise Denied(Denial.WRONG)
    return found[0]


def _value(name: str, values: Mapping[str, list[bytes]]) -> str:
    """Return an attribute's first value as text; the octets of Active Directory's objectGUID as a UUID."""
    of = values.get(name.lower())
    if not of:
        return ""
    if name.lower() in _GUIDS and len(of[0]) == 16:
        return str(uuid.UUID(bytes_le=of[0]))
    return of[0].decode("utf-8", "replace").strip()


def _day(text: str) -> dt.date | None:
    """Read a generalized time (20271231235959Z) or a date; other ways of counting are no expiry."""
    found = _DATE.match(text)
    try:
        return dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _told(error: Exception) -> str:
    """Return what the directory said, without what it was asked: `matched` and `info` may hold the person's DN."""
    said = error.args[0] if error.args else {}
    return str(said.get("desc", ""))[:200] if isinstance(said, dict) else type(error).__name__


@contextmanager
def _certificates(pem: str) -> Iterator[str]:
    """Put the certificates of an own authority into a file for as long as a connection needs it."""
    if not pem:
        yield ""
        return
    number, path = tempfile.mkstemp(suffix=".pem")
    try:
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(pem)
        yield path
    finally:
        Path(path).unlink()
