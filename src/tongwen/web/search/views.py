"""Home and results."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongwen.core.search.port import IndexUnusable
from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue.types import Item
from tongwen.domain.discovery import queries as discovery
from tongwen.domain.discovery.types import Results, Search, SearchProblem
from tongwen.domain.members import queries as members
from tongwen.domain.members.types import Institution
from tongwen.web.search import parameters, presentation
from tongwen.web.shared import errors, own_library
from tongwen.web.shared.components import Empty

EXAMPLES = ("红楼梦", "hong lou meng", "数据库系统概论", "9787020002207", "Война и мир")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the search box. `?library=CODE` is the link for a library's own site: it chooses the library."""
    if "library" in request.GET:
        response = HttpResponseRedirect(request.path)
        own_library.remember(request, response, own_library.find(request.GET["library"]))
        return response
    context = {
        "asked": presentation.asked(parameters.read(request.GET, own_library.of(request))),
        "records": _record_count(),
        "libraries": len(members.institutions()),
        "examples": EXAMPLES,
    }
    return render(request, "search/home.html", context)


def _record_count() -> int | None:
    """Return how many records can be searched, None while there is no index."""
    try:
        return discovery.engine().document_count()
    except IndexUnusable:
        return None


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Answer a question; every state of the page is a link that can be kept."""
    own = own_library.of(request)
    question = parameters.read(request.GET, own)
    try:
        found = discovery.search(question)
    except SearchProblem as problem:
        return _problem(request, question, problem)
    except IndexUnusable:
        return errors.unavailable(request, _("The search index is not there yet or is being repaired."))
    context = {
        "asked": presentation.asked(question),
        "search": question,
        "results": found,
        "tabs": presentation.tabs(found, own),
        "facets": presentation.facets(found),
        "chips": presentation.chips(question),
        "clear_url": parameters.link(question, filters=(), year_from=None, year_to=None),
        "sorts": presentation.sorts(question),
        "sort_kept": _kept(question, "sort"),
        "years_kept": _kept(question, "year_from", "year_to"),
        "pager": presentation.pages(found),
        "cards": presentation.cards(found, own, _own_items(found, own)),
        "notes": presentation.notes(found),
        "correction": presentation.correction(found),
        "empty": _nothing_to_show(found, own),
    }
    return render(request, "search/results.html", context)


def _nothing_to_show(found: Results, own: Institution | None) -> Empty | None:
    if found.hits:
        return None
    return presentation.past_the_end(found) if found.total else presentation.nothing_found(found, own)


def _own_items(found: Results, own: Institution | None) -> dict[int, tuple[Item, ...]]:
    if own is None:
        return {}
    return catalogue.items([hit.bib.id for hit in found.hits if hit.held_here], own.id)


def _kept(question: Search, *changing: str) -> list[tuple[str, str]]:
    """Return what a small form beside the results must send along."""
    return [pair for pair in parameters.pairs(question) if pair[0] not in (*changing, "page")]


def _problem(request: HttpRequest, question: Search, problem: SearchProblem) -> HttpResponse:
    context = {
        "asked": presentation.asked(question),
        "search": question,
        "empty": presentation.problem(problem.code, question),
    }
    return render(request, "search/problem.html", context, status=400)
