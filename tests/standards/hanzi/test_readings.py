"""Pinyin of titles and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pymarc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from shared_data import shared
from tongwen.standards import hanzi
from tongwen.standards.hanzi.syllables import SYLLABLES

if TYPE_CHECKING:
    from collections.abc import Iterator


class TestPinyin:
    @pytest.mark.parametrize(
        ("text", "syllables"),
        [
            ("紅樓夢", "hong lou meng"),
            ("乾隆皇帝", "qian long huang di"),
            ("银行行长", "yin hang hang zhang"),
            ("重庆", "chong qing"),
            ("音乐", "yin yue"),
            ("曾國藩家書", "zeng guo fan jia shu"),
            ("女性与绿色战略", "nu xing yu lu se zhan lue"),
            ("歴史", "li shi"),
            ("杜甫傳", "du fu zhuan"),
            ("宣传", "xuan chuan"),
            ("工商行政管理", "gong shang xing zheng guan li"),
            ("成佛之道", "cheng fo zhi dao"),
            ("Java 程序设计 2", "cheng xu she ji"),
            ("Java", ""),
            ("ひらがな", ""),
        ],
    )
    def test_reads_by_the_phrase(self, text, syllables):
        assert hanzi.pinyin(text) == syllables

    def test_gives_a_reading_that_the_dictionary_of_another_house_has(self):
        tree = etree.parse(str(shared("pinyin/dp2Circulation__pinyin.xml")))
        known = {p.get("h"): set(p.get("p").lower().replace("^", "").split(";")) for p in tree.iter("p")}
        common = [c for c in known if is_common(c)]
        assert len(common) > 6500
        strange = [c for c in common if hanzi.pinyin(c) not in known[c]]
        assert len(strange) < len(common) * 0.005, strange

    @given(st.text(st.characters(codec="gb2312", min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=10))
    def test_has_a_syllable_for_each_character(self, text):
        assert len(hanzi.pinyin(text).split()) == len(text)

    def test_uses_the_syllables_that_queries_divide_into(self):
        common = [chr(code) for code in range(0x4E00, 0x9FA6) if is_common(chr(code))]
        assert {hanzi.pinyin(c) for c in common} - SYLLABLES <= {"n", "m", "ng", "hm", "hng"}


class TestTitlesOfTheLibraryOfCongress:
    """The Han and the romanised title of the same records, made by cataloguers, who write 的 as de and as di."""

    def test_are_read_as_they_were_romanised(self):
        pairs = list(chinese_titles(shared("marc21/loc_D.mrc").read_bytes()))
        assert len(pairs) > 300
        same = [han for han, latin in pairs if one_de(hanzi.pinyin(han)) == one_de(hanzi.split_pinyin(latin))]
        assert len(same) > 0.93 * len(pairs)

    def test_are_found_by_pinyin_without_spaces(self):
        pairs = [p for p in chinese_titles(shared("marc21/loc_D.mrc").read_bytes()) if len(p[0]) < 12]
        asked = [(one_de(hanzi.pinyin(h)), map(one_de, hanzi.pinyin_queries(hanzi.romanized_key(r)))) for h, r in pairs]
        assert sum(wanted in found for wanted, found in asked) > 0.9 * len(asked)


class TestNames:
    @pytest.mark.parametrize(
        ("name", "romanized"),
        [
            ("王芳", "Wang Fang"),
            ("杨为民", "Yang Weimin"),
            ("马本斋", "Ma Benzhai"),
            ("罗常培", "Luo Changpei"),
            ("欧阳文", "Ouyang Wen"),
            ("歐陽脩", "Ouyang Xiu"),
            ("司马相南", "Sima Xiangnan"),
            ("郑李淑芳", "Zheng-Li Shufang"),
            ("王西安", "Wang Xi'an"),
            ("单田芳", "Shan Tianfang"),
            ("曾巩", "Zeng Gong"),
            ("解缙", "Xie Jin"),
            ("仇英", "Qiu Ying"),
            ("查良鏞", "Zha Liangyong"),
            ("區大相", "Ou Daxiang"),
            ("朴趾源", "Piao Zhiyuan"),
            ("尉迟恭", "Yuchi Gong"),
            ("万俟卨", "Moqi Xie"),
        ],
    )
    def test_are_written_as_the_standard_says(self, name, romanized):
        assert hanzi.romanized_name(name) == romanized
        assert hanzi.surname_pinyin(name) == romanized.split()[0].replace("-", "").lower()

    @pytest.mark.parametrize("query", ["ouyang wen", "Ouyang, Wen", "Wen Ouyang", "oyw", "ou yang wen", "ouyangwen"])
    def test_are_found_by_every_usual_query(self, query):
        indexed = set(" ".join(hanzi.name_forms("欧阳文")).split())
        assert set(hanzi.tokens(query)) <= indexed
        divided = hanzi.pinyin_query(query)
        assert divided is None or set(divided.split()) <= indexed

    def test_lose_country_and_dates(self):
        assert hanzi.name_forms("(清)曹雪芹, 约1715-约1763") == hanzi.name_forms("曹雪芹")
        assert hanzi.name_forms("夏目, 漱石, 1867-1916") == hanzi.name_forms("夏目漱石")

    def test_of_foreigners_are_read_in_their_order(self):
        assert hanzi.name_forms("哈里森·沃尔德伦") == ("ha li sen wo er de lun", "hlswedl")
        assert hanzi.romanized_name("哈里森·沃尔德伦") == "Halisen Woerdelun"

    def test_in_latin_letters_have_no_forms(self):
        assert hanzi.name_forms("Waldron, Harrison") == ()

    @given(st.text(max_size=12))
    def test_of_any_text_get_an_answer(self, text):
        assert all(form == form.strip() for form in hanzi.name_forms(text))
        assert isinstance(hanzi.romanized_name(text), str)


class TestTitleForms:
    def test_are_syllables_and_initials(self):
        assert hanzi.title_forms("红楼梦") == ("hong lou meng", "hlm")
        assert hanzi.title_forms("Dream") == ()


def is_common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(character) == 1 and "\u4e00" <= character <= "\u9fa5"


def one_de(syllables: str) -> str:
    return " ".join("di" if syllable == "de" else syllable for syllable in syllables.split())


def chinese_titles(raw: bytes) -> Iterator[tuple[str, str]]:
    for one in raw.split(b"\x1d"):
        if b"880" not in one[:900]:
            continue
        record = pymarc.Record(one + b"\x1d", to_unicode=True, force_utf8=True)
        linked = [f for f in record.get_fields("880") if f.get("6", "").startswith("245")]
        if record["008"].data[35:38] == "chi" and linked and "245" in record:
            han, latin = linked[0].get("a", ""), record["245"].get("a", "")
            if hanzi.script(han) == "Han" and not any(c.isascii() and c.isalnum() for c in han):
                yield han, latin
