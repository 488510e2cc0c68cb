"""More records than there are: real ones varied so that no key of theirs is another's, each as long as it was.

Every copy of the file is shifted: words of titles and names give way to other real words of the same length and
about the same frequency, by a seeded permutation, so that what was the same word stays the same and what differed
still differs; years of publication, ISBN, LCCN and OCLC numbers become other valid ones, with right check digits.
Subjects, publishers, series and notes stay, as different books share them. Because no field changes its length, the
leader and the directory stay right, and the bytes of a copy are as many as the original's.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from bench import saying

_SEED = 2016
_BLOCK = 1 << 22
_SHORT = 3
_SMALL_WORDS = 64
"""The most frequent words of up to three letters stay: articles and prepositions make a title a title."""

_NEIGHBOURS = 64
"""Words among which a word wanders; more than there are ever copies, so that no two copies share a word's place."""

_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f\ufe20-\ufe2f]*)+")
_TITLE_PARTS = re.compile("(?<=\x1f[abcnp])[^\x1f]+")
_NAME_PARTS = re.compile("(?<=\x1f[aq])[^\x1f]+")
_TEXTS = {b"100": _NAME_PARTS, b"700": _NAME_PARTS, b"240": _TITLE_PARTS, b"245": _TITLE_PARTS, b"246": _TITLE_PARTS}
_DATE = re.compile(rb"(?<!\d)(?:19|20)\d\d(?!\d)")
_IMPRINT_DATE = re.compile(rb"(?<=\x1fc)[^\x1f]+")
_ISBN = re.compile(rb"(?<=\x1f[az])(978)?(\d{9})([\dXx])(?!\d)")
_LONG_NUMBER = re.compile(rb"\d{6,}")
_NATIONAL_NUMBER = re.compile(rb"\d{4,}|(?<=GB)[A-Z](?=\d)")

_FIRST_YEAR, _YEARS, _YEAR_STEP = 1912, 105, 11
_LCCN_DIGITS, _LCCN_YEARS = 8, 4
"""The file's LCCN are of 2000 to 2003: each copy takes the four years after. A few have a digit more or less."""

_ISBN_STEP, _NUMBER_STEP = 7_654_321, 1_234_567

Change = Callable[[bytes], bytes]


def write(source: Path, sink: Path, number: int, *, first_copy: int = 0) -> Path:
    """Write `number` records to `sink`: the file's own (copy 0), then copy after copy of it; returns `sink`.

    A file that is there already is taken as it is: the same arguments always give the same bytes.
    """
    if sink.exists():
        return sink
    with saying.doing(f"writing {number:,} varied records"):
        groups = _groups(_vocabulary(source)) if first_copy or number > _count(source) else []
        scratch = sink.with_suffix(".part")
        with scratch.open("wb") as written:
            for record in islice(_all_copies(source, groups, first_copy), number):
                written.write(record)
        scratch.replace(sink)
    return sink


def _all_copies(source: Path, groups: list[list[str]], copy: int) -> Iterator[bytes]:
    while True:
        vary = Variation(copy, groups) if copy else None
        for record in stream(source):
            yield vary.of(record) if vary else record
        copy += 1


def stream(path: Path) -> Iterator[bytes]:
    """Yield the records of a healthy file of any size, each with its terminator."""
    rest = b""
    with path.open("rb") as source:
        while block := source.read(_BLOCK):
            *whole, rest = (rest + block).split(b"\x1d")
            yield from (record + b"\x1d" for record in whole)


def _count(path: Path) -> int:
    with path.open("rb") as source:
        return sum(block.count(b"\x1d") for block in iter(lambda: source.read(_BLOCK), b""))


