"""The one Django app of the protocol endpoints."""

from django.apps import AppConfig


class ServersConfig(AppConfig):
    name = "tongwen.servers"
    label = "servers"
