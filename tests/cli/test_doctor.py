"""`tongwen doctor`: each fault is named, mended where it can be, and the exit code says whether one remains."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from cli.conftest import Run
from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services
from tongwen.domain.catalogue.models import Batch, Bib, Holding


@pytest.fixture
def bibs(run: Run, lending_library: int, tmp_path: Path) -> list[int]:
    """Three books of a library, loaded and indexed."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute("DELETE FROM match_key")  # A table without a model: nobody empties it between tests.
    path = tmp_path / "books.mrc"
    path.write_bytes(marc_file(*(book(title, title) for title in ("Orlando", "Flush", "The waves"))).getvalue())
    assert run("load", path, "--library", "L1").exit_code == 0
    return list(Bib.objects.order_by("pk").values_list("pk", flat=True))


def results(run: Run, *words: str) -> tuple[int, dict[str, dict[str, str]]]:
    result = run("doctor", "--json", *words)
    return result.exit_code, {one["check"]: one for one in json.loads(result.stdout)}


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


class TestSoundInstallation:
    def test_is_said_to_be_well_check_by_check(self, run: Run, bibs: list[int]) -> None:
        result = run("doctor")
        assert result.exit_code == 0, result.stdout
        assert "all is well" in result.stdout
        assert "agree on all 3 bibs" in result.stdout

    def test_gives_programs_the_same_facts(self, run: Run, bibs: list[int]) -> None:
        code, found = results(run)
        assert code == 0
        assert {one["level"] for one in found.values()} <= {"well", "note"}
        assert {"database", "tables", "disk", "workers", "index", "drift", "keys", "holdings"} <= set(found)


class TestIsolation:
    def test_that_is_broken_is_named_and_restored(self, run: Run, bibs: list[int]) -> None:
        role = f"{connection.settings_dict['NAME']}_portal"
        sql(f'REVOKE SELECT ON review FROM "{role}"')
        sql("ALTER TABLE batch DISABLE ROW LEVEL SECURITY")
        code, found = results(run)
        assert (code, found["isolation"]["level"]) == (1, "fault")
        assert f"{role} has no rights on review" in found["isolation"]["words"]
        assert "row-level security is switched off for batch" in found["isolation"]["words"]
        assert results(run, "--repair")[0] == 0
        assert results(run)[1]["isolation"]["level"] == "well"


class TestDrafts:
    def test_of_killed_processes_are_named_and_swept(self, run: Run, bibs: list[int], blob_folder: Path) -> None:
        draft = blob_folder / "ab" / f"{'ab' * 32}.{'0' * 32}"
        draft.parent.mkdir(exist_ok=True)
        draft.write_bytes(b"half")
        os.utime(draft, (1_000_000, 1_000_000))
        code, found = results(run)
        assert (code, found["drafts"]["level"]) == (1, "fault")
        assert results(run, "--repair")[0] == 0
        assert not draft.exists()


def withdraw_quietly(bibs: list[int]) -> None:
    Bib.objects.filter(pk=bibs[0]).update(state=Bib.State.WITHDRAWN)
    Holding.objects.unscoped("the test damages the base").filter(bib_id=bibs[0]).delete()


def lose_keys(bibs: list[int]) -> None:
    sql("DELETE FROM match_key WHERE bib_id = %s", bibs[1])


def lead_astray(bibs: list[int]) -> None:
    Holding.objects.unscoped("the test damages the base").filter(bib_id=bibs[0]).update(bib_id=bibs[1])


def lose_holding(bibs: list[int]) -> None:
    Holding.objects.unscoped("the test damages the base").filter(bib_id=bibs[2]).delete()


def leave_batch_behind(bibs: list[int]) -> None:
    Batch.objects.unscoped("the test damages the base").update(state="loading")


def change_unseen(bibs: list[int]) -> None:
    Holding.objects.unscoped("the test damages the base").filter(bib_id=bibs[0]).update(items=[["", "NEW", "", 1, ""]])


