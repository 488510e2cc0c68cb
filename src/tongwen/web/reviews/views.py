"""Staff pages for reviews: the queue, and two records side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue import services
from tongwen.domain.catalogue.types import HeldBib, NotAllowedNow, ReviewPair, Verdict
from tongwen.domain.identity.types import Permission
from tongwen.domain.members import queries as members
from tongwen.standards.marc import holdings as local
from tongwen.web.bib import differences, origins
from tongwen.web.shared import access
from tongwen.web.shared.components import Alert, Tab
from tongwen.web.shared.paging import page_number, pager

_PAGE = 50


@require_safe
@access.requires(Permission.REVIEWS_DECIDE)
def reviews(request: HttpRequest) -> HttpResponse:
    """Show the queue, grouped by what made a person necessary."""
    institution_id = access.staff_institution(request)
    page = page_number(request.GET.get("page", ""))
    reasons = catalogue.review_reasons(institution_id)
    asked = request.GET.get("reason", "")
    reason = asked if asked in dict(reasons) else ""
    total = dict(reasons)[reason] if reason else sum(number for _reason, number in reasons)
    address = reverse("reviews")
    kept = f"reason={reason}&" if reason else ""
    context = {
        "tabs": [
            Tab(_("All"), address, total if not reason else sum(n for _r, n in reasons), not reason),
            *(
                Tab(catalogue.review_cause(one), f"{address}?reason={one}", number, one == reason)
                for one, number in reasons
            ),
        ],
        "lines": [
            (line, catalogue.review_cause(line.review.decision.reason))
            for line in catalogue.reviews(institution_id, page, reason=reason)
        ],
        "alert": _decided(request),
        "pager": pager(total=total, page=page, size=_PAGE, url=lambda n: f"{address}?{kept}page={n}", reach=total),
    }
    return render(request, "reviews/queue.html", context)


@require_safe
@access.requires(Permission.REVIEWS_DECIDE)
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """Show a pair side by side, with the decision so far in words and what it rests on."""
    pair = catalogue.review_pair(review_id)
    return render(request, "reviews/pair.html", _context(request, pair))


def _context(request: HttpRequest, pair: ReviewPair) -> dict[str, Any]:
    review_id = pair.review.id
    address = reverse("review", args=[review_id])
    as_marc = request.GET.get("view") == "marc"
    as_one = request.GET.get("view") == "one" and not pair.review.verdict
    mine, theirs = pair.incoming.bib, pair.candidate.bib
    plain = [local.without_local(bib.record, bib.format) for bib in (mine, theirs)]
    # Tags of two formats mean different things: such records stand beside each other uncompared.
    comparable = not as_marc or mine.format is theirs.format
    if as_marc:
        compared = differences.fields(plain[0], plain[1]) if comparable else []
    else:
        compared = differences.described(mine.view, theirs.view)
    vetoes = len(pair.review.decision.vetoes)
    following = catalogue.next_review(access.staff_institution(request), review_id)
    return {
        "pair": pair,
        "review": pair.review,
        "headline": pair.explanation[0] if pair.explanation else "",
        "evidence": [(text, place < vetoes) for place, text in enumerate(pair.explanation[1:])],
        "compared": compared,
        "beside": [] if comparable else list(zip(plain, (mine.format, theirs.format), strict=True)),
        "differing": sum(not row.same for row in compared),
        "tabs": [
            Tab(_("Description"), address, current=not as_marc and not as_one),
            Tab("MARC", f"{address}?view=marc", current=as_marc),
            *([Tab(_("What comes out"), f"{address}?view=one", current=as_one)] if not pair.review.verdict else []),
        ],
        **(_as_one(mine.id, theirs.id) if as_one else {}),
        "mine_holders": _holders(pair.incoming),
        "theirs_holders": _holders(pair.candidate),
        "next_url": reverse("review", args=[following]) if following and following != review_id else "",
        "waiting": catalogue.review_count(access.staff_institution(request)),
        "alert": _decided(request),
    }


def _as_one(incoming_id: int, candidate_id: int) -> dict[str, Any]:
    """Return the record that "the same" would give, with the side each field is of."""
    try:
        found = catalogue.merge_preview(catalogue.survivor(candidate_id), catalogue.survivor(incoming_id))
    except NotAllowedNow:  # Other merges have made the two one already.
        return {"as_one": True}
    return {
        "as_one": True,
        "origins": origins.preview(found.parts, found),
        "left_out": origins.preview(found.left_out, found),
        "mixed": found.mixed,
    }


def _holders(held: HeldBib) -> list[str]:
    names = {one.id: one for one in members.institutions()}
    ids = dict.fromkeys(holding.institution_id for holding in held.holdings)
    return [names[one].name(get_language() or "en") for one in ids if one in names]


def _decided(request: HttpRequest) -> Alert | None:
    """Say what was decided last, with the way back."""
    number, verdict = request.GET.get("decided", ""), request.GET.get("verdict", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19) or verdict not in set(Verdict):
        return None
    same = verdict == Verdict.SAME
    text = _("Decided: the same. The records are now one.") if same else _("Decided: not the same. This is remembered.")
    return Alert("good", text, reverse("review-undo", args=[int(number)]), _("Undo"))


@require_POST
@access.requires(Permission.REVIEWS_DECIDE)
def decide(request: HttpRequest, review_id: int) -> HttpResponse:
    """Write down what the person says of a pair and go on to the next one."""
    verdict = request.POST.get("verdict", "")
    if verdict not in set(Verdict):
        return HttpResponseBadRequest()
    following = catalogue.next_review(access.staff_institution(request), review_id)
    try:
        services.decide_review(review_id=review_id, verdict=Verdict(verdict), actor=access.actor_name(request))
    except NotAllowedNow:
        messages.warning(request, _("This pair has been decided already, or one of its records has changed since."))
        return HttpResponseRedirect(reverse("review", args=[review_id]))
    target = reverse("review", args=[following]) if following and following != review_id else reverse("reviews")
    return HttpResponseRedirect(f"{target}?decided={review_id}&verdict={verdict}")


@require_POST
@access.requires(Permission.REVIEWS_DECIDE)
def undo(request: HttpRequest, review_id: int) -> HttpResponse:
    """Take a decision back and show the pair again."""
    try:
        services.undo_review(review_id=review_id, actor=access.actor_name(request))
    except NotAllowedNow:
        messages.warning(request, _("This decision cannot be taken back any more: the records have changed since."))
    else:
        messages.success(request, _("The decision was taken back."))
    return HttpResponseRedirect(reverse("review", args=[review_id]))
