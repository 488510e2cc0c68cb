from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from tongwen.core import audit
from tongwen.core.models import AuditEntry

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


class TestTrail:
    def test_keeps_who_did_what_to_which_thing(self) -> None:
        audit.record(
            at=NOON, actor="li", action="batch.revert", subject="batch 12", institution_id=3, reason="wrong file"
        )
        entry = AuditEntry.objects.get()
        assert (entry.at, entry.actor, entry.action, entry.subject) == (NOON, "li", "batch.revert", "batch 12")
        assert (entry.institution_id, entry.detail) == (3, {"reason": "wrong file"})

    @pytest.mark.parametrize("act", [lambda rows: rows.update(actor="wang"), lambda rows: rows.delete()])
    def test_can_be_neither_changed_nor_removed(self, act: Callable[[QuerySet[AuditEntry]], object]) -> None:
        audit.record(at=NOON, actor="li", action="batch.revert", subject="batch 12")
        with pytest.raises(DatabaseError, match="audit"), transaction.atomic():
            act(AuditEntry.objects.all())
        assert AuditEntry.objects.get().actor == "li"


def act(action: str, subject: str, *, actor: str = "li", institution: int | None = 1, days: int = 0, **detail: str):
    audit.record(
        at=NOON + dt.timedelta(days=days),
        actor=actor,
        action=action,
        subject=subject,
        institution_id=institution,
        **detail,
    )


def subjects(**wanted: object) -> list[str]:
    search = audit.Search(**{"institution_ids": None, **wanted})  # type: ignore[arg-type]
    found = [entry.subject for entry in audit.entries(search)]
    assert audit.count(search) == len(found)
    assert [entry.subject for entry in audit.page(search, number=1, size=100)] == found
    return found


class TestSearch:
    @pytest.fixture(autouse=True)
    def _acts(self) -> None:
        act("role.give", "person 1", role="cataloguer")
        act("role.end", "person 2", actor="wang", days=1)
        act("batch.revert", "batch 12", institution=2, days=2, reason="送错的文件")
        act("bib.merge", "bib 7", institution=None, days=3)

    def test_finds_everything_the_latest_first(self) -> None:
        assert subjects() == ["bib 7", "batch 12", "person 2", "person 1"]

    def test_shows_an_institution_its_own_acts_only(self) -> None:
        assert subjects(institution_ids=frozenset({1})) == ["person 2", "person 1"]
        assert subjects(institution_ids=frozenset()) == []

    def test_narrows_to_an_institution_that_the_asker_may_see(self) -> None:
        everything, hers = audit.Search(None), audit.Search(frozenset({1}))
        assert audit.count(everything.within(2)) == 1
        assert audit.count(hers.within(1)) == 2
        assert audit.count(hers.within(2)) == 0

    def test_finds_who(self) -> None:
        assert subjects(actor="Wang") == ["person 2"]

    def test_finds_what_by_the_whole_word_or_its_beginning(self) -> None:
        assert subjects(action="role.end") == ["person 2"]
        assert subjects(action="role") == ["person 2", "person 1"]

    def test_finds_when(self) -> None:
        assert subjects(from_at=NOON + dt.timedelta(days=1), to_at=NOON + dt.timedelta(days=3)) == [
            "batch 12",
            "person 2",
        ]

    @pytest.mark.parametrize(("text", "found"), [("BATCH", "batch 12"), ("送错", "batch 12"), ("catalog", "person 1")])
    def test_finds_words_of_subject_and_detail(self, text: str, found: str) -> None:
        assert subjects(text=text) == [found]

    @pytest.mark.parametrize("text", ["%", "_", "\\", "'; --"])
    def test_takes_signs_of_the_database_as_text(self, text: str) -> None:
        assert subjects(text=text) == []

    def test_names_the_kinds_of_acts(self) -> None:
        assert audit.actions() == ("batch.revert", "bib.merge", "role.end", "role.give")

    def test_gives_pages_that_hold_everything_once(self) -> None:
        search = audit.Search(None)
        pages = [entry.subject for number in (1, 2, 3) for entry in audit.page(search, number=number, size=2)]
        assert pages == subjects()


class TestExport:
    def test_reads_a_long_trail_in_steps_without_missing_or_doubling(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(audit, "_STEP", 3)
        for number in range(9):
            act("trial", f"thing {number}")
        assert [entry.subject for entry in audit.entries(audit.Search(None))] == [
            f"thing {n}" for n in range(8, -1, -1)
        ]

    @pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
    def test_gives_spreadsheets_no_formula(self, cell: str) -> None:
        act("trial", cell, actor=cell)
        rows = list(csv.reader(io.StringIO("".join(audit.csv_lines(audit.Search(None))), newline="")))
        assert rows[0] == ["id", "at", "institution_id", "actor", "action", "subject", "detail"]
        assert rows[1][3] == rows[1][5] == f"'{cell}"

    def test_writes_one_object_a_line(self) -> None:
        act("trial", "书 1", institution=None, reason='with "quotes"\nand lines')
        (line,) = audit.json_lines(audit.Search(None))
        assert json.loads(line)["subject"] == "书 1"
        assert json.loads(line)["detail"] == {"reason": 'with "quotes"\nand lines'}
        assert json.loads(line)["at"] == NOON.isoformat()
