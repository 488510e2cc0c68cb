-- name: drop_identical
-- Lines that say the same as an earlier one of the file; the first of them stays.
DELETE FROM reader_staged later USING reader_staged first
WHERE later.reader_import_id = %(import)s AND first.reader_import_id = %(import)s
  AND first.number = later.number AND first.line < later.line
  AND (first.display_name, first.category, first.department, first.email, first.expires_on)
      IS NOT DISTINCT FROM (later.display_name, later.category, later.department, later.email, later.expires_on);

-- name: note_doubles
-- A number that stands on several lines with different facts: nobody can tell which of them is right.
INSERT INTO reader_problem (reader_import_id, line, "column", code, value)
SELECT %(import)s, line, 'number', 'number_twice', number || ' (' || first || ')'
FROM (SELECT line, number, min(line) OVER (PARTITION BY number) AS first
      FROM reader_staged WHERE reader_import_id = %(import)s) AS lines
WHERE line > first
ORDER BY line
LIMIT %(limit)s;

-- name: count_outcomes
SELECT count(*) FILTER (WHERE r.id IS NULL) AS new,
       count(*) FILTER (WHERE r.id IS NOT NULL
         AND (r.display_name, r.category, r.department, r.email, r.expires_on)
             IS DISTINCT FROM (s.display_name, s.category, s.department, s.email, s.expires_on)) AS changed,
       count(*) AS lines
FROM reader_staged s LEFT JOIN reader r ON r.institution_id = %(institution)s AND r.number = s.number
WHERE s.reader_import_id = %(import)s;

-- name: count_missing
SELECT count(*) FROM reader r
WHERE r.institution_id = %(institution)s AND (r.expires_on IS NULL OR r.expires_on > %(today)s)
  AND NOT EXISTS (SELECT FROM reader_staged s WHERE s.reader_import_id = %(import)s AND s.number = r.number);

-- name: list_new
SELECT s.line, s.number, s.display_name, s.category, s.department, s.email, s.expires_on
FROM reader_staged s
WHERE s.reader_import_id = %(import)s
  AND NOT EXISTS (SELECT FROM reader r WHERE r.institution_id = %(institution)s AND r.number = s.number)
ORDER BY s.number LIMIT %(limit)s OFFSET %(offset)s;

-- name: list_changed
SELECT s.line, s.number, s.display_name, s.category, s.department, s.email, s.expires_on,
       r.display_name, r.category, r.department, r.email, r.expires_on
FROM reader_staged s JOIN reader r ON r.institution_id = %(institution)s AND r.number = s.number
WHERE s.reader_import_id = %(import)s
  AND (r.display_name, r.category, r.department, r.email, r.expires_on)
      IS DISTINCT FROM (s.display_name, s.category, s.department, s.email, s.expires_on)
ORDER BY s.number LIMIT %(limit)s OFFSET %(offset)s;

-- name: list_missing
SELECT 0, r.number, r.display_name, r.category, r.department, r.email, r.expires_on
FROM reader r
WHERE r.institution_id = %(institution)s AND (r.expires_on IS NULL OR r.expires_on > %(today)s)
  AND NOT EXISTS (SELECT FROM reader_staged s WHERE s.reader_import_id = %(import)s AND s.number = r.number)
ORDER BY r.number LIMIT %(limit)s OFFSET %(offset)s;

-- name: take_over
INSERT INTO reader AS r (institution_id, number, display_name, category, department, email, expires_on, keys,
                         entered_at, changed_at)
SELECT %(institution)s, number, display_name, category, department, email, expires_on,
       array_to_tsvector(string_to_array(keys, ' ')), %(now)s, %(now)s
FROM reader_staged WHERE reader_import_id = %(import)s
ON CONFLICT (institution_id, number) DO UPDATE
SET display_name = excluded.display_name, category = excluded.category, department = excluded.department,
    email = excluded.email, expires_on = excluded.expires_on, keys = excluded.keys, changed_at = excluded.changed_at
WHERE (r.display_name, r.category, r.department, r.email, r.expires_on)
      IS DISTINCT FROM (excluded.display_name, excluded.category, excluded.department, excluded.email,
                        excluded.expires_on);

-- name: expire_missing
UPDATE reader r SET expires_on = %(today)s, changed_at = %(now)s
WHERE r.institution_id = %(institution)s AND (r.expires_on IS NULL OR r.expires_on > %(today)s)
  AND NOT EXISTS (SELECT FROM reader_staged s WHERE s.reader_import_id = %(import)s AND s.number = r.number);

-- name: follow_expiry
-- Readers who have signed in are readers for as long as the file says.
UPDATE affiliation a SET expires_on = r.expires_on
FROM reader r
WHERE r.institution_id = %(institution)s AND r.changed_at = %(now)s AND r.person_id = a.person_id
  AND a.institution_id = r.institution_id AND a.role = 'reader' AND a.ended_at IS NULL
  AND a.expires_on IS DISTINCT FROM r.expires_on;

-- name: find
-- One index holds the words of all libraries' readers, each beginning with its library's number.
SELECT id, institution_id, number, display_name, category, department, email, expires_on, person_id
FROM reader
WHERE institution_id = %(institution)s AND (%(question)s = '' OR keys @@ %(question)s::tsquery)
  AND (%(state)s = '' OR (%(state)s = 'valid') = (expires_on IS NULL OR expires_on > %(today)s))
ORDER BY number LIMIT %(limit)s OFFSET %(offset)s;

-- name: count_found
SELECT count(*) FROM (
  SELECT FROM reader
  WHERE institution_id = %(institution)s AND (%(question)s = '' OR keys @@ %(question)s::tsquery)
    AND (%(state)s = '' OR (%(state)s = 'valid') = (expires_on IS NULL OR expires_on > %(today)s))
  LIMIT %(most)s) AS found;
