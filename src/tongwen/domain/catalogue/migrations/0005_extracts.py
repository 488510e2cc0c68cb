"""What was worked out of the records of bibs that several libraries hold (rules/extracts, ADR 0010).

A table without a log: it is written for speed, and empty after a crash is as good as full.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_decisions_of_a_bib")]

    operations = [
        migrations.RunSQL(
            sql="""
            CREATE UNLOGGED TABLE bib_extract (
                bib_id bigint PRIMARY KEY,
                version integer NOT NULL,
                stamp bigint NOT NULL,
                content bigint NOT NULL,
                packed bytea NOT NULL
            );
            ALTER TABLE bib_extract ALTER COLUMN packed SET STORAGE EXTERNAL;
            """,
            reverse_sql="DROP TABLE bib_extract",
        ),
    ]
