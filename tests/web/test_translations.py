"""The catalogues of the interface: whole, current, and saying the same placeholders."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import write_po
from django.conf import settings

from tongwen.cli import translations

PACKAGE = settings.PACKAGE


def write(folder: Path, language: str, **said: str) -> None:
    catalogue = Catalog(locale=language)
    for msgid, words in said.items():
        catalogue.add(msgid.replace("_", " "), words)
    path = translations.catalogue_path(folder, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    write_po(written, catalogue)
    path.write_bytes(written.getvalue())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "src" / "tongwen"
    package.mkdir(parents=True)
    (package / "words.py").write_text('from x import gettext as _\nprint(_("Good day"))\n')
    (package / "page.html").write_text("<p>\n    {% translate 'Good night' %}\n</p>")
    return tmp_path


class TestCatalogues:
    def test_say_everything_in_every_language(self) -> None:
        assert translations.gaps(settings.PROJECT, PACKAGE) == []

    def test_gather_what_templates_and_modules_say(self) -> None:
        found = {message.id for message in translations.messages(PACKAGE)}
        assert {"Choose your library", "Remove all filters", ("%(n)s result", "%(n)s results")} <= found


class TestGaps:
    def test_names_what_a_language_does_not_say(self, project: Path) -> None:
        write(project, "zh_Hans", Good_day="您好", Good_night="晚安")
        write(project, "zh_Hant", Good_day="您好")
        assert translations.gaps(project, project / "src" / "tongwen") == [
            translations.Gap("zh_Hant", "Good night", "missing")
        ]

    def test_names_what_nobody_says_any_more(self, project: Path) -> None:
        for language in translations.TRANSLATED:
            write(project, language, Good_day="您好", Good_night="晚安", Good_bye="再见")
        gaps = translations.gaps(project, project / "src" / "tongwen")
        assert {(gap.msgid, gap.why) for gap in gaps} == {("Good bye", "unused")}


class TestCompilation:
    def test_makes_catalogues_that_gettext_reads(self, project: Path) -> None:
        import gettext

        for language in translations.LANGUAGES:
            write(project, language, Good_day="您好")
        translations.compile_catalogues(project)
        with translations.catalogue_path(project, "zh_Hans").with_suffix(".mo").open("rb") as compiled:
            assert gettext.GNUTranslations(compiled).gettext("Good day") == "您好"

    def test_leaves_what_is_current_alone(self, project: Path) -> None:
        for language in translations.LANGUAGES:
            write(project, language, Good_day="您好")
        translations.compile_catalogues(project)
        compiled = translations.catalogue_path(project, "zh_Hans").with_suffix(".mo")
        before = compiled.stat().st_mtime_ns
        translations.compile_catalogues(project)
        assert compiled.stat().st_mtime_ns == before
