"""References by GB/T 7714, editions 2015 and 2025: order of elements, type codes, names, punctuation.

What differs between the editions stands in `_Edition`. The edition of 2025 (in force from 2026-07-01) leaves surnames
in small letters, keeps the hyphen of abbreviated given names and does not abbreviate pinyin names, writes a comma
between 等 and the role, and full-width punctuation in references in Chinese (full stops and square brackets excepted).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tongwen.standards import hanzi
from tongwen.standards.citation import source
from tongwen.standards.citation.source import Kind
from tongwen.standards.marc.types import Carrier

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from tongwen.standards.marc.types import DisplayView, Name

Edition = Literal["2015", "2025"]
EDITIONS: tuple[Edition, ...] = ("2025", "2015")
"""The newest first: it is the one that counts where none is named."""


@dataclass(frozen=True, slots=True)
class _Edition:
    """The choices of one edition; `comma` and `colon` are those of references in Chinese."""

    comma: str
    colon: str
    brackets: str
    capitals: bool
    abbreviates_pinyin: bool
    hyphen: str
    role_after_others: str
    open_range: str


_EDITIONS: dict[str, _Edition] = {
    "2015": _Edition(", ", ": ", "()", True, True, " ", "", "-"),
    "2025": _Edition("，", "：", "（）", False, False, "-", "，", "—"),
}

# GB/T 7714, annex B; Z is what has no code of its own.
_CODES = {
    Kind.BOOK: "M",
    Kind.PROCEEDINGS: "C",
    Kind.THESIS: "D",
    Kind.SERIAL: "J",
    Kind.STANDARD: "S",
    Kind.MAP: "CM",
    Kind.SOFTWARE: "CP",
    Kind.ARCHIVE: "A",
}
_CARRIERS = {Carrier.ONLINE: "OL", Carrier.DISC: "CD"}
_MOST_NAMES = 3
_FIRST_EDITIONS = frozenset({"1版", "初版", "1st ed", "1 ed", "first edition", "1st edition"})


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a reference in one language."""

    others: str
    translators: str
    editors: str
    no_place: str
    no_publisher: str
    anonymous: str


_CHINESE = _Words("等", "译", "编", "[出版地不详]", "[出版者不详]", "佚名")
_WESTERN = _Words("et al", "trans", "ed", "[S.l.]", "[s.n.]", "Anon")
_RUSSIAN = _Words("и др", "пер", "ред", "[Б. м.]", "[б. и.]", "Anon")


@dataclass(frozen=True, slots=True)
class _Style:
    """An edition applied to the language of one reference."""

    edition: _Edition
    words: _Words
    comma: str
    colon: str
    brackets: str


def _style(view: DisplayView, edition: str) -> _Style:
    try:
        chosen = _EDITIONS[edition]
    except KeyError:
        raise ValueError(f"GB/T 7714 has the editions {', '.join(_EDITIONS)} here, not {edition!r}") from None
    if source.is_cjk(view):
        return _Style(chosen, _CHINESE, chosen.comma, chosen.colon, chosen.brackets)
    words = _RUSSIAN if hanzi.script(view.title.value) == "Cyrillic" else _WESTERN
    return _Style(chosen, words, ", ", ": ", "()")


def gbt7714(
    view: DisplayView,
    *,
    edition: Edition = EDITIONS[0],
    url: str | None = None,
    accessed: dt.date | None = None,
    pages: str = "",
) -> str:
    """Return the reference in the numeric style (顺序编码制), without its number (GB/T 7714, 8.1 and 8.5).

    `url` and `accessed` are used for online resources only, the record's own link coming before `url`;
    `pages` are those cited (`235-236`). Raises ValueError for an unknown edition.
    """
    style = _style(view, edition)
    parts = [_creators(view, style), _title(view, style), *_others(view, style), _edition_statement(view)]
    parts += [_imprint(view, style, _date(view, style), pages, accessed), *_access(view, url)]
    return _sentences(parts)


def gbt7714_author_year(
    view: DisplayView,
    *,
    edition: Edition = EDITIONS[0],
    url: str | None = None,
    accessed: dt.date | None = None,
    pages: str = "",
) -> str:
    """Return the reference in the author-date style (著者-出版年制): `汪冰, 1997. 电子图书馆理论与实践研究[M]. …`.

    The parameters are those of `gbt7714`.
    """
    style = _style(view, edition)
    date = _date(view, style)
    head = style.comma.join(part for part in (_creators(view, style) or style.words.anonymous, date) if part)
    parts = [head, _title(view, style), *_others(view, style), _edition_statement(view)]
    parts += [_imprint(view, style, "", pages, accessed), *_access(view, url)]
    return _sentences(parts)


def _sentences(parts: Sequence[str]) -> str:
    return " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)


def _creators(view: DisplayView, style: _Style) -> str:
    return _names(source.creators(view), view, style)


def _names(names: Sequence[Name], view: DisplayView, style: _Style) -> str:
    """Return at most three names, and 等 or et al for further ones (8.1.2)."""
    written = [_name(name, view, style.edition) for name in names[:_MOST_NAMES]]
    if len(names) > _MOST_NAMES:
        written.append(style.words.others)
    return style.comma.join(written)


_INITIAL = re.compile(r"[^\W\d_]")


