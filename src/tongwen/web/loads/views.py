"""Staff pages for loading."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongwen.core import clock
from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue import services
from tongwen.domain.catalogue.types import (
    Batch,
    BatchState,
    NotAllowedNow,
    Outcome,
    Priority,
    UnknownProfile,
    UnreadableFile,
)
from tongwen.domain.identity.types import Permission
from tongwen.standards.marc.types import Severity
from tongwen.web.loads import failures, forms, listing, report, words
from tongwen.web.shared import access, terms
from tongwen.web.shared.components import Column, Option, Tab
from tongwen.web.shared.paging import page_number, pager
from tongwen.web.shared.terms import Word

_PAGE = 50
_STOP_POLLING = 286
"""htmx stops asking again when a poll is answered with this status."""


@require_safe
@access.requires(Permission.LOADS_MANAGE)
def loads(request: HttpRequest) -> HttpResponse:
    """List the loads of the own institution, the newest first: all, or those that are looked for."""
    page = page_number(request.GET.get("page", ""))
    looked_for = listing.read(request.GET)
    batches = catalogue.batches(access.staff_institution(request), page, looked_for)
    address = f"{reverse('loads')}?{listing.written(looked_for)}"
    context = {
        "lines": [(batch, report.shown_counts(batch), report.shown_state(batch)) for batch in batches],
        "columns": _columns(),
        "search": listing.fields(looked_for),
        "is_searched": looked_for != catalogue.BatchSearch(),
        "newer": f"{address}page={page - 1}" if page > 1 else "",
        "older": f"{address}page={page + 1}" if len(batches) == _PAGE else "",
        "any_running": any(batch.state in report.RUNNING for batch in batches),
    }
    template = "loads/list_table.html" if request.headers.get("HX-Request") else "loads/list.html"
    return render(request, template, context)


def _columns() -> list[Column]:
    outcomes = (Outcome.NEW, Outcome.MATCHED, Outcome.UPDATED, Outcome.REVIEW, Outcome.REJECTED)
    return [
        Column(_("File")),
        Column(_("State")),
        Column(_("Read"), numeric=True),
        *(Column(terms.word(terms.OUTCOMES, outcome), numeric=True) for outcome in outcomes),
        Column(_("Records per second"), numeric=True),
        Column(_("Handed in")),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.LOADS_MANAGE)
def new(request: HttpRequest) -> HttpResponseBase:
    """Hand in a file, to be previewed or loaded by a worker."""
    profiles = catalogue.profiles()
    if request.method != "POST":
        return render(request, "loads/new.html", {"fields": forms.fields(None, [], profiles)})
    handed = forms.read(request)
    errors = forms.errors(handed)
    if not errors:
        try:
            return HttpResponseRedirect(reverse("load", args=[_start(request, handed)]))
        except UnreadableFile as unreadable:
            errors = [("file", failures.of_file(unreadable))]
        except UnknownProfile:
            errors = [("profile", _("This profile is no longer there."))]
        except OSError:
            errors = [
                ("file", _("The file could not be kept; the disk of the server may be full. Tell its administrator."))
            ]
    context = {"fields": forms.fields(handed, errors, profiles), "errors": errors}
    return render(request, "loads/new.html", context, status=422)


def _start(request: HttpRequest, handed: forms.HandedIn) -> int:
    if handed.file is None:
        raise Http404
    return services.start_batch(
        institution_id=access.staff_institution(request),
        file=cast("BinaryIO", handed.file),
        file_name=handed.file.name or "",
        format=handed.format,
        charset=handed.charset,
        preview=handed.preview,
        profile=handed.profile,
        actor=access.actor_name(request),
    )


def _context(batch: Batch, current: str) -> dict[str, Any]:
    running = batch.state in report.RUNNING
    return {
        "batch": batch,
        "counts": report.shown_counts(batch),
        "tabs": report.tabs(batch, current),
        "running": running,
        "progress": report.progress(batch, clock.now()) if running else None,
        "tally": report.tally(batch),
        "failure": failures.of_batch(batch) if batch.state is BatchState.FAILED else None,
        "charsets": [words.charset_line(found) for found in batch.evidence.get("charsets", ())],
        "told_format": words.format_line(batch.evidence),
        "may_commit": batch.state is BatchState.PREVIEWED,
        "shown_state": report.shown_state(batch),
        "priorities": _priorities(batch) if batch.state in report.WAITS else [],
        "may_pause": batch.state in report.PAUSABLE,
        "may_cancel": batch.state in report.CANCELLABLE,
        "may_resume": batch.state in report.RESUMABLE and not report.has_failed_revert(batch),
        "failed_revert": report.has_failed_revert(batch),
        "may_revert": batch.state in report.REVERTIBLE and batch.counts.read > 0,
    }


def _priorities(batch: Batch) -> list[Option]:
    offered = [Priority.SOONER, Priority.NORMAL, Priority.LATER]
    if batch.priority is Priority.FIRST:  # Set by the operators: shown, and not offered again once it is changed.
        offered.insert(0, Priority.FIRST)
    return [Option(str(one.value), str(words.PRIORITIES[one]), batch.priority is one) for one in offered]


@require_safe
@access.requires(Permission.LOADS_MANAGE)
def load(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Show one load: its live progress, the preview's result, the report."""
    return render(request, "loads/batch.html", _context(catalogue.batch(batch_id), "overview"))


