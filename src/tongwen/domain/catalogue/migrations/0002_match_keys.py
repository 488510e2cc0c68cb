"""The blocking keys: a table without a row identity, read through one covering index.

Statistics are kept by the autovacuum as for any table; the planner is told per session to use the index
(services/storing), since a load grows the table faster than its statistics.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
            CREATE TABLE match_key (
                key bigint NOT NULL,
                kind smallint NOT NULL,
                bib_id bigint NOT NULL
            );
            CREATE INDEX match_key_key ON match_key (key) INCLUDE (kind, bib_id);
            """,
            reverse_sql="DROP TABLE match_key",
        ),
        migrations.RunSQL(
            # Compressed records do not compress again; inline storage saves the detour over TOAST.
            sql="""
            ALTER TABLE bib_version ALTER COLUMN record SET STORAGE EXTERNAL;
            ALTER TABLE holding ALTER COLUMN record SET STORAGE EXTERNAL;
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
