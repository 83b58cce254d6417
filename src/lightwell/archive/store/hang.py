"""The SQL of hanging protocols."""

from typing import Final

OWN: Final = """
SELECT id, protocol, NULL::text FROM archive.own_hanging_protocol WHERE account_id = %(account_id)s ORDER BY id
"""
OF_HOSPITALS: Final = """
SELECT h.id, h.protocol, o.code
FROM archive.hanging_protocol AS h JOIN core.organisation AS o ON o.id = h.organisation_id
WHERE h.organisation_id = ANY (%(organisations)s) ORDER BY o.code, h.id
"""
# No row comes back where there are too many others already.
KEEP_OWN: Final = """
INSERT INTO archive.own_hanging_protocol AS h (account_id, id, protocol)
SELECT %(account_id)s, %(id)s, %(protocol)s::jsonb
WHERE (SELECT count(*) FROM archive.own_hanging_protocol AS o
       WHERE o.account_id = %(account_id)s AND o.id <> %(id)s) < %(most)s
ON CONFLICT (account_id, id) DO UPDATE SET protocol = excluded.protocol, changed_at = now()
RETURNING id
"""
KEEP_OF_HOSPITAL: Final = """
INSERT INTO archive.hanging_protocol AS h (organisation_id, id, protocol)
SELECT %(organisation_id)s, %(id)s, %(protocol)s::jsonb
WHERE (SELECT count(*) FROM archive.hanging_protocol AS o
       WHERE o.organisation_id = %(organisation_id)s AND o.id <> %(id)s) < %(most)s
ON CONFLICT (organisation_id, id) DO UPDATE SET protocol = excluded.protocol, changed_at = now()
RETURNING id
"""
REMOVE_OWN: Final = """
DELETE FROM archive.own_hanging_protocol WHERE account_id = %(account_id)s AND id = %(id)s RETURNING id
"""
REMOVE_OF_HOSPITAL: Final = """
DELETE FROM archive.hanging_protocol WHERE organisation_id = %(organisation_id)s AND id = %(id)s RETURNING id
"""
