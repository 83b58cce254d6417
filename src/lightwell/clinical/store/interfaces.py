"""The SQL of the interface monitor: what came and went on each line, and what waits for a person."""

from typing import Final

# Of each source: its last message, how many came in a minute, an hour, a day, and in each of the last spans of an hour.
CAME: Final = """
SELECT s.id, last.received_at, last.kind, many.minute, many.hour, many.day, ARRAY(
    SELECT count(m.id)::integer FROM generate_series(%(spans)s::integer - 1, 0, -1) AS span
    LEFT JOIN clinical.hl7_message AS m ON m.organisation_id = s.organisation_id AND m.source_id = s.id
        AND m.received_at <= %(now)s::timestamptz - span * %(span)s::interval
        AND m.received_at > %(now)s::timestamptz - (span + 1) * %(span)s::interval
    GROUP BY span ORDER BY span DESC)
FROM clinical.hl7_source AS s
LEFT JOIN LATERAL (
    SELECT m.received_at, m.kind FROM clinical.hl7_message AS m
    WHERE m.organisation_id = s.organisation_id AND m.source_id = s.id
    ORDER BY m.received_at DESC LIMIT 1) AS last ON true
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE m.received_at > %(now)s::timestamptz - interval '1 minute') AS minute,
        count(*) FILTER (WHERE m.received_at > %(now)s::timestamptz - interval '1 hour') AS hour, count(*) AS day
    FROM clinical.hl7_message AS m WHERE m.organisation_id = s.organisation_id AND m.source_id = s.id
        AND m.received_at > %(now)s::timestamptz - interval '1 day') AS many
"""
CAME_OPEN: Final = """
SELECT source_id, count(*) FILTER (WHERE state = 'received'), min(received_at) FILTER (WHERE state = 'received'),
    count(*) FILTER (WHERE state <> 'received')
FROM clinical.hl7_message WHERE state IN ('received', 'failed', 'quarantined') GROUP BY source_id
"""
WENT: Final = """
SELECT d.id, last.ended_at, last.kind, many.minute, many.hour, many.day, ARRAY(
    SELECT count(m.id)::integer FROM generate_series(%(spans)s::integer - 1, 0, -1) AS span
    LEFT JOIN clinical.hl7_outgoing AS m ON m.organisation_id = d.organisation_id AND m.destination_id = d.id
        AND m.state = 'sent' AND m.ended_at <= %(now)s::timestamptz - span * %(span)s::interval
        AND m.ended_at > %(now)s::timestamptz - (span + 1) * %(span)s::interval
    GROUP BY span ORDER BY span DESC)
FROM clinical.hl7_destination AS d
LEFT JOIN LATERAL (
    SELECT m.ended_at, m.kind FROM clinical.hl7_outgoing AS m
    WHERE m.organisation_id = d.organisation_id AND m.destination_id = d.id AND m.state = 'sent'
    ORDER BY m.ended_at DESC LIMIT 1) AS last ON true
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE m.ended_at > %(now)s::timestamptz - interval '1 minute') AS minute,
        count(*) FILTER (WHERE m.ended_at > %(now)s::timestamptz - interval '1 hour') AS hour, count(*) AS day
    FROM clinical.hl7_outgoing AS m WHERE m.organisation_id = d.organisation_id AND m.destination_id = d.id
        AND m.state = 'sent' AND m.ended_at > %(now)s::timestamptz - interval '1 day') AS many
"""
WENT_OPEN: Final = """
SELECT destination_id, count(*) FILTER (WHERE state = 'waiting'), min(caused_at) FILTER (WHERE state = 'waiting'),
    count(*) FILTER (WHERE state = 'failed')
FROM clinical.hl7_outgoing WHERE state IN ('waiting', 'failed') GROUP BY destination_id
"""
# Why the first message that waits for a system was not taken yet.
STUCK: Final = """
SELECT DISTINCT ON (destination_id) destination_id, reason FROM clinical.hl7_outgoing
WHERE state = 'waiting' ORDER BY destination_id, id
"""

