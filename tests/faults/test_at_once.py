"""Several things at once: two loads, readers beside a load and a reindex."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from faults import trial
from faults.trial import Trial, Union, wait_for
from tongwen.core.search import nodes, port
from tongwen.core.search.tantivy_engine import TantivyEngine
from tongwen.domain.discovery.rules.schema import SCHEMA

pytestmark = pytest.mark.slow

RECORDS = 1_500


def journal_without_outcomes(union: Union) -> Counter[tuple[str, str, int]]:
    return Counter(row[:3] for row in union.journal)


def partition(union: Union) -> set[frozenset[tuple[str, str]]]:
    """Which holdings stand together at one bib."""
    groups: dict[str, set[tuple[str, str]]] = {}
    for library, number, _, first in union.holdings:
        groups.setdefault(first, set()).add((library, number))
    return {frozenset(group) for group in groups.values()}


def load_all(installation: Trial, jobs: list[tuple[str, str]], *, at_once: bool) -> None:
    if not at_once:
        for file, library in jobs:
            installation.succeed("load", file, "--library", library)
        return
    running = [installation.start("load", file, "--library", library) for file, library in jobs]
    for process in running:
        assert process.wait(180) == 0, installation.output(process)


class TestTwoLoads:
    def test_of_one_file_by_two_libraries_make_the_same_union_as_one_after_the_other(
        self, installation: Trial, template: Path, file_of_records: Callable[[int], Path]
    ) -> None:
        jobs = [(str(file_of_records(RECORDS)), library) for library in ("L1", "L2")]
        self.compare(installation, template, jobs)

    def test_of_two_files_by_one_library_wait_for_each_other(
        self, installation: Trial, template: Path, tmp_path: Path
    ) -> None:
        jobs = []
        for number in range(2):
            path = tmp_path / f"part{number}.mrc"
            path.write_bytes(trial.many_records(RECORDS, first=number * 1_000))  # The last 500 are in both.
            jobs.append((str(path), "L1"))
        self.compare(installation, template, jobs)

    @staticmethod
    def compare(installation: Trial, template: Path, jobs: list[tuple[str, str]]) -> None:
        folder = trial.scratch("in-turn")
        in_turn = Trial(trial.copy_of(template, folder / "home"))
        try:
            load_all(in_turn, jobs, at_once=False)
            load_all(installation, jobs, at_once=True)
            expected, found = in_turn.union(), installation.union()
        finally:
            in_turn.remove()
            folder.rmdir()
        assert {row[:3] for row in found.holdings} == {row[:3] for row in expected.holdings}
        assert partition(found) == partition(expected)
        assert (found.bibs, found.versions) == (expected.bibs, expected.versions)
        assert journal_without_outcomes(found) == journal_without_outcomes(expected)
        assert Counter(row[:2] for row in found.keys.elements()) == Counter(row[:2] for row in expected.keys.elements())
        installation.check_index()
        assert not installation.left_behind()


class Reader(threading.Thread):
    """Somebody who searches all the time."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.engine = TantivyEngine(folder, SCHEMA, look_every=0.0)
        self.counts: list[int] = []
        self.errors: list[Exception] = []
        self.ended = threading.Event()

    def run(self) -> None:
        request = port.Request(nodes.EVERYTHING, limit=10)
        while not self.ended.is_set():
            try:
                self.counts.append(self.engine.search(request).total)
            except Exception as error:  # noqa: BLE001  Any error at all is what this looks for.
                self.errors.append(error)
            time.sleep(0.002)

    def stop(self) -> None:
        self.ended.set()
        self.join()


class TestReader:
    def test_never_sees_an_error_or_fewer_records_while_a_load_and_reindexes_run(
        self, installation: Trial, file_of_records: Callable[[int], Path]
    ) -> None:
        reader = Reader(installation.home / "index" / SCHEMA.name)
        reader.start()
        try:
            load = installation.start("load", str(file_of_records(3_000)), "--library", "L1")
            wait_for(lambda: installation.offset() > 0)
            reindex = installation.start("reindex")
            assert load.wait(180) == 0, installation.output(load)
            assert reindex.wait(180) == 0, installation.output(reindex)
            installation.succeed("reindex")
            time.sleep(0.3)
        finally:
            reader.stop()
        assert reader.errors == []
        assert reader.counts == sorted(reader.counts)
        assert reader.counts[-1] == 3_000
        assert len(set(reader.counts)) > 1
        installation.check_index()

    def test_by_command_is_answered_all_the_while(
        self, installation: Trial, file_of_records: Callable[[int], Path]
    ) -> None:
        load = installation.start("load", str(file_of_records(3_000)), "--library", "L1")
        counts = []
        while load.poll() is None:
            counts.append(json.loads(installation.succeed("search", "orlando", "--json"))["total"])
        assert counts == sorted(counts)

    def test_two_reindexes_at_once_are_one_and_a_refusal_in_words(
        self, installation: Trial, file_of_records: Callable[[int], Path]
    ) -> None:
        installation.succeed("load", str(file_of_records(3_000)), "--library", "L1")
        both = [installation.start("reindex") for _ in range(2)]
        codes = sorted(process.wait(120) for process in both)
        said = "".join(installation.output(process) for process in both)
        assert "Traceback" not in said
        if codes != [0, 0]:  # They may also have run one after the other.
            assert codes == [0, 4]
            assert "being rebuilt already" in said
        installation.check_index()
