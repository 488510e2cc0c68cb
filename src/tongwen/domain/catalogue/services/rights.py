"""Who may bring bibs together, take that back, or restore an earlier record.

Until rights are given out by a table: the staff of an institution that holds one of the bibs. What an operator of the
installation does goes through services of its own name, so that no missing scope is ever taken for a right.
"""

from __future__ import annotations

from collections.abc import Iterable

from tongwen.domain.catalogue import queries, types


def check_holder(bib_ids: Iterable[int]) -> None:
    """Let the institution in scope go on if it holds one of the bibs.

    Raises:
        NotPermitted: it holds none of them. NoScope: nobody's scope (core.tenancy).
    """
    wanted = tuple(dict.fromkeys(bib_ids))
    if not queries.holds_one_of(wanted):
        named = " nor ".join(str(bib_id) for bib_id in wanted)
        raise types.NotPermitted(f"only libraries that hold one of the bibs may do this; yours holds not {named}")
