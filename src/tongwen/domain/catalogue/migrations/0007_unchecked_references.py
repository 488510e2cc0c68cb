import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A load writes these references itself, a million at a time; checking them was a fifth of the database's work."""

    dependencies = [("catalogue", "0006_deletions"), ("members", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="batchentry",
            name="batch",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                to="catalogue.batch",
            ),
        ),
        migrations.AlterField(
            model_name="bibversion",
            name="bib",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="catalogue.bib",
            ),
        ),
        migrations.AlterField(
            model_name="holding",
            name="home_bib",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.bib",
            ),
        ),
        migrations.AlterField(
            model_name="holding",
            name="institution",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="members.institution",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE bib_version ALTER record SET STORAGE EXTERNAL;"
            "ALTER TABLE holding ALTER record SET STORAGE EXTERNAL",
            "ALTER TABLE bib_version ALTER record SET STORAGE EXTENDED;"
            "ALTER TABLE holding ALTER record SET STORAGE EXTENDED",
        ),
    ]
