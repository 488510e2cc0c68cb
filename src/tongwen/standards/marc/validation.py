"""Check a record against the rules of its format. Only what makes a record unusable is an error; the rest warns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tongwen.standards import identifiers
from tongwen.standards.marc import validation_rules as rules
from tongwen.standards.marc.codes_languages import LANGUAGE_TAGS
from tongwen.standards.marc.types import Field, Format, Problem, Record, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[[Field, list[Problem]], None]

_WARNING: Final = Severity.WARNING
_LEADER_LENGTH: Final = 24


def check(record: Record, format: Format) -> tuple[Problem, ...]:  # noqa: A002 - the field's word
    """Return what is wrong with a record, in the order of its fields; () for a good one.

    ERROR codes: `leader-unusable`, `title-missing`, `title-empty`. Every other code is a WARNING.
    """
    found: list[Problem] = []
    if problem := _leader(record.leader, format):
        found.append(problem)
    rules_of_tags, single = _RULES[format], rules.NOT_REPEATABLE[format]
    seen: set[str] = set()
    for field in record[1]:
        tag = field[0]
        if tag in seen:
            if tag in single:
                found.append(Problem("field-repeated", _WARNING, tag))
        else:
            seen.add(tag)
        rule = rules_of_tags.get(tag)
        if rule is not None:
            indicators, checks = rule
            if indicators is not None and field[1] not in indicators:
                found.append(Problem("indicator", _WARNING, tag, detail=repr(field[1])))
            for one in checks:
                one(field, found)
    _whole(record, format, seen, found)
    return tuple(found)


def _leader(leader: str, record_format: Format) -> Problem | None:
    if len(leader) != _LEADER_LENGTH:
        detail = f"{len(leader)} characters instead of {_LEADER_LENGTH}"
        return Problem("leader-unusable", Severity.ERROR, "LDR", 0, detail)
    if leader[6] not in rules.LEADER_TYPES[record_format]:
        return Problem("leader-type", _WARNING, "LDR", 6, f"type of record {leader[6]!r}")
    if leader[7] not in rules.LEADER_LEVELS[record_format]:
        return Problem("leader-level", _WARNING, "LDR", 7, f"bibliographic level {leader[7]!r}")
    return None


def _whole(record: Record, record_format: Format, seen: set[str], found: list[Problem]) -> None:
    """Check what needs more than one field."""
    title_tag = rules.TITLE_TAG[record_format]
    if title_tag not in seen:
        found.append(Problem("title-missing", Severity.ERROR, title_tag))
    elif not any(_has_title(field, record_format) for field in record[1] if field[0] == title_tag):
        found.append(Problem("title-empty", Severity.ERROR, title_tag))
    found += [Problem("field-missing", _WARNING, tag) for tag in rules.OBLIGATORY[record_format] if tag not in seen]
    if len(together := seen & rules.ONE_OF[record_format]) > 1:
        found.append(Problem("main-entry-repeated", _WARNING, max(together), detail=", ".join(sorted(together))))
    if record_format is Format.CNMARC:
        _cnmarc_relations(record, seen, found)


def _has_title(field: Field, record_format: Format) -> bool:
    codes = rules.TITLE_SUBFIELDS[record_format]
    return any(code in codes and value.strip() for code, value in field[2])


def _cnmarc_relations(record: Record, seen: set[str], found: list[Problem]) -> None:
    """Check what CNMARC fields ask of each other: 225 of 410, 454 of 101."""
    if "225" in seen and "410" not in seen and any(field[1][:1] == "2" for field in record.tagged("225")):
        found.append(Problem("series-without-410", _WARNING, "225", detail="first indicator 2 asks for a 410"))
    if "454" in seen and "101" in seen and record.tagged("101")[0].indicators[:1] == "0":
        found.append(
            Problem("original-but-translated", _WARNING, "101", detail="454 stands beside a first indicator 0")
        )


def _length_check(shortest: int, longest: int) -> Check:
    def check_length(field: Field, found: list[Problem]) -> None:
        value = field[3] if not field[2] else field.first("a")
        if not shortest <= len(value) <= longest:
            wanted = str(shortest) if shortest == longest else f"{shortest} to {longest}"
            found.append(
                Problem("fixed-length", _WARNING, field[0], detail=f"{len(value)} characters instead of {wanted}")
            )

    return check_length


def _isbn_check(field: Field, found: list[Problem]) -> None:
    for code, value in field[2]:
        if code == "a" and not identifiers.isbn13(value) and not _is_older_number(value):
            found.append(Problem("isbn", _WARNING, field[0], detail=value))


def _is_older_number(value: str) -> bool:
    """Tell an ISBN with the class number that Chinese books carried after it until 1993, or a 统一书号."""
    return bool(identifiers.isbn13(value.partition("/")[0]) or identifiers.book_number(value))


def _issn_check(field: Field, found: list[Problem]) -> None:
    for code, value in field[2]:
        if code == "a" and not identifiers.issn(value):
            found.append(Problem("issn", _WARNING, field[0], detail=value))


def _language_of_008(field: Field, found: list[Problem]) -> None:
    code = field[3][35:38]
    if code not in LANGUAGE_TAGS and code not in ("   ", "|||", ""):
        found.append(Problem("language-code", _WARNING, "008", detail=code))


def _languages_of_041(field: Field, found: list[Problem]) -> None:
    """Check 041, whose older form writes codes together (`engfre`)."""
    if field[1][1:2] == "7":
        return
    for code, value in field[2]:
        if code not in "abdefghjkmnpqrt" or value in LANGUAGE_TAGS:
            continue
        pieces = [value[start : start + 3] for start in range(0, len(value), 3)]
        if not all(piece in LANGUAGE_TAGS for piece in pieces):
            found.append(Problem("language-code", _WARNING, "041", detail=value))


def _languages_of_101(field: Field, found: list[Problem]) -> None:
    codes = {code for code, _ in field[2]}
    if "a" not in codes:
        found.append(Problem("subfield-missing", _WARNING, "101", detail="$a"))
    if field[1][:1] == "1" and "c" not in codes:
        found.append(Problem("translation-without-original", _WARNING, "101", detail="first indicator 1 asks for $c"))
    for code, value in field[2]:
        if code in "abc" and value not in LANGUAGE_TAGS:
            found.append(Problem("language-code", _WARNING, "101", detail=value))


def _role_check(field: Field, found: list[Problem]) -> None:
    if not field.first("4"):
        found.append(Problem("role-missing", _WARNING, field[0], detail=field.first("a")))


def _embedded_check(field: Field, found: list[Problem]) -> None:
    """Check that a link to a set embeds the set's 001 or 200."""
    embedded = [value[:3] for value in field.all("1")]
    if "001" not in embedded and "200" not in embedded:
        found.append(Problem("link-without-001-200", _WARNING, field[0]))


