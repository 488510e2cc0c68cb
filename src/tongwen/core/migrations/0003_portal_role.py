"""The role under which requests are answered, and row-level security for the audit trail."""

from django.db import migrations

from tongwen.core.postgres import portal_role, row_security


class Migration(migrations.Migration):
    dependencies = [("core", "0002_audit_is_append_only")]

    operations = [
        migrations.RunPython(lambda _apps, _editor: portal_role.ensure(), migrations.RunPython.noop, elidable=False),
        row_security.OwnRows("audit_entry"),
    ]
