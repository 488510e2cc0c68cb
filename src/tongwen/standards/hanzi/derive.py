"""Derive `variants.txt`, the table that folds every form of a character into one, and write it.

Run `python -m tongwen.standards.hanzi.derive` after an upgrade of OpenCC or pymarc and re-index where the file changed:
the table is kept in the source so that an index never meets queries folded by another version.

Where the forms come from, in this order:
1. Unicode compatibility (NFKC) and OpenCC's traditional to simplified characters;
2. OpenCC's Japanese, Hong Kong and Taiwan forms;
3. the planes of the East Asian Character Code (ANSI/NISO Z39.64), where the same two low bytes in a higher plane
   are a variant of the same character; taken where both share a reading;
4. the decisions of this project below.
A character of GB/T 2312 is never folded into another one by 2 and 3: there, both are words of their own.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import opencc
from pymarc.marc8_mapping import CODESETS
from pypinyin.pinyin_dict import pinyin_dict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TARGET = Path(__file__).with_name("variants.txt")

# Source and target, for what no other source folds or folds wrongly. The first line joins pairs that are two words
# in simplified Chinese but one in traditional spelling, in Japanese, or in the names of people (錢鍾書, 朱鎔基).
DECISIONS = """
着著 锺钟 馀余 镕熔 覆复 藉借 瞭了 谘咨 硷碱 芸艺 浜滨 弁辩 欠缺 糸丝 缶罐 坂阪 働动 妳你 乾干 夥伙 徵征
髙高 﨑崎 舘馆 邨村 𠮷吉 煕熙 熈熙 濵滨 畊耕 畵画 㐂喜 吿告 査查 兪俞 逰游 逺远 劵券 刋刊 萠萌 頋顾 価价 戻戾 仮假
伝传 囲围 払拂 釆采 淂得 栁柳 凃涂 塚冢 緖绪 硏研 囯国 亜亚 広广 歴历 觧解 峯峰 嶽岳 裏里 裡里 羣群 衆众 眾众 閒间
焔焰 汚污 諌谏 祇只 倶俱 戸户 鎗枪 頬颊 姫姬 溌泼 繋系 尙尚 鄕乡 籐藤 騨驒 涜渎 嚢囊 撚捻 椀碗 呑吞 劒剑 厓崖 峀岫
岺岭 彛彝 擥揽 昻昂 晳皙 楡榆 癎痫 裵裴 菓果 覩睹 饍膳 鰕虾 逈迥 啣衔 汎泛 揹背 慇殷 暱昵 踫碰 銲焊 鉋刨 颺扬 鼇鳌
鑪炉 勣绩 瞇眯 搾榨
⺠民 ⻁虎 ⻄西 ⻅见 ⻆角 ⻉贝 ⻋车 ⻓长 ⻔门 ⻘青 ⻚页 ⻛风 ⻜飞 ⻝食 ⻢马 ⻣骨
⻤鬼 ⻥鱼 ⻦鸟 ⻨麦 ⻩黄 ⻬齐 ⻮齿 ⻰龙 ⻳龟
"""
# What a source folds although the two are different words.
REFUSED = frozenset("予沪扱柾槻么")

_HAN = (*range(0x2E80, 0x2FE0), *range(0x3400, 0xA000), *range(0xF900, 0xFB00), *range(0x20000, 0x31400))
_EACC = 0x31
_EACC_LAYERS = 6
_EACC_FIRST_PLANE = 0x21
_EACC_LAST_PLANE = 0x50


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _readings(character: str) -> set[str]:
    toned = pinyin_dict.get(ord(character), "").split(",")
    plain = ("".join(c for c in unicodedata.normalize("NFD", one) if not unicodedata.combining(c)) for one in toned)
    return {reading for reading in plain if reading}


def _converted(configuration: str) -> dict[str, str]:
    """Map each single character that OpenCC changes; a line of its own keeps its phrases out."""
    characters = [chr(code) for code in _HAN]
    lines = opencc.OpenCC(configuration).convert("\n".join(characters)).split("\n")
    return {a: b for a, b in zip(characters, lines, strict=True) if a != b and len(b) == 1}


def _eacc_variants() -> Iterator[tuple[str, str]]:
    """Yield (variant, head) for each pair that differs in its plane only and shares a reading."""
    groups: defaultdict[tuple[int, int], list[tuple[int, str]]] = defaultdict(list)
    for code, (point, _) in CODESETS[_EACC].items():
        plane = code >> 16
        if _EACC_FIRST_PLANE <= plane <= _EACC_LAST_PLANE and point in _HAN_SET:
            groups[(plane - _EACC_FIRST_PLANE) % _EACC_LAYERS, code & 0xFFFF].append((plane, chr(point)))
    for forms in groups.values():
        (plane, head), *variants = sorted(forms)
        if plane < _EACC_FIRST_PLANE + _EACC_LAYERS:
            yield from ((form, head) for _, form in variants if _readings(form) & _readings(head))


_HAN_SET = frozenset(_HAN)


class _Folds:
    """The folds found so far; `end` follows them to the last form."""

    def __init__(self) -> None:
        self.to: dict[str, str] = {}

    def end(self, character: str) -> str:
        seen = {character}
        while (following := self.to.get(character)) and following not in seen:
            character = following
            seen.add(character)
        return character

    def join(self, form: str, head: str) -> None:
        """Fold the rarer of the two ends into the other, unless both are common."""
        a, b = self.end(form), self.end(head)
        if a == b or {a, b, form} & REFUSED or (_in_gb2312(a) and _in_gb2312(b)):
            return
        rarer, other = (b, a) if _in_gb2312(a) else (a, b)
        self.to[rarer] = other


def table() -> dict[str, str]:
    """Return the fold of every character that has one: one code point to one, and no target is itself folded."""
    folds = _Folds()
    simplified = _converted("t2s")
    for code in _HAN:
        character = chr(code)
        plain = unicodedata.normalize("NFKC", character)
        target = simplified.get(plain, plain)
        if target != character and len(target) == 1 and character not in REFUSED:
            folds.to[character] = target
    for pair in DECISIONS.split():
        folds.to.pop(pair[1], None)
    joins: Iterable[tuple[str, str]]
    for joins in (*(_converted(name).items() for name in ("jp2t", "hk2t", "tw2t")), _eacc_variants()):
        for form, head in joins:
            folds.join(form, head)
    for pair in DECISIONS.split():
        folds.to.pop(pair[1], None)
        folds.to[pair[0]] = pair[1]
    return {form: end for form in sorted(folds.to) if (end := folds.end(form)) != form}


def render(folds: dict[str, str]) -> str:
    """Return the table as text: a line for each target, followed by a tab and its forms."""
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for form, target in folds.items():
        forms[target].append(form)
    return "".join(f"{target}\t{''.join(forms[target])}\n" for target in sorted(forms))


if __name__ == "__main__":
    TARGET.write_text(render(table()), "utf-8")
