"""Train the dictionary that records are compressed with: `python tools/train_dictionary.py LOC_FILE TARGET`.

Done once, for `src/tongwen/core/records-1.zdict`: the sample libraries' files and 1,000 records of the Library of
Congress (public domain, the file of the demo) at even distances. A dictionary that records were stored with is needed
to read them, so it is never trained anew in its place (ADR 0013).
"""

from __future__ import annotations

import sys
from pathlib import Path

import zstandard

from bench import records

_SAMPLES = Path(__file__).parents[1] / "samples" / "files"
_OF_LOC = 1_000
_BYTES = 16 << 10
"""Twice as much saves one byte in a hundred."""


def main() -> None:
    """Train and write."""
    given = [record for file in sorted(_SAMPLES.glob("*.mrc")) for record in records.records_of(file.read_bytes())]
    given += records.sample(Path(sys.argv[1]), _OF_LOC)
    Path(sys.argv[2]).write_bytes(zstandard.train_dictionary(_BYTES, given).as_bytes())


if __name__ == "__main__":
    main()
