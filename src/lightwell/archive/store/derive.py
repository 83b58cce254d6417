"""SQL of derived series."""

from typing import Final

# The images of a series in the order of reading.
IMAGES: Final = """
SELECT i.organisation_id, s.patient_id, s.study_instance_uid, x.series_instance_uid, i.sop_instance_uid,
    i.sop_class_uid, i.transfer_syntax_uid, i.instance_number, i.number_of_frames, i.blob, i.length,
    i.data_set_offset, i.frame_table, i.rows, i.columns, i.bits_allocated
FROM archive.study AS s
JOIN archive.series AS x ON x.study_id = s.id
JOIN archive.instance AS i ON i.series_id = x.id
WHERE s.organisation_id = %(organisation_id)s AND s.study_instance_uid = %(study)s
    AND x.series_instance_uid = %(series)s
ORDER BY i.instance_number NULLS LAST, i.id
"""
