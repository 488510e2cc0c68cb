-- name: known_holdings
-- The library's holdings under the source numbers of a chunk, with the bib's version and base.
SELECT h.source_id, h.id, h.bib_id, h.home_bib_id, h.content, h.base_version, h.format, h.charset, h.record, h.items::text,
       h.batch_id, b.version, b.base_holding_id
FROM holding h JOIN bib b ON b.id = h.bib_id
WHERE h.institution_id = %(institution)s AND h.source_id = ANY(%(source_ids)s);

-- name: candidates
-- One probe of the covering index per key; never a join with the whole table (the session forbids hash and merge joins).
SELECT key, bib_id FROM match_key WHERE key = ANY(%(keys)s::bigint[]);

-- name: current_records
-- The current record of each bib, for its match view.
SELECT b.id, v.format, v.charset, v.record
FROM bib b JOIN bib_version v ON v.bib_id = b.id AND v.version = b.version
WHERE b.id = ANY(%(bibs)s::bigint[]);

-- name: new_ids
-- Numbers for the bibs and holdings of a chunk, from the sequences of their tables.
SELECT array(SELECT nextval(pg_get_serial_sequence('bib', 'id')) FROM generate_series(1, %(bibs)s)),
       array(SELECT nextval(pg_get_serial_sequence('holding', 'id')) FROM generate_series(1, %(holdings)s));

-- name: forget_keys
-- The keys of one bib, found by their values, since nothing indexes them by bib.
DELETE FROM match_key WHERE key = ANY(%(keys)s) AND bib_id = %(bib)s;

-- name: remember_keys
INSERT INTO match_key (key, kind, bib_id) SELECT key, kind, %(bib)s FROM unnest(%(keys)s::bigint[], %(kinds)s::smallint[]) AS k (key, kind);

-- name: tell_change
INSERT INTO bib_change (added, changed, removed) VALUES (%(added)s, %(changed)s, %(removed)s) RETURNING id;

-- name: new_decision_ids
SELECT array(SELECT nextval(pg_get_serial_sequence('match_decision', 'id')) FROM generate_series(1, %(number)s));

-- name: withdraw_without_holdings
-- A bib that nobody holds any more leaves the union; its versions stay.
UPDATE bib SET state = 'withdrawn', updated_at = now()
WHERE id = ANY(%(bibs)s) AND state = 'active' AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.bib_id = bib.id)
RETURNING id;

-- name: replace_holding
UPDATE holding SET bib_id = %(bib)s, home_bib_id = %(home)s, content = %(content)s, base_version = %(base_version)s, format = %(format)s,
       charset = %(charset)s, record = %(record)s, items = %(items)s, batch_id = %(batch)s, updated_at = now()
WHERE id = %(id)s;

-- name: problems_of_batch
SELECT batch_id, ordinal, "offset", control_number, code, severity, tag, "position", detail, raw
FROM batch_problem WHERE batch_id = %(batch)s ORDER BY id;

-- name: keep_problem
INSERT INTO batch_problem (batch_id, ordinal, "offset", control_number, code, severity, tag, "position", detail, raw)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: show_preview_progress
UPDATE batch SET "offset" = %(offset)s, counts = %(counts)s WHERE id = %(id)s AND state = 'previewing';

-- name: mark_reverted
UPDATE batch_entry SET reverted = mark.word
FROM unnest(%(ordinals)s::int[], %(marks)s::text[]) AS mark (ordinal, word)
WHERE batch_entry.batch_id = %(batch)s AND batch_entry.ordinal = mark.ordinal;

-- name: bibs_below
-- All bibs whose number leads to this one by merges that stand, itself included.
WITH RECURSIVE below (id) AS (
    SELECT %(bib)s::bigint
    UNION
    SELECT merge.merged_id FROM merge JOIN below ON merge.kept_id = below.id WHERE merge.undone_at IS NULL
)
SELECT id FROM below;

-- name: survivor
-- Where a bib's number leads by the merges that stand.
WITH RECURSIVE path (id, step) AS (
    SELECT %(bib)s::bigint, 0
    UNION ALL
    SELECT merge.kept_id, path.step + 1 FROM merge JOIN path ON merge.merged_id = path.id
    WHERE merge.undone_at IS NULL
)
SELECT id FROM path ORDER BY step DESC LIMIT 1;

-- name: replace_links
WITH gone AS (DELETE FROM bib_link WHERE bib_id = %(bib)s)
INSERT INTO bib_link (bib_id, role, key)
SELECT %(bib)s, role, key FROM unnest(%(roles)s::smallint[], %(keys)s::bigint[]) AS l (role, key);

-- name: anything_said_different
SELECT EXISTS (SELECT FROM distinct_pair);

-- name: said_different
-- For each bib those that a person said are another book; what was said of a bib merged into it counts for it.
WITH RECURSIVE below (bib_id, id) AS (
    SELECT b.id, b.id FROM unnest(%(bibs)s::bigint[]) AS b (id)
    UNION
    SELECT below.bib_id, merge.merged_id FROM below JOIN merge ON merge.kept_id = below.id
    WHERE merge.undone_at IS NULL
)
SELECT below.bib_id, pair.higher_id FROM below JOIN distinct_pair pair ON pair.lower_id = below.id
UNION
SELECT below.bib_id, pair.lower_id FROM below JOIN distinct_pair pair ON pair.higher_id = below.id;
