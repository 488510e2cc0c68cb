from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from tongwen.domain.members.rules import finding


def fill(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    for row in apps.get_model("members", "Institution").objects.filter(forms=""):
        names = {"name_zh": row.name_zh, "name_zh_hant": row.name_zh_hant, "name_en": row.name_en}
        row.forms = "\n".join(finding.forms(code=row.code, isil=row.isil, **names))
        row.save(update_fields=["forms"])


class Migration(migrations.Migration):
    dependencies = [("members", "0002_registry")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
