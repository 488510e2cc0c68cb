from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "tongwen.domain.catalogue"
    label = "catalogue"
