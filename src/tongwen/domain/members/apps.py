from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "tongwen.domain.members"
    label = "members"
