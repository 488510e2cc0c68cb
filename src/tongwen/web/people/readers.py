"""Staff pages for a library's readers and the files that bring them in."""

from __future__ import annotations

import datetime as dt
from typing import Any, BinaryIO, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongwen.core import clock
from tongwen.domain.identity import types
from tongwen.domain.identity.queries import readers as queries
from tongwen.domain.identity.services import readers as services
from tongwen.domain.identity.types import ImportState, Missing, Permission
from tongwen.web.people import words
from tongwen.web.shared import access, terms
from tongwen.web.shared.components import Column, FormField, Option, Progress, Tab
from tongwen.web.shared.paging import page_number, pager
from tongwen.web.shared.templatetags import tongwen as filters

_PAGE = 50
_STOP_POLLING = 286
_LONGEST_FILE = 256 << 20
_RUNNING = (ImportState.WAITING, ImportState.TAKING)
_KINDS = ("new", "changed", "missing")


@require_safe
@access.requires(Permission.READERS_IMPORT)
def readers(request: HttpRequest) -> HttpResponse:
    """Find the library's readers, and list the files that brought them in."""
    access.staff_institution(request)
    text, state = request.GET.get("q", "").strip()[:100], request.GET.get("state", "")
    state = state if state in ("valid", "expired") else ""
    page = page_number(request.GET.get("page", ""))
    found, total = queries.find_readers(text, state=state, today=clock.today(), page=page)
    kept = urlencode({"q": text, "state": state})
    context = {
        "readers": [(one, _last_day(one.expires_on), one.holds_on(clock.today())) for one in found],
        "total": total,
        "many": total >= queries.MOST_COUNTED,
        "text": text,
        "states": _states(state),
        "columns": [Column(str(words.COLUMNS[one])) for one in words.COLUMNS if one != "email"],
        "pager": pager(total=total, page=page, size=_PAGE, url=lambda n: f"{reverse('readers')}?{kept}&page={n}"),
        "imports": [(one, terms.word(words.IMPORTS, one.state)) for one in queries.reader_imports()],
    }
    return render(request, "people/readers.html", context)


def _last_day(expires_on: dt.date | None) -> dt.date | None:
    return expires_on - dt.timedelta(days=1) if expires_on else None


def _states(chosen: str) -> list[Option]:
    labels = {"": _("All readers"), "valid": _("valid today"), "expired": _("expired")}
    return [Option(value, label, value == chosen) for value, label in labels.items()]


@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.READERS_IMPORT)
def new(request: HttpRequest) -> HttpResponseBase:
    """Hand in a file of readers; it is checked before anything changes."""
    institution_id, error = access.staff_institution(request), ""
    if request.method == "POST":
        file = request.FILES.get("file")
        error = _too_large(file.size or 0) if file else _("Choose the file of readers.")
        if file is not None and not error:
            try:
                number = services.receive_readers(
                    institution_id=institution_id,
                    file=cast("BinaryIO", file),
                    file_name=file.name or "",
                    actor=access.actor_name(request),
                    now=clock.now(),
                )
                return HttpResponseRedirect(reverse("reader-import", args=[number]))
            except types.UnreadableReaders as unreadable:
                error = terms.word(words.FAULTS, unreadable.fault)
    field = FormField(
        "file",
        _("File of readers"),
        kind="file",
        accept=".csv,.txt,.tsv",
        error=error,
        hint=_(
            "CSV whose first line names the columns, such as 读者证号, 姓名, 类型, 院系, 邮箱, 有效期; "
            "UTF-8 or GB18030."
        ),
    )
    errors = [("file", error)] if error else []
    return render(
        request, "people/import_new.html", {"fields": [field], "errors": errors}, status=422 if error else 200
    )


def _too_large(size: int) -> str:
    limit = min(_LONGEST_FILE, settings.TONGWEN_MAX_UPLOAD)
    if size <= limit:
        return ""
    return _("The file has %(size)s; the limit is %(limit)s.") % {
        "size": filters.size(size),
        "limit": filters.size(limit),
    }


def _context(found: types.ReaderImport) -> dict[str, Any]:
    lines = found.counts.get("lines", 0)
    return {
        "file": found,
        "state": terms.word(words.IMPORTS, found.state),
        "running": found.state in _RUNNING,
        "progress": Progress(
            found.offset,
            found.size if found.state is ImportState.WAITING else -1,
            terms.word(words.IMPORTS, found.state),
            ((_("Lines"), filters.number(lines)),),
        ),
        "charset": {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB18030"}.get(
            str(found.findings.get("charset", "")), ""
        ),
        "ignored": found.findings.get("ignored", []),
        "unreadable": words.unreadable(found.findings) if found.state is ImportState.UNREADABLE else "",
    }


