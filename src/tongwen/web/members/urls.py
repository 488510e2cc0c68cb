"""Addresses of membership."""

from __future__ import annotations

from django.urls import path

from tongwen.web.members import domains, importing, own, portals, public, queue, registry

urlpatterns = [
    path("library/find", public.find_library, name="find-library"),
    path("library/suggestions", public.suggestions, name="library-suggestions"),
    path("apply", public.apply, name="apply"),
    path("apply/<str:secret>", public.status, name="application-status"),
    path("apply/<str:secret>/answer", public.answer, name="application-answer"),
    path("apply/<str:secret>/withdraw", public.withdraw, name="application-withdraw"),
    path("portal/<str:code>/logo", portals.logo, name="portal-logo"),
    path("portal/<str:whose>/<str:code>/style.css", portals.style_sheet, name="portal-style"),
    path("staff/applications", queue.applications, name="applications"),
    path("staff/applications/<int:application_id>", queue.application, name="application"),
    path("staff/applications/<int:application_id>/ask", queue.ask, name="application-ask"),
    path("staff/applications/<int:application_id>/refuse", queue.refuse, name="application-refuse"),
    path("staff/applications/<int:application_id>/approve", queue.approve, name="application-approve"),
    path("staff/members", registry.list_members, name="members"),
    path("staff/members/new", registry.new, name="new-member"),
    path("staff/members/import", importing.import_members, name="members-import"),
    path("staff/members/export", importing.export_members, name="members-export"),
    path("staff/members/<int:institution_id>", registry.member, name="member"),
    path("staff/members/<int:institution_id>/status", registry.status, name="member-status"),
    path("staff/members/<int:institution_id>/addresses", registry.addresses, name="member-addresses"),
    path("staff/members/<int:institution_id>/subscribe", registry.subscribe, name="member-subscribe"),
    path(
        "staff/members/<int:institution_id>/subscriptions/<int:subscription_id>/end",
        registry.end_subscription,
        name="member-subscription-end",
    ),
    path("staff/library", own.library, name="library"),
    path("staff/library/logo", own.logo, name="library-logo"),
    path("staff/library/calendar", own.calendar, name="library-calendar"),
    path("staff/library/calendar/<int:entry_id>/remove", own.remove_entry, name="library-calendar-remove"),
    path("staff/library/addresses", own.addresses, name="library-addresses"),
    path("staff/domains", domains.domains, name="domains"),
    path("staff/domains/new", domains.new, name="new-domain"),
    path("staff/domains/<int:domain_id>", domains.domain, name="domain"),
    path("staff/domains/<int:domain_id>/join", domains.join, name="domain-join"),
    path("staff/domains/<int:domain_id>/leave/<int:institution_id>", domains.leave, name="domain-leave"),
]
