"""Decide what a record describes where several fields say something: carrier, level, age. The same for both formats."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tongwen.standards.marc.types import Carrier

if TYPE_CHECKING:
    from tongwen.standards.marc.description import Description

FIRST_YEAR_NOT_ANCIENT: Final = 1912
"""The first year of the Republic: what was made before it is 古籍."""

ONLINE: Final = re.compile(r"online|internet|網路|网络|在线|線上|オンライン|электронный ресурс", re.IGNORECASE)
DISC: Final = re.compile(
    r"cd-?rom|dvd|\bcds?\b|compact disc|computer (?:optical )?dis[ck]|optical dis[ck]|floppy|diskette"
    r"|videodisc|sound disc|audio disc|blu-ray|光盘|光碟|光盤|软盘|磁盘|磁碟|ディスク|диск",
    re.IGNORECASE,
)
MICROFORM: Final = re.compile(
    r"micro(?:fiche|film|form|card|opaque)|缩微|縮微|微卷|微縮|マイクロ|микрофильм|микрофиш", re.IGNORECASE
)
BRAILLE: Final = re.compile(r"braille|盲文|点字", re.IGNORECASE)
LARGE_PRINT: Final = re.compile(r"large[ -](?:print|type)|大字", re.IGNORECASE)
ELECTRONIC: Final = re.compile(
    r"electronic|computer file|machine.readable|digital|电子|電子|数字化|электронн", re.IGNORECASE
)
PAGED: Final = re.compile(
    r"\d\s*(?:\]|\+|>)?\s*(?:p\b|pp\b|pages?\b|l\b|leaves|leaf\b|v\b|vols?\b|volumes?\b|columns?\b"
    r"|[SsBb]\.|s\b|с\.|с\b|л\.|т\.|页|頁|叶|葉|册|冊|卷|函|쪽|면)"
    r"|\bv\.|\bvolumes?\b|[ivxlc]+\s*p\b|unpaged|various paging",
    re.IGNORECASE,
)
PLAIN_PAGES: Final = re.compile(r"[\[<]?[\divxlcdm][\divxlcdm\[\]<>, ]* ?(?:p|pages|leaves|s|с)\.?$")
"""The usual extent of one printed volume: `xii, 312 p.`"""

_IN_MATERIAL: Final = (
    (MICROFORM, Carrier.MICROFORM),
    (DISC, Carrier.DISC),
    (BRAILLE, Carrier.BRAILLE),
    (LARGE_PRINT, Carrier.LARGE_PRINT),
    (ONLINE, Carrier.ONLINE),
)
_MENTIONS_A_MATERIAL: Final = re.compile("|".join(pattern.pattern for pattern, _ in _IN_MATERIAL), re.IGNORECASE)

_VOLUME_WORD: Final = (
    r"(?:v|vols?|volumes?|t|tomes?|bde|bd|bände|teile|kötet|t|т|томах|тома|ч|кн|pts?|parts)\b\.?|册|冊|卷|函|책|권|巻"
)
_SEVERAL_VOLUMES: Final = re.compile(rf"(?<![\d,.])<?(\d+)>?\s*(?:{_VOLUME_WORD})", re.IGNORECASE)
_OPEN_SET: Final = re.compile(r"^\s*(?:v|vols?|volumes?|t|т|bd)\.?\s*(?:<.*>|\(|$|:|;)", re.IGNORECASE)
_OLD_EDITION: Final = re.compile("刻本|刊本|抄本|鈔本|钞本|写本|寫本|稿本|活字本|拓本|套印本|善本|古籍|线装古籍")


def carrier_in(text: str) -> Carrier | None:
    """Return the carrier that an extent or a general material designation names in words, None where it names none."""
    if not text or not _MENTIONS_A_MATERIAL.search(text):
        return None
    return next((carrier for pattern, carrier in _IN_MATERIAL if pattern.search(text)), None)


def is_set(extent: str) -> bool:
    """Tell whether an extent counts several volumes (`3 v.`, `v. <1-3>`, `5册`) or leaves their number open (`v. :`).

    `1 v. (unpaged)` is one volume, and `312 p. in 2 v.` is a set: the first count of volumes decides.
    """
    if found := _SEVERAL_VOLUMES.search(extent):
        return int(found[1]) > 1
    return bool(_OPEN_SET.match(extent))


def conclude_age(description: Description) -> None:
    """Decide whether a book is from before 1912: by its year, its century, or the words for how it was made.

    The words count only where no year speaks, for a facsimile of a 刻本 names both.
    """
    years = description.years or description.imprint_years
    century = description.coded_century
    if years:
        description.is_ancient = years[0] < FIRST_YEAR_NOT_ANCIENT
    elif century.isdigit():
        description.is_ancient = int(century) < 19
    else:
        described = description.edition.value + description.extent
        description.is_ancient = not described.isascii() and bool(_OLD_EDITION.search(described))
