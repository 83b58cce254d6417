"""The SQL of HL7 v2: sources, messages as they came, and what became of them."""

from typing import Final

ALL_SOURCES: Final = """
SELECT id, organisation_id, label, sending_application, sending_facility, network, certificate_sha256, issuer, charset,
    utc_offset, is_enhanced
FROM clinical.all_hl7_sources()
"""
SOURCES: Final = """
SELECT id, organisation_id, label, sending_application, sending_facility, network::text, certificate_sha256, issuer,
    charset, utc_offset, is_enhanced
FROM clinical.hl7_source ORDER BY id
"""
ADD_SOURCE: Final = """
INSERT INTO clinical.hl7_source (organisation_id, label, sending_application, sending_facility, network,
    certificate_sha256, issuer, charset, utc_offset, is_enhanced)
VALUES (%(organisation_id)s, %(label)s, %(sending_application)s, %(sending_facility)s, %(network)s,
    %(certificate_sha256)s, %(issuer)s, %(charset)s, %(utc_offset)s, %(is_enhanced)s)
ON CONFLICT DO NOTHING RETURNING id
"""
REMOVE_SOURCE: Final = "DELETE FROM clinical.hl7_source WHERE id = %(id)s RETURNING organisation_id"

# A batch of messages with the patients that they are about; n is the place of a message in the batch. What was there
# before under the same control ID, or with the same bytes, is left out.
KEEP: Final = """
WITH given AS (
    SELECT g.*, nextval('clinical.hl7_number') AS id
    FROM unnest(%(sources)s::integer[], %(moments)s::timestamptz[], %(raws)s::bytea[], %(digests)s::bytea[],
        %(control_ids)s::text[], %(kinds)s::text[], %(named)s::boolean[], %(states)s::text[], %(reasons)s::text[],
        %(edited)s::bigint[]) WITH ORDINALITY
        AS g (source_id, received_at, raw, digest, control_id, kind, is_named, state, reason, edited_from, n)
), said AS (
    SELECT a.n, array_agg(a.answer ORDER BY a.place) AS answers
    FROM unnest(%(answer_ns)s::integer[], %(answers)s::bytea[]) WITH ORDINALITY AS a (n, answer, place) GROUP BY a.n
), about AS (
    SELECT k.n, array_agg(k.key) AS keys FROM unnest(%(key_ns)s::integer[], %(keys)s::bigint[]) AS k (n, key)
    GROUP BY k.n
), kept AS (
    INSERT INTO clinical.hl7_message (id, organisation_id, source_id, received_at, raw, digest, control_id, kind,
        is_named, keys, answers, state, reason, edited_from)
    SELECT g.id, %(organisation_id)s, g.source_id, g.received_at, g.raw, g.digest, g.control_id, g.kind, g.is_named,
        coalesce(about.keys, '{}'), coalesce(said.answers, '{}'), g.state, g.reason, g.edited_from
    FROM given AS g LEFT JOIN said USING (n) LEFT JOIN about USING (n) ORDER BY g.n
    ON CONFLICT DO NOTHING
    RETURNING id, state, keys
), waiting AS (
    INSERT INTO clinical.hl7_waiting (organisation_id, key, message_id)
    SELECT %(organisation_id)s, key, kept.id FROM kept, unnest(kept.keys) AS key WHERE kept.state = 'received'
)
SELECT g.n, g.id FROM given AS g JOIN kept ON kept.id = g.id
"""
# What was answered before to the same bytes.
AGAIN: Final = """
UPDATE clinical.hl7_message AS m SET resent = m.resent + 1
FROM unnest(%(ns)s::integer[], %(sources)s::integer[], %(control_ids)s::text[], %(digests)s::bytea[])
    AS g (n, source_id, control_id, digest)
WHERE m.id = (
    SELECT found.id FROM (
        SELECT named.id FROM clinical.hl7_message AS named
        WHERE named.source_id = g.source_id AND named.control_id = g.control_id AND named.is_named
            AND named.digest = g.digest
        UNION ALL
        SELECT unnamed.id FROM clinical.hl7_message AS unnamed
        WHERE unnamed.source_id = g.source_id AND unnamed.digest = g.digest AND NOT unnamed.is_named
    ) AS found LIMIT 1)
RETURNING g.n, m.answers
"""

