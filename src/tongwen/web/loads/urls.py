"""Addresses of the loads."""

from __future__ import annotations

from django.urls import path

from tongwen.web.loads import views

urlpatterns = [
    path("staff/loads", views.loads, name="loads"),
    path("staff/loads/new", views.new, name="new-load"),
    path("staff/loads/<int:batch_id>", views.load, name="load"),
    path("staff/loads/<int:batch_id>/progress", views.progress, name="load-progress"),
    path("staff/loads/<int:batch_id>/problems", views.problems, name="load-problems"),
    path("staff/loads/<int:batch_id>/records/<slug:outcome>", views.records, name="load-records"),
    path("staff/loads/<int:batch_id>/rejected", views.rejected, name="load-rejected"),
    path("staff/loads/<int:batch_id>/commit", views.commit, name="load-commit"),
    path("staff/loads/<int:batch_id>/cancel", views.cancel, name="load-cancel"),
    path("staff/loads/<int:batch_id>/resume", views.resume, name="load-resume"),
    path("staff/loads/<int:batch_id>/revert", views.revert, name="load-revert"),
]
