from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from tongwen.web import TEMPLATE_FOLDERS
from tongwen.web.styleguide import samples

PAGE = (TEMPLATE_FOLDERS[-1] / "styleguide" / "page.html").read_text()
USED_BY_OTHERS = {"facet_value", "linked", "library_menu", "searchbox", "message"}


@pytest.mark.django_db
class TestPage:
    @pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
    def test_shows_every_component_in_each_language(self, language: str, lending_library: int) -> None:
        request = RequestFactory().get("/styleguide")
        request.user = type("Nobody", (), {"is_authenticated": False})()
        with translation.override(language):
            page = render_to_string("styleguide/page.html", samples.everything(), request)
        assert len(re.findall(r"<h2", page)) > 12

    def test_is_for_developers_only(self, client: Client) -> None:
        with pytest.raises(NoReverseMatch):
            reverse("styleguide")
        assert client.get("/styleguide").status_code == 404


class TestCompleteness:
    def test_names_each_component(self) -> None:
        folder = TEMPLATE_FOLDERS[0] / "shared" / "components"
        components = {path.stem for path in folder.glob("*.html")} - USED_BY_OTHERS
        assert components - set(re.findall(r"components/([a-z_]+)\.html", PAGE)) == set()
