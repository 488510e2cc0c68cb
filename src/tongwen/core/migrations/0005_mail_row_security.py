"""Notices are guarded by the database too."""

from django.db import migrations

from tongwen.core.postgres import row_security


class Migration(migrations.Migration):
    dependencies = [("core", "0004_mail")]

    operations = [row_security.OwnRows("mail")]
