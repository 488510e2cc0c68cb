"""Numerals and volumes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.standards import hanzi


class TestVolumeKey:
    @pytest.mark.parametrize(
        "written",
        ["第二卷", "卷二", "第2册", "第２冊", "第貳卷", "第2巻", "제2권", "vol. 2", "Vol. II", "v.2", "V. 2",
         "2", "02", "II", "[2]", "Bd. 2", "t. 2", "tome II", "Т. 2", "part 2", "volume two",
         "Second volume", "di 2 juan", "Di er juan", "2nd"],
    )  # fmt: skip
    def test_is_one_for_all_ways_of_writing_two(self, written):
        assert hanzi.volume_key(written) == "2"

    @pytest.mark.parametrize(
        ("written", "key"),
        [
            ("上册", "上"),
            ("上巻", "上"),
            ("卷上", "上"),
            ("상권", "上"),
            ("shang ce", "上"),
            ("下", "下"),
            ("中編", "中"),
            ("甲编", "甲"),
            ("第二卷下册", "2 下"),
            ("Volume 1, part 2", "1 2"),
            ("v. 1-3", "1-3"),
            ("第一至三卷", "1-3"),
            ("卷一至卷三", "1-3"),
            ("卷一百二十", "120"),
            ("第廿三回", "23"),
            ("pt. A", "a"),
            ("C", "c"),
            ("名词卷", "名词卷"),
            ("第三编 文学", "3 文学"),
            ("", ""),
        ],
    )
    def test_tells_parts_apart(self, written, key):
        assert hanzi.volume_key(written) == key

    @given(st.integers(1, 399), st.sampled_from(["第{}卷", "卷{}", "第{}冊"]))
    def test_reads_chinese_numerals(self, number, pattern):
        assert hanzi.volume_key(pattern.format(chinese(number))) == str(number)

    @given(st.integers(1, 399))
    def test_reads_roman_numerals(self, number):
        assert hanzi.volume_key(f"vol. {roman(number)}") == str(number)

    @given(st.text())
    def test_answers_any_text(self, text):
        assert hanzi.volume_key(text) == hanzi.volume_key(text).strip()

    def test_takes_absurd_numbers(self):
        assert hanzi.volume_key("9" * 6000) == "9" * 6000
        assert hanzi.volume_key("第" + "万" * 3000 + "卷")
        assert hanzi.volume_key("第" + "九" * 6000 + "卷")


class TestUnifyNumerals:
    @pytest.mark.parametrize(
        ("text", "unified"),
        [
            ("二〇〇八年北京奥运会", "2008年北京奥运会"),
            ("一九九八", "1998"),
            ("萬曆十五年", "万历15年"),
            ("第一百二十回本", "第120回本"),
            ("二十世紀", "20世纪"),
            ("World War II", "world war 2"),
            ("Vol. XII", "vol. 12"),
            ("vol. xii", "vol. 12"),
            ("second edition", "2 edition"),
            ("2nd ed.", "2 ed."),
        ],
    )
    def test_writes_what_counts_in_digits(self, text, unified):
        assert hanzi.unify_numerals(text) == unified

    @pytest.mark.parametrize(
        "text", ["三体", "一千零一夜", "十万个为什么", "二十四史", "vitamin c", "mix cd", "i am", "civil law"]
    )
    def test_leaves_words_alone(self, text):
        assert hanzi.unify_numerals(text) == text

    @given(st.text())
    def test_answers_any_text(self, text):
        assert isinstance(hanzi.unify_numerals(text), str)


def chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")


def roman(number: int) -> str:
    text = ""
    for value, letters in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        times, number = divmod(number, value)
        text += letters * times
    return text
