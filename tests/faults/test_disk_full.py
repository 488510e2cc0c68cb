"""No space left: a plain line, nothing half-loaded, and the batch goes on when there is space."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faults import trial
from faults.trial import Trial

pytestmark = pytest.mark.slow

RECORDS = 3_000


class SmallDisk:
    """A file system of its own, of so many MB."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            pytest.skip(f"a small file system cannot be mounted here: {result.stderr.strip()}")

    def resize(self, megabytes: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={megabytes}m", str(self.folder)], check=True)

    def free(self) -> int:
        return shutil.disk_usage(self.folder).free

    def fill(self, leave: int) -> None:
        """Take all space but so many bytes."""
        with (self.folder / "filler").open("wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, max(1, self.free() - leave))

    def unfill(self) -> None:
        (self.folder / "filler").unlink(missing_ok=True)

    def unmount(self) -> None:
        subprocess.run(["umount", "-l", str(self.folder)], check=False, capture_output=True)


@pytest.fixture
def small_disk() -> Iterator[Callable[[Path, int], SmallDisk]]:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    made: list[SmallDisk] = []

    def mount(folder: Path, megabytes: int) -> SmallDisk:
        made.append(SmallDisk(folder, megabytes))
        return made[-1]

    yield mount
    for disk in made:
        disk.unmount()


def said_plainly(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 4, (result.returncode, result.stdout, result.stderr)
    assert "Traceback" not in result.stderr
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("tongwen:")]
    return line


def on_own_disk(installation: Trial, part: str, disk: Callable[[Path, int], SmallDisk], megabytes: int) -> SmallDisk:
    """Put one folder of an installation on a small disk of its own."""
    place = installation.home / part
    aside = installation.home / f"{part}.aside"
    owner = place.stat() if place.exists() else installation.home.stat()
    if place.exists():
        place.rename(aside)
    made = disk(place, megabytes)
    if aside.exists():
        subprocess.run(["cp", "-a", f"{aside}/.", str(place)], check=True)
        shutil.rmtree(aside)
    os.chown(place, owner.st_uid, owner.st_gid)
    place.chmod(0o700 if part == "postgres" else 0o755)
    return made


class TestFullDisk:
    @pytest.mark.parametrize("part", ["blobs", "index", "postgres"])
    def test_of_one_folder_is_said_and_the_load_is_finished_when_there_is_space(
        self,
        installation: Trial,
        small_disk: Callable[[Path, int], SmallDisk],
        file_of_records: Callable[[int], Path],
        part: str,
    ) -> None:
        disk = on_own_disk(installation, part, small_disk, 400)
        disk.fill({"blobs": 2 << 20, "index": 100 << 10, "postgres": 2 << 20}[part])
        line = said_plainly(installation.run("load", str(file_of_records(RECORDS)), "--library", "L1"))
        assert "space" in line.lower()
        assert not installation.left_behind()
        disk.unfill()
        if part == "blobs":
            assert installation.union().holdings == frozenset()
            assert [path for path in disk.folder.rglob("*") if path.is_file()] == []
            installation.succeed("load", str(file_of_records(RECORDS)), "--library", "L1")
        elif part == "postgres":
            installation.succeed("batches", "resume", "1")
        else:
            installation.succeed("load", str(file_of_records(10)), "--library", "L2")
        union = installation.union()
        assert union.bibs == RECORDS
        assert len({row[:2] for row in union.holdings if row[0] == "L1"}) == RECORDS
        installation.check_index()

    def test_at_the_first_set_up_is_said(self, small_disk: Callable[[Path, int], SmallDisk]) -> None:
        folder = trial.scratch("full")
        for megabytes in (1, 30):
            disk = small_disk(folder / f"home{megabytes}", megabytes)
            line = said_plainly(Trial(disk.folder).run("setup"))
            assert "space" in line.lower()
            assert not Trial(disk.folder).left_behind()
            disk.unmount()
        shutil.rmtree(folder)
