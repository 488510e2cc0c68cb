"""The audit trail's pages: who sees which entries, what is found, what is handed out."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from factories import people
from tongwen.core import audit
from tongwen.core.models import AuditEntry
from tongwen.domain.identity.types import Role

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 1, 17, tzinfo=dt.UTC)


@pytest.fixture
def reading(lending_library: int, distant_library: int) -> Callable[..., Client]:
    audit.record(at=AT, actor="li", action="role.give", subject="person 3", institution_id=lending_library)
    audit.record(at=AT, actor="wang", action="batch.revert", subject="batch 12", institution_id=distant_library)
    audit.record(at=AT, actor="root", action="bib.merge", subject="bib 7")

    def sign_in(role: Role, institution_id: int | None) -> Client:
        client = Client()
        client.force_login(people.person(f"{role.value}-{institution_id}", role, institution_id=institution_id))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


def subjects(client: Client, query: str = "") -> list[str]:
    text = client.get(f"/staff/audit?{query}").text
    return [word for word in ("person 3", "batch 12", "bib 7") if f">{word}<" in text]


class TestTrail:
    def test_shows_an_administrator_that_of_her_library(self, reading, lending_library: int) -> None:
        client = reading(Role.INSTITUTION_ADMINISTRATOR, lending_library)
        assert subjects(client) == ["person 3"]
        assert subjects(client, "library=L3") == []

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.NATIONAL_ADMINISTRATOR])
    def test_shows_auditors_and_national_administrators_all(self, reading, role: Role) -> None:
        client = reading(role, None)
        assert subjects(client) == ["person 3", "batch 12", "bib 7"]
        assert subjects(client, "library=L3") == ["batch 12"]

    def test_is_not_for_cataloguers(self, reading, lending_library: int) -> None:
        assert reading(Role.CATALOGUER, lending_library).get("/staff/audit").status_code == 403

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("actor=Wang", ["batch 12"]),
            ("action=role.give", ["person 3"]),
            ("text=bib", ["bib 7"]),
            ("from=2026-03-02&to=2026-03-02", ["person 3", "batch 12", "bib 7"]),
            ("to=2026-03-01", []),
            ("from=tomorrow&to=9999-12-31&page=x&text=%00", ["person 3", "batch 12", "bib 7"]),
        ],
    )
    def test_finds_what_is_looked_for(self, reading, query: str, found: list[str]) -> None:
        assert subjects(reading(Role.AUDITOR, None), query) == found


class TestExport:
    def test_hands_out_what_the_page_shows_as_csv(self, reading, lending_library: int) -> None:
        answer = reading(Role.INSTITUTION_ADMINISTRATOR, lending_library).get("/staff/audit/export/csv")
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
        assert "person 3" in [row[5] for row in rows]
        assert not {"batch 12", "bib 7"} & {row[5] for row in rows}
        assert answer["Content-Disposition"].startswith('attachment; filename="audit-')

    def test_hands_out_json_lines_and_is_an_entry_itself(self, reading) -> None:
        answer = reading(Role.AUDITOR, None).get("/staff/audit/export/jsonl?action=bib")
        lines = [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]
        assert [line["subject"] for line in lines] == ["bib 7"]
        entry = AuditEntry.objects.get(action="audit.export")
        assert (entry.actor, entry.detail) == ("auditor-none", {"asked": "action=bib"})

    def test_knows_no_other_form(self, reading) -> None:
        assert reading(Role.AUDITOR, None).get("/staff/audit/export/exe").status_code == 404
