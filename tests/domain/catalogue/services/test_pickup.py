"""Files taken from folders: each once, none half-written, each with its report."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services, types

pytestmark = pytest.mark.django_db

ORLANDO = marc_file(book("1", "Orlando")).getvalue()


@pytest.fixture
def folder(lending_library: int, blob_folder: Path, tmp_path: Path, settings: Any) -> Path:
    """The pick-up folder of a library's profile."""
    settings.TONGWEN_HOME = tmp_path / "home"
    services.save_profile(
        institution_id=lending_library, profile=types.Profile("monthly", is_picked_up=True), actor="cataloguer"
    )
    path = tmp_path / "home" / "pickup" / "L1" / "monthly"
    path.mkdir(parents=True)
    return path


def look_twice(watch: services.Pickup | None = None) -> list[int]:
    watch = watch or services.Pickup()
    first = services.pick_up(watch)
    return first + services.pick_up(watch)


def run(institution_id: int, batch_id: int) -> None:
    with tenancy.scope(institution_id), contextlib.suppress(types.UnreadableFile):
        services.run_batch(batch_id=batch_id)


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


class TestFile:
    def test_is_taken_at_the_second_look_loaded_by_the_profile_and_reported(
        self, folder: Path, lending_library: int
    ) -> None:
        (folder / "五月.mrc").write_bytes(ORLANDO)
        watch = services.Pickup()
        assert services.pick_up(watch) == []
        (batch_id,) = services.pick_up(watch)
        assert names(folder) == {f"working/{batch_id}-五月.mrc"}
        run(lending_library, batch_id)
        services.pick_up(watch)
        assert names(folder) == {f"done/{batch_id}-五月.mrc", f"done/{batch_id}-五月.mrc.json"}
        report = json.loads((folder / f"done/{batch_id}-五月.mrc.json").read_text())
        assert (report["state"], report["new"], report["profile"]) == ("loaded", 1, "monthly")

    def test_that_grows_is_left_until_it_rests(self, folder: Path) -> None:
        watch = services.Pickup()
        path = folder / "a.mrc"
        for end in (100, 200, len(ORLANDO)):
            path.write_bytes(ORLANDO[:end])
            assert services.pick_up(watch) == []
        assert len(services.pick_up(watch)) == 1

    def test_that_was_written_in_place_with_the_same_size_is_seen_as_changed(self, folder: Path) -> None:
        watch = services.Pickup()
        path = folder / "a.mrc"
        path.write_bytes(bytes(len(ORLANDO)))
        services.pick_up(watch)
        path.write_bytes(ORLANDO)
        os.utime(path, ns=(1, 1))
        assert services.pick_up(watch) == []
        assert len(services.pick_up(watch)) == 1

    @pytest.mark.parametrize("name", [".hidden", "a.mrc.part", "a.TMP", "a.mrc.filepart"])
    def test_of_a_program_that_still_writes_is_left(self, folder: Path, name: str) -> None:
        (folder / name).write_bytes(ORLANDO)
        assert look_twice() == []
        assert names(folder) == {name}

    def test_that_is_a_link_is_left(self, folder: Path, tmp_path: Path) -> None:
        secret = tmp_path / "secret.mrc"
        secret.write_bytes(ORLANDO)
        (folder / "a.mrc").symlink_to(secret)
        assert look_twice() == []

    def test_that_holds_no_records_ends_in_failed_with_the_reason(self, folder: Path, lending_library: int) -> None:
        (folder / "photo.mrc").write_bytes(b"\xff\xd8\xff\xe0JFIF" * 50)
        (batch_id,) = look_twice()
        run(lending_library, batch_id)
        look_twice()
        report = json.loads((folder / f"failed/{batch_id}-photo.mrc.json").read_text())
        assert report["state"] == "failed"
        assert "jpeg" in report["message"].lower()

    def test_that_is_empty_ends_in_failed(self, folder: Path) -> None:
        (folder / "a.mrc").touch()
        assert look_twice() == []
        assert json.loads((folder / "failed/a.mrc.json").read_text())["problem"] == "empty"

    def test_with_a_name_of_another_system_is_taken(self, folder: Path, lending_library: int) -> None:
        raw = os.fsencode(folder) + b"/" + "馆藏.mrc".encode("gb18030")
        with open(raw, "wb") as file:  # noqa: PTH123  The name is not text.
            file.write(ORLANDO)
        (batch_id,) = look_twice()
        with tenancy.scope(lending_library):
            assert queries.batch(batch_id).file_name == "馆藏.mrc"

    def test_with_the_longest_name_is_taken_and_filed(self, folder: Path, lending_library: int) -> None:
        (folder / f"{'长' * 83}.mrc").write_bytes(ORLANDO)
        (batch_id,) = look_twice()
        run(lending_library, batch_id)
        look_twice()
        assert len([name for name in names(folder) if name.startswith("done/")]) == 2


