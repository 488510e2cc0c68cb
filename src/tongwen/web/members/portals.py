"""What a portal looks like: its style sheet and its logo, under addresses of their own."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from tongwen.domain.members import queries as members
from tongwen.domain.members.types import Institution, Look, UnknownInstitution

_HOUR = 3600


@require_safe
def style_sheet(request: HttpRequest, whose: str, code: str) -> HttpResponse:
    """Answer the colours of a library's or domain's portal as a style sheet; an empty one where it has none."""
    return _kept(request, members.style_sheet(_look(whose, code)).encode(), "text/css; charset=utf-8")


@require_safe
def logo(request: HttpRequest, code: str) -> HttpResponse:
    """Answer a library's logo: a picture that was told by its bytes, which browsers may show and nothing else."""
    content, media_type = members.logo(_institution(code).id)
    if not content:
        raise Http404
    response = _kept(request, content, media_type)
    response["Content-Disposition"] = "inline"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _kept(request: HttpRequest, content: bytes, media_type: str) -> HttpResponse:
    """Answer with the ETag of the content, or 304 to who has it; caches ask again, so that a change is seen at once."""
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:20])
    response = HttpResponse(content, content_type=media_type)
    answer = get_conditional_response(request, etag, None, response)
    found = response if answer is None else answer
    found["ETag"] = etag
    # The address carries the digest of what it answers, where pages ask for it: only then may it be kept unasked.
    found["Cache-Control"] = f"public, max-age={_HOUR}" if request.GET.get("v") else "public, no-cache"
    found["X-Content-Type-Options"] = "nosniff"
    return found


def _look(whose: str, code: str) -> Look:
    if whose == "library":
        return _institution(code).look
    if whose != "domain":
        raise Http404
    found = next((one for one in members.sharing_domains() if one.code.casefold() == code.casefold()), None)
    if found is None:
        raise Http404
    return found.look


def _institution(code: str) -> Institution:
    try:
        return members.institution_by_code(code)
    except UnknownInstitution as unknown:
        raise Http404 from unknown
