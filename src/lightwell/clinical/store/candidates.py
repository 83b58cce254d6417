"""The SQL of who may be one person."""

from typing import Final

from psycopg import sql

from lightwell.clinical.store import columns

WHERE_WAITING: Final = """
SELECT o.id FROM unnest(%(organisations)s::integer[]) AS o (id)
WHERE EXISTS (SELECT FROM clinical.uncompared AS u WHERE u.organisation_id = o.id) ORDER BY o.id
"""
# One node compares the patients of a hospital; what is found between hospitals is written by one after another.
ALONE: Final = "SELECT pg_try_advisory_xact_lock(%(key)s)"
ONE_AFTER_ANOTHER: Final = "SELECT pg_advisory_xact_lock(%(key)s)"
WAITING: Final = """
SELECT id, patient_rid FROM clinical.uncompared WHERE organisation_id = %(organisation_id)s ORDER BY id LIMIT %(limit)s
"""
COMPARED: Final = "DELETE FROM clinical.uncompared WHERE id = ANY (%(ids)s)"
PATIENTS: Final = sql.SQL("""
SELECT {patient} FROM clinical.resource AS r WHERE r.rid = ANY (%(rids)s)
""").format(patient=columns.record("r"))
# The keys of patients as they are now: what is no more goes, what is new comes.
KEEP_KEYS: Final = """
WITH given AS (
    SELECT g.key, g.rid FROM unnest(%(keys)s::bigint[], %(key_rids)s::bigint[]) AS g (key, rid)
), gone AS (
    DELETE FROM clinical.patient_key AS k
    WHERE k.patient_rid = ANY (%(rids)s) AND (k.key, k.patient_rid) NOT IN (SELECT key, rid FROM given)
)
INSERT INTO clinical.patient_key (key, organisation_id, patient_rid)
SELECT key, %(organisation_id)s, rid FROM given ORDER BY key, rid ON CONFLICT DO NOTHING
"""
# Who shares a key with whom. A key that very many have says nothing, and is not looked through.
SHARING: Final = """
SELECT DISTINCT g.rid, k.patient_rid FROM unnest(%(keys)s::bigint[], %(key_rids)s::bigint[]) AS g (key, rid)
CROSS JOIN LATERAL (
    SELECT f.patient_rid, count(*) OVER () AS holders FROM (
        SELECT patient_rid FROM clinical.patient_key
        WHERE key = g.key AND organisation_id = %(organisation_id)s LIMIT %(most)s) AS f
) AS k
WHERE k.holders < %(most)s AND k.patient_rid <> g.rid
"""
SHARING_ELSEWHERE: Final = """
SELECT DISTINCT g.rid, k.patient_rid FROM unnest(%(keys)s::bigint[], %(key_rids)s::bigint[]) AS g (key, rid)
CROSS JOIN LATERAL (
    SELECT f.patient_rid, count(*) OVER () AS holders FROM (
        SELECT patient_rid FROM clinical.patient_key
        WHERE key = g.key AND organisation_id <> %(organisation_id)s LIMIT %(most)s) AS f
) AS k
WHERE k.holders < %(most)s
"""
# Candidates as they are now. What a person decided stays decided.
KEEP: Final = """
WITH given AS (
    SELECT * FROM unnest(%(firsts)s::bigint[], %(seconds)s::bigint[], %(weights)s::float8[], %(findings)s::jsonb[])
        AS g (first_rid, second_rid, weight, findings)
), gone AS (
    DELETE FROM clinical.candidate AS c
    WHERE (c.first_rid = ANY (%(rids)s) OR c.second_rid = ANY (%(rids)s)) AND c.state = 'open'
        AND (c.first_rid, c.second_rid) NOT IN (SELECT first_rid, second_rid FROM given)
)
INSERT INTO clinical.candidate AS c (organisation_id, first_rid, second_rid, weight, findings, found_at)
SELECT %(organisation_id)s, first_rid, second_rid, weight, findings, %(now)s FROM given ORDER BY first_rid, second_rid
ON CONFLICT (first_rid, second_rid) DO UPDATE SET weight = excluded.weight, findings = excluded.findings
WHERE c.state = 'open' AND c.findings <> excluded.findings
"""
KEEP_ELSEWHERE: Final = """
WITH given AS (
    SELECT * FROM unnest(%(firsts)s::bigint[], %(seconds)s::bigint[], %(first_organisations)s::integer[],
        %(second_organisations)s::integer[], %(weights)s::float8[])
        AS g (first_rid, second_rid, first_organisation_id, second_organisation_id, weight)
), gone AS (
    DELETE FROM clinical.candidate_elsewhere AS c
    WHERE (c.first_rid = ANY (%(rids)s) OR c.second_rid = ANY (%(rids)s))
        AND (c.first_rid, c.second_rid) NOT IN (SELECT first_rid, second_rid FROM given)
)
INSERT INTO clinical.candidate_elsewhere AS c
    (first_rid, second_rid, first_organisation_id, second_organisation_id, weight, found_at)
SELECT first_rid, second_rid, first_organisation_id, second_organisation_id, weight, %(now)s FROM given
ORDER BY first_rid, second_rid
ON CONFLICT (first_rid, second_rid) DO UPDATE SET weight = excluded.weight
RETURNING first_rid, second_rid, (xmax = 0) AS is_new
"""
ELSEWHERE: Final = "SELECT rid, count FROM clinical.candidates_elsewhere(%(rids)s)"

