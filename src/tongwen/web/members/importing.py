"""Importing and exporting the register of members as CSV."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongwen.core import clock
from tongwen.domain.identity.types import Permission
from tongwen.domain.members import queries as members
from tongwen.domain.members import services, types
from tongwen.web.members import scope, words
from tongwen.web.shared import access
from tongwen.web.shared.components import FormField, Option

_LARGEST = 5 << 20
_SHOWN = 500


@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.MEMBERS_MANAGE)
def import_members(request: HttpRequest) -> HttpResponse:
    """Try a file of members, or import it; the report says row by row what is new, changed or wrong."""
    if request.method != "POST":
        return _page(request, None, [], imported=False)
    file = request.FILES.get("file")
    if file is None or not file.size:
        return _page(request, None, [("file", words.sentence(types.Problem("file", "no_file")))], imported=False)
    if file.size > _LARGEST:
        problem = types.Problem("file", "file_too_large", str(_LARGEST >> 20))
        return _page(request, None, [("file", words.sentence(problem))], imported=False)
    own = scope.domain(request)
    code = own.code if own else ""
    if request.POST.get("mode") != "import":
        return _page(request, services.preview_import(content=file.read(), domain=code), [], imported=False)
    report = services.import_members(
        content=file.read(), domain=code, actor=access.actor_name(request), now=clock.now()
    )
    return _page(request, report, [], imported=not report.problems)


def _page(
    request: HttpRequest, report: types.ImportReport | None, errors: list[tuple[str, str]], *, imported: bool
) -> HttpResponse:
    mode = request.POST.get("mode", "try")
    changed = [one for one in report.rows if one.outcome != "unchanged"] if report else []
    context = {
        "errors": errors,
        "report": report,
        "imported": imported,
        "counts": [(words.OUTCOMES[one], report.count(one)) for one in words.OUTCOMES] if report else [],
        "rows": [(one, words.OUTCOMES[one.outcome]) for one in changed[:_SHOWN]],
        "more": max(0, len(changed) - _SHOWN),
        "problems": [(one, words.sentence(one)) for one in report.problems] if report else [],
        "field": FormField(
            "file",
            _("CSV file"),
            hint=_("UTF-8 or GB18030; the first line names the columns."),
            error=dict(errors).get("file", ""),
            kind="file",
            accept=".csv,.txt",
        ),
        "mode": FormField(
            "mode",
            _("What shall happen?"),
            kind="radio",
            options=[
                Option("try", _("Try it: show what would change, change nothing"), mode != "import"),
                Option("import", _("Import it, if every line is right"), mode == "import"),
            ],
        ),
    }
    wrong = bool(errors or (report and report.problems))
    return render(request, "members/import.html", context, status=422 if wrong else 200)


@require_safe
@access.requires(Permission.MEMBERS_MANAGE)
def export_members(request: HttpRequest) -> HttpResponse:
    """Hand out the register as CSV, as the import reads it."""
    response = HttpResponse(members.export_members(scope.within(request)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="members.csv"'
    return response
