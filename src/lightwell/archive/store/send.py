"""The SQL of handing images over: which, where to, and what was promised."""

from collections.abc import Collection
from typing import Final

from psycopg import sql

from lightwell.archive.store.find import INSTANCES

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

# What a C-MOVE or C-GET names. A patient's studies are the caller's own ones: elsewhere the same ID is somebody else's.
_WHICH: Final = {
    "studies": sql.SQL("s.study_instance_uid = ANY (%(studies)s)"),
    "series": sql.SQL("x.series_instance_uid = ANY (%(series)s)"),
    "instances": sql.SQL("i.sop_instance_uid = ANY (%(instances)s)"),
    "patient_id": sql.SQL("s.patient_id = %(patient_id)s"),
    "issuer_of_patient_id": sql.SQL("s.issuer_of_patient_id = %(issuer_of_patient_id)s"),
}
_OF_PATIENT: Final = sql.SQL(
    "s.id IN (SELECT k.study_id FROM archive.study_key AS k WHERE k.organisation_id = ANY (%(organisations)s)"
    " AND k.kind = %(kind)s AND k.key = %(key)s)"
)
_IN_ORDER: Final = sql.SQL(
    " ORDER BY s.id, x.series_number NULLS LAST, x.id, i.instance_number NULLS LAST, i.id LIMIT %(most)s"
)


def retrieved(keys: Collection[str]) -> sql.Composed:
    """Return what finds the images that all keys hold for; without studies, a patient is among them."""
    conditions = [condition for key, condition in _WHICH.items() if key in keys]
    if "studies" not in keys:
        conditions.append(_OF_PATIENT)
    return INSTANCES.format(which=sql.SQL(" AND ").join(conditions) + _IN_ORDER)
