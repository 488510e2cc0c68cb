"""Where people belong, and how their libraries recognise them, is guarded by the database too."""

from django.db import migrations

from tongwen.core.postgres import row_security


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_places_are_affiliations"), ("core", "0003_portal_role")]

    operations = [
        row_security.OwnRows("affiliation"),
        row_security.OwnRows("identity_source"),
        row_security.OwnRows("identity_link"),
    ]
