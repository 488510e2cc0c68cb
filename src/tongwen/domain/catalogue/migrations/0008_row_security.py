"""What belongs to a library, and what belongs to its batches, is guarded by the database too."""

from django.db import migrations

from tongwen.core.postgres import row_security


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0007_unchecked_references"), ("core", "0003_portal_role")]

    operations = [
        row_security.OwnRows("batch"),
        row_security.OwnRows("load_profile"),
        row_security.OwnRows("picked_up"),
        row_security.OwnRows("review"),
        row_security.OwnRowsReadByAll("holding"),
        row_security.OwnRowsThrough("batch_entry", "batch_id", "batch"),
        row_security.OwnRowsThrough("batch_problem", "batch_id", "batch"),
        row_security.OwnRowsThrough("batch_overlay", "batch_id", "batch"),
    ]