# What can be applied now: nothing earlier of the same patients waits.
READY: Final = """
SELECT m.id, m.organisation_id FROM clinical.hl7_message AS m
WHERE m.organisation_id = ANY (%(organisations)s) AND m.state = 'received' AND m.due_at <= %(now)s
    AND NOT EXISTS (
        SELECT FROM clinical.hl7_waiting AS mine
        JOIN clinical.hl7_waiting AS earlier ON earlier.organisation_id = mine.organisation_id
            AND earlier.key = mine.key AND earlier.message_id < mine.message_id
        WHERE mine.message_id = m.id)
ORDER BY m.id LIMIT %(limit)s
"""
# One message, which nobody else applies meanwhile.
TAKE: Final = """
SELECT m.id, m.organisation_id, m.source_id, m.received_at, m.raw, m.kind, m.tries FROM clinical.hl7_message AS m
WHERE m.id = %(id)s AND m.state = 'received' FOR UPDATE SKIP LOCKED
"""
END: Final = """
WITH ended AS (
    UPDATE clinical.hl7_message SET state = %(state)s, reason = %(reason)s, tries = tries + 1, ended_at = %(now)s
    WHERE id = %(id)s AND state = 'received' RETURNING id
)
DELETE FROM clinical.hl7_waiting AS w USING ended WHERE w.message_id = ended.id
"""
DEFER: Final = """
UPDATE clinical.hl7_message SET tries = tries + 1, due_at = %(due_at)s, reason = %(reason)s
WHERE id = %(id)s AND state = 'received'
"""

TROUBLED: Final = """
SELECT id, organisation_id, source_id, received_at, control_id, kind, state, reason, tries
FROM clinical.hl7_message WHERE state IN ('failed', 'quarantined') AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""
READ: Final = """
SELECT id, organisation_id, source_id, received_at, raw, kind, tries FROM clinical.hl7_message WHERE id = %(id)s
"""
# A message is applied again: it waits behind nothing that came later.
REPLAY: Final = """
WITH again AS (
    UPDATE clinical.hl7_message SET state = 'received', reason = '', tries = 0, due_at = '-infinity', ended_at = NULL
    WHERE id = %(id)s AND state IN ('failed', 'quarantined') RETURNING id, organisation_id, keys
), waiting AS (
    INSERT INTO clinical.hl7_waiting (organisation_id, key, message_id)
    SELECT again.organisation_id, key, again.id FROM again, unnest(again.keys) AS key ON CONFLICT DO NOTHING
)
SELECT organisation_id FROM again
"""

# Whose a number is: as the numbers of patients say, or else as a resource says that was written by other ways.
PATIENTS_OF: Final = """
SELECT i.issuer, i.value, i.patient_rid FROM clinical.patient_identifier AS i
JOIN unnest(%(issuers)s::text[], %(values)s::text[]) AS g (issuer, value) ON i.issuer = g.issuer AND i.value = g.value
WHERE i.organisation_id = %(organisation_id)s
"""
PATIENTS_BY_KEY: Final = """
SELECT DISTINCT t.rid FROM clinical.token AS t
JOIN unnest(%(systems)s::bigint[], %(keys)s::bigint[]) AS g (system, value)
    ON t.system = g.system AND t.value = g.value
WHERE t.organisation_id = %(organisation_id)s AND t.parameter = %(parameter)s
"""
PATIENTS_OF_RIDS: Final = """
SELECT r.rid, r.organisation_id, r.type, r.id, r.version, r.last_updated, r.is_deleted, r.patient_id, r.body
FROM clinical.resource AS r WHERE r.rid = ANY (%(rids)s) ORDER BY r.rid FOR UPDATE
"""
ADD_IDENTIFIERS: Final = """
INSERT INTO clinical.patient_identifier (organisation_id, issuer, value, patient_rid)
SELECT %(organisation_id)s, g.issuer, g.value, %(rid)s FROM unnest(%(issuers)s::text[], %(values)s::text[])
    AS g (issuer, value)
ON CONFLICT DO NOTHING
"""
