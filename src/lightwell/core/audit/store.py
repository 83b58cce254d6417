"""The SQL of the audit trail."""

from typing import Final

WRITE: Final = """
INSERT INTO core.audit (organisation_id, actor_kind, actor_name, action, subject, purpose, screen, detail)
VALUES (%(organisation_id)s, %(actor_kind)s, %(actor_name)s, %(action)s, %(subject)s, %(purpose)s, %(screen)s,
        %(detail)s::jsonb)
"""
WRITE_EACH: Final = """
INSERT INTO core.audit (organisation_id, actor_kind, actor_name, action, subject, purpose, screen)
SELECT organisation_id, %(actor_kind)s, %(actor_name)s, %(action)s, subject, %(purpose)s, ''
FROM unnest(%(organisation_ids)s::integer[], %(subjects)s::text[]) AS g (organisation_id, subject)
"""

# One row for a first read; a repeat within the window only counts.
READ: Final = """
WITH seen AS (
    INSERT INTO core.audit_window AS w (organisation_id, actor, subject, purpose, screen, reads)
    SELECT organisation_id, %(actor_name)s, subject, %(purpose)s, %(screen)s, count
    FROM unnest(%(organisation_ids)s::integer[], %(subjects)s::text[], %(counts)s::integer[])
        AS read (organisation_id, subject, count)
    ORDER BY organisation_id, subject
    ON CONFLICT (organisation_id, actor, subject, purpose, screen) DO UPDATE SET reads = w.reads + excluded.reads
    RETURNING organisation_id, subject, (xmax = 0) AS is_first
)
INSERT INTO core.audit (organisation_id, actor_kind, actor_name, action, subject, purpose, screen)
SELECT organisation_id, %(actor_kind)s, %(actor_name)s, 'read', subject, %(purpose)s, %(screen)s
FROM seen WHERE is_first
"""

CLOSE_WINDOWS: Final = """
WITH closed AS (
    DELETE FROM core.audit_window WHERE started_at < now() - interval '5 minutes' RETURNING *
)
INSERT INTO core.audit (organisation_id, actor_kind, actor_name, action, subject, purpose, screen, count)
SELECT organisation_id, 'house', actor, 'read.repeated', subject, purpose, screen, reads - 1
FROM closed WHERE reads > 1
"""

HEAD: Final = "SELECT position, hash FROM core.audit_chain ORDER BY position DESC LIMIT 1"

UNSEALED: Final = """
SELECT a.id, a.at, a.organisation_id, a.actor_kind, a.actor_name, a.action, a.subject, a.purpose,
    a.screen, a.count, a.detail
FROM core.audit AS a
WHERE NOT EXISTS (SELECT FROM core.audit_chain AS c WHERE c.audit_id = a.id)
ORDER BY a.id LIMIT %(limit)s
"""

LOCK: Final = "SELECT pg_advisory_xact_lock(7205760)"

CHAIN: Final = """
INSERT INTO core.audit_chain (position, audit_id, hash)
SELECT * FROM unnest(%(positions)s::bigint[], %(audit_ids)s::bigint[], %(hashes)s::bytea[])
"""

WHOLE_CHAIN: Final = """
SELECT c.position, c.audit_id, c.hash, a.id, a.at, a.organisation_id, a.actor_kind, a.actor_name, a.action, a.subject,
    a.purpose, a.screen, a.count, a.detail
FROM core.audit_chain AS c LEFT JOIN core.audit AS a ON a.id = c.audit_id
WHERE c.position > %(after)s ORDER BY c.position LIMIT %(limit)s
"""

UNSEALED_COUNT: Final = """
SELECT count(*), min(a.at) FROM core.audit AS a
WHERE NOT EXISTS (SELECT FROM core.audit_chain AS c WHERE c.audit_id = a.id)
"""

PAGE: Final = """
SELECT a.id, a.at, a.organisation_id, a.actor_kind, a.actor_name, a.action, a.subject, a.purpose, a.screen, a.count,
    a.detail
FROM unnest(%(organisations)s::integer[]) AS mine (organisation_id)
CROSS JOIN LATERAL (
    SELECT * FROM core.audit AS a WHERE a.organisation_id = mine.organisation_id AND a.id < %(before)s
    ORDER BY a.organisation_id DESC, a.id DESC LIMIT %(limit)s
) AS a
ORDER BY a.id DESC LIMIT %(limit)s
"""
PAGE_OF_SUBJECT: Final = """
SELECT a.id, a.at, a.organisation_id, a.actor_kind, a.actor_name, a.action, a.subject, a.purpose, a.screen, a.count,
    a.detail
FROM core.audit AS a
WHERE a.organisation_id = ANY (%(organisations)s) AND a.subject = %(subject)s AND a.id < %(before)s
ORDER BY a.id DESC LIMIT %(limit)s
"""
