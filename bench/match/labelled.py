"""The labelled set: pairs of records with what is known of them, in a part to tune on and a part kept apart."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from tongwen.standards.marc import types as marc

KEPT_APART = 30
"""Per cent of the records whose pairs are never tuned on."""
DEVELOPMENT, HELD_OUT = "development", "held-out"
PARTS = (DEVELOPMENT, HELD_OUT)


class Side(NamedTuple):
    record: marc.Record
    format: marc.Format


class Pair(NamedTuple):
    """Two descriptions. `ids` are the real records they come from; `label` says how `same` is known."""

    kind: str
    same: bool
    label: str
    ids: tuple[str, str]
    left: Side
    right: Side
    part: str = DEVELOPMENT


class LabelledSet(NamedTuple):
    pairs: list[Pair]

    @property
    def development(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.part == DEVELOPMENT]


def divided(pairs: Iterable[Pair]) -> list[Pair]:
    """Put every pair into its part by a hash of the lowest id of its cluster.

    Records that occur in a pair together stand in one cluster, so no record is in both parts.
    """
    found = list(pairs)
    lowest: dict[str, str] = {}

    def root(name: str) -> str:
        while lowest.get(name, name) != name:
            name = lowest[name]
        return name

    for pair in found:
        one, two = sorted(map(root, pair.ids))
        lowest[two] = one
    return [pair._replace(part=part_of(root(pair.ids[0]))) for pair in found]


def part_of(record_id: str) -> str:
    """Return the part that a record's cluster belongs to."""
    share = int.from_bytes(hashlib.blake2b(record_id.encode(), digest_size=4).digest(), "big") % 100
    return HELD_OUT if share < KEPT_APART else DEVELOPMENT


def digest(pairs: Iterable[Pair]) -> str:
    """Return the SHA-256 of the whole set, by which two builds are known to be the same."""
    total = hashlib.sha256()
    for pair in pairs:
        total.update(repr(pair).encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def manifest(pairs: list[Pair]) -> dict[str, Any]:
    """Return what of the set is committed: how many pairs of each kind, how labelled, and the hash."""
    counts: dict[tuple[bool, str, str], Counter[str]] = defaultdict(Counter)
    for pair in pairs:
        counts[pair.same, pair.kind, pair.label][pair.part] += 1
    kinds = [
        {"kind": kind, "same": same, "label": label, **{part: found[part] for part in PARTS}}
        for (same, kind, label), found in sorted(counts.items(), key=lambda item: (not item[0][0], item[0][1:]))
    ]
    return {"pairs": len(pairs), "sha256": digest(pairs), "kinds": kinds}


def write(path: Path, pairs: list[Pair]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as sink:
        pickle.dump([tuple(pair) for pair in pairs], sink, protocol=5)


def read(path: Path) -> LabelledSet:
    """Return a set that `write` wrote; raises FileNotFoundError where none has been built."""
    with path.open("rb") as source:
        rows = pickle.load(source)  # noqa: S301  Our own build wrote it.
    return LabelledSet([Pair(*row) for row in rows])


def write_manifest(path: Path, pairs: list[Pair]) -> None:
    path.write_text(json.dumps(manifest(pairs), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
