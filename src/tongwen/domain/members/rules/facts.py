"""What may stand in the register: each function returns the fact as it is kept, or raises BadFacts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tongwen.domain.members.rules import divisions
from tongwen.domain.members.types import (
    BadFacts,
    InstitutionStatus,
    InstitutionType,
    MemberTier,
    Problem,
    Service,
    SharingDomainKind,
    Welcome,
)
from tongwen.standards import hanzi

LONGEST_NAME = 200
LONGEST_WELCOME = 2_000
_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9-]{0,19}$")
_ISIL = re.compile(r"^[A-Za-z]{1,4}-[A-Za-z0-9:/-]{1,14}$")
_HOST = re.compile(r"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$")
_MAIL = re.compile(
    r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$"
)
_PHONE = re.compile(r"^\+?[0-9][0-9 ()/.-]{4,30}( ?(转|轉|ext\.?|x) ?[0-9]{1,6})?$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_FULL_WIDTH = str.maketrans({"－": "-", "（": "(", "）": ")", "＠": "@", "．": ".", "：": ":", "／": "/"})


def code(text: str, field: str = "code") -> str:
    """Return a member's code: letters, digits and hyphens, 20 at most."""
    return _matched(field, text, _CODE, "bad_code", required=True)


def isil(text: str) -> str:
    """Return an ISIL: a prefix of up to four letters, a hyphen, letters, digits and `:/-`, 16 in all (ISO 15511)."""
    found = _matched("isil", text, _ISIL, "bad_isil")
    if len(found) > 16 or found.endswith("-"):
        raise BadFacts(Problem("isil", "bad_isil", found[:40]))
    return found


def name(field: str, text: str, *, otherwise: str = "") -> str:
    """Return a name on one line; where none is given, the other one."""
    found = " ".join(text.split()) or otherwise
    if not found:
        raise BadFacts(Problem(field, "missing"))
    return line(field, found, LONGEST_NAME)


def hant_name(given: str, name_zh: str) -> str:
    """Return a name in traditional characters, made of the simplified one where none is given."""
    return name("name_zh_hant", given, otherwise=hanzi.traditional(name_zh))


def city(given: str) -> str:
    """Return the code of a city of GB/T 2260."""
    if given not in divisions.cities():
        raise BadFacts(Problem("city", "unknown_city" if given else "missing", given[:40]))
    return given


def line(field: str, text: str, longest: int) -> str:
    """Return a text of one line."""
    found = " ".join(text.split())
    if len(found) > longest:
        raise BadFacts(Problem(field, "too_long", str(longest)))
    if _CONTROL.search(found):
        raise BadFacts(Problem(field, "bad_characters"))
    return found


def text(field: str, given: str, longest: int, *, required: bool = False) -> str:
    """Return a text of several lines."""
    found = given.replace("\r\n", "\n").strip()
    if required and not found:
        raise BadFacts(Problem(field, "missing"))
    if len(found) > longest:
        raise BadFacts(Problem(field, "too_long", str(longest)))
    if _CONTROL.search(found):
        raise BadFacts(Problem(field, "bad_characters"))
    return found


def welcome(given: Welcome) -> Welcome:
    """Return the texts of a portal."""
    return Welcome(*(text(f"welcome_{part}", value, LONGEST_WELCOME) for part, value in given._asdict().items()))


def homepage(given: str) -> str:
    """Return an address of the web; `https://` is put before one without a scheme."""
    found = line("homepage", given, 500)
    if not found:
        return ""
    whole = found if "://" in found else f"https://{found}"
    try:
        parts = urlsplit(whole)
        right = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and parts.port != 0
    except ValueError:
        right = False
    if not right or " " in whole or "@" in parts.netloc:
        raise BadFacts(Problem("homepage", "bad_url", found[:100]))
    return whole


def mail(given: str, *, field: str = "contact_mail", required: bool = False) -> str:
    """Return a mail address (the part of RFC 5322 §3.4.1 that is in use, ASCII only)."""
    found = _matched(field, given, _MAIL, "bad_mail", required=required)
    if len(found) > 254 or ".." in found or found.partition("@")[0].endswith(".") or found.startswith("."):
        raise BadFacts(Problem(field, "bad_mail", found[:100]))
    return found


def phone(given: str) -> str:
    """Return a telephone number as people write it, with an extension where there is one."""
    return _matched("contact_phone", given, _PHONE, "bad_phone")


def host_name(given: str) -> str:
    """Return a host name in lower case, international ones in their ASCII form (RFC 5891); no address, no port."""
    found = line("host_name", given, 253).casefold().rstrip(".")
    if not found:
        return ""
    try:
        written = found if found.isascii() else found.encode("idna").decode()
    except UnicodeError:
        written = ""
    if not _HOST.match(written):
        raise BadFacts(Problem("host_name", "bad_host", found[:100]))
    return written


def institution_type(given: str) -> InstitutionType:
    """Return the type of this name."""
    return InstitutionType(_one_of("type", given, set(InstitutionType), "unknown_type"))


def tier(given: str) -> MemberTier:
    """Return the tier of this name."""
    return MemberTier(_one_of("tier", given, set(MemberTier), "unknown_tier"))


def status(given: str) -> InstitutionStatus:
    """Return the status of this name."""
    return InstitutionStatus(_one_of("status", given, set(InstitutionStatus), "unknown_status"))


def domain_kind(given: str) -> SharingDomainKind:
    """Return the kind of sharing domain of this name."""
    return SharingDomainKind(_one_of("kind", given, set(SharingDomainKind), "unknown_kind"))


def service(given: str) -> Service:
    """Return the service of this name."""
    return Service(_one_of("services", given, set(Service), "unknown_service"))


def _one_of(field: str, given: str, known: set[str], fault: str) -> str:
    if given not in known:
        raise BadFacts(Problem(field, fault if given else "missing", given[:40]))
    return given


def _matched(field: str, given: str, pattern: re.Pattern[str], fault: str, *, required: bool = False) -> str:
    found = " ".join(given.translate(_FULL_WIDTH).split())
    if not found and not required:
        return ""
    if not pattern.match(found):
        raise BadFacts(Problem(field, fault if found else "missing", found[:100]))
    return found


class Gathered:
    """Problems of several facts, gathered so that a person hears of all at once."""

    def __init__(self, row: int = 0) -> None:
        self.problems: list[Problem] = []
        self._row = row

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Keep what the block raises as BadFacts, and go on."""
        try:
            yield
        except BadFacts as wrong:
            self.problems += [one._replace(row=one.row or self._row) for one in wrong.problems]

    def of(self, function: Callable[[str], str], given: str) -> str:
        """Return the fact, or what was given where it is wrong."""
        with self.gathering():
            return function(given)
        return given

    def raise_any(self) -> None:
        """Raise what was gathered."""
        if self.problems:
            raise BadFacts(*self.problems)
