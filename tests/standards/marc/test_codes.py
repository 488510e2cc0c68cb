from __future__ import annotations

import pytest

from shared_data import shared
from tongwen.standards.marc import codes, iso2709
from tongwen.standards.marc.codes_languages import LANGUAGE_TAGS, NOT_IN_LATIN, OWN_CALENDARS
from tongwen.standards.marc.codes_roles import ROLE_NAMES


class TestLanguage:
    @pytest.mark.parametrize(
        ("found", "code"), [("chi", "chi"), ("zho", "chi"), ("scr", "hrv"), ("ENG", "eng"), ("xyz", ""), ("", "")]
    )
    def test_brings_codes_to_their_bibliographic_form(self, found: str, code: str):
        assert codes.language(found) == code

    @pytest.mark.parametrize(
        ("code", "tag"), [("chi", "zh"), ("ger", "de"), ("grc", "grc"), ("iri", "ga"), ("und", ""), ("zzz", "")]
    )
    def test_gives_bcp_47_tags(self, code: str, tag: str):
        assert codes.bcp47(code) == tag


class TestLanguageName:
    @pytest.mark.parametrize(
        ("code", "simplified", "traditional", "english"),
        [
            ("ger", "德语", "德文", "German"),
            ("scr", "克罗地亚语", "克羅埃西亞文", "Croatian"),
            ("map", "南岛语系其他语言", "南島語系其他語言", "Austronesian languages"),
        ],
    )
    def test_speaks_three_languages(self, code: str, simplified: str, traditional: str, english: str):
        names = [codes.language_name(code, ui) for ui in ("zh-hans", "zh-hant", "en")]
        assert names == [simplified, traditional, english]

    def test_knows_every_code_of_the_list(self):
        for ui in ("zh-hans", "zh-hant", "en"):
            assert [code for code in LANGUAGE_TAGS if codes.language_name(code, ui) == code] in ([], ["mis"])

    def test_returns_an_unknown_code(self):
        assert codes.language_name("qqq", "en") == "qqq"

    def test_names_what_occurs_in_a_real_file(self):
        raws = shared("marc21/loc_D.mrc").read_bytes().split(b"\x1d")[:-1:5]
        records = [iso2709.decode(raw + b"\x1d").record for raw in raws]
        found = {codes.language(record.control("008")[35:38]) for record in records}
        assert len(found) > 40
        assert [code for code in found if codes.language_name(code, "zh-hans") == code] == []


class TestRelatorName:
    def test_names_the_usual_roles_in_three_languages(self):
        assert [codes.relator_name("trl", ui) for ui in ("zh-hans", "zh-hant", "en")] == ["译", "譯", "translator"]
        assert len(ROLE_NAMES) >= 40

    def test_returns_an_unknown_code(self):
        assert codes.relator_name("zzz", "en") == "zzz"


class TestTables:
    def test_name_only_valid_languages(self):
        assert set(LANGUAGE_TAGS) >= NOT_IN_LATIN
        assert set(LANGUAGE_TAGS) >= OWN_CALENDARS
