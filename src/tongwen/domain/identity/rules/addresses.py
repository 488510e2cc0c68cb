"""E-mail addresses: one spelling for each, and none that looks like somebody else's.

An address is folded to the form in which it is stored and compared: NFKC (full-width signs become plain ones), the
domain in small ASCII letters (IDNA 2008, RFC 5891). What could be taken for another address is refused: letters of
several scripts in one label (UTS #39, 5.2 restriction levels), or a label of Cyrillic or Greek letters that all look
Latin.
"""

from __future__ import annotations

import re
import unicodedata

import idna

from tongwen.domain.identity.types import AddressFault, BadAddress

LONGEST = 254
"""RFC 5321 4.5.3.1.3, without the angle brackets."""

_LONGEST_LOCAL = 64
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LOOKS_LATIN = frozenset("асеорхуіјѕԁһӏԛԝɡαοινρτυχκѵ")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "HEBREW", "ARABIC", "CHEROKEE", "THAI", "DEVANAGARI")
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "HANGUL")


def folded(written: str) -> str:
    """Return the address as it is stored.

    Raises:
        BadAddress: with what is wrong; nothing is guessed.
    """
    text = unicodedata.normalize("NFKC", written).strip()
    if any(unicodedata.category(sign)[0] in "CZ" for sign in text):
        raise BadAddress(AddressFault.INVISIBLE)
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain:
        raise BadAddress(AddressFault.NO_ADDRESS)
    address = f"{_local(local)}@{_domain(domain)}"
    if len(address) > LONGEST:
        raise BadAddress(AddressFault.TOO_LONG)
    return address


def _local(text: str) -> str:
    if not text.isascii():
        raise BadAddress(AddressFault.OTHER_LETTERS)
    if len(text) > _LONGEST_LOCAL:
        raise BadAddress(AddressFault.TOO_LONG)
    if not _LOCAL.fullmatch(text):
        raise BadAddress(AddressFault.NO_ADDRESS)
    return text


def _domain(text: str) -> str:
    lowered = text.lower().rstrip(".")
    try:
        ascii_form = idna.encode(lowered, uts46=True).decode()
        shown = idna.decode(ascii_form)
    except (idna.IDNAError, UnicodeError):
        raise BadAddress(AddressFault.BAD_DOMAIN) from None
    if "." not in ascii_form and ascii_form != "localhost":
        raise BadAddress(AddressFault.BAD_DOMAIN)
    if any(map(_deceives, shown.split("."))):
        raise BadAddress(AddressFault.LOOK_ALIKE)
    return ascii_form


def _deceives(label: str) -> bool:
    letters = [sign for sign in label if sign.isalpha()]
    scripts = {_script(sign) for sign in letters}
    if len(scripts - {"EAST ASIAN"}) > 1 or ("EAST ASIAN" in scripts and scripts - {"EAST ASIAN", "LATIN"}):
        return True
    foreign = scripts & {"CYRILLIC", "GREEK"}
    return bool(foreign) and all(sign in _LOOKS_LATIN for sign in letters)


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "")
    if name.startswith(_EAST_ASIAN):
        return "EAST ASIAN"
    return next((script for script in _SCRIPTS if name.startswith(script)), name.partition(" ")[0])


def comparable(address: str) -> str:
    """Return what two addresses share that reach the same mailbox in practice: capitals do not count."""
    return address.casefold()
