"""The blocking keys and the links between bibs: tables without a row identity, read through covering indexes.

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
            # What a bib is and points to (rules/links): one row a link, most bibs have none.
            sql="""
            CREATE TABLE bib_link (
                bib_id bigint NOT NULL,
                role smallint NOT NULL,
                key bigint NOT NULL
            );
            CREATE INDEX bib_link_key ON bib_link (key) INCLUDE (role, bib_id);
            CREATE INDEX bib_link_bib ON bib_link (bib_id) INCLUDE (role, key);
            """,
            reverse_sql="DROP TABLE bib_link",
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
