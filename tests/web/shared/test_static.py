from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from django.test import Client

from tongwen.web import STATIC_FOLDERS, TEMPLATE_FOLDERS

VENDOR = STATIC_FOLDERS[0] / "vendor"
TEMPLATES = sorted(path for folder in TEMPLATE_FOLDERS for path in folder.rglob("*.html"))


class TestVendoredFiles:
    def test_are_those_that_versions_names(self) -> None:
        lines = (VENDOR / "VERSIONS").read_text().splitlines()
        named = {line.split()[0]: line.split()[-1] for line in lines if re.search(r" [0-9a-f]{64}$", line)}
        assert named == {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in VENDOR.iterdir()
            if path.suffix in (".js", ".css")
        }


class TestTemplates:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
    def test_obey_the_content_security_policy(self, path: Path) -> None:
        source = path.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", source)

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
    def test_load_nothing_from_other_hosts(self, path: Path) -> None:
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", path.read_text())


@pytest.mark.django_db
class TestFirstPage:
    def test_weighs_little_even_uncompressed_scripts(self, client: Client) -> None:
        scripts = [VENDOR / "htmx-2.0.11.min.js", STATIC_FOLDERS[0] / "shared" / "tongwen.js"]
        assert sum(path.stat().st_size for path in scripts) < 100_000
        assert len(client.get("/login").content) < 30_000
