"""Normal forms of the texts that are compared: what stays of a title, a name or an extent when house style is gone.

Every form is a plain function of text. A form is for comparing only: it is never shown.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from tongwen.domain.catalogue.rules import numerals
from tongwen.domain.catalogue.rules.numerals import NATIVE
from tongwen.standards import hanzi

NATIVE_LANGUAGES: Final = frozenset({"chi", "zho", "jpn", "kor"})

# Plus and hash are letters of a title (C++, C#); apostrophes vanish (Xi'an, don't); an ampersand is a word.
_ASCII: Final = bytes(code if chr(code).isalnum() or chr(code) in "+#" else 0x20 for code in range(256))
_APOSTROPHES: Final[dict[int, str | None]] = dict.fromkeys(map(ord, "'`´‘’ʹʺʻʼʽʾʿ′"))
_APOSTROPHES[ord("&")] = " and "
_APOSTROPHE: Final = re.compile(f"[{''.join(map(chr, _APOSTROPHES))}]")
_NO_WORD: Final = re.compile(r"[^\w+#]+|_+")

_ARTICLES: Final = {
    "eng": frozenset({"a", "an", "the"}),
    "ger": frozenset({"der", "die", "das", "ein", "eine"}),
    "fre": frozenset({"le", "la", "les", "un", "une", "l"}),
    "spa": frozenset({"el", "la", "los", "las", "un", "una"}),
    "ita": frozenset({"il", "lo", "la", "gli", "i", "le", "un", "una", "l"}),
    "por": frozenset({"o", "a", "os", "as", "um", "uma"}),
    "dut": frozenset({"de", "het", "een"}),
}
_ENGLISH: Final = _ARTICLES["eng"]
_ELIDING: Final = frozenset({"fre", "ita"})
_ELISION: Final = re.compile("[Ll]['’]")

# What follows one of these marks in a title proper is a subtitle, a parallel title or a statement that was not parted.
_SUBTITLE: Final = re.compile(r"\s[:=/]\s|：|——")

_MAY_HAVE_SUBTITLE: Final = re.compile("[:=/：—]")
"""Most titles have none of these marks; looking for one character takes a fifth of looking for it between blanks."""

_PARALLEL: Final = re.compile(r"\s[=/]\s")
_BRACKETED: Final = re.compile(r"[(\[（〔［【][^)\]）〕］】]{0,12}[)\]）〕］】]")
_DATES: Final = re.compile(r"[\s,]*\b\d{3,4}\b.*$")

_VOLUMES: Final = re.compile(r"(\d+)\s*(?:v\b|vols?\b|volumes?\b|册|冊|卷|巻|bde?\b|t\b|tomes?\b|tomos?\b)")
# `v.` and `v. <1-2>` leave the number of volumes open; the v of `v, 138 p.` counts pages.
_OPEN_SET: Final = re.compile(r"^v\b(?!,)|\bv\.\s*<|<\d")
_SIZE: Final = re.compile(r"\d+\s*(?:x\s*\d+\s*)?(?:cm|mm|厘米|公分)")
_COUNT: Final = re.compile(r"\d+")

# Numbers stand apart from the unit that is written against them (`374页`).
_UNIT_OR_NUMBER: Final = re.compile(r"\d+|[^\W\d]+")
_UNIT_OF: Final = {
    "volume": "v", "volumes": "v", "vol": "v", "vols": "v", "册": "v", "page": "p", "pages": "p", "页": "p",
    "leaf": "leaves", "叶": "leaves", "paging": "pagings",
}  # fmt: skip
_ABBREVIATION: Final = 3
_LATIN: Final = re.compile("[a-z]")

_EDITION_WORDS: Final = {
    "revised": "rev", "rev": "rev", "revidierte": "rev", "revue": "rev", "enlarged": "enl", "erweiterte": "enl",
    "expanded": "enl", "augm": "enl", "augmented": "enl", "enl": "enl", "updated": "upd", "corrected": "corr",
    "corr": "corr", "newly": "new", "new": "new", "neue": "new", "abridged": "abr", "international": "intl",
    "american": "amer", "limited": "ltd", "paperback": "pbk", "reprint": "repr",
}  # fmt: skip
_EDITION_NOISE: Final = frozenset(
    """
    edition ed edn edizione edicion edicao editie ausgabe ausg aufl auflage izd izdanie wyd vyd upplagan uppl and the
    of d nd rd st th eds und et u a e y i ie
    """.split()  # noqa: SIM905 - a list of words reads better
)
# The number before 刷 or 次 counts impressions of one edition.
_COUNTED_EDITION: Final = re.compile(r"(\d+)(?!\d*\s*[刷次])")
_EDITION_HAN: Final = re.compile(
    r"(修订|增订|增补|增修|重订|校订|改订|影印|缩印|普及|简明|精装|平装|珍藏|典藏|插图|注音|新|再)"
)


class Title(NamedTuple):
    """A title taken apart.

    `core` is without spaces, article and designation, `words` are those of the core; `volume` is the designation of a
    part as numbers and letters in order, `part_name` its name; `numbers` are the other numbers of the title.
    """

    core: str
    words: tuple[str, ...]
    volume: tuple[str, ...]
    part_name: str
    numbers: frozenset[str]
    native: bool
    spelt: str
    """The core with its numerals as they were written."""


def folded(text: str) -> str:
    """Return the normalised text with one space or more for everything that is neither letter nor digit."""
    if text.isascii():
        if "&" in text:
            text = text.replace("&", " and ")
        if "'" in text or "`" in text:
            text = text.replace("'", "").replace("`", "")
        return text.lower().encode().translate(_ASCII).decode()
    if _APOSTROPHE.search(text):
        text = text.translate(_APOSTROPHES)
    return _NO_WORD.sub(" ", hanzi.normalize(text))


def compact(text: str) -> str:
    """Return the normalised text without spaces and punctuation, so that word division does not count."""
    return "".join(folded(text).split())


def title(text: str, parts: tuple[str, ...] = (), language: str = "") -> Title:
    """Take a title proper and its parts apart.

    What stands behind ` : `, ` = ` or ` / ` inside the title proper is not looked at here (see `tail`).
    """
    if _MAY_HAVE_SUBTITLE.search(text):
        cut = _SUBTITLE.search(text, 1)
        if cut:
            text = text[: cut.start()]
    native = not text.isascii() and NATIVE.search(text) is not None
    if native:
        plain = folded(numerals.RANGE.sub(r"\1#\2", hanzi.unify_numerals(text)))
    else:
        plain = folded(text[2:] if language in _ELIDING and _ELISION.match(text) else text)
    words, volume = numerals.without_designation(plain, native)
    if len(words) > 1 and words[0] in _ARTICLES.get(language, _ENGLISH):
        del words[0]
    core = "".join(words)
    name = ""
    for part in parts:
        marks, words_of_part = numerals.of_part(_PARALLEL.split(part, maxsplit=1)[0])
        volume += marks
        name += words_of_part
    # Numerals as they are written give the sound: 万历十五年 is "shi wu", and 2008 stays a number in both scripts.
    spelt = "".join(folded(text).split()) if native and not volume else core
    return Title(core, tuple(words), tuple(volume), name, numerals.numbers(words, core), native, spelt)


def sound(of: Title) -> str:
    """Return the romanised title without spaces: pinyin of Han, a Latin title as it is.

    The syllable of 的 is left out, because libraries write it "de" or "di". Other readings that vary (调, 长 …) stay
    apart: this proposes a pair, it never proves one. "" for titles with kana or Hangul, which pinyin does not read.
    """
    if of.native and _KANA_OR_HANGUL.search(of.spelt):
        return ""
    syllables = hanzi.pinyin(of.spelt).split() if of.native else of.words
    return hanzi.romanized_key(" ".join([syllable for syllable in syllables if syllable not in _OF]))


_OF: Final = frozenset({"de", "di"})
_KANA_OR_HANGUL: Final = re.compile("[\u3040-\u312f\u31f0-\u31ff\uac00-\ud7a3]")


def tail(text: str) -> str:
    """Return what stands behind the title proper inside a title that was not parted, "" where it was."""
    cut = _SUBTITLE.search(text, 1)
    return text[cut.end() :] if cut else ""


def person(name: str) -> str:
    """Return a name as `surname|initial` (Latin and the like) or as it is written without spaces (East Asian, bodies).

    Dates, nationality and dynasty in brackets, and role words (著, 主编 …) are dropped.
    """
    if not name.isascii() and NATIVE.search(name):
        return compact(hanzi.strip_roles(_BRACKETED.sub("", name))) or compact(name)
    surname, comma, rest = name.partition(",")
    if not comma:
        return compact(_DATES.sub("", name)) or compact(name)
    initial = folded(_DATES.sub("", rest)).strip()[:1]
    return f"{compact(surname)}|{initial}"


def family(name: str) -> str:
    """Return `surname(person(name))` for less work."""
    if not name.isascii() and NATIVE.search(name):
        return person(name)
    before, comma, _ = name.partition(",")
    return compact(before) if comma else person(name)


def is_person(key: str) -> bool:
    """Tell whether a form is that of a person entered under the surname; a body's and an East Asian name have none."""
    return "|" in key


