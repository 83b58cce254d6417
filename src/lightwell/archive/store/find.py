"""The SQL that searches the index.

Statements are put together from literal fragments. Each hospital is searched by itself (``CROSS JOIN LATERAL``), so
that the newest-first order comes out of an index, however many hospitals the reader belongs to; studies that other
hospitals granted are a second branch, which starts from the grants.
"""

from collections.abc import Sequence
from typing import Final, LiteralString

from psycopg import sql

STUDY_COLUMNS: Final = sql.SQL(
    "s.study_instance_uid, s.patient_id, s.issuer_of_patient_id, s.patient_name,"
    " s.patient_birth_date, s.patient_sex, s.study_date, s.study_time, s.study_description, s.study_id,"
    " s.accession_number, s.referring_physician_name, s.institution_name, s.is_charset_repaired, s.id,"
    " s.organisation_id, s.modalities, s.series_count, s.instance_count"
)
_STUDIES: Final = sql.SQL(
    "SELECT {columns}, o.name FROM ("
    " SELECT s.* FROM unnest(%(organisations)s::integer[]) AS mine (organisation_id)"
    " CROSS JOIN LATERAL (SELECT s.* FROM archive.study AS s"
    "  WHERE s.organisation_id = mine.organisation_id AND {conditions}"
    "  ORDER BY s.organisation_id DESC, s.study_date DESC, s.study_time DESC, s.id DESC LIMIT %(rows)s) AS s"
    " UNION ALL"
    " SELECT s.* FROM core.access_grant AS g JOIN archive.study AS s"
    "  ON s.study_instance_uid = g.resource AND s.organisation_id = g.organisation_id"
    " WHERE g.kind = 'study' AND g.subject_organisation_id = ANY (%(mine)s::integer[])"
    "  AND g.revoked_at IS NULL AND g.until > now()"
    "  AND NOT s.organisation_id = ANY (%(mine)s::integer[]) AND {conditions}"
    ") AS s JOIN core.organisation AS o ON o.id = s.organisation_id"
    " ORDER BY s.study_date DESC, s.study_time DESC, s.id DESC LIMIT %(limit)s OFFSET %(offset)s"
)

# What a search may ask for: parameter names stand for values that are bound, never for text.
CONDITIONS: Final[dict[str, LiteralString]] = {
    "study_instance_uids": "s.study_instance_uid = ANY (%(study_instance_uids)s)",
    "patient_id": "s.id IN (SELECT k.study_id FROM archive.study_key AS k WHERE k.organisation_id = s.organisation_id"
    " AND k.kind = 'patient_id' AND k.key = %(patient_id)s)",
    "patient_id_prefix": "s.id IN (SELECT k.study_id FROM archive.study_key AS k"
    " WHERE k.organisation_id = s.organisation_id AND k.kind = 'patient_id'"
    " AND k.key >= %(patient_id_from)s AND k.key < %(patient_id_to)s)",
    "accession_number": "s.id IN (SELECT k.study_id FROM archive.study_key AS k"
    " WHERE k.organisation_id = s.organisation_id AND k.kind = 'accession_number' AND k.key = %(accession_number)s)",
    "accession_number_prefix": "s.id IN (SELECT k.study_id FROM archive.study_key AS k"
    " WHERE k.organisation_id = s.organisation_id AND k.kind = 'accession_number'"
    " AND k.key >= %(accession_number_from)s AND k.key < %(accession_number_to)s)",
    "patient_name": "s.id IN (SELECT k.study_id FROM archive.study_key AS k"
    " WHERE k.organisation_id = s.organisation_id AND k.kind = 'patient_name' AND k.key = %(patient_name)s)",
    "patient_name_prefix": "s.id IN (SELECT k.study_id FROM archive.study_key AS k"
    " WHERE k.organisation_id = s.organisation_id AND k.kind = 'patient_name'"
    " AND k.key >= %(patient_name_from)s AND k.key < %(patient_name_to)s)",
    "search": "s.id IN (SELECT k.study_id FROM archive.study_key AS k WHERE k.organisation_id = s.organisation_id"
    " AND k.kind = ANY ('{patient_id,accession_number,patient_name}')"
    " AND k.key >= %(search_from)s AND k.key < %(search_to)s)",
    "study_date": "s.study_date >= %(study_date_from)s AND s.study_date <= %(study_date_to)s",
    "modalities": "s.modalities && %(modalities)s::text[]",
}


def studies(conditions: Sequence[str]) -> sql.Composed:
    """Return the search for studies that meet the named conditions."""
    parts = [sql.SQL(CONDITIONS[name]) for name in conditions] or [sql.SQL("true")]
    return _STUDIES.format(columns=STUDY_COLUMNS, conditions=sql.SQL(" AND ").join(parts))


SERIES: Final = """
SELECT x.series_instance_uid, x.modality, x.series_number, x.series_description, x.series_date, x.series_time,
    x.body_part_examined, x.protocol_name, x.station_name, x.manufacturer, x.id, x.instance_count
FROM archive.series AS x WHERE x.study_id = %(study)s ORDER BY x.series_number NULLS LAST, x.id
"""
_INSTANCE: Final = sql.SQL(
    "SELECT i.organisation_id, s.patient_id, s.study_instance_uid, x.series_instance_uid, i.sop_instance_uid,"
    " i.sop_class_uid, i.transfer_syntax_uid, i.instance_number, i.number_of_frames, i.blob, i.length,"
    " i.data_set_offset, i.frame_table"
    " FROM archive.study AS s"
    " JOIN archive.series AS x ON x.study_id = s.id"
    " JOIN archive.instance AS i ON i.series_id = x.id"
    " WHERE s.study_instance_uid {which}"
)
INSTANCES: Final = _INSTANCE.format(
    which=sql.SQL(
        "= %(study)s AND x.series_instance_uid = %(series)s"
        " ORDER BY i.instance_number NULLS LAST, i.id LIMIT %(limit)s OFFSET %(offset)s"
    )
)
INSTANCE: Final = _INSTANCE.format(
    which=sql.SQL(
        "= %(study)s AND x.series_instance_uid = %(series)s"
        " AND i.organisation_id = s.organisation_id AND i.sop_instance_uid = %(instance)s"
    )
)
# What a retrieval hands over: whole studies, or of them some series, or of those some instances.
RETRIEVED: Final = _INSTANCE.format(
    which=sql.SQL(
        "= ANY (%(studies)s)"
        " AND (%(series)s::text[] IS NULL OR x.series_instance_uid = ANY (%(series)s))"
        " AND (%(instances)s::text[] IS NULL OR i.sop_instance_uid = ANY (%(instances)s))"
        " ORDER BY s.id, x.series_number NULLS LAST, x.id, i.instance_number NULLS LAST, i.id"
    )
)
