"""`tongwen batches`, `tongwen profiles` and `tongwen pickup` say what they did, and find what is looked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection

from cli.conftest import Run
from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import services


@pytest.fixture
def waiting(run: Run, lending_library: int) -> int:
    """A batch that waits for a worker."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    with tenancy.scope(lending_library):
        return services.start_batch(
            institution_id=lending_library,
            file=marc_file(book("1", "Orlando")),
            file_name="monthly.mrc",
            preview=False,
            actor="x",
        )


@pytest.fixture
def books(tmp_path: Path) -> Path:
    path = tmp_path / "books.mrc"
    path.write_bytes(marc_file(book("1", "Orlando", more=("980    $lHall$cPR$n2",)), book("2", "Flush")).getvalue())
    return path


class TestBatches:
    def test_are_found_by_name_state_and_day(self, run: Run, waiting: int, books: Path) -> None:
        run("load", books, "--library", "L1")

        def found(*words: str) -> list[str]:
            return [one["file"] for one in json.loads(run("batches", "--json", *words).stdout)]

        assert found() == ["books.mrc", "monthly.mrc"]
        assert found("--file", "month") == ["monthly.mrc"]
        assert found("--state", "waiting") == ["monthly.mrc"]
        assert found("--to", "2001-01-01") == []
        assert found("--limit", "1") == ["books.mrc"]
        assert run("batches", "--state", "asleep").exit_code == 2
        assert "No batch is like that" in run("batches", "--state", "failed").stdout

    def test_can_be_paused_ordered_and_resumed(self, run: Run, waiting: int) -> None:
        assert f"batch {waiting}: first" in run("batches", "priority", waiting, "first").stdout
        assert "waiting (first)" in run("batches").stdout
        assert "is paused" in run("batches", "pause", waiting).stdout
        assert "paused" in run("batches").stdout
        assert "loaded: 1 records" in run("batches", "resume", waiting).stdout
        refused = run("batches", "pause", waiting)
        assert refused.exit_code == 1
        assert "is loaded" in refused.stderr

    def test_of_an_unknown_number_is_said(self, run: Run) -> None:
        for act in (("pause", "77"), ("priority", "77", "later")):
            result = run("batches", *act)
            assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)


class TestProfiles:
    def test_is_kept_tried_loaded_by_and_forgotten(self, run: Run, lending_library: int, books: Path) -> None:
        field = "980 location=l call=c barcode=b copies=n note=z between=/"
        kept = run("profiles", "set", "L1", "monthly", "--field", field, "--without-items", "reject")
        assert kept.exit_code == 0
        assert json.loads(run("profiles", "--json").stdout)[0]["fields"]["980"]["call_number"] == "c"
        tried = run("profiles", "try", "L1", "monthly", books).stdout
        assert "Hall" in tried
        assert "2 records, 2 copies, 1 records without copies, 1 would be rejected" in tried
        facts = json.loads(run("load", books, "--library", "L1", "--profile", "monthly", "--json").stdout)
        assert (facts["new"], facts["rejected"], facts["profile"]) == (1, 1, "monthly")
        assert run("profiles", "remove", "L1", "monthly").exit_code == 0
        assert "No profile" in run("profiles").stdout

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (("set", "L1", "a/b"), 1),
            (("set", "L1", "monthly", "--field", "980 shelf=l"), 2),
            (("set", "L1", "monthly", "--field", "98 location=l"), 1),
            (("set", "NOWHERE", "monthly"), 1),
            (("remove", "L1", "monthly"), 1),
        ],
    )
    def test_that_cannot_be_is_refused_in_words(
        self, run: Run, lending_library: int, words: tuple[str, ...], code: int
    ) -> None:
        result = run("profiles", *words)
        assert result.exit_code == code
        assert "Traceback" not in result.stderr

    def test_that_is_unknown_is_said_before_a_load(self, run: Run, lending_library: int, books: Path) -> None:
        result = run("load", books, "--library", "L1", "--profile", "nowhere")
        assert (result.exit_code, "nowhere" in result.stderr) == (1, True)


class TestPickup:
    def test_now_takes_what_rests_and_the_list_shows_it(
        self, run: Run, lending_library: int, books: Path, tmp_path: Path, settings
    ) -> None:
        settings.TONGWEN_HOME = tmp_path / "home"
        said = run("profiles", "set", "L1", "monthly", "--pickup").stdout
        folder = tmp_path / "home" / "pickup" / "L1" / "monthly"
        assert str(folder) in said
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "books.mrc").write_bytes(books.read_bytes())
        assert "1 waiting" in run("pickup").stdout
        assert "is queued" in run("pickup", "now", "--seconds", "1").stdout
        (listed,) = json.loads(run("pickup", "--json").stdout)
        assert (listed["waiting"], len(listed["batches"])) == ([], 1)
        assert "nothing to take" in run("pickup", "now", "--seconds", "1").stdout
