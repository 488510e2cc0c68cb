"""The language of an answer: `?language=`, else what `Accept-Language` prefers. Cookies do not count for programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

Language = Literal["zh-hans", "zh-hant", "en"]


def of(request: HttpRequest, asked: str | None) -> str:
    """Return the language to answer in."""
    if asked:
        return asked
    for wanted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if wanted == "*":
            break
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return str(settings.LANGUAGE_CODE)


@contextmanager
def speaking(request: HttpRequest, response: HttpResponse, asked: str | None) -> Iterator[None]:
    """Work in the language of the answer, and say in its headers which that is and what chose it."""
    chosen = of(request, asked)
    response["Content-Language"] = chosen.replace("-han", "-Han")
    patch_vary_headers(response, ["Accept-Language"])
    with translation.override(chosen):
        yield
