from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "tongwen.domain.discovery"
    label = "discovery"

    def ready(self) -> None:
        """Have index fields derived from every record that is loaded, and hear of every change."""
        from tongwen.core import derivations, events
        from tongwen.domain.catalogue import types as catalogue
        from tongwen.domain.discovery.rules import derivation
        from tongwen.domain.discovery.services import follower

        derivations.register(catalogue.DISPLAY_VIEW_TOPIC, derivation.NAME, derivation.derived_fields)
        events.subscribe(catalogue.BibsChanged, follower.hand_over)
