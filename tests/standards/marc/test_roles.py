from __future__ import annotations

import pytest

from tongwen.standards.marc.codes_roles import ROLE_NAMES
from tongwen.standards.marc.roles import HAN_ROLES, UNIMARC_ROLES, WESTERN_ROLES, relator


class TestRelator:
    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("主编", "edt"),
            ("編著", "aut"),
            ("[等]译", "trl"),
            ("改编译", "trl"),
            ("点校", "edt"),
            ("共著", "aut"),
            ("옮김", "trl"),
            ("730", "trl"),
            ("trl", "trl"),
            ("http://id.loc.gov/vocabulary/relators/ill", "ill"),
            ("joint author.", "aut"),
            ("ed.", "edt"),
            ("editor,", "edt"),
            ("редактор", "edt"),
            ("wielder of the pen", ""),
            ("", ""),
        ],
    )
    def test_reads_codes_addresses_and_words(self, words: str, code: str):
        assert relator(words) == code

    def test_knows_only_codes_of_three_letters(self):
        codes = {*HAN_ROLES.values(), *WESTERN_ROLES.values(), *UNIMARC_ROLES.values(), *ROLE_NAMES}
        assert all(len(code) == 3 and code.islower() for code in codes)