class TestSameContent:
    def test_again_is_not_loaded_and_says_so(self, folder: Path, lending_library: int) -> None:
        (folder / "a.mrc").write_bytes(ORLANDO)
        (batch_id,) = look_twice()
        run(lending_library, batch_id)
        look_twice()
        (folder / "b.mrc").write_bytes(ORLANDO)
        assert look_twice() == []
        report = json.loads((folder / f"done/{batch_id}-again-b.mrc.json").read_text())
        assert (report["problem"], report["batch"]) == ("taken-before", batch_id)

    def test_is_taken_again_after_its_batch_was_taken_back(self, folder: Path, lending_library: int) -> None:
        (folder / "a.mrc").write_bytes(ORLANDO)
        (batch_id,) = look_twice()
        run(lending_library, batch_id)
        look_twice()
        with tenancy.scope(lending_library):
            services.revert_batch_now(batch_id=batch_id, actor="cataloguer")
        (folder / "a.mrc").write_bytes(ORLANDO)
        assert len(look_twice()) == 1

    def test_after_a_kill_between_batch_and_move_is_moved_and_not_loaded_twice(
        self, folder: Path, lending_library: int
    ) -> None:
        (folder / "a.mrc").write_bytes(ORLANDO)
        (batch_id,) = look_twice()
        (folder / f"working/{batch_id}-a.mrc").rename(folder / "a.mrc")
        assert look_twice() == []
        assert names(folder) == {f"working/{batch_id}-a.mrc"}

    def test_after_a_kill_before_the_note_of_the_filing_is_filed_once(self, folder: Path, lending_library: int) -> None:
        (folder / "a.mrc").write_bytes(ORLANDO)
        (batch_id,) = look_twice()
        run(lending_library, batch_id)
        (folder / "done").mkdir()
        (folder / f"working/{batch_id}-a.mrc").rename(folder / f"done/{batch_id}-a.mrc")
        look_twice()
        assert names(folder) == {f"done/{batch_id}-a.mrc", f"done/{batch_id}-a.mrc.json"}


class TestFolder:
    def test_is_made_where_it_is_missing_and_listed(self, folder: Path) -> None:
        folder.rmdir()
        look_twice()
        (folder / "a.mrc").write_bytes(ORLANDO)
        (listed,) = queries.pickup_folders()
        assert (listed.profile, listed.waiting, listed.path) == ("monthly", ("a.mrc",), str(folder))

    def test_of_a_profile_that_is_not_picked_up_is_left(self, folder: Path, lending_library: int) -> None:
        services.save_profile(institution_id=lending_library, profile=types.Profile("monthly"), actor="cataloguer")
        (folder / "a.mrc").write_bytes(ORLANDO)
        assert look_twice() == []

    def test_with_trouble_does_not_keep_others_waiting(self, folder: Path, lending_library: int) -> None:
        services.save_profile(
            institution_id=lending_library, profile=types.Profile("weekly", is_picked_up=True), actor="cataloguer"
        )
        for path in (folder / "done", folder / "failed", folder / "working"):
            path.write_bytes(b"a file in the way")
        (folder.parent / "weekly").mkdir()
        (folder.parent / "weekly" / "b.mrc").write_bytes(ORLANDO)
        (folder / "a.mrc").write_bytes(ORLANDO[:-1] + b"\x1d")
        watch = services.Pickup()
        services.pick_up(watch)
        taken = services.pick_up(watch)
        with tenancy.scope(lending_library):
            assert "b.mrc" in {queries.batch(batch_id).file_name for batch_id in taken}

    def test_of_a_profile_whose_files_are_being_loaded_keeps_the_profile(
        self, folder: Path, lending_library: int
    ) -> None:
        (folder / "a.mrc").write_bytes(ORLANDO)
        look_twice()
        with tenancy.scope(lending_library), pytest.raises(types.NotAllowedNow, match="being loaded"):
            services.remove_profile(name="monthly", actor="cataloguer")
