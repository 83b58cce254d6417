"""The SQL of the associations that ended."""

from typing import Final

NOTE: Final = """
INSERT INTO archive.association AS a (organisation_id, peer_id, is_ours, calling_ae, called_ae, address, is_tls,
    began_at, ended_at, outcome, rejection, done, times, repeat_key)
SELECT * FROM unnest(%(organisation_id)s::integer[], %(peer_id)s::integer[], %(is_ours)s::boolean[],
    %(calling_ae)s::text[], %(called_ae)s::text[], %(address)s::text[], %(is_tls)s::boolean[],
    %(began_at)s::timestamptz[], %(ended_at)s::timestamptz[], %(outcome)s::text[], %(rejection)s::text[],
    %(done)s::jsonb[], %(times)s::integer[], %(repeat_key)s::text[])
ON CONFLICT (repeat_key) DO UPDATE SET times = a.times + excluded.times,
    ended_at = greatest(a.ended_at, excluded.ended_at)
"""
# The last ones of each machine, newest first within it.
OF_EACH_PEER: Final = """
SELECT a.id, a.organisation_id, a.peer_id, a.is_ours, a.calling_ae, a.called_ae, a.address, a.is_tls, a.began_at,
    a.ended_at, a.outcome, a.rejection, a.done, a.times
FROM archive.peer AS p CROSS JOIN LATERAL (
    SELECT * FROM archive.association AS x WHERE x.organisation_id = p.organisation_id AND x.peer_id = p.id
    ORDER BY x.ended_at DESC LIMIT %(limit)s) AS a
WHERE (%(peer)s::integer IS NULL OR p.id = %(peer)s)
ORDER BY a.peer_id, a.ended_at DESC
"""
# Whoever would be let in by now is a stranger no longer.
OF_STRANGERS: Final = """
SELECT a.id, a.organisation_id, a.peer_id, a.is_ours, a.calling_ae, a.called_ae, a.address, a.is_tls, a.began_at,
    a.ended_at, a.outcome, a.rejection, a.done, a.times
FROM archive.association AS a
WHERE a.peer_id IS NULL AND NOT a.is_ours AND NOT EXISTS (
    SELECT FROM archive.peer AS p
    WHERE p.called_ae = a.called_ae AND p.calling_ae IN ('*', a.calling_ae)
      AND p.certificate_sha256 = '' AND nullif(a.address, '')::inet <<= p.network)
ORDER BY a.ended_at DESC LIMIT %(limit)s
"""
FORGET: Final = """
DELETE FROM archive.association WHERE ended_at < now() - make_interval(days => %(days)s) OR id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY organisation_id, peer_id ORDER BY ended_at DESC) AS place
        FROM archive.association) AS ranked
    WHERE place > %(most)s)
"""