def surname(key: str) -> str:
    """Return the surname of a person's form, the whole of a body's or an East Asian name."""
    return key.partition("|")[0]


# A publisher comes again and again in a file: the answers are kept (some 2 MB in each process).
@lru_cache(maxsize=16_384)
def publisher(name: str) -> str:
    """Return a publisher's name without the words for its trade (出版社, Press, Inc.), without spaces."""
    return hanzi.strip_publisher(name).replace(" ", "") or compact(name)


def series(text: str) -> str:
    """Return a series without spaces and without its article, which a heading leaves out (`The Zion legacy`)."""
    words = folded(text).split()
    return "".join(words[1:] if len(words) > 1 and words[0] in _ENGLISH else words)


def abbreviates(one: str, two: str) -> bool:
    """Tell whether two names agree word for word once a word may be cut short (`Inst. of Physics`)."""
    if one[:1] != two[:1]:
        return False  # As most pairs of publishers: there is no need to fold them.
    words, others = folded(one).split(), folded(two).split()
    return len(words) == len(others) > 1 and all(
        left == right or _cuts_short(*sorted((left, right), key=len)) for left, right in zip(words, others, strict=True)
    )


def _cuts_short(short: str, long: str) -> bool:
    return len(short) >= _ABBREVIATION and long.startswith(short)


