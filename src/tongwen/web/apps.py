"""The one Django app of the pages; its areas are packages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tongwen.web"
    label = "web"