# Two patients with each candidate, the one that was here first at the left.
_CANDIDATES: Final = sql.SQL("""
SELECT c.id, c.organisation_id, c.weight, c.findings, c.found_at, c.state, {first}, {second}
FROM clinical.candidate AS c
JOIN clinical.resource AS f ON f.rid = c.first_rid
JOIN clinical.resource AS s ON s.rid = c.second_rid
WHERE c.organisation_id = ANY (%(organisations)s)
""").format(first=columns.record("f"), second=columns.record("s"))
OPEN: Final = sql.SQL("""{candidates}
    AND c.state = 'open' AND c.id < %(before)s
ORDER BY c.id DESC LIMIT %(limit)s
""").format(candidates=_CANDIDATES)
ONE: Final = sql.SQL("{candidates} AND c.id = %(id)s").format(candidates=_CANDIDATES)
DECIDE: Final = """
UPDATE clinical.candidate SET state = %(state)s, decided_by = %(by)s, decided_at = %(at)s
WHERE id = %(id)s AND organisation_id = ANY (%(organisations)s) AND state = %(was)s RETURNING id
"""
# Patients whom images brought and nobody has said who they are, newest first.
PROVISIONAL: Final = sql.SQL("""
SELECT {patient} FROM clinical.token AS t JOIN clinical.resource AS r ON r.rid = t.rid
WHERE t.organisation_id = ANY (%(organisations)s) AND t.parameter = %(tag)s AND t.value = %(code)s
    AND t.system = %(system)s AND t.rid < %(before)s AND EXISTS (
        SELECT FROM clinical.token AS a WHERE a.organisation_id = t.organisation_id AND a.parameter = %(active)s
            AND a.value = %(true)s AND a.rid = t.rid)
ORDER BY t.rid DESC LIMIT %(limit)s
""").format(patient=columns.record("r"))
# Merges with both patients, newest first.
MERGES: Final = sql.SQL("""
SELECT m.id, m.organisation_id, m.merged_by, m.merged_at, m.undone_by, m.undone_at, jsonb_array_length(m.moved),
    {survivor}, {retired}
FROM clinical.merge AS m
JOIN clinical.resource AS f ON f.organisation_id = m.organisation_id AND f.type = 'Patient' AND f.id = m.survivor_id
JOIN clinical.resource AS s ON s.organisation_id = m.organisation_id AND s.type = 'Patient' AND s.id = m.retired_id
WHERE m.organisation_id = ANY (%(organisations)s) AND m.id < %(before)s
ORDER BY m.id DESC LIMIT %(limit)s
""").format(survivor=columns.record("f"), retired=columns.record("s"))
COUNTS: Final = """
SELECT (SELECT count(*) FROM clinical.candidate AS c
            WHERE c.organisation_id = ANY (%(organisations)s) AND c.state = 'open'),
       (SELECT count(*) FROM clinical.token AS t
            WHERE t.organisation_id = ANY (%(organisations)s) AND t.parameter = %(tag)s AND t.value = %(code)s
                AND t.system = %(system)s AND EXISTS (
                    SELECT FROM clinical.token AS a WHERE a.organisation_id = t.organisation_id
                        AND a.parameter = %(active)s AND a.value = %(true)s AND a.rid = t.rid))
"""