def _clc_check(field: Field, found: list[Problem]) -> None:
    wrong = [value for value in field.all("a") if not identifiers.clc_shape(value)]
    found.extend(Problem("class-number", _WARNING, field[0], detail=value) for value in wrong)


def _checks(record_format: Format, particular: dict[str, Check]) -> dict[str, tuple[Check, ...]]:
    """Gather the checks of each tag."""
    gathered: dict[str, list[Check]] = {}
    for tag, (shortest, longest) in rules.FIXED_LENGTHS[record_format].items():
        gathered.setdefault(tag, []).append(_length_check(shortest, longest))
    for tag, one in particular.items():
        gathered.setdefault(tag, []).append(one)
    return {tag: tuple(own) for tag, own in gathered.items()}


_INDICATORS: Final = {
    record_format: {
        tag: frozenset(one + two for one in first for two in second) for tag, (first, second) in by_tag.items()
    }
    for record_format, by_tag in rules.INDICATORS.items()
}
_CHECKS: Final[dict[Format, dict[str, tuple[Check, ...]]]] = {
    Format.MARC21: _checks(
        Format.MARC21,
        {"008": _language_of_008, "020": _isbn_check, "022": _issn_check, "041": _languages_of_041},
    ),
    Format.CNMARC: _checks(
        Format.CNMARC,
        {
            "010": _isbn_check,
            "011": _issn_check,
            "101": _languages_of_101,
            "461": _embedded_check,
            "690": _clc_check,
            **dict.fromkeys(rules.NAMES_THAT_NEED_A_ROLE, _role_check),
        },
    ),
}
_RULES: Final = {
    record_format: {
        tag: (_INDICATORS[record_format].get(tag), _CHECKS[record_format].get(tag, ()))
        for tag in _INDICATORS[record_format].keys() | _CHECKS[record_format].keys()
    }
    for record_format in Format
}
"""For each tag that has any: its indicators, and what else is checked."""
