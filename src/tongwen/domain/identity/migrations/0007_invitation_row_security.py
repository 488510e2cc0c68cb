"""Invitations are guarded by the database too."""

from django.db import migrations

from tongwen.core.postgres import row_security


class Migration(migrations.Migration):
    dependencies = [("identity", "0006_clients_and_visits")]

    operations = [row_security.OwnRows("invitation")]
