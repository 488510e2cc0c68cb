"""Mending what the catalogue's tables should not say of each other (queries.soundness), each mend told and audited."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from tongwen.core import audit, clock, locks
from tongwen.domain.catalogue import queries
from tongwen.domain.catalogue.models import Bib, Holding
from tongwen.domain.catalogue.services import matching, storing

_PIECE = 1_000
_REASON = "mending puts the holdings of every library where they belong"


def _audit(actor: str, action: str, number: int) -> None:
    audit.record(at=clock.now(), actor=actor, action=action, subject="catalogue", number=number)


def tell_again(*, bib_ids: Sequence[int], actor: str) -> None:
    """Enter these bibs in the change feed, so that every index looks at them anew."""
    for start in range(0, len(bib_ids), _PIECE):
        with transaction.atomic():
            locks.hold_until_commit(storing.WRITE_LOCK)
            storing.tell(changed=bib_ids[start : start + _PIECE])
    if bib_ids:
        _audit(actor, "index.mend", len(bib_ids))


@transaction.atomic
def mend_keys(*, actor: str) -> int:
    """Remove the keys of bibs that no longer stand and make those of bibs that lack them; returns how many bibs."""
    locks.hold_until_commit(storing.WRITE_LOCK)
    gone = queries.inactive_bibs_with_keys()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM match_key WHERE bib_id = ANY(%s)", [list(gone)])
    lacking = bibs_lacking_keys()
    for bib_id in lacking:
        storing.add_keys(bib_id)
    if gone or lacking:
        _audit(actor, "keys.mend", len(gone) + len(lacking))
    return len(gone) + len(lacking)


def bibs_lacking_keys() -> tuple[int, ...]:
    """Return the active bibs that have no keys although their records give some."""
    found = queries.bibs_without_keys()
    lacking: list[int] = []
    for start in range(0, len(found), _PIECE):
        keys = matching.current_keys(found[start : start + _PIECE])
        lacking += [bib_id for bib_id, (numbers, _kinds) in keys.items() if numbers]
    return tuple(sorted(lacking))


@transaction.atomic
def mend_holdings(*, actor: str) -> int:
    """Put every holding where its home leads, and bring bibs back that it stands at again; returns how many."""
    locks.hold_until_commit(storing.WRITE_LOCK)
    astray = queries.holdings_astray()
    touched: set[int] = set()
    for holding in astray:
        Holding.objects.unscoped(_REASON).filter(pk=holding.id).update(bib_id=holding.survivor_id)
        if Bib.objects.filter(pk=holding.survivor_id, state=Bib.State.WITHDRAWN).update(state=Bib.State.ACTIVE):
            storing.add_keys(holding.survivor_id)
        touched |= {holding.bib_id, holding.survivor_id}
    gone = storing.withdraw_without_holdings(touched)
    storing.tell(changed=touched - gone, removed=gone)
    if astray:
        _audit(actor, "holdings.mend", len(astray))
    return len(astray)


@transaction.atomic
def withdraw_unheld(*, actor: str) -> int:
    """Withdraw the active bibs that nobody holds; returns how many."""
    locks.hold_until_commit(storing.WRITE_LOCK)
    gone = storing.withdraw_without_holdings(queries.unheld_bibs())
    storing.tell(removed=gone)
    if gone:
        _audit(actor, "bibs.mend", len(gone))
    return len(gone)
