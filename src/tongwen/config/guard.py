"""The database's own watch over what answers a request (docs/explanation/isolation.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from tongwen.core import tenancy

Context = Callable[[], AbstractContextManager[None]]


class GuardMiddleware:
    """Let the database itself keep all that answers a request to its scope, from before anybody is known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with tenancy.guarded():
            return within(tenancy.guarded, self.get_response(request))


def within(context: Context, response: HttpResponseBase) -> HttpResponseBase:
    """Let what a streaming response sends later come about in the same context as the response itself."""
    is_file = isinstance(response, FileResponse)  # It reads no tables, and the server has a quicker way with files.
    if isinstance(response, StreamingHttpResponse) and not response.is_async and not is_file:
        response.streaming_content = _each_within(context, iter(response))
    return response


def _each_within(context: Context, parts: Iterator[bytes]) -> Iterator[bytes]:
    while True:
        with context():  # Not around the loop: between two parts the thread may answer somebody else.
            try:
                part = next(parts)
            except StopIteration:
                return
        yield part