def break_index(bibs: list[int]) -> None:
    for pointer in Path(settings.TONGWEN_INDEX_FOLDER).rglob("current"):
        pointer.write_text("garbage")


class TestFault:
    @pytest.mark.parametrize(
        ("damage", "check"),
        [
            (withdraw_quietly, "keys"),
            (lose_keys, "keys"),
            (lead_astray, "holdings"),
            (lose_holding, "unheld"),
            (leave_batch_behind, "batches"),
            (change_unseen, "drift"),
            (break_index, "index"),
        ],
    )
    def test_is_named_and_mended(self, run: Run, bibs: list[int], damage, check: str) -> None:
        damage(bibs)
        code, found = results(run)
        assert code == 1
        assert found[check]["level"] == "fault"
        assert found[check]["can_be_mended"]
        code, found = results(run, "--repair")
        assert found[check]["was"]
        # A batch that is queued again waits for a worker, of which this trial has none.
        left = {"workers"} if damage is leave_batch_behind else set()
        assert {name for name, one in found.items() if one["level"] == "fault"} == left
        assert code == (1 if left else 0)
        assert results(run)[1][check]["level"] == "well"

    def test_that_needs_a_person_is_named(self, run: Run, bibs: list[int], blob_folder: Path) -> None:
        Batch.objects.unscoped("the test damages the base").update(state="failed")
        for path in blob_folder.rglob("*"):
            if path.is_file():
                path.unlink()
        code, found = results(run, "--repair")
        assert (code, found["files"]["level"]) == (1, "fault")
        assert "hand them in again" in found["files"]["words"]

    def test_of_files_that_nobody_needs_any_more_is_a_note(self, run: Run, bibs: list[int], blob_folder: Path) -> None:
        for path in blob_folder.rglob("*"):
            if path.is_file():
                path.unlink()
        code, found = results(run)
        assert (code, found["files"]["level"]) == (0, "note")

    def test_of_the_tables_ends_the_examination(self, run: Run, bibs: list[int], monkeypatch) -> None:
        monkeypatch.setattr("tongwen.cli.setup.pending_migrations", lambda: True)
        code, found = results(run)
        assert (code, found["tables"]["level"]) == (1, "fault")
        assert "drift" not in found

    def test_of_the_database_is_said_in_words(self, run: Run, monkeypatch) -> None:
        from tongwen.cli import installation

        monkeypatch.setattr("tongwen.cli.doctor.installation.database", lambda: installation.fail("no answer", 4))
        result = run("doctor")
        assert result.exit_code == 1
        assert "no answer" in result.stderr


class TestMending:
    def test_keeps_every_holding_once(self, run: Run, bibs: list[int], lending_library: int) -> None:
        lead_astray(bibs)
        results(run, "--repair")
        assert queries.library_ids(bibs) == dict.fromkeys(bibs, (lending_library,))

    def test_of_a_holding_revives_the_bib_it_belongs_to(self, run: Run, bibs: list[int]) -> None:
        lead_astray(bibs)
        services.withdraw_unheld(actor="test")
        assert queries.number_of_bibs() == 2
        results(run, "--repair")
        assert queries.number_of_bibs() == 3
        assert "1 records" in run("search", "orlando").stdout

    def test_leaves_holdings_where_a_merge_has_put_them(self, run: Run, bibs: list[int], lending_library: int) -> None:
        merge = services.merge_bibs_as_operator(kept_id=bibs[0], merged_id=bibs[1], actor="x")
        services.merge_bibs_as_operator(kept_id=bibs[2], merged_id=bibs[0], actor="x")
        assert queries.holdings_astray() == ()
        services.unmerge_bibs_as_operator(merge_id=merge, actor="x")
        assert queries.holdings_astray() == ()
        with tenancy.scope(lending_library):
            assert results(run, "--repair")[0] in (0, 1)
        assert queries.holdings_astray() == ()
