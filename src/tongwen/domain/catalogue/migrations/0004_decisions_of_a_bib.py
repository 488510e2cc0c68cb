from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_operations")]

    operations = [
        migrations.AddIndex(
            model_name="matchdecision",
            index=models.Index(fields=["bib_id"], name="match_decision_bib"),
        ),
        migrations.AddIndex(
            model_name="matchdecision",
            index=models.Index(
                condition=models.Q(("candidate_id", models.F("bib_id")), _negated=True),
                fields=["candidate_id"],
                name="match_decision_candidate",
            ),
        ),
    ]
