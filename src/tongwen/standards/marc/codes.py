"""Say what codes stand for: languages (ISO 639-2/B) and roles (MARC relators), in the languages of the interface."""

from __future__ import annotations

import functools

from babel import Locale

from tongwen.standards.marc.codes_languages import COLLECTIVE_NAMES, LANGUAGE_TAGS, REPLACED
from tongwen.standards.marc.codes_roles import ROLE_NAMES

_INTERFACES = {"zh-hans": (0, "zh_Hans"), "zh-hant": (1, "zh_Hant"), "en": (2, "en")}
_CLDR_TAGS = {"tl": "fil", "tw": "ak"}


def language(code: str) -> str:
    """Return the valid ISO 639-2/B code for a code as found (`zho`, `scr`, `ENG`), "" where there is none."""
    if code in LANGUAGE_TAGS:
        return code
    lower = code.strip().lower()
    lower = REPLACED.get(lower, lower)
    return lower if lower in LANGUAGE_TAGS else ""


def bcp47(code: str) -> str:
    """Return the BCP 47 tag of an ISO 639-2/B code: `zh` for `chi`, "" for a code that names no language."""
    tag = LANGUAGE_TAGS.get(code) or LANGUAGE_TAGS.get(language(code), "")
    return "" if tag in ("und", "mul", "mis", "zxx") else tag


def language_name(code: str, ui: str) -> str:
    """Name a language in `zh-hans`, `zh-hant` or `en`; the code itself comes back where no name is known.

    Raises KeyError for another interface language.
    """
    column, locale = _INTERFACES[ui]
    known = language(code)
    if known in COLLECTIVE_NAMES:
        return COLLECTIVE_NAMES[known][column]
    tag = LANGUAGE_TAGS.get(known, code)
    return _cldr_names(locale).get(_CLDR_TAGS.get(tag, tag)) or code


def relator_name(code: str, ui: str) -> str:
    """Name a role in `zh-hans`, `zh-hant` or `en`; the code itself comes back where no name is known.

    Raises KeyError for another interface language.
    """
    column, _ = _INTERFACES[ui]
    names = ROLE_NAMES.get(code)
    return names[column] if names else code


@functools.cache
def _cldr_names(locale: str) -> dict[str, str]:
    return dict(Locale.parse(locale).languages.items())
