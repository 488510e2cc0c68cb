from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "tongwen.core"
    label = "core"

    def ready(self) -> None:
        """Write JSON columns with orjson: loading writes some for every record."""
        import orjson
        from psycopg.types import json

        json.set_json_dumps(orjson.dumps)
