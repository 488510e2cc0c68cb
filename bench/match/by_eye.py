"""Pairs of the Library of Congress file that a person looked at, by LCCN.

All of them share a blocking key and carry distinct LCCNs. SAME are books that were catalogued twice (a copy from
abroad and a deposit copy, a record made before publication and one after); DIFFERENT look like one book and are two.
They were judged on title, statement, edition, imprint, extent, series and ISBN of the full records.
"""

from __future__ import annotations

_SAME = """
"""
_DIFFERENT = """
"""


def _pairs(text: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(f"loc:{number}" for number in line.split()) for line in text.split("\n") if line.strip())


SAME = _pairs(_SAME)
DIFFERENT = _pairs(_DIFFERENT)
