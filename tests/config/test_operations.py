"""Health and metrics, as a load balancer and Prometheus see them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from tongwen.config import operations
from tongwen.domain.discovery import services as discovery

pytestmark = pytest.mark.django_db


class TestHealth:
    def test_is_well_when_database_and_index_answer(self, index_folder: Path) -> None:
        discovery.make_index()
        response = Client().get("/healthz")
        assert response.status_code == 200
        assert response.json() == {"status": "ok", "database": "ok", "index": "ok", "disk": "ok"}

    def test_fails_without_an_index_and_says_what_to_do(self, index_folder: Path) -> None:
        response = Client().get("/healthz")
        assert response.status_code == 503
        assert response.json()["status"] == "failing"
        assert "tongwen reindex" in response.json()["index"]

    def test_fails_when_the_index_is_damaged(self, index_folder: Path) -> None:
        discovery.make_index()
        (index_folder / "bibs" / "current").write_text("nothing of the kind")
        assert Client().get("/healthz").status_code == 503

    def test_fails_without_a_database_and_names_no_password(
        self, index_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse() -> None:
            raise OperationalError("connection to postgresql://u:hush@db failed")

        monkeypatch.setattr(operations.connection, "cursor", refuse)
        response = Client().get("/healthz")
        assert response.status_code == 503
        assert response.json()["database"] == "unreachable: OperationalError"
        assert b"hush" not in response.content

    def test_fails_when_the_disk_is_nearly_full(self, index_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        discovery.make_index()
        monkeypatch.setattr(operations, "_LOW_DISK", 1 << 62)
        response = Client().get("/healthz")
        assert response.status_code == 503
        assert "MB free" in response.json()["disk"]

    def test_is_for_reading_only(self) -> None:
        assert Client().post("/healthz").status_code == 405


def metric(text: str, line: str) -> float:
    """Return the value of one line of Prometheus' text format, 0 where it is not there."""
    found = [row.rpartition(" ")[2] for row in text.splitlines() if row.startswith(f"{line} ")]
    return float(found[0]) if found else 0.0


class TestMetrics:
    def test_count_requests_by_route_and_status(self) -> None:
        line = 'tongwen_requests_total{method="GET",route="robots.txt",status="200"}'
        before = metric(Client().get("/metrics").content.decode(), line)
        Client().get("/robots.txt")
        response = Client().get("/metrics")
        assert response.headers["Content-Type"].startswith("text/plain")
        assert metric(response.content.decode(), line) == before + 1

    def test_name_routes_and_never_what_people_ask(self, index_folder: Path) -> None:
        discovery.make_index()
        Client().get("/search", {"q": "ein Geheimnis"})
        Client().get("/bib/987654321")
        text = Client().get("/metrics").content.decode()
        assert "Geheimnis" not in text
        assert "987654321" not in text
        assert 'route="bib/<int:bib_id>"' in text

    def test_of_several_processes_are_added_up(self, tmp_path: Path, settings: Any) -> None:
        """What two processes of the portal have counted lies in files of one folder."""
        import subprocess
        import sys

        script = "from tongwen.config.requests import REQUESTS; REQUESTS.labels('home', 'GET', 200).inc(3)"
        surroundings = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "TONGWEN_HOME": str(tmp_path)}
        surroundings["DJANGO_SETTINGS_MODULE"] = "tongwen.config.settings.prod"
        for _ in range(2):
            subprocess.run([sys.executable, "-c", script], env=surroundings, check=True, timeout=60)
        result = subprocess.run(
            [sys.executable, "-c", self.READER],
            env=surroundings,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        text = json.loads(result.stdout)
        assert metric(text, 'tongwen_requests_total{method="GET",route="home",status="200"}') == 6

    READER = (
        "import django, json; django.setup(); from django.test import RequestFactory; "
        "from tongwen.config import operations; "
        "print(json.dumps(operations.metrics(RequestFactory().get('/metrics')).content.decode()))"
    )
