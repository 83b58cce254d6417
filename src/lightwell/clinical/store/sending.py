"""The SQL of HL7 v2 that goes out: destinations, and messages in the order in which they are sent."""

from typing import Final

DESTINATIONS: Final = """
SELECT id, organisation_id, label, host, port, is_tls, charset, sending_application, sending_facility,
    receiving_application, receiving_facility, kinds
FROM clinical.hl7_destination ORDER BY id
"""
ADD_DESTINATION: Final = """
INSERT INTO clinical.hl7_destination (organisation_id, label, host, port, is_tls, charset, sending_application,
    sending_facility, receiving_application, receiving_facility, kinds)
VALUES (%(organisation_id)s, %(label)s, %(host)s, %(port)s, %(is_tls)s, %(charset)s, %(sending_application)s,
    %(sending_facility)s, %(receiving_application)s, %(receiving_facility)s, %(kinds)s)
ON CONFLICT DO NOTHING RETURNING id
"""
CHANGE_DESTINATION: Final = """
UPDATE clinical.hl7_destination SET label = %(label)s, host = %(host)s, port = %(port)s, is_tls = %(is_tls)s,
    charset = %(charset)s, sending_application = %(sending_application)s, sending_facility = %(sending_facility)s,
    receiving_application = %(receiving_application)s, receiving_facility = %(receiving_facility)s, kinds = %(kinds)s
WHERE id = %(id)s AND organisation_id = %(organisation_id)s RETURNING id
"""
# Not while something waits for it: that would be told to nobody.
REMOVE_DESTINATION: Final = """
DELETE FROM clinical.hl7_destination AS d WHERE d.id = %(id)s AND NOT EXISTS (
    SELECT FROM clinical.hl7_outgoing AS o WHERE o.destination_id = d.id AND o.state = 'waiting')
RETURNING organisation_id
"""
WAITING: Final = """
SELECT (SELECT count(*) FROM clinical.hl7_outgoing AS o WHERE o.destination_id = d.id AND o.state = 'waiting')
FROM clinical.hl7_destination AS d WHERE d.id = %(id)s
"""

# One row for each system that is told of a kind, but not for the system that told of it.
PUT: Final = """
INSERT INTO clinical.hl7_outgoing (organisation_id, destination_id, kind, type, resource_id, version, caused_at)
SELECT g.organisation_id, d.id, g.kind, g.type, g.id, g.version, g.moment
FROM unnest(%(organisations)s::integer[], %(kinds)s::text[], %(types)s::text[], %(ids)s::text[],
    %(versions)s::integer[], %(moments)s::timestamptz[]) WITH ORDINALITY
    AS g (organisation_id, kind, type, id, version, moment, n)
JOIN clinical.hl7_destination AS d ON d.organisation_id = g.organisation_id AND g.kind = ANY (d.kinds)
WHERE NOT (d.receiving_application = %(application)s AND d.receiving_facility IN ('', %(facility)s))
ORDER BY g.n, d.id
"""

# The reports in which findings stand, or groups of them, that are no longer what they were when the reports were
# written. Who writes such a report meanwhile is waited for, and what is told is what became of it.
REPORTS_OF: Final = """
WITH RECURSIVE found AS (
    SELECT g.organisation_id, g.key, g.moment, 1 AS depth
    FROM unnest(%(organisations)s::integer[], %(keys)s::bigint[], %(moments)s::timestamptz[])
        AS g (organisation_id, key, moment)
    UNION
    SELECT f.organisation_id, o.id_key, f.moment, f.depth + 1 FROM found AS f
    JOIN clinical.token AS t ON t.organisation_id = f.organisation_id AND t.parameter = %(member)s
        AND t.value = f.key AND t.system = %(system)s
    JOIN clinical.resource AS o ON o.rid = t.rid
    WHERE f.depth < %(depth)s
)
SELECT r.rid, r.organisation_id, r.type, r.id, r.version, greatest(f.moment, r.last_updated), r.is_deleted,
    r.patient_id, r.body
FROM found AS f
JOIN clinical.token AS t ON t.organisation_id = f.organisation_id AND t.parameter = %(result)s AND t.value = f.key
    AND t.system = %(system)s
JOIN clinical.resource AS r ON r.rid = t.rid
ORDER BY r.rid FOR UPDATE OF r
"""
# What reports say was found, and when that was changed last: nobody changes it until the reports are there for all.
FINDINGS_OF: Final = """
WITH RECURSIVE named AS (
    SELECT r.organisation_id, r.id AS report, t.value AS key, 1 AS depth
    FROM unnest(%(organisations)s::integer[], %(ids)s::text[]) AS g (organisation_id, id)
    JOIN clinical.resource AS r ON r.organisation_id = g.organisation_id AND r.type = 'DiagnosticReport' AND r.id = g.id
    JOIN clinical.token AS t ON t.rid = r.rid AND t.parameter = %(result)s AND t.system = %(system)s
    UNION
    SELECT n.organisation_id, n.report, t.value, n.depth + 1 FROM named AS n
    JOIN clinical.resource AS o ON o.organisation_id = n.organisation_id AND o.type = 'Observation' AND o.id_key = n.key
    JOIN clinical.token AS t ON t.rid = o.rid AND t.parameter = %(member)s AND t.system = %(system)s
    WHERE n.depth < %(depth)s
)
SELECT n.report, o.last_updated FROM named AS n
JOIN clinical.resource AS o ON o.organisation_id = n.organisation_id AND o.type = 'Observation' AND o.id_key = n.key
ORDER BY o.rid FOR SHARE OF o
"""

