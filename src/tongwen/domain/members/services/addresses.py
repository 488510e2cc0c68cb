"""The networks of an institution."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tongwen.core import audit
from tongwen.domain.members import models, queries, types
from tongwen.domain.members.rules import addresses
from tongwen.domain.members.services.changing import register_changes


def save_addresses(*, institution_id: int, text: str, actor: str, now: dt.datetime) -> tuple[types.Network, ...]:
    """Replace an institution's networks by those written, and return them as they are kept.

    Raises:
        BadFacts: something is no range, not public or too wide, or another institution has these addresses.
    """
    networks = _read(text)
    with register_changes():
        found = queries.overlaps_of(institution_id, networks)
        if found:
            raise types.BadFacts(*(_problem(one) for one in found[:20]))
        _replace(institution_id, networks, actor, now)
    return networks


def save_addresses_within_others(
    *, institution_id: int, text: str, actor: str, now: dt.datetime
) -> tuple[types.Network, ...]:
    """Replace an institution's networks; they may lie within or around those of others, where the narrower one counts.

    For centres only: so a library within a university's network gets its own part of it.

    Raises:
        BadFacts: something is no range, not public or too wide, or another institution has exactly this network.
    """
    networks = _read(text)
    with register_changes():
        same = [one for one in queries.overlaps_of(institution_id, networks) if one.network == one.other]
        if same:
            raise types.BadFacts(*(_problem(one) for one in same[:20]))
        _replace(institution_id, networks, actor, now)
    return networks


def _read(text: str) -> tuple[types.Network, ...]:
    networks, problems = addresses.read(text)
    if problems:
        raise types.BadFacts(*problems)
    return networks


def _problem(found: types.Overlap) -> types.Problem:
    other = queries.institution(found.institution_id)
    code = "range_taken" if found.network == found.other else "range_overlap"
    return types.Problem("addresses", code, f"{found.network} · {other.name_zh} ({other.code}) {found.other}")


def _replace(institution_id: int, networks: Sequence[types.Network], actor: str, now: dt.datetime) -> None:
    rows = models.AddressRange.objects.filter(institution_id=institution_id)
    before = set(rows.values_list("network", flat=True))
    gone, new = before - set(networks), [one for one in networks if one not in before]
    rows.filter(network__in=gone).delete()
    models.AddressRange.objects.bulk_create(
        models.AddressRange(institution_id=institution_id, network=one) for one in new
    )
    if gone or new:
        audit.record(
            at=now,
            actor=actor,
            action="addresses.change",
            subject=f"institution {institution_id}",
            institution_id=institution_id,
            added=[str(one) for one in new],
            removed=sorted(str(one) for one in gone),
        )
