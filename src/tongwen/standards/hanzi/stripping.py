"""Take off what two statements of the same fact differ in: the words for roles, and the words for publishing houses."""

from __future__ import annotations

import re
from typing import Final

from tongwen.standards.hanzi.analysis import PAIRED
from tongwen.standards.hanzi.folding import normalize

_LONG_ROLES: Final = (
    "主编 副主编 编著 编着 编译 编写 编撰 编纂 编辑 选编 编选 编校 编注 编绘 编剧 编集 译注 译著 译校 校译 "
    "校注 点校 校点 校订 校勘 校释 校阅 注释 注译 注疏 集注 集解 集释 笺注 笺校 撰文 辑校 辑注 辑录 选注 选辑 "
    "选译 汇编 汇辑 纂修 修订 著译 主撰 主讲 讲述 口述 执笔 标点 整理 审校 审订 审定 绘画 绘图 摄影 书写 作词 "
    "作曲 创作 改编 改写 原著 原作 导演 策划 供稿 编者 著者 译者 作者 共著 合著 合编 监修 订正 增补 补注 评点 "
    "评注 批注 解说 解题 翻译 翻訳 责任编辑 执笔者 지음 옮김 엮음 편저 편집 역주 그림"
)
_SHORT_ROLES: Final = "著 编 译 校 撰 辑 注 选 绘 疏 述 笺 修 纂 讲 订 审 저 편 역 글"
_ROLES_BEFORE: Final = "主编 编者 作者 著者 译者 编著者 翻译"


def _any_of(roles: str) -> str:
    return "|".join(sorted({normalize(role) for role in roles.split()}, key=len, reverse=True))


_OTHERS: Final = re.compile(r"\[?(?:\.{2,}|…+)?\s*\[?\s*等\s*\]?|\[?\bet al\b\.?\]?|\.{3,}|…+")
_LETTER: Final = r"[^\W\d_]"
# A role of one character needs two before it: 王选, 陈述 and 张译 are names.
_ROLE_AT_END: Final = re.compile(
    rf"(?:(?<={_LETTER})\s*\[?(?:{_any_of(_LONG_ROLES)})\]?|(?:(?<={_LETTER}{_LETTER})|(?<={_LETTER}[\s\]]))\s*"
    rf"\[?(?:{_any_of(_SHORT_ROLES)})\]?)+\s*(?=$|[;,/。、\s\]])"
)
_ROLE_BEFORE: Final = re.compile(rf"(?:^|(?<=[;,/]))\s*(?:{_any_of(_ROLES_BEFORE)})\s*:?\s*(?={_LETTER}{{2}})")
_DYNASTY: Final = re.compile(r"[(\[〔【](?:[^()\[\]〔〕【】]{1,4})[)\]〕】]\s*(?=[^\W\d_])")
_LATIN_ROLE: Final = re.compile(
    r"\b(?:(?:(?:selected|compiled|edited|translated|written|illustrated|introduced|revised|adapted|annotated|collected|"
    r"prepared|edited and translated|foreword|introduction|preface|text)\s+(?:and\s+)?)+(?:from\s+the\s+\w+\s+)?by"
    r"|by|author|editors?|eds?|translators?|trans|compilers?|comp|ed|hrsg|herausgegeben von|von|par|edited|"
    r"sous la direction de|a cura di|zhu bian|bian zhu|zhu|bian|yi|zhuan|cho|hen|yaku)\b\.?"
)
_PAIRED_CHARACTER: Final = re.compile(f"[{PAIRED}]")

_HOUSES: Final = re.compile(
    "(?:股份有限公司|有限责任公司|有限公司|出版(?:传媒|发行)?集团|出版总社|出版分社|出版公司|出版中心|出版部|出版社|图书公司|文化事业|"
    "印书馆|书局|书店|书社|书屋|书房|书馆|书院出版|发行所|印刷厂|印刷所|杂志社|报社|株式会社|会社|公司|刊行会|出版会|출판사|출판부|출판|"
    "издательство|изд во)+"
)
_LATIN_HOUSE: Final = frozenset(
    """
    the press publisher publishers publishing publication publications pub pubs books verlag verl edition editions
    editeur editeurs ed edizioni editore editrice editorial editora edicions ediciones house company co corporation corp
    inc incorporated ltd limited llc gmbh ag kg plc sa sons and und et group pr chubansha shuju shudian shuppansha
    shuppan shuppankai shoten shobo chulpansa izdatelstvo
    """.split()  # noqa: SIM905 - a list of words reads better
)
_LATIN_HOUSE_OF_SEVERAL_WORDS: Final = {
    "s": ("s a",), "b": ("b v",), "bv": ("bv",), "chu": ("chu ban she",), "chuban": ("chuban she",),
    "shu": ("shu ju", "shu dian"), "yin": ("yin shu guan",), "izd": ("izd vo",), "kabushiki": ("kabushiki kaisha",),
}  # fmt: skip
_ASCII_LETTERS: Final = bytes(code if code < 128 and chr(code).isalnum() else 0x20 for code in range(256))
_PUNCTUATION: Final = re.compile(r"[^\w\s]|_")
_SPACES: Final = re.compile(r"\s+")


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", text).strip(" ,;:/.[]")


def strip_roles(text: str) -> str:
    """Return a statement of responsibility, normalised, without the words for roles (著, 主编, 译, edited by).

    [等], `et al.` and dots go, and so do dynasties and countries in brackets before a name: `(清)曹雪芹著 ; 启功注`
    gives `曹雪芹 ; 启功`. A role stands after a name, or as a word of two before it (主编王力);
    a name that ends like one stays (王选, 陈述).
    """
    folded = normalize(text)
    if folded.isascii() or not _PAIRED_CHARACTER.search(folded):
        return _tidy(_LATIN_ROLE.sub(" ", _OTHERS.sub(" ", folded)))
    bare = _ROLE_BEFORE.sub(" ", _DYNASTY.sub("", _OTHERS.sub(" ", folded)))
    return _tidy(_ROLE_AT_END.sub(" ", bare)) or _tidy(folded)


def strip_publisher(text: str) -> str:
    """Return the name of a publisher, normalised, without the words that say that it is one.

    `人民文学出版社` gives `人民文学`, `中華書局` `中华`, `Oxford Univ. Press` `oxford university`,
    `J. Wiley & Sons, Inc.` `j wiley`. Where nothing else would be left (书局, The Press) the name stays whole.
    """
    folded = normalize(text).replace("'", "")
    spaced = folded.encode().translate(_ASCII_LETTERS).decode() if folded.isascii() else _PUNCTUATION.sub(" ", folded)
    words = spaced.split()
    bare = _without_house(words)
    if not folded.isascii():
        bare = _HOUSES.sub(" ", " ".join(bare)).split()
    return " ".join(["university" if word == "univ" else word for word in bare or words])


def _without_house(words: list[str]) -> list[str]:
    """Return the words without those of the trade. One look for each word: an expression of them all took ten times."""
    left: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word in _LATIN_HOUSE:
            continue
        for phrase in _LATIN_HOUSE_OF_SEVERAL_WORDS.get(word, ()):
            others = phrase.split()[1:]
            if words[at : at + len(others)] == others:
                at += len(others)
                break
        else:
            left.append(word)
    return left
