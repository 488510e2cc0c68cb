"""Addresses of people: staff, invitations, readers."""

from __future__ import annotations

from django.urls import path

from tongwen.web.people import answering, inviting, readers, views

urlpatterns = [
    path("invitation/<str:token>", answering.invitation, name="invitation"),
    path("activation", answering.ask_activation, name="ask-activation"),
    path("activation/<str:token>", answering.activation, name="activation"),
    path("staff/people", views.people, name="people"),
    path("staff/people/invite", inviting.invite, name="invite"),
    path("staff/people/invitations", inviting.invitations, name="invitations"),
    path("staff/people/invitations/<int:invitation_id>/resend", inviting.resend, name="invitation-resend"),
    path("staff/people/invitations/<int:invitation_id>/revoke", inviting.revoke, name="invitation-revoke"),
    path("staff/people/<int:person_id>", views.person, name="person"),
    path("staff/people/<int:person_id>/give", views.give, name="person-give"),
    path("staff/people/<int:person_id>/end/<int:affiliation_id>", views.end, name="person-end"),
    path("staff/people/<int:person_id>/close", views.close, name="person-close"),
    path("staff/people/<int:person_id>/open", views.reopen, name="person-open"),
    path("staff/people/<int:person_id>/password", views.password, name="person-password"),
    path("staff/readers", readers.readers, name="readers"),
    path("staff/readers/import", readers.new, name="reader-import-new"),
    path("staff/readers/imports/<int:import_id>", readers.show, name="reader-import"),
    path("staff/readers/imports/<int:import_id>/progress", readers.progress, name="reader-import-progress"),
    path("staff/readers/imports/<int:import_id>/problems", readers.problems, name="reader-import-problems"),
    path("staff/readers/imports/<int:import_id>/take", readers.take, name="reader-import-take"),
    path("staff/readers/imports/<int:import_id>/cancel", readers.cancel, name="reader-import-cancel"),
]
