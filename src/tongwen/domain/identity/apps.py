from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "tongwen.domain.identity"
    label = "identity"
