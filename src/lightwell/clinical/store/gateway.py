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
CHANGE_SOURCE: Final = """
UPDATE clinical.hl7_source SET label = %(label)s, sending_application = %(sending_application)s,
    sending_facility = %(sending_facility)s, network = %(network)s, certificate_sha256 = %(certificate_sha256)s,
    issuer = coalesce(nullif(%(issuer)s, ''), issuer), charset = %(charset)s, utc_offset = %(utc_offset)s,
    is_enhanced = %(is_enhanced)s
WHERE id = %(id)s AND organisation_id = %(organisation_id)s RETURNING id
"""
REMOVE_SOURCE: Final = "DELETE FROM clinical.hl7_source WHERE id = %(id)s RETURNING organisation_id"

# A batch of messages with the patients that they are about; n is the place of a message in the batch. Bytes that the
# same source sent before are left out.
KEEP: Final = """
WITH given AS (
    SELECT g.*, nextval('clinical.hl7_number') AS id
    FROM unnest(%(sources)s::integer[], %(moments)s::timestamptz[], %(raws)b::bytea[], %(digests)b::bytea[],
        %(control_ids)s::text[], %(kinds)s::text[], %(states)s::text[], %(reasons)s::text[], %(edited)s::bigint[])
        WITH ORDINALITY AS g (source_id, received_at, raw, digest, control_id, kind, state, reason, edited_from, n)
), said AS (
    SELECT a.n, array_agg(a.answer ORDER BY a.place) AS answers
    FROM unnest(%(answer_ns)s::integer[], %(answers)b::bytea[]) WITH ORDINALITY AS a (n, answer, place) GROUP BY a.n
), about AS (
    SELECT k.n, array_agg(k.key) AS keys FROM unnest(%(key_ns)s::integer[], %(keys)s::bigint[]) AS k (n, key)
    GROUP BY k.n
), kept AS (
    INSERT INTO clinical.hl7_message (id, organisation_id, source_id, received_at, raw, digest, control_id, kind,
        keys, answers, state, reason, edited_from)
    SELECT g.id, %(organisation_id)s, g.source_id, g.received_at, g.raw, g.digest, g.control_id, g.kind,
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
# What was answered to the same bytes, if that is not too long ago for them to be the same message.
AGAIN: Final = """
WITH found AS (
    SELECT g.n, m.id FROM unnest(%(ns)s::integer[], %(sources)s::integer[], %(digests)b::bytea[],
        %(oldest)s::timestamptz[]) AS g (n, source_id, digest, oldest)
    JOIN clinical.hl7_message AS m
        ON m.source_id = g.source_id AND m.digest = g.digest AND m.is_latest AND m.received_at > g.oldest
), counted AS (
    UPDATE clinical.hl7_message AS m SET resent = m.resent + times.count
    FROM (SELECT id, count(*) FROM found GROUP BY id) AS times WHERE m.id = times.id
)
SELECT found.n, m.answers FROM found JOIN clinical.hl7_message AS m ON m.id = found.id
"""
# The same bytes come as a new message: the one that had them stays, and is not the latest of them any more.
SUCCEED: Final = """
UPDATE clinical.hl7_message AS m SET is_latest = false
FROM unnest(%(sources)s::integer[], %(digests)b::bytea[], %(oldest)s::timestamptz[]) AS g (source_id, digest, oldest)
WHERE m.source_id = g.source_id AND m.digest = g.digest AND m.is_latest AND m.received_at <= g.oldest
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

# Messages are applied again: they wait behind nothing that came later.
REPLAY: Final = """
WITH again AS (
    UPDATE clinical.hl7_message SET state = 'received', reason = '', tries = 0, due_at = '-infinity', ended_at = NULL
    WHERE id = ANY (%(ids)s) AND state IN ('failed', 'quarantined') RETURNING id, organisation_id, keys
), waiting AS (
    INSERT INTO clinical.hl7_waiting (organisation_id, key, message_id)
    SELECT again.organisation_id, key, again.id FROM again, unnest(again.keys) AS key ON CONFLICT DO NOTHING
)
SELECT id, organisation_id FROM again
"""