@require_safe
@access.requires(Permission.READERS_IMPORT)
def show(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show a file of readers: its progress, its errors, or what it would do."""
    found = queries.reader_import(import_id)
    page = page_number(request.GET.get("page", ""))
    context = _context(found)
    if found.state is ImportState.FAULTY:
        context |= _faulty(found, page)
    elif found.state is ImportState.CHECKED:
        context |= _checked(request, found, page)
    return render(request, "people/import.html", context)


def _faulty(found: types.ReaderImport, page: int) -> dict[str, Any]:
    address, total = reverse("reader-import", args=[found.id]), min(found.counts["problems"], services.MOST_PROBLEMS)
    return {
        "problems": [(one, *words.problem(one)) for one in queries.problems(found.id, page=page)],
        "columns": [
            Column(_("Line"), numeric=True),
            Column(pgettext("table", "Column")),
            Column(_("What was found")),
            Column(_("In the file")),
        ],
        "pager": pager(total=total, page=page, size=_PAGE, url=lambda n: f"{address}?page={n}", reach=total),
    }


def _checked(request: HttpRequest, found: types.ReaderImport, page: int) -> dict[str, Any]:
    asked = request.GET.get("kind", "")
    kind = asked if asked in _KINDS else next((one for one in _KINDS if found.counts[one]), "new")
    address = f"{reverse('reader-import', args=[found.id])}?kind="
    labels = {
        "new": pgettext("readers", "New"),
        "changed": pgettext("readers", "Changed"),
        "missing": pgettext("readers", "Not in the file"),
    }
    total = found.counts[kind]
    return {
        "kind": kind,
        "tabs": [Tab(label, f"{address}{one}", found.counts[one], one == kind) for one, label in labels.items()],
        "differences": [_row(one) for one in queries.differences(found.id, kind, today=clock.today(), page=page)],
        "columns": [Column(str(word)) for word in words.COLUMNS.values()],
        "pager": pager(total=total, page=page, size=_PAGE, url=lambda n: f"{address}{kind}&page={n}", reach=total),
        "missing_options": FormField(
            "missing",
            _("Readers who are not in the file"),
            kind="radio",
            options=[
                Option(Missing.LEAVE.value, _("Leave them as they are"), chosen=True),
                Option(Missing.EXPIRE.value, _("Let them expire today")),
            ],
        ),
    }


def _row(one: queries.Difference) -> list[tuple[str, str]]:
    """Return the cells of a difference as (what the file says, what stands, where that differs)."""
    cells = [(value, one.before.get(column, "") if one.before else "") for column, value in one.values.items()]
    return [(one.number, ""), *cells]


@require_safe
@access.requires(Permission.READERS_IMPORT)
def progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """Answer the live part of the page; when the work is done the whole page is fetched anew."""
    found = queries.reader_import(import_id)
    if found.state in _RUNNING:
        return render(request, "people/import_progress.html", _context(found))
    response = HttpResponse(status=_STOP_POLLING)
    response["HX-Refresh"] = "true"
    return response


@require_safe
@access.requires(Permission.READERS_IMPORT)
def problems(_request: HttpRequest, import_id: int) -> StreamingHttpResponse:
    """Hand out all errors of a file as a table that no spreadsheet takes for formulas."""
    queries.reader_import(import_id)
    response = StreamingHttpResponse(services.report(import_id, words.problem), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reader-errors-{import_id}.csv"'
    return response


@require_POST
@access.requires(Permission.READERS_IMPORT)
def take(request: HttpRequest, import_id: int) -> HttpResponse:
    """Have a checked file taken over."""
    missing = Missing.EXPIRE if request.POST.get("missing") == Missing.EXPIRE else Missing.LEAVE
    try:
        services.take_over_readers(
            import_id=import_id, missing=missing, actor=access.actor_name(request), now=clock.now()
        )
    except types.NotImportable:
        messages.warning(request, _("This file is no longer in a state that allows this."))
    return HttpResponseRedirect(reverse("reader-import", args=[import_id]))


@require_POST
@access.requires(Permission.READERS_IMPORT)
def cancel(request: HttpRequest, import_id: int) -> HttpResponse:
    """Leave a checked file aside."""
    try:
        services.cancel_readers(import_id=import_id, actor=access.actor_name(request), now=clock.now())
        messages.success(request, _("The file was left aside. Nothing has been changed."))
    except types.NotImportable:
        messages.warning(request, _("This file is no longer in a state that allows this."))
    return HttpResponseRedirect(reverse("readers"))