TROUBLED_IN: Final = """
SELECT id, organisation_id, source_id, received_at, control_id, kind, state, reason, tries FROM clinical.hl7_message
WHERE state IN ('failed', 'quarantined') AND id < %(before)s AND (%(line)s::integer IS NULL OR source_id = %(line)s)
ORDER BY id DESC LIMIT %(limit)s
"""
# Where the first that waits for a system was not taken, that one is listed; where its line is asked for, all behind it
# too, so that they can be set aside.
TROUBLED_OUT: Final = """
WITH first AS (
    SELECT DISTINCT ON (destination_id) destination_id, id, reason FROM clinical.hl7_outgoing
    WHERE state = 'waiting' ORDER BY destination_id, id
), failed AS (
    SELECT o.id FROM clinical.hl7_outgoing AS o
    WHERE o.state = 'failed' AND o.id < %(before)s AND (%(line)s::integer IS NULL OR o.destination_id = %(line)s)
    ORDER BY o.id DESC LIMIT %(limit)s
), behind AS (
    SELECT o.id FROM first JOIN clinical.hl7_outgoing AS o ON o.destination_id = first.destination_id
    WHERE o.state = 'waiting' AND o.id < %(before)s AND first.reason <> ''
        AND (first.destination_id = %(line)s OR (%(line)s::integer IS NULL AND first.id = o.id))
    ORDER BY o.id DESC LIMIT %(limit)s
)
SELECT o.id, o.organisation_id, o.destination_id, o.caused_at, o.control_id, o.kind, o.state, o.reason, o.tries,
    EXISTS (
        SELECT FROM clinical.hl7_outgoing AS n WHERE n.destination_id = o.destination_id AND n.type = o.type
            AND n.resource_id = o.resource_id AND (n.version, n.caused_at) > (o.version, o.caused_at)
            AND n.state = 'sent')
FROM (TABLE failed UNION ALL TABLE behind) AS found JOIN clinical.hl7_outgoing AS o ON o.id = found.id
ORDER BY o.id DESC LIMIT %(limit)s
"""
READ_IN: Final = """
SELECT id, organisation_id, source_id, received_at, control_id, kind, state, reason, tries, raw, answers[1]
FROM clinical.hl7_message WHERE id = %(id)s
"""
READ_OUT: Final = """
SELECT id, organisation_id, destination_id, caused_at, control_id, kind, state, reason, tries, raw, answer
FROM clinical.hl7_outgoing WHERE id = %(id)s
"""

# Something else was done about a message: it waits for nobody any more.
SETTLE_IN: Final = """
UPDATE clinical.hl7_message SET state = %(state)s, ended_at = %(now)s
WHERE id = ANY (%(ids)s) AND state = ANY (%(states)s) AND state <> 'received' RETURNING id, organisation_id
"""
SETTLE_OUT: Final = """
UPDATE clinical.hl7_outgoing SET state = %(state)s, ended_at = %(now)s
WHERE id = ANY (%(ids)s) AND state = ANY (%(states)s) RETURNING id, organisation_id
"""
# Sent again before what came after it, and made anew unless a person has made it: its line must still be there.
RESEND: Final = """
UPDATE clinical.hl7_outgoing AS o SET state = 'waiting', reason = '', tries = 0, refusals = 0, due_at = '-infinity',
    ended_at = NULL, answer = NULL, raw = CASE WHEN o.edited_from IS NOT NULL THEN o.raw END,
    control_id = CASE WHEN o.edited_from IS NULL THEN '' ELSE o.control_id END
FROM clinical.hl7_destination AS d
WHERE o.id = ANY (%(ids)s) AND o.state = 'failed' AND d.id = o.destination_id RETURNING o.id, o.organisation_id
"""
# Which of some messages tell of what the same system has, or gets, a newer version.
SUPERSEDED: Final = """
SELECT o.id FROM clinical.hl7_outgoing AS o
WHERE o.id = ANY (%(ids)s) AND EXISTS (
    SELECT FROM clinical.hl7_outgoing AS n WHERE n.destination_id = o.destination_id AND n.type = o.type
        AND n.resource_id = o.resource_id AND (n.version, n.caused_at) > (o.version, o.caused_at)
        AND n.state = ANY (%(states)s))
ORDER BY o.id
"""
SEND_CORRECTED: Final = """
INSERT INTO clinical.hl7_outgoing (organisation_id, destination_id, kind, type, resource_id, version, caused_at,
    control_id, raw, edited_from)
SELECT o.organisation_id, o.destination_id, o.kind, o.type, o.resource_id, o.version, o.caused_at, %(control_id)s,
    %(raw)b, o.id
FROM clinical.hl7_outgoing AS o JOIN clinical.hl7_destination AS d ON d.id = o.destination_id
WHERE o.id = %(id)s RETURNING id
"""
