"""Whose an address is, among many ranges: look-ups a second, beside a linear scan with the standard library."""

from __future__ import annotations

import ipaddress
import random
import socket
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench import saying
from tongwen.domain.members.rules import addresses
from tongwen.domain.members.types import AddressRange, Network

WHOLE = 10_000
"""Ranges: 1,800 libraries with five or six each."""

_LIBRARIES = 1_800
_ASKED = 200_000
_SCANNED = 100
_WARM = 1_000


def measure(folder: Path, number: int) -> dict[str, Any]:  # noqa: ARG001  Nothing is written.
    """Return the time to build the table, look-ups a second of both, and that both know the same owners."""
    with saying.doing(f"addresses among {number:,} ranges"):
        draw = random.Random(1_800)  # noqa: S311  The same ranges in every run.
        ranges = _ranges(draw, number)
        started = time.perf_counter()
        table = addresses.AddressTable(ranges)
        building = time.perf_counter() - started
        asked = _asked(draw, ranges)
        _check(table, ranges, asked[:_SCANNED])
        _speed(table.owner, asked[:_WARM])
        ours = _speed(table.owner, asked)
        scanned = _speed(lambda one: _scan(ranges, one), asked[:_SCANNED])
        parsed = _speed(ipaddress.ip_address, asked)
    return {
        "ranges": len(ranges),
        "building_ms": round(building * 1000, 1),
        "looked_up": len(asked),
        "per_second": round(ours),
        "scan_per_second": round(scanned, 1),
        "parse_per_second": round(parsed),
        "times": round(ours / scanned),
    }


def _ranges(draw: random.Random, number: int) -> list[AddressRange]:
    """Return different networks, one in five of them IPv6, one in ten within another one."""
    found: dict[Network, int] = {}
    while len(found) < number:
        owner = draw.randrange(_LIBRARIES) + 1
        if found and draw.random() < 0.1:
            around = draw.choice(tuple(found)[-50:])
            bits = around.max_prefixlen - around.prefixlen
            network: Network = next(around.subnets(prefixlen_diff=min(4, bits))) if bits else around
        elif draw.random() < 0.2:
            network = ipaddress.ip_network((draw.randrange(0x2400 << 112, 0x2410 << 112), 48), strict=False)
        else:
            network = ipaddress.ip_network((draw.randrange(1 << 24, 200 << 24), draw.randrange(20, 29)), strict=False)
        found.setdefault(network, owner)
    return [AddressRange(network, owner) for network, owner in found.items()]


def _asked(draw: random.Random, ranges: Sequence[AddressRange]) -> list[str]:
    """Return addresses as requests bring them: half of them from within the ranges, half from anywhere."""
    inside = (draw.choice(ranges).network for _ in range(_ASKED // 2))
    found = [str(one[draw.randrange(min(one.num_addresses, 1 << 20))]) for one in inside]
    found += [socket.inet_ntoa(draw.randbytes(4)) for _ in range(_ASKED // 2)]
    draw.shuffle(found)
    return found


def _scan(ranges: Sequence[AddressRange], text: str) -> int | None:
    address = ipaddress.ip_address(text)
    holding = [one for one in ranges if one.network.version == address.version and address in one.network]
    return max(holding, key=lambda one: one.network.prefixlen).institution_id if holding else None


def _check(table: addresses.AddressTable, ranges: Sequence[AddressRange], asked: Sequence[str]) -> None:
    for one in asked:
        assert table.owner(one) == _scan(ranges, one), one


def _speed(function: Callable[[str], Any], asked: Sequence[str]) -> float:
    started = time.process_time()
    for one in asked:
        function(one)
    return len(asked) / (time.process_time() - started)