def is_latin(form: str) -> bool:
    """Tell whether a form has a letter that is Latin once its marks are off."""
    return _LATIN.search(form) is not None


class Extent(NamedTuple):
    """Pages of the longest count and the number of volumes; 0 where nothing is said."""

    pages: int = 0
    volumes: int = 0
    open_set: bool = False


def extent(text: str) -> Extent:
    """Read pages and volumes: `xii, 320 p.`, `3 v. (1200 p.)`, `v. <1-2>`, `10, 374页`, `2册`."""
    if not text:
        return Extent()
    plain = _SIZE.sub(" ", text.lower())
    volumes = _VOLUMES.search(plain)
    if volumes:
        plain = plain[: volumes.start()] + plain[volumes.end() :]
    pages = max((int(count) for count in _COUNT.findall(plain) if len(count) < 5), default=0)
    is_open = _OPEN_SET.search(plain) is not None
    return Extent(0 if is_open else pages, int(volumes[1][:4]) if volumes else 0, is_open)


def extent_words(text: str) -> str:
    """Return an extent without spaces, its units in one form (`1 volume`, `1 v.`, `1册`); "" where it has no number."""
    if not _COUNT.search(text):
        return ""
    return "".join(_UNIT_OF.get(word, word) for word in _UNIT_OR_NUMBER.findall(folded(text)))


class Edition(NamedTuple):
    """Number of an edition, "" where none is written, and the words that qualify it."""

    number: str = ""
    words: frozenset[str] = frozenset()


def edition(text: str) -> Edition:
    """Read an edition statement: `2nd rev. ed.`, `Zweite Auflage`, `第2版`, `修订本`."""
    if not text:
        return Edition()
    native = not text.isascii() and NATIVE.search(text) is not None
    if native:
        plain = folded(hanzi.unify_numerals(text))
        counted = _COUNTED_EDITION.search(plain)
        number = counted[1].lstrip("0") if counted else "1" if "初" in plain else ""
        return Edition(number, frozenset(_EDITION_HAN.findall(plain)))
    number, words = "", set()
    for word in folded(text).split():
        value = numerals.value(word)
        if value and not number and len(value) < 4:
            number = value
        elif word not in _EDITION_NOISE:
            words.add(_EDITION_WORDS.get(word, word))
    return Edition(number, frozenset(words))
