from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_extracts")]

    operations = [
        migrations.AddField(
            model_name="loadprofile",
            name="deletions",
            field=models.CharField(db_default="obey", default="obey", max_length=8),
        ),
    ]
