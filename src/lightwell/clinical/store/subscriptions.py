"""The SQL of subscriptions: who wants to be told of what, what has changed, and what waits to be sent."""

from typing import Final

# Nobody else writes it, or notes that something waits for it, until the transaction ends.
KEPT: Final = """
SELECT owner, type, query, channel, endpoint, payload, headers FROM clinical.subscription WHERE rid = %(rid)s FOR UPDATE
"""
KEEP: Final = """
INSERT INTO clinical.subscription AS s (rid, organisation_id, id, owner, type, query, channel, endpoint, payload,
    headers, is_active, ends_at)
VALUES (%(rid)s, %(organisation_id)s, %(id)s, %(owner)s, %(type)s, %(query)s, %(channel)s, %(endpoint)s, %(payload)s,
    %(headers)s, true, %(ends_at)s)
ON CONFLICT (rid) DO UPDATE SET owner = excluded.owner, type = excluded.type, query = excluded.query,
    channel = excluded.channel, endpoint = excluded.endpoint, payload = excluded.payload, headers = excluded.headers,
    is_active = true, ends_at = excluded.ends_at, tries = 0, due_at = '-infinity'
"""
STOP: Final = "UPDATE clinical.subscription SET is_active = false WHERE rid = ANY (%(rids)s)"
FORGET_WAITING: Final = "DELETE FROM clinical.notification WHERE subscription_rid = ANY (%(rids)s)"
FORGET: Final = "DELETE FROM clinical.subscription WHERE rid = ANY (%(rids)s)"

HOSPITALS: Final = "SELECT clinical.hospitals_to_notify(%(now)s)"
ENDED: Final = """
SELECT rid, id FROM clinical.subscription
WHERE organisation_id = %(organisation_id)s AND is_active AND ends_at <= %(now)s
"""
IS_ACTIVE: Final = "SELECT is_active FROM clinical.subscription WHERE rid = %(rid)s FOR UPDATE"
BINDABLE: Final = """
SELECT rid FROM clinical.subscription
WHERE organisation_id = ANY (%(organisations)s) AND id = %(id)s AND owner = %(owner)s AND channel = 'websocket'
    AND is_active
"""

# One node judges a hospital's changes at a time, so that what it finds stays in order.
ALONE: Final = "SELECT pg_try_advisory_xact_lock(%(key)s)"
CHANGES: Final = """
SELECT id, type, rid FROM clinical.changed WHERE organisation_id = %(organisation_id)s ORDER BY id LIMIT %(limit)s
"""
OF_TYPES: Final = """
SELECT rid, organisation_id, id, owner, type, query, channel, endpoint, payload, headers, tries
FROM clinical.subscription
WHERE organisation_id = %(organisation_id)s AND is_active AND type = ANY (%(types)s) AND ends_at > %(now)s
ORDER BY rid
"""
JUDGED: Final = """
DELETE FROM clinical.changed WHERE organisation_id = %(organisation_id)s AND id = ANY (%(ids)s)
"""
# Whoever wrote it anew meanwhile does not want what it was judged by.
WAIT: Final = """
WITH wanted AS (
    SELECT s.rid FROM clinical.subscription AS s
    WHERE s.rid = %(rid)s AND s.is_active AND s.owner = %(owner)s AND s.query = %(query)s
        AND s.endpoint = %(endpoint)s AND s.payload = %(payload)s FOR SHARE
)
INSERT INTO clinical.notification (organisation_id, subscription_rid, rid, version)
SELECT %(organisation_id)s, wanted.rid, given.rid, given.version
FROM wanted, unnest(%(rids)s::bigint[], %(versions)s::integer[]) WITH ORDINALITY AS given (rid, version, n)
ORDER BY given.n ON CONFLICT DO NOTHING
"""
PING: Final = "SELECT pg_notify(%(channel)s, %(rid)s)"

# Whoever takes a subscription sends for it alone until the given moment.
TAKE: Final = """
UPDATE clinical.subscription AS s SET due_at = %(until)s
FROM (
    SELECT c.rid FROM clinical.subscription AS c
    WHERE c.organisation_id = %(organisation_id)s AND c.is_active AND c.due_at <= %(now)s
        AND EXISTS (SELECT FROM clinical.notification AS n WHERE n.subscription_rid = c.rid)
    ORDER BY c.due_at, c.rid LIMIT %(limit)s FOR UPDATE SKIP LOCKED
) AS due
WHERE s.rid = due.rid
RETURNING s.rid, s.organisation_id, s.id, s.owner, s.type, s.query, s.channel, s.endpoint, s.payload, s.headers, s.tries
"""
NEXT: Final = """
SELECT n.id, now.rid, now.organisation_id, now.type, now.id, now.version, now.last_updated, now.is_deleted,
    now.patient_id, now.body
FROM clinical.notification AS n JOIN clinical.subscription AS s ON s.rid = n.subscription_rid AND s.is_active
    AND s.endpoint = %(endpoint)s AND s.payload = %(payload)s AND s.headers = %(headers)s
CROSS JOIN LATERAL (
    SELECT rid, organisation_id, type, id, version, last_updated, is_deleted, patient_id, body
    FROM clinical.resource WHERE rid = n.rid AND version = n.version
    UNION ALL
    SELECT rid, organisation_id, type, id, version, last_updated, is_deleted, patient_id, body
    FROM clinical.version WHERE rid = n.rid AND version = n.version
) AS now
WHERE n.subscription_rid = %(rid)s ORDER BY n.id LIMIT 1
"""
SENT: Final = """
WITH sent AS (DELETE FROM clinical.notification WHERE subscription_rid = %(rid)s AND id = %(id)s)
UPDATE clinical.subscription SET tries = 0, due_at = %(until)s WHERE rid = %(rid)s
"""
DONE: Final = "UPDATE clinical.subscription SET due_at = %(now)s WHERE rid = %(rid)s"
LATER: Final = """
UPDATE clinical.subscription SET tries = tries + 1, due_at = %(now)s::timestamptz
    + make_interval(secs => least(%(longest_s)s, %(first_s)s * power(2, least(tries, 30))))
WHERE rid = %(rid)s RETURNING tries
"""
