"""The SQL that searches the index.

Statements are put together from literal fragments. Each hospital is searched by itself (``CROSS JOIN LATERAL``), so
that the newest-first order comes out of an index, however many hospitals the reader belongs to; studies that other
hospitals granted are a second branch, which starts from the grants.

A condition is a template with holes: the column, which stands in a table here, and the placeholder of a value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import sql

STUDY, SERIES, INSTANCE = 0, 1, 2

_COLUMNS: Final = (
    sql.SQL(
        "s.study_instance_uid, s.patient_id, s.issuer_of_patient_id, s.patient_name, s.patient_birth_date,"
        " s.patient_sex, s.study_date, s.study_time, s.study_description, s.study_id, s.accession_number,"
        " s.referring_physician_name, s.institution_name, s.is_charset_repaired, s.id, s.organisation_id,"
        " s.modalities, s.series_count, s.instance_count"
    ),
    sql.SQL(
        "x.series_instance_uid, x.modality, x.series_number, x.series_description, x.series_date, x.series_time,"
        " x.body_part_examined, x.protocol_name, x.station_name, x.manufacturer, x.performed_procedure_step_start_date,"
        " x.performed_procedure_step_start_time, x.scheduled_procedure_step_ids, x.requested_procedure_ids,"
        " x.id AS series_id, x.instance_count AS series_instance_count"
    ),
    sql.SQL(
        "i.sop_instance_uid, i.sop_class_uid, i.transfer_syntax_uid, i.instance_number, i.number_of_frames, i.blob,"
        " i.length, i.data_set_offset, i.frame_table, i.rows, i.columns, i.bits_allocated, i.id AS instance_id"
    ),
)
_JOINS: Final = (
    sql.SQL(""),
    sql.SQL(" JOIN archive.series AS x ON x.study_id = s.id"),
    sql.SQL(" JOIN archive.instance AS i ON i.series_id = x.id"),
)
# The newest study first, and the other way round: both come out of one index. By any other column a million studies
# would have to be put in order for each page of them.
_STUDY_ORDERS: Final = (
    sql.SQL("study_date DESC, study_time DESC, id DESC"),
    sql.SQL("study_date, study_time, id"),
)
_KEY_ORDERS: Final = (
    sql.SQL("k.study_date DESC, k.study_time DESC, k.study_id DESC"),
    sql.SQL("k.study_date, k.study_time, k.study_id"),
)
_ORDERS: Final = (
    sql.SQL(""),
    sql.SQL(", series_number NULLS LAST, series_id"),
    sql.SQL(", instance_number NULLS LAST, instance_id"),
)
_SEARCH: Final = sql.SQL(
    "SELECT f.*, o.name, o.code FROM ("
    " SELECT f.* FROM unnest(%(organisations)s::integer[]) AS mine (organisation_id)"
    " CROSS JOIN LATERAL (SELECT {columns} FROM {source}{joins}"
    "  WHERE s.organisation_id = mine.organisation_id AND {own_conditions}"
    "  ORDER BY s.organisation_id DESC, {order} LIMIT %(rows)s) AS f"
    " UNION ALL"
    " SELECT {columns} FROM core.access_grant AS g JOIN archive.study AS s"
    "  ON s.study_instance_uid = g.resource AND s.organisation_id = g.organisation_id{joins}"
    " WHERE g.kind = 'study' AND g.subject_organisation_id = ANY (%(mine)s::integer[])"
    "  AND g.revoked_at IS NULL AND g.until > now()"
    "  AND NOT s.organisation_id = ANY (%(mine)s::integer[]) AND {conditions}"
    ") AS f JOIN core.organisation AS o ON o.id = f.organisation_id"
    " ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s"
)

# Attributes that can be matched, by the keyword of the standard: level and column.
COLUMNS: Final[Mapping[str, tuple[int, sql.SQL]]] = {
    "StudyInstanceUID": (STUDY, sql.SQL("s.study_instance_uid")),
    "PatientID": (STUDY, sql.SQL("s.patient_id")),
    "IssuerOfPatientID": (STUDY, sql.SQL("s.issuer_of_patient_id")),
    "PatientName": (STUDY, sql.SQL("('=' || replace(s.patient_name, '^', ' ') || '=')")),
    "PatientBirthDate": (STUDY, sql.SQL("s.patient_birth_date")),
    "PatientSex": (STUDY, sql.SQL("s.patient_sex")),
    "StudyDate": (STUDY, sql.SQL("s.study_date")),
    "StudyTime": (STUDY, sql.SQL("s.study_time")),
    "StudyDescription": (STUDY, sql.SQL("s.study_description")),
    "StudyID": (STUDY, sql.SQL("s.study_id")),
    "AccessionNumber": (STUDY, sql.SQL("s.accession_number")),
    "ReferringPhysicianName": (STUDY, sql.SQL("('=' || replace(s.referring_physician_name, '^', ' ') || '=')")),
    "InstitutionName": (STUDY, sql.SQL("s.institution_name")),
    "ModalitiesInStudy": (STUDY, sql.SQL("s.modalities")),
    "SeriesInstanceUID": (SERIES, sql.SQL("x.series_instance_uid")),
    "Modality": (SERIES, sql.SQL("x.modality")),
    "SeriesNumber": (SERIES, sql.SQL("x.series_number")),
    "SeriesDescription": (SERIES, sql.SQL("x.series_description")),
    "SeriesDate": (SERIES, sql.SQL("x.series_date")),
    "SeriesTime": (SERIES, sql.SQL("x.series_time")),
    "BodyPartExamined": (SERIES, sql.SQL("x.body_part_examined")),
    "ProtocolName": (SERIES, sql.SQL("x.protocol_name")),
    "StationName": (SERIES, sql.SQL("x.station_name")),
    "Manufacturer": (SERIES, sql.SQL("x.manufacturer")),
    "PerformedProcedureStepStartDate": (SERIES, sql.SQL("x.performed_procedure_step_start_date")),
    "PerformedProcedureStepStartTime": (SERIES, sql.SQL("x.performed_procedure_step_start_time")),
    "RequestAttributesSequence.ScheduledProcedureStepID": (SERIES, sql.SQL("x.scheduled_procedure_step_ids")),
    "RequestAttributesSequence.RequestedProcedureID": (SERIES, sql.SQL("x.requested_procedure_ids")),
    "SOPInstanceUID": (INSTANCE, sql.SQL("i.sop_instance_uid")),
    "SOPClassUID": (INSTANCE, sql.SQL("i.sop_class_uid")),
    "InstanceNumber": (INSTANCE, sql.SQL("i.instance_number")),
}
ANY_OF: Final = sql.SQL("{column} = ANY ({value}::text[])")
EQUAL: Final = sql.SQL("{column} = {value}")
FROM: Final = sql.SQL("{column} >= {value}")
TO: Final = sql.SQL("{column} <= {value}")
OVERLAPS: Final = sql.SQL("{column} && {value}::text[]")
LIKE: Final = sql.SQL("{column} ILIKE {value}")  # only ever a filter: under row-level security it has no index
ANY_LIKE: Final = sql.SQL(
    "EXISTS (SELECT FROM unnest({column}) AS one (value) WHERE one.value LIKE ANY ({value}::text[]))"
)
KEY: Final = sql.SQL(
    "s.id IN (SELECT k.study_id FROM archive.study_key AS k WHERE k.organisation_id = s.organisation_id"
    " AND k.kind = ANY ({kinds}::text[]) AND k.key = {value})"
)
# One item of the sequence must meet all that is asked of it (PS3.4 C.2.2.2.6).
REQUEST: Final = sql.SQL(
    "EXISTS (SELECT FROM unnest(string_to_array(x.scheduled_procedure_step_ids, '\\'),"
    " string_to_array(x.requested_procedure_ids, '\\')) AS r (step_id, procedure_id)"
    " WHERE coalesce(r.step_id, '') ILIKE {step_id} AND coalesce(r.procedure_id, '') ILIKE {procedure_id})"
)
# What is asked for by a range of keys: within a span of study dates, and without one.
_IN_RANGE: Final = sql.SQL("k.kind = ANY ({kinds}::text[]) AND k.key >= {start} AND k.key < {end}")
_IN_SPAN: Final = sql.SQL(" AND k.study_date >= %(since)s AND k.study_date <= %(until)s")
_SPAN: Final = sql.SQL("s.study_date >= %(since)s AND s.study_date <= %(until)s")
_HAS_KEY: Final = sql.SQL(
    "s.id IN (SELECT k.study_id FROM archive.study_key AS k WHERE k.organisation_id = s.organisation_id"
    " AND {in_range}{in_span})"
)
_STUDIES: Final = sql.SQL("archive.study AS s")
# Where nothing but one range of keys is asked for, the newest studies come out of the index of keys.
_NEWEST_WITH_KEY: Final = sql.SQL(
    "(SELECT k.study_id FROM archive.study_key AS k WHERE k.organisation_id = mine.organisation_id"
    " AND {in_range}{in_span} GROUP BY k.study_date, k.study_time, k.study_id"
    " ORDER BY {key_order} LIMIT %(rows)s) AS n"
    " JOIN archive.study AS s ON s.id = n.study_id"
)

# What comes behind a match in the order of a search, by level.
_BEHIND_STUDY: Final = sql.SQL(
    "(s.study_date, s.study_time, s.id) {} ((%(behind)s::text[])[1], (%(behind)s::text[])[2], %(behind_study)s::bigint)"
)
_BEHIND_SERIES: Final = sql.SQL(
    "{} AND (s.id <> %(behind_study)s::bigint OR (coalesce(x.series_number::bigint, 2147483648), x.id{}) >"
    " (%(behind_series_number)s::bigint, %(behind_series)s::bigint{}))"
)
BEHIND: Final = (
    _BEHIND_STUDY.format(sql.SQL("<")),
    _BEHIND_SERIES.format(_BEHIND_STUDY.format(sql.SQL("<=")), sql.SQL(""), sql.SQL("")),
    _BEHIND_SERIES.format(
        _BEHIND_STUDY.format(sql.SQL("<=")),
        sql.SQL(", coalesce(i.instance_number::bigint, 2147483648), i.id"),
        sql.SQL(", %(behind_number)s::bigint, %(behind_instance)s::bigint"),
    ),
)


@dataclass(frozen=True, slots=True)
class KeyRange:
    """Keys of some kinds that begin with the same letters, as placeholders of values."""

    kinds: sql.Placeholder
    start: sql.Placeholder
    end: sql.Placeholder


def search(
    level: int,
    conditions: Sequence[sql.Composable],
    key_ranges: Sequence[KeyRange] = (),
    *,
    is_dated: bool = False,
    is_oldest_first: bool = False,
) -> sql.Composed:
    """Return the search for studies, series or instances that meet all conditions, newest study first.

    Args:
        level: how far down to look.
        conditions: on columns.
        key_ranges: a study has a key in each of them.
        is_dated: whether only studies from ``since`` to ``until`` are looked at.
        is_oldest_first: whether the order of the studies is turned round.
    """
    in_span = _IN_SPAN if is_dated else sql.SQL("")
    ranges = [
        {"in_range": _IN_RANGE.format(kinds=keys.kinds, start=keys.start, end=keys.end), "in_span": in_span}
        for keys in key_ranges
    ]
    met = [*conditions, *(_HAS_KEY.format(**part) for part in ranges), *([_SPAN] if is_dated else [])]
    is_by_key = len(ranges) == 1 and not conditions
    return _SEARCH.format(
        columns=sql.SQL(", ").join(_COLUMNS[: level + 1]),
        source=_NEWEST_WITH_KEY.format(**ranges[0], key_order=_KEY_ORDERS[is_oldest_first]) if is_by_key else _STUDIES,
        joins=sql.SQL("").join(_JOINS[: level + 1]),
        conditions=sql.SQL(" AND ").join(met or [sql.SQL("true")]),
        own_conditions=sql.SQL(" AND ").join(met if not is_by_key and met else [sql.SQL("true")]),
        order=sql.SQL("").join([_STUDY_ORDERS[is_oldest_first], *_ORDERS[: level + 1]]),
    )


NEWEST_DATE: Final = """
SELECT max(n.study_date) FROM unnest(%(organisations)s::integer[]) AS mine (organisation_id)
CROSS JOIN LATERAL (SELECT s.study_date FROM archive.study AS s
    WHERE s.organisation_id = mine.organisation_id AND s.study_date <= %(until)s
    ORDER BY s.organisation_id DESC, s.study_date DESC LIMIT 1) AS n
