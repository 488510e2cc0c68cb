"""Address ranges of institutions: reading what people write, refusing what cannot be, and looking addresses up.

CIDR notation is RFC 4632 and RFC 4291 §2.3.
"""

from __future__ import annotations

import ipaddress
import socket
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from tongwen.domain.members.types import AddressRange, Network, Overlap, Problem

WIDEST = {4: 12, 6: 28}
"""The shortest prefix taken: no library has more addresses than that."""

MOST_RANGES = 500
_LONGEST_LINE = 200
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3"),
        *("::/8", "64:ff9b::/96", "100::/64", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)
_DASHES = str.maketrans({"–": "-", "—": "-", "－": "-", "～": "-", "~": "-", "／": "/", "．": ".", "：": ":"})


def read(text: str) -> tuple[tuple[Network, ...], tuple[Problem, ...]]:
    """Read ranges, one a line or apart by commas: `192.0.2.0/24`, `192.0.2.1-192.0.2.99`, one address, IPv6 too.

    What follows `#` is a remark. Returns networks without host bits, sorted, adjacent ones put together; and a problem
    for each entry that is no range, not public or too wide.
    """
    networks: set[Network] = set()
    problems: list[Problem] = []
    for row, line in enumerate(text.splitlines(), 1):
        for entry in line.partition("#")[0].replace("，", ",").replace("；", ",").replace(";", ",").split(","):
            if written := entry.strip():
                found = _read_entry(written.translate(_DASHES))
                code = _fault(found)
                if code:
                    problems.append(Problem("addresses", code, written[:_LONGEST_LINE], row))
                networks.update(() if code else found)
    whole = collapsed(networks)
    # Neighbours that are put together must not become what would be refused when it is read again.
    problems += [Problem("addresses", "wide_range", str(one)) for one in whole if one.prefixlen < WIDEST[one.version]]
    if len(whole) > MOST_RANGES:
        problems.append(Problem("addresses", "too_many_ranges", str(MOST_RANGES)))
    return whole, tuple(problems)


def collapsed(networks: Iterable[Network]) -> tuple[Network, ...]:
    """Return the fewest networks with the same addresses, IPv4 first, in order."""
    every = list(networks)
    four = ipaddress.collapse_addresses(one for one in every if isinstance(one, ipaddress.IPv4Network))
    six = ipaddress.collapse_addresses(one for one in every if isinstance(one, ipaddress.IPv6Network))
    return (*four, *six)


def _read_entry(written: str) -> tuple[Network, ...]:
    """Return the networks of one entry, none where it is no range."""
    try:
        first, dash, last = (part.strip() for part in written.partition("-"))
        if not dash:
            return (ipaddress.ip_network(first.replace(" ", ""), strict=False),)
        ends = ipaddress.ip_address(first), ipaddress.ip_address(_whole_last(first, last))
        return tuple(ipaddress.summarize_address_range(*ends))
    except (ValueError, TypeError):
        return ()


def _whole_last(first: str, last: str) -> str:
    """Return the last address, also where only its last number is written (`192.0.2.1-99`)."""
    return first.rpartition(".")[0] + "." + last if last.isascii() and last.isdigit() and "." in first else last


def _fault(networks: Sequence[Network]) -> str:
    if not networks:
        return "bad_range"
    if any(one.version == other.version and one.overlaps(other) for one in networks for other in _NOT_PUBLIC):
        return "private_range"
    return "wide_range" if any(one.prefixlen < WIDEST[one.version] for one in networks) else ""


def as_text(networks: Iterable[Network]) -> str:
    """Write networks as `read` reads them, one a line."""
    return "\n".join(str(one) for one in networks)


def overlaps(networks: Iterable[Network], others: Iterable[AddressRange]) -> tuple[Overlap, ...]:
    """Return which networks share addresses with ranges of others; both are compared in the order of addresses."""
    found = []
    spans = sorted(((*_span(one.network), one) for one in others), key=lambda span: span[:3])
    starts = [span[:2] for span in spans]
    for network in networks:
        version, first, last = _span(network)
        end = bisect_right(starts, (version, last))
        # Networks nest or are apart: what begins before and reaches in lies around; the rest begins within.
        reaching = (span[3] for span in spans[:end] if span[0] == version and span[2] >= first)
        found += [Overlap(network, one.network, one.institution_id) for one in reaching]
    return tuple(found)


def _span(network: Network) -> tuple[int, int, int]:
    return network.version, int(network.network_address), int(network.broadcast_address)


class AddressTable:
    """Whose address it is, among any number of ranges, by one bisection; the narrowest range wins.

    Nested ranges are laid flat once: the table holds the starts of stretches with one owner each.
    """

    __slots__ = ("_owners", "_starts")

    def __init__(self, ranges: Iterable[AddressRange]) -> None:
        every = [(*_span(one.network), one.institution_id) for one in ranges]
        self._starts: dict[int, list[int]] = {}
        self._owners: dict[int, list[int]] = {}
        for version in (4, 6):
            # An outer network comes before those within it: it begins no later and ends no earlier.
            spans = sorted(((first, -last, owner) for kind, first, last, owner in every if kind == version))
            self._starts[version], self._owners[version] = _flat(spans)

    def owner(self, address: str) -> int | None:
        """Return the institution of an address as written (`2001:db8::1`); None where it is nobody's or no address."""
        number, version = _number(address)
        if version == 0:
            return None
        place = bisect_right(self._starts[version], number) - 1
        return (self._owners[version][place] or None) if place >= 0 else None


def _number(address: str) -> tuple[int, int]:
    """Return an address as a number with its version, 0 where it is none. IPv4 within IPv6 counts as IPv4."""
    try:
        if ":" not in address:
            return int.from_bytes(socket.inet_pton(socket.AF_INET, address), "big"), 4
        packed = socket.inet_pton(socket.AF_INET6, address.partition("%")[0])
    except (OSError, ValueError):
        return 0, 0
    if packed[:12] == b"\0" * 10 + b"\xff\xff":
        return int.from_bytes(packed[12:], "big"), 4
    return int.from_bytes(packed, "big"), 6


def _flat(spans: list[tuple[int, int, int]]) -> tuple[list[int], list[int]]:
    """Lay nested spans (first, -last, owner), outer ones first, flat; owner 0 stands for nobody."""
    starts: list[int] = []
    owners: list[int] = []
    open_: list[tuple[int, int]] = []

    def begin(start: int, owner: int) -> None:
        if starts and starts[-1] == start:
            owners[-1] = owner
        else:
            starts.append(start)
            owners.append(owner)

    def close_before(start: int | None) -> None:
        while open_ and (start is None or open_[-1][0] < start):
            last, _ = open_.pop()
            # One that ends with an outer one leaves nothing between them.
            if not open_ or open_[-1][0] > last:
                begin(last + 1, open_[-1][1] if open_ else 0)

    for first, negative_last, owner in spans:
        close_before(first)
        begin(first, owner)
        open_.append((-negative_last, owner))
    close_before(None)
    return starts, owners
