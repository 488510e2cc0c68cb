"""Words for roles and publishing houses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.standards import hanzi


class TestStripRoles:
    @pytest.mark.parametrize(
        ("statement", "names"),
        [
            ("(清)曹雪芹著 ; 启功注", "曹雪芹 ; 启功"),
            ("张三[等]著", "张三"),
            ("张三 ... [等]著", "张三"),
            ("吳敬璉等編著", "吴敬琏"),
            ("[美]海明威著;吴劳译", "海明威 ;吴劳"),
            ("罗贯中 著", "罗贯中"),
            ("主编王力", "王力"),
            ("北京大学中文系编", "北京大学中文系"),
            ("夏目漱石著", "夏目漱石"),
            ("김훈 지음", "김훈"),
            ("edited by John Smith and Mary Jones.", "john smith and mary jones"),
        ],
    )
    def test_leaves_the_names(self, statement, names):
        assert hanzi.strip_roles(statement) == names

    @pytest.mark.parametrize("name", ["王选", "陈述", "张译", "国家统计局", "中国科学院图书馆", "编"])
    def test_keeps_names_that_end_like_a_role(self, name):
        assert hanzi.strip_roles(name) == hanzi.normalize(name)

    def test_strips_the_role_after_such_a_name(self):
        assert hanzi.strip_roles("王选著") == "王选"

    @given(st.text())
    def test_answers_any_text(self, text):
        assert isinstance(hanzi.strip_roles(text), str)


class TestStripPublisher:
    @pytest.mark.parametrize(
        ("publisher", "name"),
        [
            ("人民文学出版社", "人民文学"),
            ("中華書局", "中华"),
            ("商务印书馆", "商务"),
            ("高等教育出版社有限公司", "高等教育"),
            ("岩波書店", "岩波"),
            ("Oxford Univ. Press", "oxford university"),
            ("Oxford University Press", "oxford university"),
            ("J. Wiley & Sons, Inc.", "j wiley"),
            ("Springer-Verlag", "springer"),
            ("Éditions Gallimard", "gallimard"),
            ("Ren min wen xue chu ban she", "ren min wen xue"),
            ('Изд-во "Наука"', "наука"),
        ],
    )
    def test_leaves_the_name(self, publisher, name):
        assert hanzi.strip_publisher(publisher) == name

    @pytest.mark.parametrize("publisher", ["书局", "The Press"])
    def test_keeps_a_name_that_is_nothing_else(self, publisher):
        assert hanzi.strip_publisher(publisher) == hanzi.normalize(publisher)

    @given(st.text())
    def test_answers_any_text(self, text):
        assert isinstance(hanzi.strip_publisher(text), str)
