from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0002_affiliations_and_sources"),
    ]

    operations = [
        migrations.RemoveField(model_name="person", name="institution"),
        migrations.RemoveField(model_name="person", name="is_operator"),
    ]
