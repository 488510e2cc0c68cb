"""Addresses of the loads."""

from __future__ import annotations

from django.urls import path

from tongwen.web.loads import profile_views, views

urlpatterns = [
    path("staff/loads", views.loads, name="loads"),
    path("staff/loads/new", views.new, name="new-load"),
    path("staff/loads/<int:batch_id>", views.load, name="load"),
    path("staff/loads/<int:batch_id>/progress", views.progress, name="load-progress"),
    path("staff/loads/<int:batch_id>/problems", views.problems, name="load-problems"),
    path("staff/loads/<int:batch_id>/records/<slug:outcome>", views.records, name="load-records"),
    path("staff/loads/<int:batch_id>/rejected", views.rejected, name="load-rejected"),
    path("staff/loads/<int:batch_id>/commit", views.commit, name="load-commit"),
    path("staff/loads/<int:batch_id>/pause", views.pause, name="load-pause"),
    path("staff/loads/<int:batch_id>/priority", views.priority, name="load-priority"),
    path("staff/loads/<int:batch_id>/cancel", views.cancel, name="load-cancel"),
    path("staff/loads/<int:batch_id>/resume", views.resume, name="load-resume"),
    path("staff/loads/<int:batch_id>/revert", views.revert, name="load-revert"),
    path("staff/loads/profiles", profile_views.profiles, name="profiles"),
    path("staff/loads/profiles/new", profile_views.new, name="new-profile"),
    path("staff/loads/profiles/<int:profile_id>", profile_views.profile, name="profile"),
    path("staff/loads/profiles/<int:profile_id>/trial", profile_views.trial, name="profile-trial"),
    path("staff/loads/profiles/<int:profile_id>/remove", profile_views.remove, name="profile-remove"),
]
