from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from tongwen.standards.marc import sniff
from tongwen.web.loads import words

SOURCES = [
    *(settings.PACKAGE / "standards" / "marc").glob("*.py"),
    *(settings.PACKAGE / "domain" / "catalogue").rglob("*.py"),
]
_CODE = re.compile(r"""(?:Problem|_mended|_give_up|_problem)\(\s*"([a-z0-9-]+)",""")


def codes() -> set[str]:
    return {code for path in SOURCES for code in _CODE.findall(path.read_text())}


class TestProblems:
    def test_have_a_sentence_each(self) -> None:
        assert len(codes()) > 30
        assert sorted(code for code in codes() if not words.problem_sentence(code)) == []

    def test_without_a_sentence_say_nothing_wrong(self) -> None:
        assert words.problem_sentence("made-up") == ""


class TestFiles:
    def test_that_are_no_marc_are_named(self) -> None:
        source = Path(sniff.__file__).read_text()
        named = set(re.findall(r'Sniffed\(None, "([a-z0-9-]+)"', source)) | set(
            re.findall(r'", "([a-z0-9-]+)", "This', source)
        )
        assert len(named) > 12
        assert sorted(named - set(words.FILES)) == []


class TestEvidence:
    @pytest.mark.parametrize("certain", [True, False])
    def test_says_whether_it_is_certain(self, certain: bool) -> None:
        from django.utils import translation

        with translation.override("en"):
            line = words.charset_line({"charset": "GB18030", "reason": "valid-gb18030", "certain": certain})
        assert line.startswith("GB18030: the bytes are valid GB18030")
        assert line.endswith("(not certain)") is not certain