OWNERS: Final = "SELECT clinical.hl7_destination_owners()"
# A node has the line to a destination for some seconds, and then again, as long as it lives.
HOLD: Final = """
UPDATE clinical.hl7_destination SET held_by = %(node)s, held_until = %(until)s
WHERE held_until < %(now)s OR (held_by = %(node)s AND held_until < %(soon)s)
"""
HELD: Final = """
SELECT d.id, d.organisation_id, EXISTS (
    SELECT FROM clinical.hl7_outgoing AS o WHERE o.destination_id = d.id AND o.state = 'waiting')
FROM clinical.hl7_destination AS d WHERE d.held_by = %(node)s AND d.held_until > %(now)s
"""
LET_GO: Final = "UPDATE clinical.hl7_destination SET held_until = '-infinity' WHERE held_by = %(node)s"

# The message that is sent next, and where to as of now: nothing later goes before it.
NEXT: Final = """
SELECT o.id, o.organisation_id, o.destination_id, o.kind, o.type, o.resource_id, o.version, o.caused_at, o.control_id,
    o.raw, o.tries, o.refusals, o.due_at <= %(now)s, EXISTS (
        SELECT FROM clinical.hl7_outgoing AS n WHERE n.destination_id = o.destination_id AND n.type = o.type
            AND n.resource_id = o.resource_id AND (n.version, n.caused_at) > (o.version, o.caused_at)
            AND n.state = 'sent'),
    d.id, d.organisation_id, d.label, d.host, d.port, d.is_tls, d.charset, d.sending_application, d.sending_facility,
    d.receiving_application, d.receiving_facility, d.kinds
FROM clinical.hl7_outgoing AS o
JOIN clinical.hl7_destination AS d ON d.id = o.destination_id AND d.held_by = %(node)s AND d.held_until > %(now)s
WHERE o.destination_id = %(destination_id)s AND o.state = 'waiting' ORDER BY o.id LIMIT 1
"""
SENT_BEFORE: Final = """
SELECT EXISTS (
    SELECT FROM clinical.hl7_outgoing AS o WHERE o.destination_id = %(destination_id)s AND o.type = %(type)s
        AND o.resource_id = %(resource_id)s AND o.state = 'sent' AND o.id <> %(id)s)
"""
# The how many-th dose of its order one is for a system: counted on once, and the same whenever it is told again.
NUMBER_DOSE: Final = """
UPDATE clinical.hl7_outgoing AS mine SET order_id = %(order_id)s, ordinal = coalesce((
        SELECT max(o.ordinal) FROM clinical.hl7_outgoing AS o WHERE o.destination_id = mine.destination_id
            AND o.type = mine.type AND o.resource_id = mine.resource_id AND o.order_id = %(order_id)s), (
        SELECT max(o.ordinal) + 1 FROM clinical.hl7_outgoing AS o WHERE o.destination_id = mine.destination_id
            AND o.order_id = %(order_id)s AND o.order_id <> ''), 1)
WHERE mine.id = %(id)s RETURNING mine.ordinal
"""
MADE: Final = "UPDATE clinical.hl7_outgoing SET control_id = %(control_id)s, raw = %(raw)b WHERE id = %(id)s"
# What was set aside while it was on the line, and was taken all the same, has been sent.
END: Final = """
UPDATE clinical.hl7_outgoing SET state = %(state)s, reason = %(reason)s, answer = %(answer)b, tries = tries + 1,
    refusals = refusals + %(refused)s, ended_at = %(now)s
WHERE id = %(id)s AND (state = 'waiting' OR (state = 'dismissed' AND %(state)s = 'sent'))
"""
DEFER: Final = """
UPDATE clinical.hl7_outgoing SET tries = tries + 1, refusals = refusals + %(refused)s, due_at = %(due_at)s,
    reason = %(reason)s, answer = coalesce(%(answer)b, answer)
WHERE id = %(id)s AND state = 'waiting'
"""

# Resources as they were at a moment: of those that changed since, the version before; what came later only, as it came.
AS_OF: Final = """
WITH named AS (
    SELECT r.rid, r.type, r.id, r.version, r.last_updated, r.body FROM clinical.resource AS r
    JOIN unnest(%(types)s::text[], %(ids)s::text[]) AS g (type, id) ON r.type = g.type AND r.id = g.id
    WHERE r.organisation_id = %(organisation_id)s
), ever AS (
    SELECT type, id, version, last_updated, body FROM named
    UNION ALL
    SELECT v.type, v.id, v.version, v.last_updated, v.body FROM clinical.version AS v JOIN named USING (rid)
)
SELECT DISTINCT ON (type, id) type, id, body FROM ever
ORDER BY type, id, last_updated > %(moment)s, CASE WHEN last_updated > %(moment)s THEN version ELSE -version END
"""