def _name(name: Name, view: DisplayView, edition: _Edition) -> str:
    """Return a person's surname and initials without dots (8.1.1), other names as they stand."""
    form = source.heading(name, view)
    surname, _, rest = form.partition(",")
    abbreviated = hanzi.script(rest or surname) in {"Latin", "Cyrillic", "Greek"}
    if name.kind not in {"person", ""} or not abbreviated:
        return form
    given, _, suffix = rest.strip().partition(",")
    family = surname.upper() if edition.capitals else surname
    if hanzi.pinyin_query(surname) and (syllables := hanzi.pinyin_query(given)) and len(syllables.split()) <= 2:
        initials = hanzi.initials(syllables).upper() if edition.abbreviates_pinyin else ""
        shortened = " ".join(initials) or given.replace("-", "")
    else:
        shortened = _shortened(given, edition)
    return " ".join(part for part in (family, shortened, suffix.strip(" .")) if part)


def _shortened(given: str, edition: _Edition) -> str:
    """Return the initials of given names: `Jean-Luc M.` is `J L M`, or `J-L M` where hyphens are kept."""
    words = [word for word in re.split(r"[\s.]+", given.partition("(")[0]) if word]
    initials = (
        edition.hyphen.join(part[0].upper() for part in word.split("-") if _INITIAL.match(part)) for word in words
    )
    return " ".join(initial for initial in initials if initial)


_INNER_COLON = re.compile(r"\s+:\s+")


def _title(view: DisplayView, style: _Style) -> str:
    numbers = [number for scheme, number in view.other_numbers if scheme == "standard"][:1]
    title = style.colon.join(_INNER_COLON.sub(style.colon, part) for part in (*source.title(view), *numbers))
    carrier = _CARRIERS.get(view.carrier, "")
    return f"{title}[{_CODES.get(source.kind(view), 'Z')}{'/' if carrier else ''}{carrier}]"


def _others(view: DisplayView, style: _Style) -> list[str]:
    """Return the editors and the translators with their roles (8.1, 其他责任者)."""
    found = ((source.editors(view), style.words.editors), (source.translators(view), style.words.translators))
    return [_with_role(names, role, view, style) for names, role in found if names]


def _with_role(names: Sequence[Name], role: str, view: DisplayView, style: _Style) -> str:
    chinese_others = len(names) > _MOST_NAMES and style.words is _CHINESE
    return _names(names, view, style) + (style.edition.role_after_others if chinese_others else style.comma) + role


def _edition_statement(view: DisplayView) -> str:
    """Return the edition as the standard wants it (8.3): `2版`, `4th ed`; first editions are not named."""
    text = source.plain(view.edition.value).strip(" .")
    if found := re.fullmatch(r"第?\s*([0-9]+|[一二三四五六七八九十百]+)\s*版", text):
        text = hanzi.unify_numerals(f"第{found[1]}版").removeprefix("第")
    return "" if text.lower() in _FIRST_EDITIONS else text


_ERA = re.compile(r"^\s*(?P<era>[^\d\[(（]*[一-龥][^\[(（]*?)\s*[\[(（]\s*(?P<year>\d{4})\??\s*[\])）]")
_BARE_YEAR = re.compile(r"(?P<mark>[cC©pP]?)\s*(?P<year>\d{4})(?P<to>\s*[-–—~]\s*(?:\d{4})?)?")
_ESTIMATED = re.compile(r"^\[\s*(?:ca\.?\s*)?(?P<year>\d{4})\??\s*\]$")


def _date(view: DisplayView, style: _Style) -> str:
    """Return the year of publication (8.4.3): `1865(清同治四年)`, `c1997`, `[1936]`, `1984-` for what goes on."""
    text = source.plain(view.date).rstrip(" .,")
    if found := _ERA.match(text):
        return f"{found['year']}{style.brackets[0]}{_era(found['era'])}{style.brackets[1]}"
    if found := _ESTIMATED.match(text):
        return f"[{found['year']}]"
    if found := _BARE_YEAR.search(text):
        copyright_only = found["mark"] in {"c", "C", "©"} and found.start() == 0
        until = re.sub(r"\s*[-–—~]\s*", style.edition.open_range, found["to"] or "")
        return ("c" if copyright_only else "") + found["year"] + until
    if view.year is None:
        return text
    return f"{view.year}{style.brackets[0]}{_era(text)}{style.brackets[1]}" if text else str(view.year)


def _era(text: str) -> str:
    """Return the year of an era without the spaces that some catalogues put before its number (`昭和 10`)."""
    return text.replace(" ", "") if re.search("[一-龥]", text) else text


def _imprint(view: DisplayView, style: _Style, date: str, pages: str, accessed: dt.date | None) -> str:
    """Return place, publisher, date and cited pages; for online resources the day of the citation in brackets."""
    online = source.is_online(view)
    place = _bare(view.places[0].value) if view.places else ("" if online else style.words.no_place)
    publisher = _bare(view.publishers[0].value) if view.publishers else ("" if online else style.words.no_publisher)
    imprint = style.comma.join(part for part in (style.colon.join(p for p in (place, publisher) if p), date) if part)
    text = style.colon.join(part for part in (imprint, source.plain(pages)) if part)
    return text + (f"[{accessed:%Y-%m-%d}]" if online and accessed else "")


def _bare(text: str) -> str:
    return source.plain(text).strip(" ,:;").removeprefix("[").removesuffix("]")


def _access(view: DisplayView, url: str | None) -> list[str]:
    """Return address and DOI of an online resource (8.6, 8.7)."""
    if not source.is_online(view):
        return []
    doi = source.doi(view)
    return [source.address(view, url), f"DOI: {doi}" if doi else ""]
