"""Write simplified characters as traditional ones, for names that were given in one script only."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_loading = threading.Lock()


@cache
def _converter() -> Callable[[str], str]:
    import opencc

    return opencc.OpenCC("s2tw").convert


def traditional(text: str) -> str:
    """Return the text in traditional characters, word by word (图书馆里 as 圖書館裡); what is not Han stays."""
    if text.isascii():
        return text
    with _loading:
        convert = _converter()
    return convert(text)