@require_safe
@access.requires(Permission.LOADS_MANAGE)
def progress(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Answer the live part of a load's page; when the work is done the whole page is fetched anew."""
    batch = catalogue.batch(batch_id)
    if batch.state in report.RUNNING:
        return render(request, "loads/progress.html", _context(batch, "overview"))
    response = HttpResponse(status=_STOP_POLLING)
    response["HX-Refresh"] = "true"
    return response


@require_safe
@access.requires(Permission.LOADS_MANAGE)
def problems(request: HttpRequest, batch_id: int) -> HttpResponse:
    """List what was found in the records: tag, position, byte offset and the reason in words."""
    batch = catalogue.batch(batch_id)
    page = page_number(request.GET.get("page", ""))
    asked = request.GET.get("severity", "")
    severity = Severity(asked) if asked in set(Severity) else None
    found, total = catalogue.problems(batch_id, severity=severity, page=page)
    address = reverse("load-problems", args=[batch_id])
    kept = f"severity={severity.value}&" if severity else ""
    context = _context(batch, "problems") | {
        "problems": [(one, words.problem_sentence(one.code)) for one in found],
        "columns": _problem_columns(),
        "severities": _severities(batch, severity, address),
        "pager": pager(total=total, page=page, size=_PAGE, url=lambda n: f"{address}?{kept}page={n}", reach=total),
    }
    return render(request, "loads/problems.html", context)


def _problem_columns() -> list[Column]:
    return [
        Column(_("Record"), numeric=True),
        Column(_("Record number")),
        Column(_("Gravity")),
        Column(_("Tag")),
        Column(_("What was found")),
        Column(_("Byte in the file"), numeric=True),
        Column(_("Byte in the record"), numeric=True),
    ]


def _severities(batch: Batch, chosen: Severity | None, address: str) -> list[Tab]:
    counts = report.shown_counts(batch)
    numbers = {Severity.ERROR: counts.rejected, Severity.MENDED: counts.mended, Severity.WARNING: counts.warnings}
    return [
        Tab(_("All"), address, current=chosen is None),
        *(
            Tab(terms.word(terms.SEVERITIES, one), f"{address}?severity={one.value}", number, one is chosen)
            for one, number in numbers.items()
        ),
    ]


@require_safe
@access.requires(Permission.LOADS_MANAGE)
def records(request: HttpRequest, batch_id: int, outcome: str) -> HttpResponse:
    """List the records of one outcome with the union records they became part of."""
    if outcome not in report.LISTED:
        raise Http404
    batch = catalogue.batch(batch_id)
    page = page_number(request.GET.get("page", ""))
    found, total = catalogue.batch_bibs(batch_id, Outcome(outcome), page)
    address = reverse("load-records", args=[batch_id, outcome])
    context = _context(batch, outcome) | {
        "records": found,
        "outcome": terms.word(terms.OUTCOMES, outcome),
        "columns": [Column(_("Record"), numeric=True), Column(_("Record number")), Column(_("Union record"))],
        "pager": pager(total=total, page=page, size=_PAGE, url=lambda n: f"{address}?page={n}", reach=total),
    }
    return render(request, "loads/records.html", context)


@require_safe
@access.requires(Permission.LOADS_MANAGE)
def rejected(_request: HttpRequest, batch_id: int) -> StreamingHttpResponse:
    """Hand out the rejected records byte for byte as they stood in the file."""
    response = StreamingHttpResponse(catalogue.rejected_bytes(batch_id), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="rejected-{batch_id}.mrc"'
    return response


def _act(request: HttpRequest, batch_id: int, service: Callable[..., None], done: str) -> HttpResponse:
    try:
        service(batch_id=batch_id, actor=access.actor_name(request))
    except NotAllowedNow:
        messages.warning(request, _("The load is no longer in a state that allows this. Look at where it stands now."))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("load", args=[batch_id]))


def _action(service: Callable[..., None], done: Word) -> Callable[..., HttpResponse]:
    """Return the view of a button that asks nothing more: it calls the service and says what has been done."""

    @require_POST
    @access.requires(Permission.LOADS_MANAGE)
    def act(request: HttpRequest, batch_id: int) -> HttpResponse:
        return _act(request, batch_id, service, str(done))

    return act


commit = _action(services.commit_batch, gettext_lazy("The load has begun."))
cancel = _action(services.cancel_batch, gettext_lazy("The load was stopped. What was loaded until then stays."))
pause = _action(services.pause_batch, gettext_lazy("The load rests. It keeps its place until you go on."))
resume = _action(services.resume_batch, gettext_lazy("The load goes on behind the last record that was loaded."))
revert = _action(services.revert_batch, gettext_lazy("The load is being taken back."))


@require_POST
@access.requires(Permission.LOADS_MANAGE)
def priority(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Say when a load runs among those of the own library that wait."""
    asked = request.POST.get("priority", "")
    allowed = {str(one.value): one for one in (Priority.SOONER, Priority.NORMAL, Priority.LATER)}
    catalogue.batch(batch_id)
    if asked not in allowed:
        return HttpResponseRedirect(reverse("load", args=[batch_id]))
    service = partial(services.prioritise_batch, priority=allowed[asked])
    return _act(request, batch_id, service, _("The order is changed."))
