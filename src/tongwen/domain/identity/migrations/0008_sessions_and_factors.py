import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tongwen.core.postgres import row_security


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0007_invitation_row_security"),
        ("members", "0003_forms_of_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="Safety",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("first_asked_at", models.DateTimeField(null=True)),
                ("put_off_at", models.DateTimeField(null=True)),
                ("password_changed_at", models.DateTimeField(null=True)),
                ("former_passwords", models.JSONField(default=list)),
            ],
            options={
                "db_table": "person_safety",
            },
        ),
        migrations.CreateModel(
            name="Authenticator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=64)),
                ("confirmed", models.BooleanField(default=False)),
                ("sealed_key", models.TextField()),
                ("drift", models.SmallIntegerField(default=0)),
                ("last_step", models.BigIntegerField(default=-1)),
                ("made_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "authenticator",
            },
        ),
        migrations.CreateModel(
            name="InstitutionPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "second_factor",
                    models.CharField(
                        choices=[("off", "off"), ("asked", "asked"), ("required", "required")], max_length=10
                    ),
                ),
                (
                    "institution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.institution"
                    ),
                ),
            ],
            options={
                "db_table": "institution_policy",
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "recovery_code",
                "constraints": [models.UniqueConstraint(fields=("person", "digest"), name="recovery_code_once")],
            },
        ),
        migrations.CreateModel(
            name="SessionRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("session_key", models.CharField(blank=True, max_length=40)),
                ("method", models.CharField(max_length=20)),
                ("device", models.CharField(max_length=60)),
                ("network", models.CharField(max_length=50)),
                ("near_id", models.IntegerField(null=True)),
                ("begun_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_why", models.CharField(blank=True, max_length=20)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "session_record",
                "indexes": [models.Index(fields=["person", "ended_at"], name="session_of_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("session_key", ""), _negated=True),
                        fields=("session_key",),
                        name="session_key_once",
                    )
                ],
            },
        ),
        row_security.OwnRows("institution_policy"),
    ]
