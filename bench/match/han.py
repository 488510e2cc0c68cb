"""Traditional and simplified characters, as OpenCC turns one into the other."""

from __future__ import annotations

from functools import cache

import opencc


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def simplified(text: str) -> str:
    return str(_converter("t2s").convert(text))


def traditional(text: str) -> str:
    return str(_converter("s2t").convert(text))
