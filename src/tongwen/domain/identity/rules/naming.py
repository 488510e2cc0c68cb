"""How people are called: the name that is shown, and the name by which one signs in."""

from __future__ import annotations

import re
import unicodedata

from tongwen.domain.identity.types import BadName

LONGEST = 150
_SIGN_IN = re.compile(r"[\w.@+-]{3,150}")


def shown(written: str) -> str:
    """Return a person's name as it is shown, with one blank where several stood.

    Raises:
        BadName
    """
    text = " ".join(unicodedata.normalize("NFC", written).split())
    if not text:
        raise BadName("a person has a name")
    if len(text) > LONGEST:
        raise BadName(f"a name has at most {LONGEST} characters")
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") for sign in text):
        raise BadName("the name holds an invisible character")
    return text


def sign_in(written: str) -> str:
    """Return a log-in name as it is kept: NFKC, small letters.

    Raises:
        BadName: fewer than 3 or more than 150 characters, others than letters, digits and `. _ @ + -`, or letters
            of several alphabets, by which one person could pass for another.
    """
    text = unicodedata.normalize("NFKC", written).strip().lower()
    if not _SIGN_IN.fullmatch(text):
        raise BadName("a log-in name has 3 to 150 letters, digits or . _ @ + -")
    alphabets = {unicodedata.name(sign, "?").partition(" ")[0] for sign in text if sign.isalpha()}
    if len(alphabets & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}) > 1:
        raise BadName("a log-in name has letters of one alphabet only")
    return text
