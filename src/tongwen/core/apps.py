from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "tongwen.core"
    label = "core"

    def ready(self) -> None:
        """Write JSON columns with orjson: loading writes some for every record. Let workers know the mail's job."""
        import orjson
        from psycopg.types import json

        from tongwen.core import mail  # noqa: F401  It declares a job.

        json.set_json_dumps(orjson.dumps)
