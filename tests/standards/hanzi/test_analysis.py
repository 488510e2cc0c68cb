"""Tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.standards import hanzi
from tongwen.standards.hanzi.folding import normalize

mixed = st.text("红楼夢歴史のノ한국abcé éA1２9 ,-'’·", max_size=40)


def is_inside(part: list[str], all_tokens: list[str]) -> bool:
    return any(all_tokens[i : i + len(part)] == part for i in range(len(all_tokens) - len(part) + 1))


class TestTokens:
    @pytest.mark.parametrize(
        ("text", "tokens"),
        [
            ("紅樓夢", "红楼 楼梦"),
            ("红", "红"),
            ("歴史の旅", "历史 史の の旅"),
            ("한국민족", "한국 국민 민족"),
            ("ประวัติ", "ปร ระ ะว วั ัต ติ"),
            ("Hong lou meng: a novel (2nd ed.)", "hong lou meng a novel 2 nd ed"),
            ("MP3 PL2727.S2", "mp 3 pl 2727 s 2"),
            ("Java程序设计第3版", "java 程序 序设 设计 计第 3 版"),
            ("哈里森·沃尔德伦", "哈里 里森 沃尔 尔德 德伦"),
            ("l'histoire de l’art", "l histoire de l art"),
            ("O'Neill's Chʻing Ch'ing Han'guk", "oneills ching ching hanguk"),
            ("Война и мир", "воина и мир"),
            ("हिन्दी साहित्य", "हिन्दी साहित्य"),
            ("", ""),
            ("... -- !", ""),
        ],
    )
    def test_are_pairs_words_and_numbers(self, text, tokens):
        assert hanzi.analyze(text) == tokens

    @pytest.mark.parametrize(
        ("text", "tokens"),
        [
            ("C++ Primer", "c ++ primer"),
            ("Visual C++程序设计", "visual c ++ 程序 序设 设计"),
            ("Ｃ＃入门", "c # 入门"),
            ("F# minor, no.#3", "f # minor no 3"),
            ("ASP.NET 2.0; .NET", "asp net . 2 0 net ."),
            ("VB.NET高级编程", "vb net . 高级 级编 编程"),
            ("l'art du C++", "l art du c ++"),
            ("a + b, net. result, 1++", "a b net result 1"),
            ("++ # .", ""),
        ],
    )
    def test_tell_apart_what_a_sign_tells_apart(self, text, tokens):
        assert hanzi.analyze(text) == tokens

    @given(st.text("cC+#.net 梦é'", max_size=20))
    def test_are_the_same_in_pieces_with_signs(self, text):
        assert hanzi.analyze(text).split() == hanzi.tokens(text)
        assert hanzi.whole_title(text).translate({ord(c): None for c in "+#."}) == hanzi.whole(text)

    def test_keep_long_runs_whole(self):
        title = "中华人民共和国国家标准信息与文献术语汇编"
        assert len(hanzi.tokens(title)) == len(title) - 1
        word = "a" * 300
        assert hanzi.tokens(word) == [word]

    def test_are_the_same_for_all_spellings_of_a_title(self):
        assert hanzi.analyze("紅樓夢") == hanzi.analyze("红楼梦") == hanzi.analyze("紅楼夢")

    @given(mixed)
    def test_do_not_change_when_analysed_again(self, text):
        for token in hanzi.tokens(text):
            assert hanzi.tokens(token) == [token]

    @given(st.text())
    def test_have_no_spaces_in_any_text(self, text):
        assert hanzi.analyze(text).split() == hanzi.tokens(text)

    @given(st.text("红楼梦紅樓夢歴史硏究", min_size=1, max_size=20), st.data())
    def test_of_a_piece_stand_in_the_whole(self, text, data):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        piece = hanzi.tokens(text[start:end])
        assert is_inside(piece, hanzi.tokens(text)) or hanzi.unigrams(text[start:end]) in hanzi.unigrams(text)

    @given(st.lists(mixed, max_size=6), st.data())
    def test_of_some_words_stand_in_the_whole(self, words, data):
        text = " ".join(words)
        start = data.draw(st.integers(0, len(words)))
        end = data.draw(st.integers(start, len(words)))
        assert is_inside(hanzi.tokens(" ".join(words[start:end])), hanzi.tokens(text))

    @given(st.lists(mixed))
    def test_of_many_texts_are_those_of_each(self, texts):
        assert hanzi.analyze_many(texts) == [hanzi.analyze(text) for text in texts]

    @given(st.text(st.characters(codec="latin-1")))
    def test_are_the_same_whether_accents_send_text_the_slow_way(self, text):
        assert hanzi.tokens(text) == hanzi.tokens(text + " 梦")[:-1]


class TestUnigrams:
    def test_are_each_character_once(self):
        assert hanzi.unigrams("人人為我 Java ひ") == "人 为 我 ひ"

    def test_are_none_in_latin_text(self):
        assert hanzi.unigrams("Dream") == ""
        assert hanzi.unigrams("rêve") == ""


class TestWhole:
    @pytest.mark.parametrize(
        ("text", "whole"),
        [
            ("紅樓夢 : 程乙本", "红楼梦程乙本"),
            ("The Dream of the Red Chamber!", "thedreamoftheredchamber"),
            ("L'Étranger", "letranger"),
            ("C++ 程序设计", "c程序设计"),
            ("…", ""),
        ],
    )
    def test_has_letters_and_digits_only(self, text, whole):
        assert hanzi.whole(text) == whole

    @given(st.text())
    def test_is_stable_and_without_spaces(self, text):
        once = hanzi.whole(text)
        assert hanzi.whole(once) == once
        assert not any(c.isspace() for c in once)

    @given(st.text())
    def test_takes_what_normalize_takes(self, text):
        assert hanzi.whole(normalize(text)) == hanzi.whole(text)


class TestWholeTitle:
    @pytest.mark.parametrize(
        ("text", "whole"),
        [("C++ 程序设计", "c++程序设计"), ("C# Primer", "c#primer"), ("紅樓夢 : 程乙本", "红楼梦程乙本")],
    )
    def test_keeps_the_signs(self, text, whole):
        assert hanzi.whole_title(text) == whole

    @given(st.text(st.characters(codec="ascii")))
    def test_of_ascii_is_its_tokens_in_one_piece(self, text):
        assert hanzi.whole_title(text) == hanzi.analyze(text).replace(" ", "")


class TestRomanizedKey:
    def test_evens_out_the_division_into_words(self):
        keys = {hanzi.romanized_key(t) for t in ("Chung-kuo kʻo hsüeh", "Chung kuo k'o-hsueh", "CHUNGKUO KʻOHSÜEH")}
        assert keys == {"chungkuokohsueh"}

    def test_is_empty_for_other_scripts(self):
        assert hanzi.romanized_key("红楼 meng") == ""


class TestScript:
    @pytest.mark.parametrize(
        ("text", "script"),
        [
            ("红楼梦 (Hong)", "Latin"),
            ("红楼梦研究资料 (H)", "Han"),
            ("吾輩は猫である", "Kana"),
            ("日本語の歴史", "Kana"),
            ("韓國 역사", "Hangul"),
            ("Война", "Cyrillic"),
            ("مقدمة", "Arabic"),
            ("שלום", "Hebrew"),
            ("ประวัติ", "Thai"),
            ("Œuvres", "Latin"),
            ("1984 …", ""),
            ("", ""),
        ],
    )
    def test_is_that_of_most_letters(self, text, script):
        assert hanzi.script(text) == script

    @given(st.text())
    def test_answers_any_text(self, text):
        assert isinstance(hanzi.script(text), str)
