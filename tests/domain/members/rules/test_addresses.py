"""What people write of networks, and whose an address is."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.domain.members.rules import addresses
from tongwen.domain.members.types import AddressRange

DOCUMENTATION = "192.0.2.0/24", "2001:db8::/32"


def networks(text: str) -> list[str]:
    found, problems = addresses.read(text)
    assert problems == ()
    return [str(one) for one in found]


class TestReading:
    def test_takes_cidr_of_both_versions(self) -> None:
        assert networks("192.0.2.0/24\n2001:db8::/32") == list(DOCUMENTATION)

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("192.0.2.77/24", "192.0.2.0/24"),
            ("192.0.2.7", "192.0.2.7/32"),
            ("192.0.2.0 - 192.0.2.255", "192.0.2.0/24"),
            ("192.0.2.0—192.0.2.255", "192.0.2.0/24"),
            ("192.0.2.0-127", "192.0.2.0/25"),
            ("192.0.2.0/255.255.255.0", "192.0.2.0/24"),
            ("192.0.2.0／24  # reading room", "192.0.2.0/24"),
            ("192.0.2.0/25，192.0.2.128/25", "192.0.2.0/24"),
            ("2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::/32"),
        ],
    )
    def test_brings_every_way_of_writing_into_one(self, written: str, read: str) -> None:
        assert networks(written) == [read]

    def test_cuts_a_stretch_that_is_no_network_into_the_fewest(self) -> None:
        assert networks("192.0.2.1-192.0.2.6") == ["192.0.2.1/32", "192.0.2.2/31", "192.0.2.4/31", "192.0.2.6/32"]

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            ("library", "bad_range"),
            ("192.0.2.300", "bad_range"),
            ("192.0.2.9-192.0.2.1", "bad_range"),
            ("192.0.2.1-2001:db8::1", "bad_range"),
            ("192.0.2.0/33", "bad_range"),
            ("10.1.2.0/24", "private_range"),
            ("192.168.0.0/16", "private_range"),
            ("100.64.0.0/10", "private_range"),
            ("127.0.0.1", "private_range"),
            ("0.0.0.0/0", "private_range"),
            ("::1", "private_range"),
            ("fd00::/8", "private_range"),
            ("fe80::1", "private_range"),
            ("8.0.0.0/11", "wide_range"),
            ("2400::/20", "wide_range"),
        ],
    )
    def test_names_what_is_wrong_with_its_line(self, written: str, code: str) -> None:
        found, (problem,) = addresses.read(f"192.0.2.0/24\n{written}")
        assert (problem.code, problem.detail, problem.row) == (code, written, 2)
        assert [str(one) for one in found] == ["192.0.2.0/24"]

    def test_refuses_neighbours_that_are_too_wide_together(self) -> None:
        assert [one.detail for one in addresses.read("8.0.0.0/12\n8.16.0.0/12")[1]] == ["8.0.0.0/11"]

    def test_refuses_more_than_a_library_has(self) -> None:
        text = "\n".join(f"8.{one // 256}.{one % 256}.1" for one in range(addresses.MOST_RANGES + 1))
        assert addresses.read(text)[1][0].code == "too_many_ranges"

    @given(st.text(max_size=60))
    def test_never_fails(self, text: str) -> None:
        addresses.read(text)

    @given(st.integers(0x01000000, 0x09FFFFFF), st.integers(0, 5000))
    def test_keeps_exactly_the_addresses_of_a_stretch(self, first: int, length: int) -> None:
        last = min(first + length, 0x09FFFFFF)
        found, problems = addresses.read(f"{ipaddress.ip_address(first)}-{ipaddress.ip_address(last)}")
        assert problems == ()
        assert sum(one.num_addresses for one in found) == last - first + 1
        assert int(found[0].network_address) == first
        assert int(found[-1].broadcast_address) == last

    @given(st.lists(st.tuples(st.integers(0x01000000, 0x08FFFFFF), st.integers(20, 32)), max_size=20))
    def test_reads_what_it_writes(self, drawn: list[tuple[int, int]]) -> None:
        whole = addresses.collapsed(ipaddress.ip_network(one, strict=False) for one in drawn)
        assert addresses.read(addresses.as_text(whole)) == (whole, ())


def table(*ranges: tuple[str, int]) -> addresses.AddressTable:
    return addresses.AddressTable(AddressRange(ipaddress.ip_network(one), owner) for one, owner in ranges)


class TestTable:
    def test_knows_whose_an_address_is(self) -> None:
        known = table(("192.0.2.0/24", 1), ("198.51.100.0/24", 2), ("2001:db8::/32", 3))
        asked = ("192.0.2.0", "192.0.2.255", "198.51.100.9", "2001:db8::1", "203.0.113.1", "2001:db9::")
        assert [known.owner(one) for one in asked] == [1, 1, 2, 3, None, None]

    def test_lets_the_narrowest_range_win(self) -> None:
        known = table(("192.0.2.0/24", 1), ("192.0.2.128/25", 2), ("192.0.2.192/26", 3))
        asked = ("192.0.2.127", "192.0.2.128", "192.0.2.191", "192.0.2.192", "192.0.2.255", "192.0.3.0")
        assert [known.owner(one) for one in asked] == [1, 2, 2, 3, 3, None]

    def test_takes_ipv4_within_ipv6_as_ipv4(self) -> None:
        assert table(("192.0.2.0/24", 1)).owner("::ffff:192.0.2.7") == 1

    @pytest.mark.parametrize("written", ["", "x", "192.0.2", "192.0.2.1.1", "192.0.2.1 ", "::g", "１92.0.2.1", "a\0b"])
    def test_says_of_what_is_no_address_that_it_is_nobodys(self, written: str) -> None:
        assert table(("192.0.2.0/24", 1)).owner(written) is None

    def test_is_empty_without_ranges(self) -> None:
        assert table().owner("192.0.2.1") is None

    @given(
        st.lists(st.tuples(st.integers(0, 255), st.integers(0, 8)), max_size=25),
        st.lists(st.integers(0, 255), min_size=1, max_size=40),
    )
    def test_agrees_with_looking_at_every_range(self, drawn: list[tuple[int, int]], asked: list[int]) -> None:
        every = {ipaddress.ip_network(((192 << 24) + (2 << 8) + low, 24 + bits), strict=False) for low, bits in drawn}
        ranges = [AddressRange(one, number) for number, one in enumerate(sorted(every), 1)]
        known = addresses.AddressTable(ranges)
        for low in asked:
            address = ipaddress.ip_address((192 << 24) + (2 << 8) + low)
            holding = [one for one in ranges if address in one.network]
            narrowest = max(holding, key=lambda one: one.network.prefixlen).institution_id if holding else None
            assert known.owner(str(address)) == narrowest


class TestOverlaps:
    @given(
        st.lists(st.tuples(st.integers(0, 255), st.integers(0, 8)), max_size=15),
        st.lists(st.tuples(st.integers(0, 255), st.integers(0, 8)), max_size=15),
    )
    def test_are_those_that_share_an_address(self, mine: list[tuple[int, int]], theirs: list[tuple[int, int]]) -> None:
        def made(drawn: list[tuple[int, int]]) -> list[ipaddress.IPv4Network]:
            return sorted({ipaddress.IPv4Network(((192 << 24) + low, 24 + bits), strict=False) for low, bits in drawn})

        others = [AddressRange(one, 7) for one in made(theirs)]
        found = {(one.network, one.other) for one in addresses.overlaps(made(mine), others)}
        assert found == {(one, other.network) for one in made(mine) for other in others if one.overlaps(other.network)}
