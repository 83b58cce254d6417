"""The SQL of handing images over: where to, and what was promised."""

from typing import Final

DESTINATION: Final = """
SELECT organisation_id, calling_ae, called_ae, host, port, is_tls, id FROM archive.peer
WHERE calling_ae = %(title)s AND host IS NOT NULL AND port IS NOT NULL ORDER BY id LIMIT 1
"""
SET_ADDRESS: Final = """
UPDATE archive.peer SET host = %(host)s, port = %(port)s, is_tls = %(is_tls)s WHERE id = %(id)s
"""
PROMISE: Final = """
INSERT INTO archive.commitment (organisation_id, transaction_uid, calling_ae, called_ae, sop_class_uids,
    sop_instance_uids)
VALUES (%(organisation_id)s, %(transaction_uid)s, %(calling_ae)s, %(called_ae)s, %(sop_class_uids)s,
    %(sop_instance_uids)s)
ON CONFLICT (organisation_id, calling_ae, transaction_uid) DO UPDATE
    SET sop_class_uids = excluded.sop_class_uids, sop_instance_uids = excluded.sop_instance_uids, reported_at = NULL
RETURNING id
"""
PROMISED: Final = """
SELECT organisation_id, transaction_uid, calling_ae, called_ae, sop_class_uids, sop_instance_uids
FROM archive.commitment WHERE id = %(id)s AND reported_at IS NULL
"""
REPORTED: Final = "UPDATE archive.commitment SET reported_at = now() WHERE id = %(id)s"
KEPT: Final = """
SELECT sop_instance_uid, sop_class_uid, blob, length FROM archive.instance
WHERE organisation_id = %(organisation_id)s AND sop_instance_uid = ANY (%(sop_instance_uids)s)
"""
