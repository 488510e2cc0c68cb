-- name: known_holdings
-- The library's holdings under the source numbers of a chunk, with the bib's version and base.
SELECT h.source_id, h.id, h.bib_id, h.home_bib_id, h.content, h.base_version, h.format, h.charset, h.items::text,
       h.batch_id, b.version, b.base_holding_id
FROM holding h JOIN bib b ON b.id = h.bib_id
WHERE h.institution_id = %(institution)s AND h.source_id = ANY(%(source_ids)s);

-- name: own_records
SELECT id, record FROM holding WHERE id = ANY(%(holdings)s::bigint[]);

-- name: candidates
-- One probe of the covering index per key; never a join with the whole table (the session forbids hash and merge joins).
SELECT key, bib_id FROM match_key WHERE key = ANY(%(keys)s::bigint[]);

-- name: current_records
-- The current record of each bib, for its match view.
SELECT b.id, v.format, v.charset, v.record
FROM bib b JOIN bib_version v ON v.bib_id = b.id AND v.version = b.version
WHERE b.id = ANY(%(bibs)s::bigint[]);

-- name: standing
-- What is known of each bib for comparing: its extract if that is of its current record and of this code, else the record.
SELECT b.id, b.version, v.format, v.charset, CASE WHEN e.bib_id IS NULL THEN v.record END, e.content, e.packed
FROM bib b JOIN bib_version v ON v.bib_id = b.id AND v.version = b.version
LEFT JOIN bib_extract e ON e.bib_id = b.id AND e.version = b.version AND e.stamp = %(stamp)s
WHERE b.id = ANY(%(bibs)s::bigint[]);

-- name: versions
SELECT id, version FROM bib WHERE id = ANY(%(bibs)s::bigint[]);

-- name: forget_extracts
DELETE FROM bib_extract WHERE bib_id = ANY(%(bibs)s::bigint[]);

-- name: new_ids
-- Numbers for the bibs and holdings of a chunk, from the sequences of their tables. The sequence is looked for in a
-- query of its own, so that it is found once and not for each number.
SELECT array(SELECT nextval((SELECT pg_get_serial_sequence('bib', 'id')::regclass)) FROM generate_series(1, %(bibs)s)),
       array(SELECT nextval((SELECT pg_get_serial_sequence('holding', 'id')::regclass)) FROM generate_series(1, %(holdings)s));

-- name: forget_keys
-- Keys found by their values, since nothing indexes them by bib.
DELETE FROM match_key USING unnest(%(keys)s::bigint[], %(bibs)s::bigint[]) AS gone (key, bib_id)
WHERE match_key.key = gone.key AND match_key.bib_id = gone.bib_id;

-- name: remember_keys
INSERT INTO match_key (key, kind, bib_id) SELECT key, kind, %(bib)s FROM unnest(%(keys)s::bigint[], %(kinds)s::smallint[]) AS k (key, kind);

-- name: tell_change
INSERT INTO bib_change (added, changed, removed) VALUES (%(added)s, %(changed)s, %(removed)s) RETURNING id;

-- name: new_decision_ids
SELECT array(SELECT nextval((SELECT pg_get_serial_sequence('match_decision', 'id')::regclass)) FROM generate_series(1, %(number)s));

-- name: withdraw_without_holdings
-- A bib that nobody holds any more leaves the union; its versions stay.
UPDATE bib SET state = 'withdrawn', updated_at = now()
WHERE id = ANY(%(bibs)s) AND state = 'active' AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.bib_id = bib.id)
RETURNING id;

-- name: advance_bibs
UPDATE bib SET version = given.version, updated_at = now()
FROM unnest(%(bibs)s::bigint[], %(versions)s::int[]) AS given (id, version) WHERE bib.id = given.id;

-- name: replace_holdings
-- Another record in the place of each of these holdings.
UPDATE holding SET bib_id = given.bib_id, home_bib_id = given.home_bib_id, content = given.content,
       base_version = given.base_version, format = given.format, charset = given.charset, record = given.record,
       items = given.items::jsonb, batch_id = %(batch)s, updated_at = now()
FROM unnest(%(ids)s::bigint[], %(bibs)s::bigint[], %(homes)s::bigint[], %(contents)s::bigint[], %(base_versions)s::int[],
            %(formats)s::text[], %(charsets)s::text[], %(records)s::bytea[], %(items)s::text[])
     AS given (id, bib_id, home_bib_id, content, base_version, format, charset, record, items)
WHERE holding.id = given.id;

-- name: delete_holdings
DELETE FROM holding WHERE id = ANY(%(ids)s::bigint[]);

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

-- name: links_of
SELECT bib_id, role, key FROM bib_link WHERE bib_id = ANY(%(bibs)s::bigint[]);

-- name: forget_links
DELETE FROM bib_link USING unnest(%(bibs)s::bigint[], %(roles)s::smallint[], %(keys)s::bigint[]) AS gone (bib_id, role, key)
WHERE bib_link.bib_id = gone.bib_id AND bib_link.role = gone.role AND bib_link.key = gone.key;

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
