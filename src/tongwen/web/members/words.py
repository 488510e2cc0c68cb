"""The words of membership: what is wrong with something entered, and the names of kinds, states and services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongwen.domain.members import types

Word = str | Promise

PROBLEMS: Mapping[str, Word] = {
    "missing": gettext_lazy("Fill this in."),
    "too_long": gettext_lazy("This is too long; at most %(detail)s characters fit."),
    "bad_characters": gettext_lazy("There are invisible control characters in it. Type it anew instead of pasting it."),
    "bad_code": gettext_lazy("Use letters, digits and hyphens only, at most 20: %(detail)s"),
    "code_taken": gettext_lazy("This code belongs to %(detail)s already."),
    "bad_isil": gettext_lazy("This is no ISIL; one looks like CN-110108-1-NLC: %(detail)s"),
    "isil_taken": gettext_lazy("This ISIL belongs to %(detail)s already."),
    "bad_url": gettext_lazy("This is no web address; one looks like https://lib.example.edu.cn: %(detail)s"),
    "bad_mail": gettext_lazy("This is no mail address; one looks like library@example.edu.cn: %(detail)s"),
    "bad_phone": gettext_lazy("This is no telephone number; one looks like 010-0000 0000: %(detail)s"),
    "bad_host": gettext_lazy("This is no host name; one looks like lib.example.edu.cn, without https:// and port."),
    "host_taken": gettext_lazy("%(detail)s is in use already, for another portal or for the installation itself."),
    "bad_colour": gettext_lazy("This is no colour; one looks like #14566b: %(detail)s"),
    "low_contrast": gettext_lazy(
        "White letters on this colour cannot be read well: the contrast is %(detail)s to 1 and must be 4.5 to 1. "
        "Choose a darker one."
    ),
    "bad_picture": gettext_lazy("This file is no PNG, JPEG or WebP picture. SVG is not taken: it may carry scripts."),
    "picture_too_large": gettext_lazy("The picture is too large; at most %(detail)s kB are taken."),
    "picture_size": gettext_lazy("Its sides must be 16 to 2,000 pixels long; this one has %(detail)s."),
    "bad_range": gettext_lazy(
        "This is no address range; one looks like 192.0.2.0/24 or 192.0.2.1-192.0.2.99: %(detail)s"
    ),
    "private_range": gettext_lazy(
        "Nobody comes from the internet with such an address; enter the public addresses of your library: %(detail)s"
    ),
    "wide_range": gettext_lazy("No library has so many addresses; divide the range or check its ending: %(detail)s"),
    "too_many_ranges": gettext_lazy("More than %(detail)s ranges are entered. Put neighbouring ones together."),
    "range_taken": gettext_lazy("Another library has exactly this range: %(detail)s. One of the two is wrong; ask it."),
    "range_overlap": gettext_lazy(
        "This range shares addresses with another library: %(detail)s. Correct it, or ask your centre to enter it."
    ),
    "date_order": gettext_lazy("The end lies before the beginning."),
    "bad_date": gettext_lazy("Enter a date as 2026-02-15."),
    "too_long_a_time": gettext_lazy("This is longer than a year. Enter each year by itself."),
    "same_days": gettext_lazy("These days are entered already. Remove that entry first."),
    "no_weekday": gettext_lazy("Choose at least one weekday."),
    "unknown_kind": gettext_lazy("Choose one of the kinds."),
    "unknown_type": gettext_lazy("This is none of the types of libraries: %(detail)s"),
    "unknown_tier": gettext_lazy("This is none of the tiers: %(detail)s"),
    "unknown_status": gettext_lazy("This is none of the states of members: %(detail)s"),
    "unknown_service": gettext_lazy("There is no such service: %(detail)s"),
    "unknown_city": gettext_lazy("No city, or more than one, has this name or code: %(detail)s"),
    "unknown_province": gettext_lazy("No province has this name or code: %(detail)s"),
    "city_not_in_province": gettext_lazy("This city does not lie in the province: %(detail)s"),
    "no_province": gettext_lazy("Choose the province that the domain serves."),
    "province_taken": gettext_lazy("This province has its sharing domain already: %(detail)s"),
    "unknown_institution": gettext_lazy("No library has the code %(detail)s."),
    "unknown_domain": gettext_lazy("There is no sharing domain with the code %(detail)s."),
    "unknown_subscription": gettext_lazy("This subscription is not there any more."),
    "subscribed_already": gettext_lazy("The library has this service then already, from %(detail)s on."),
    "not_yours": gettext_lazy("This is not for your domain to change: %(detail)s"),
    "member_already": gettext_lazy("%(detail)s is a member already. Ask the library's administrator to invite you."),
    "applied_already": gettext_lazy(
        "This library has applied already, under the number %(detail)s. Use the link that was given then."
    ),
    "in_another_row": gettext_lazy("The same stands in another line already: %(detail)s"),
    "no_rows": gettext_lazy("There are no lines below the heads of the columns."),
    "no_file": gettext_lazy("Choose the file."),
    "file_too_large": gettext_lazy("The file is too large; at most %(detail)s MB are taken."),
    "too_many_rows": gettext_lazy("The file has too many lines; at most %(detail)s are taken."),
    "too_many_cells": gettext_lazy("The line has more cells (%(detail)s) than there are heads of columns."),
    "bad_encoding": gettext_lazy("The characters of the file can be read neither as UTF-8 nor as GB18030."),
    "no_text": gettext_lazy("This is no text file. In the spreadsheet, save it as CSV UTF-8."),
    "no_csv": gettext_lazy("The file cannot be divided into cells; a quotation mark may be missing (%(detail)s)."),
    "unknown_column": gettext_lazy("There is no such column: %(detail)s"),
    "missing_column": gettext_lazy("The column %(detail)s is missing."),
    "column_twice": gettext_lazy("The column %(detail)s stands there twice."),
}

INSTITUTION_TYPES: Mapping[str, Word] = {
    types.InstitutionType.UNIVERSITY: gettext_lazy("University"),
    types.InstitutionType.COLLEGE: gettext_lazy("College"),
    types.InstitutionType.VOCATIONAL: gettext_lazy("Vocational college"),
    types.InstitutionType.PUBLIC: gettext_lazy("Public library"),
    types.InstitutionType.SPECIAL: gettext_lazy("Special library"),
    types.InstitutionType.RESEARCH: gettext_lazy("Research institute"),
    types.InstitutionType.SCHOOL: gettext_lazy("School"),
}
MEMBER_TIERS: Mapping[str, Word] = {
    types.MemberTier.NATIONAL_CENTRE: gettext_lazy("National centre"),
    types.MemberTier.REGIONAL_CENTRE: gettext_lazy("Regional centre"),
    types.MemberTier.PROVINCIAL_CENTRE: gettext_lazy("Provincial centre"),
    types.MemberTier.MEMBER: pgettext_lazy("tier", "Member"),
}
STATUSES: Mapping[str, Word] = {
    types.InstitutionStatus.ACTIVE: pgettext_lazy("member", "Active"),
    types.InstitutionStatus.SUSPENDED: pgettext_lazy("member", "Suspended"),
    types.InstitutionStatus.CLOSED: pgettext_lazy("member", "Closed"),
}
STATUS_TONES: Mapping[str, str] = {"active": "good", "suspended": "ask", "closed": "quiet"}
DOMAIN_KINDS: Mapping[str, Word] = {
    types.SharingDomainKind.PROVINCE: pgettext_lazy("domain", "Province"),
    types.SharingDomainKind.CITY: pgettext_lazy("domain", "City"),
    types.SharingDomainKind.PARK: gettext_lazy("University park"),
    types.SharingDomainKind.OPEN_UNIVERSITY: gettext_lazy("Open university"),
    types.SharingDomainKind.ALLIANCE: gettext_lazy("Alliance"),
}
SERVICES: Mapping[str, Word] = {
    types.Service.CATALOGUE: gettext_lazy("Union catalogue"),
    types.Service.CATALOGUING: gettext_lazy("Cataloguing centre"),
    types.Service.DISCOVERY: gettext_lazy("Discovery"),
    types.Service.ILL: gettext_lazy("Interlibrary loan and document delivery"),
    types.Service.LINK_RESOLVER: gettext_lazy("Link resolving"),
    types.Service.KNOWLEDGE_BASE: gettext_lazy("Librarians' column"),
    types.Service.JOURNALS: gettext_lazy("Foreign journals"),
    types.Service.FULL_TEXT: gettext_lazy("Shared full text"),
    types.Service.ORDERING: gettext_lazy("Joint ordering"),
    types.Service.THESES: gettext_lazy("Theses"),
    types.Service.REPOSITORY: gettext_lazy("Institutional repositories"),
    types.Service.SPECIAL_COLLECTIONS: gettext_lazy("Special collections"),
    types.Service.RARE_BOOKS: pgettext_lazy("service", "Rare books"),
    types.Service.RESERVES: gettext_lazy("Course reserves"),
    types.Service.REFERENCE: pgettext_lazy("service", "Reference"),
    types.Service.EXCHANGE: gettext_lazy("Data exchange"),
    types.Service.DRIVE: gettext_lazy("Drive"),
    types.Service.TRAINING: gettext_lazy("Training"),
}
CALENDAR_KINDS: Mapping[str, Word] = {
    types.CalendarKind.VACATION: pgettext_lazy("calendar", "Vacation"),
    types.CalendarKind.CLOSED: pgettext_lazy("calendar", "Closed"),
    types.CalendarKind.OPEN: pgettext_lazy("calendar", "Open although it is a weekend or vacation"),
    types.CalendarKind.SPECIAL_HOURS: pgettext_lazy("calendar", "Open with special hours"),
}
WEEKDAYS: Mapping[str, Word] = {
    "1": gettext_lazy("Monday"),
    "2": gettext_lazy("Tuesday"),
    "3": gettext_lazy("Wednesday"),
    "4": gettext_lazy("Thursday"),
    "5": gettext_lazy("Friday"),
    "6": gettext_lazy("Saturday"),
    "7": gettext_lazy("Sunday"),
}
APPLICATION_STATES: Mapping[str, Word] = {
    types.ApplicationState.SUBMITTED: pgettext_lazy("application", "Received"),
    types.ApplicationState.ASKED_BACK: pgettext_lazy("application", "Question asked"),
    types.ApplicationState.ANSWERED: pgettext_lazy("application", "Answered"),
    types.ApplicationState.APPROVED: pgettext_lazy("application", "Approved"),
    types.ApplicationState.REFUSED: pgettext_lazy("application", "Refused"),
    types.ApplicationState.WITHDRAWN: pgettext_lazy("application", "Withdrawn"),
}
APPLICATION_TONES: Mapping[str, str] = {
    types.ApplicationState.SUBMITTED: "busy",
    types.ApplicationState.ASKED_BACK: "ask",
    types.ApplicationState.ANSWERED: "busy",
    types.ApplicationState.APPROVED: "good",
    types.ApplicationState.REFUSED: "bad",
    types.ApplicationState.WITHDRAWN: "quiet",
}
STEPS: Mapping[str, Word] = {
    types.ApplicationStep.SUBMIT: gettext_lazy("Application sent in"),
    types.ApplicationStep.ASK_BACK: gettext_lazy("The centre asks"),
    types.ApplicationStep.ANSWER: gettext_lazy("The library answers"),
    types.ApplicationStep.APPROVE: gettext_lazy("Approved"),
    types.ApplicationStep.REFUSE: gettext_lazy("Refused"),
    types.ApplicationStep.WITHDRAW: gettext_lazy("Withdrawn by the library"),
}
OUTCOMES: Mapping[str, Word] = {
    "new": pgettext_lazy("import", "New"),
    "changed": pgettext_lazy("import", "Changed"),
    "unchanged": pgettext_lazy("import", "Unchanged"),
}


def sentence(problem: types.Problem) -> str:
    """Return what is wrong, in words."""
    said = str(PROBLEMS.get(problem.code, problem.detail))
    return said % {"detail": problem.detail} if "%(detail)s" in said else said


def errors(wrong: types.BadFacts) -> list[tuple[str, str]]:
    """Return what is wrong as (field, sentence), for the summary of errors."""
    return [(one.field, sentence(one)) for one in wrong.problems]


def by_field(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the sentences of each field, one after the other."""
    whole: dict[str, str] = {}
    for field, said in found:
        whole[field] = f"{whole[field]} {said}" if field in whole else said
    return whole


def outcome(found: types.ServiceOutcome, language: str) -> str:
    """Say whether a service is open to a member, and why."""
    day = found.on.isoformat() if found.on else ""
    domains = "、".join(one.name(language) for one in found.switched_off_by)
    said = {
        types.ServiceReason.OPEN: _("Open until %(day)s") if day else _("Open"),
        types.ServiceReason.NOT_SUBSCRIBED: _("Not subscribed"),
        types.ServiceReason.NOT_BEGUN: _("Begins on %(day)s"),
        types.ServiceReason.ENDED: _("Ended on %(day)s"),
        types.ServiceReason.SWITCHED_OFF: _("Switched off by %(domains)s"),
        types.ServiceReason.SUSPENDED: _("The library does not take part at present"),
    }[found.reason]
    return said % {"day": day, "domains": domains}
