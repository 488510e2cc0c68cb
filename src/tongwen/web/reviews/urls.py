"""Addresses of the reviews."""

from __future__ import annotations

from django.urls import path

from tongwen.web.reviews import views

urlpatterns = [
    path("staff/reviews", views.reviews, name="reviews"),
    path("staff/reviews/<int:review_id>", views.review, name="review"),
    path("staff/reviews/<int:review_id>/decide", views.decide, name="review-decide"),
    path("staff/reviews/<int:review_id>/undo", views.undo, name="review-undo"),
]