"""

INSTANCES: Final = sql.SQL(
    "SELECT i.organisation_id, s.patient_id, s.study_instance_uid, x.series_instance_uid, i.sop_instance_uid,"
    " i.sop_class_uid, i.transfer_syntax_uid, i.instance_number, i.number_of_frames, i.blob, i.length,"
    " i.data_set_offset, i.frame_table, i.rows, i.columns, i.bits_allocated"
    " FROM archive.study AS s"
    " JOIN archive.series AS x ON x.study_id = s.id"
    " JOIN archive.instance AS i ON i.series_id = x.id"
    " WHERE {which}"
)
ONE_INSTANCE: Final = INSTANCES.format(
    which=sql.SQL(
        "s.study_instance_uid = %(study)s AND x.series_instance_uid = %(series)s"
        " AND i.organisation_id = s.organisation_id AND i.sop_instance_uid = %(instance)s"
    )
)
# What a retrieval hands over: whole studies, or of them some series, or of those some instances.
RETRIEVED: Final = INSTANCES.format(
    which=sql.SQL(
        "s.study_instance_uid = ANY (%(studies)s)"
        " AND (%(series)s::text[] IS NULL OR x.series_instance_uid = ANY (%(series)s))"
        " AND (%(instances)s::text[] IS NULL OR i.sop_instance_uid = ANY (%(instances)s))"
        " ORDER BY s.id, x.series_number NULLS LAST, x.id, i.instance_number NULLS LAST, i.id"
    )
)

# Studies that no image comes to any more, in the order in which they came.
QUIET: Final = """
SELECT s.id, s.organisation_id, s.study_instance_uid FROM archive.study AS s
WHERE s.organisation_id = ANY (%(organisations)s) AND NOT s.is_open AND s.instance_count > 0 AND s.id > %(after)s
ORDER BY s.id LIMIT %(limit)s
"""
# Studies whose search keys are of an older kind.
OUTDATED: Final = """
SELECT s.id, s.patient_id, s.accession_number, s.patient_name FROM archive.study AS s
WHERE s.organisation_id = %(organisation_id)s AND s.key_version < 1 ORDER BY s.id LIMIT 500
"""
# Series that were indexed before all was read that is read today, with one of their files.
OUTDATED_SERIES: Final = """
SELECT x.id, x.study_id, (SELECT i.blob FROM archive.instance AS i WHERE i.series_id = x.id
    ORDER BY i.instance_number, i.id LIMIT 1)
FROM archive.series AS x
WHERE x.organisation_id = %(organisation_id)s AND x.attribute_version < 1 AND x.id > %(after)s ORDER BY x.id LIMIT 100
"""

COUNTS_OF_PATIENTS: Final = """
SELECT s.organisation_id, s.patient_id, s.issuer_of_patient_id, count(*), sum(s.series_count), sum(s.instance_count)
FROM unnest(%(organisations)s::integer[], %(patient_ids)s::text[], %(issuers)s::text[], %(keys)s::text[])
    AS p (organisation_id, patient_id, issuer_of_patient_id, key)
JOIN archive.study_key AS k ON k.organisation_id = p.organisation_id AND k.kind = 'patient_id' AND k.key = p.key
JOIN archive.study AS s ON s.id = k.study_id AND s.patient_id = p.patient_id
    AND s.issuer_of_patient_id = p.issuer_of_patient_id
GROUP BY s.organisation_id, s.patient_id, s.issuer_of_patient_id
"""
