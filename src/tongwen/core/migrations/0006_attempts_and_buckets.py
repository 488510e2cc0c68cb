from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0005_mail_row_security")]

    operations = [
        migrations.CreateModel(
            name="FailedAttempts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("digest", models.CharField(max_length=64)),
                ("institution_id", models.IntegerField(null=True)),
                ("shown", models.CharField(max_length=10)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("last_at", models.DateTimeField(db_index=True)),
                ("locked_until", models.DateTimeField(null=True)),
            ],
            options={"db_table": "failed_attempts"},
        ),
        migrations.CreateModel(
            name="LimitBucket",
            fields=[
                ("key", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("tokens", models.FloatField()),
                ("filled_at", models.DateTimeField()),
            ],
            options={"db_table": "limit_bucket"},
        ),
        # Buckets are written with every search and are worth nothing after a crash: no write-ahead log.
        migrations.RunSQL("ALTER TABLE limit_bucket SET UNLOGGED", "ALTER TABLE limit_bucket SET LOGGED"),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["institution_id", "-id"], name="audit_of_institution"),
        ),
        migrations.AddConstraint(
            model_name="failedattempts",
            constraint=models.UniqueConstraint(fields=("kind", "digest"), name="failed_attempts_once"),
        ),
    ]
