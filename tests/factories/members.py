"""Members for tests: a consortium of any size, as the CSV file that a centre would import. Nobody of it exists."""

from __future__ import annotations

import csv
import io
import itertools

from tongwen.domain.members import queries

_FIRST = "云海星河松竹梅兰青石白鹭长桥南山北湖东篱西岭明月清风春晓秋实晨曦晚霞"
_KINDS = (
    ("大学", "university"),
    ("师范大学", "university"),
    ("科技学院", "college"),
    ("学院", "college"),
    ("职业学院", "vocational"),
    ("市图书馆", "public"),
    ("研究院", "research"),
)
HEADS = ("代码", "名称", "英文名称", "类型", "城市", "IP地址", "邮箱")


def names() -> itertools.chain[tuple[str, str]]:
    """Yield clearly made-up names with their types: 示范云海大学图书馆, 示范云海学院图书馆 …"""
    syllables = [_FIRST[at : at + 2] for at in range(0, len(_FIRST), 2)]
    pairs = ((one + other, kind) for one in syllables for other in syllables for kind in _KINDS)
    return itertools.chain(
        (f"示范{stem}{word}" + ("" if word.endswith("馆") else "图书馆"), type_) for stem, (word, type_) in pairs
    )


def consortium(size: int, *, charset: str = "utf-8") -> bytes:
    """Return a file of so many members, spread over the cities of the country, each with a network of its own."""
    cities = [one.code for one in queries.all_cities()]
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEADS)
    for number, (name, type_) in zip(range(size), names(), strict=False):
        network = f"198.{20 + number // 256}.{number % 256}.0/24"
        city = cities[number % len(cities)]
        mail = f"library@m{number:04d}.example"
        writer.writerow((f"M{number:04d}", name, f"Demo Library {number:04d}", type_, city, network, mail))
    return file.getvalue().encode(charset)
