"""Addresses of merging, un-merging and restoring."""

from __future__ import annotations

from django.urls import path

from tongwen.web.bib import history
from tongwen.web.merges import views

urlpatterns = [
    path("staff/bib/<int:bib_id>/merges", views.merges, name="bib-merges"),
    path("staff/bib/<int:bib_id>/merge", views.preview, name="merge-preview"),
    path("staff/bib/<int:bib_id>/merge/<int:other_id>", views.merge, name="merge"),
    path("staff/bib/<int:bib_id>/restore", history.restore, name="record-restore"),
    path("staff/merges/<int:merge_id>/undo", views.unmerge, name="merge-undo"),
]