class Variation:
    """One copy's way of changing a record."""

    def __init__(self, copy: int, groups: list[list[str]]) -> None:
        self._copy = copy
        self._words = {word: group[(place + copy) % len(group)] for group in groups for place, word in enumerate(group)}
        self._changes: dict[bytes, Change] = {
            b"001": self._lccn,
            b"008": lambda field: field[:7] + _DATE.sub(self._year, field[7:15]) + field[15:],
            b"010": self._lccn,
            b"015": self._national,
            b"016": self._national,
            b"019": self._numbers,
            b"020": lambda field: _ISBN.sub(self._isbn, field),
            b"035": self._numbers,
            b"260": self._imprint,
            b"264": self._imprint,
            b"880": self._other_script,
            **{tag: self._text(parts) for tag, parts in _TEXTS.items()},
        }

    def of(self, record: bytes) -> bytes:
        """Return the record changed, with every field as long as it was."""
        base = int(record[12:17])
        fields = record[base:].split(b"\x1e")
        for place, field in enumerate(fields[:-1]):
            change = self._changes.get(record[24 + 12 * place : 27 + 12 * place])
            if change is not None:
                changed = change(field)
                if len(changed) == len(field):
                    fields[place] = changed
        return record[:base] + b"\x1e".join(fields)

    def _lccn(self, field: bytes) -> bytes:
        return _LONG_NUMBER.sub(self._lccn_number, field)

    def _lccn_number(self, found: re.Match[bytes]) -> bytes:
        text = found[0]
        if len(text) != _LCCN_DIGITS:
            return self._number(found)
        return b"%02d%s" % ((int(text[:2]) + _LCCN_YEARS * self._copy) % 100, text[2:])

    def _numbers(self, field: bytes) -> bytes:
        return _LONG_NUMBER.sub(self._number, field)

    def _national(self, field: bytes) -> bytes:
        """Change the numbers, and the letter that stands for the decade in those of the British bibliography."""
        return _NATIONAL_NUMBER.sub(self._number, field)

    def _number(self, found: re.Match[bytes]) -> bytes:
        text = found[0]
        if not text.isdigit():
            return bytes([65 + (text[0] - 65 + self._copy) % 26])
        return b"%0*d" % (len(text), (int(text) + _NUMBER_STEP * self._copy) % 10 ** len(text))

    def _isbn(self, found: re.Match[bytes]) -> bytes:
        """Return another number of the same language area; a wrong check digit stays wrong by as much."""
        prefix, body, check = found[1] or b"", found[2], found[3]
        other = body[:1] + b"%08d" % ((int(body[1:]) + _ISBN_STEP * self._copy) % 10**8)
        right, modulus = (_check_13, 10) if prefix else (_check_10, 11)
        value = 10 if check in b"Xx" else int(check)
        digit = (right(other) + value - right(body)) % modulus
        return prefix + other + (b"X" if digit == 10 else b"%d" % digit)

    def _year(self, found: re.Match[bytes]) -> bytes:
        year = int(found[0])
        if not _FIRST_YEAR <= year < _FIRST_YEAR + _YEARS:
            return found[0]
        return b"%d" % (_FIRST_YEAR + (year - _FIRST_YEAR + _YEAR_STEP * self._copy) % _YEARS)

    def _imprint(self, field: bytes) -> bytes:
        return _IMPRINT_DATE.sub(lambda found: _DATE.sub(self._year, found[0]), field)

    def _other_script(self, field: bytes) -> bytes:
        """Change a field in another script as the one that it stands beside ($6, MARC 21 Appendix A)."""
        change = self._changes.get(field[4:7]) if field[2:4] == b"\x1f6" and field[4:7] != b"880" else None
        return change(field) if change else field

    def _text(self, parts: re.Pattern[str]) -> Change:
        def changed(field: bytes) -> bytes:
            text = parts.sub(lambda part: _WORD.sub(self._word, part[0]), field.decode("utf-8", "surrogateescape"))
            return text.encode("utf-8", "surrogateescape")

        return changed

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        other = self._words.get(word.lower())
        if other is None:
            return word
        if word[0].islower():
            return other
        return other.upper() if word.isupper() else other[0].upper() + other[1:]


def _check_10(body: bytes) -> int:
    """Return the check digit of an ISBN-10 (ISO 2108, Annex C of the 1992 edition); 10 is written X."""
    return -sum((10 - place) * (digit - 48) for place, digit in enumerate(body)) % 11


def _check_13(body: bytes) -> int:
    """Return the check digit of the ISBN-13 of this body under 978 (ISO 2108:2017, Annex A)."""
    return -sum((3 if place % 2 else 1) * (digit - 48) for place, digit in enumerate(b"978" + body)) % 10


def _vocabulary(source: Path) -> Counter[str]:
    """Count the words of titles and names whose case can change without changing their length."""
    found: Counter[str] = Counter()
    for record in stream(source):
        base = int(record[12:17])
        for place, field in enumerate(record[base:].split(b"\x1e")[:-1]):
            tag = record[24 + 12 * place : 27 + 12 * place]
            parts = _TEXTS.get(field[4:7] if tag == b"880" else tag)
            if parts is not None:
                text = field.decode("utf-8", "replace")
                found.update(word.lower() for part in parts.findall(text) for word in _WORD.findall(part))
    return found


def _groups(vocabulary: Counter[str]) -> list[list[str]]:
    """Part the words by script, length in bytes and frequency, each group in seeded order."""
    chance = random.Random(_SEED)  # noqa: S311  A fixed choice, no secret.
    ordered = sorted(vocabulary, key=lambda one: (-vocabulary[one], one))
    small = set([word for word in ordered if len(word) <= _SHORT and word.isascii()][:_SMALL_WORDS])
    alike: dict[tuple[str, int], list[str]] = {}
    for word in ordered:
        length = len(word.encode())
        if word not in small and length == len(word.upper().encode()):
            alike.setdefault((_script(word), length), []).append(word)
    groups = []
    for words in alike.values():
        ends = [*range(_NEIGHBOURS, len(words) - _NEIGHBOURS + 1, _NEIGHBOURS), len(words)]
        for start, end in zip([0, *ends], ends, strict=False):
            group = words[start:end]
            chance.shuffle(group)
            groups.append(group)
    return groups


def _script(word: str) -> str:
    """Return LATIN, CYRILLIC, CJK …: the first word of the first letter's name in Unicode."""
    return unicodedata.name(word[0], "?").partition(" ")[0]
