"""Pairs of the project's own samples: what twelve libraries made of the same publications, in both formats."""

from __future__ import annotations

import itertools
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from bench.match.labelled import Pair, Side
from tongwen.domain.catalogue.rules import keys
from tongwen.standards.marc import formats, reading, sniff, views
from tongwen.standards.marc import types as marc

_SAME = "identity by construction: one publication of samples/records"
_OTHER = "two publications of samples/records"


class Copy(NamedTuple):
    """One record of a sample file and the publication it describes."""

    id: str
    publication: str
    file: str
    brief: bool
    side: Side
    view: marc.MatchView


def copies(folder: Path) -> list[Copy]:
    """Return every record of the sample files with its publication, in the order of loading.

    The builder is run again to learn which record describes what; the records are read from the committed files.
    """
    build = _builder(folder)
    sources = build.facts.read_all(folder / "records")
    found = []
    described = build.describe(sources)
    for file, publications in _publications(build, sources, described).items():
        for place, ((publication, brief), side) in enumerate(
            zip(publications, _read(folder / "files" / file), strict=True)
        ):
            view = views.match_view(side.record, side.format)
            found.append(Copy(f"samples:{publication}", publication, f"{file}#{place}", brief, side, view))
    return found


def _builder(folder: Path) -> ModuleType:
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    import build  # type: ignore[import-not-found]  # samples/build.py, a program and no package

    return build  # type: ignore[no-any-return]


def _publications(build: ModuleType, sources: list, described: dict) -> dict[str, list[tuple[str, bool]]]:  # type: ignore[type-arg]
    """Return for each file which publications stand in it, in its order (the order of `build.describe`)."""
    found: dict[str, list[tuple[str, bool]]] = {file.name: [] for file in described}
    for source in sources:
        for held in source.held:
            file = build._file_for(list(described), source, held)  # noqa: SLF001  The builder's own choice.
            found[file.name].append((source.id, "brief" in held.flags))
    return found


def _read(path: Path) -> Iterator[Side]:
    with path.open("rb") as source:
        serialization = sniff.sniff(source.read(64 << 10)).serialization
        assert serialization is not None, path
        source.seek(0)
        for frame in reading.open_records(source, serialization):
            record = reading.decode(frame, serialization).record
            yield Side(record, formats.detect(record)[0])


def pairs(folder: Path) -> Iterator[Pair]:
    """Yield every two copies of one publication, and every two records of different ones that share a key."""
    found = copies(folder)
    by_publication: dict[str, list[Copy]] = defaultdict(list)
    for copy in found:
        by_publication[copy.publication].append(copy)
    for group in by_publication.values():
        for one, two in itertools.combinations(group, 2):
            yield Pair(_kind(one, two), True, _SAME, (one.id, two.id), one.side, two.side)
    yield from _others(found)


def _kind(one: Copy, two: Copy) -> str:
    forms = {one.side.format, two.side.format}
    across = "CNMARC beside MARC 21" if len(forms) > 1 else "one format"
    brief = ", one brief" if one.brief or two.brief else ""
    rare = "rare, " if one.view.is_ancient or two.view.is_ancient else ""
    return f"samples: {rare}{across}{brief}"


def _others(found: list[Copy]) -> Iterator[Pair]:
    by_key: dict[keys.Key, list[Copy]] = defaultdict(list)
    for copy in found:
        for key in keys.keys(copy.view):
            by_key[key].append(copy)
    seen: set[tuple[str, str]] = set()
    for sharing in by_key.values():
        for one, two in itertools.combinations(sharing, 2):
            if one.publication != two.publication and (one.file, two.file) not in seen:
                seen.add((one.file, two.file))
                yield Pair("samples: other publication, same key", False, _OTHER, (one.id, two.id), one.side, two.side)
