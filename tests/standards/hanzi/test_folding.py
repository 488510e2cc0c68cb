"""Folding to one form."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.standards import hanzi
from tongwen.standards.hanzi import derive, folding


class TestHanForms:
    @pytest.mark.parametrize(
        ("written", "folded"),
        [
            ("紅樓夢", "红楼梦"),
            ("歴史", "历史"),
            ("歷史", "历史"),
            ("曆史", "历史"),
            ("緖論", "绪论"),
            ("緒論", "绪论"),
            ("硏究", "研究"),
            ("囯家", "国家"),
            ("圀家", "国家"),
            ("亜細亜", "亚细亚"),
            ("価値", "价值"),
            ("広辞苑", "广辞苑"),
            ("觧讀", "解读"),
            ("敎育", "教育"),
            ("鄕土", "乡土"),
            ("靑年", "青年"),
            ("溫故", "温故"),
            ("錢鍾書", "钱钟书"),
            ("钱锺书", "钱钟书"),
            ("台灣臺灣", "台湾台湾"),
            ("髙﨑", "高崎"),
            ("沖縄", "冲绳"),
            ("横浜", "横滨"),
            ("労働", "劳动"),
            ("漢字", "汉字"),  # compatibility ideographs
            ("⻘年", "青年"),  # a radical out of a PDF
            ("葛󠄀", "葛"),  # a variation selector
        ],
    )
    def test_become_the_simplified_character(self, written, folded):
        assert hanzi.normalize(written) == folded

    def test_make_the_two_spellings_of_alive_one(self):
        assert hanzi.normalize("活着") == hanzi.normalize("活著")

    @pytest.mark.parametrize("word", ["沪", "予", "豫", "沈", "妳"])
    def test_keep_words_apart_that_only_look_like_variants(self, word):
        others = {"沪": "滤", "予": "豫", "豫": "予", "沈": "沉", "妳": "奶"}
        assert hanzi.normalize(word) != hanzi.normalize(others[word])

    def test_are_one_code_point_each(self):
        for code in (*range(0x3400, 0xA000), *range(0x20000, 0x2A6E0)):
            assert len(hanzi.normalize(chr(code))) == 1

    def test_are_folded_by_the_table_that_the_sources_give(self):
        text = folding.resources.files("tongwen.standards.hanzi").joinpath("variants.txt").read_text("utf-8")
        assert derive.render(derive.table()) == text

    def test_end_at_a_form_that_is_not_folded_again(self):
        table = derive.table()
        assert not set(table) & set(table.values())


class TestOtherScripts:
    @pytest.mark.parametrize(
        ("written", "folded"),
        [
            ("ＡＢＣ　１２３", "abc 123"),
            ("Œuvres complètes", "oeuvres completes"),
            ("Łódź Straße İstanbul", "lodz strasse istanbul"),
            ("Tʻai-pei, Pʻing-yao", "tai-pei, ping-yao"),
            ("e\u0301tude", "etude"),
            ("i\ufe20u\ufe21", "iu"),
            ("ёлка Йод", "елка иод"),
            ("Ἀθῆναι", "αθηναι"),
            ("مُقَدِّمة", "مقدمة"),
            ("٢٠٠٨", "2008"),
            ("ノルウェイの森", "のるうぇいの森"),
            ("ｶﾞｷﾞ", "がぎ"),
        ],
    )
    def test_lose_case_width_and_marks(self, written, folded):
        assert hanzi.normalize(written) == folded

    def test_keep_the_dakuten_of_kana(self):
        assert hanzi.normalize("が") != hanzi.normalize("か")
        assert hanzi.normalize("か\u3099") == "が"

    def test_keep_the_vowel_signs_of_india(self):
        assert hanzi.normalize("हिन्दी") == "हिन्दी"


class TestNormalize:
    @given(st.text())
    def test_twice_is_once(self, text):
        once = hanzi.normalize(text)
        assert hanzi.normalize(once) == once

    def test_twice_is_once_for_every_assigned_code_point(self):
        points = map(chr, range(sys.maxunicode + 1))
        everything = [c for c in points if unicodedata.category(c) not in {"Cn", "Co", "Cs"}]
        assert [c for c in everything if hanzi.normalize(hanzi.normalize(c)) != hanzi.normalize(c)] == []

    @given(st.text("aeé ûnͧ̈'漢かが゙ガ한ᄒ1", max_size=30))
    def test_does_not_depend_on_the_form_of_unicode(self, text):
        folded = {hanzi.normalize(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
        assert len(folded) == 1

    def test_takes_broken_text(self):
        assert hanzi.normalize("\ud800红\x00") == "\ud800红\x00"
