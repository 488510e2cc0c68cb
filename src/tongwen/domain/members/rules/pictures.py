"""Logos: told by their bytes, never by their name. Raster formats only, since an SVG may carry scripts.

PNG: ISO/IEC 15948 §11.2; JPEG: ISO/IEC 10918-1 annex B; WebP: RFC 9649 §2.
"""

from __future__ import annotations

from typing import NamedTuple

from tongwen.domain.members.types import BadFacts, Problem

LARGEST = 200_000
"""Bytes of the largest logo."""

LEAST_SIDE, GREATEST_SIDE = 16, 2_000
_JPEG_SIZES = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)))
_JPEG_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))


class Picture(NamedTuple):
    media_type: str
    width: int
    height: int


def check(content: bytes) -> Picture:
    """Return what a logo is.

    Raises:
        BadFacts: it is no PNG, JPEG or WebP picture, too large, or its sides are not 16 to 2,000 pixels.
    """
    if len(content) > LARGEST:
        raise BadFacts(Problem("logo", "picture_too_large", str(LARGEST // 1000)))
    found = _png(content) or _jpeg(content) or _webp(content)
    if found is None:
        raise BadFacts(Problem("logo", "bad_picture"))
    if not all(LEAST_SIDE <= side <= GREATEST_SIDE for side in (found.width, found.height)):
        raise BadFacts(Problem("logo", "picture_size", f"{found.width} × {found.height}"))
    return found


def _png(content: bytes) -> Picture | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR" or b"IEND" not in content[-12:]:
        return None
    return Picture("image/png", int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big"))


def _jpeg(content: bytes) -> Picture | None:
    if content[:3] != b"\xff\xd8\xff" or b"\xff\xd9" not in content[-32:]:
        return None
    place = 2
    while place + 9 < len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker in _JPEG_SIZES:
            height, width = (int.from_bytes(content[place + at : place + at + 2], "big") for at in (5, 7))
            return Picture("image/jpeg", width, height)
        alone = marker in _JPEG_ALONE or marker == 0xFF
        place += (1 if marker == 0xFF else 2) if alone else 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return None


def _webp(content: bytes) -> Picture | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < 30:
        return None
    if int.from_bytes(content[4:8], "little") + 8 > len(content) + 1:
        return None
    kind, body = content[12:16], content[20:]
    if kind == b"VP8X":
        return _webp_of(int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1)
    if kind == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return _webp_of((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        sides = int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
        return _webp_of(*sides)
    return None


def _webp_of(width: int, height: int) -> Picture:
    return Picture("image/webp", width, height)
