"""SQL of prepared series."""

from typing import Final

# The images of a series in the order of reading, with what a pack needs to know of each.
IMAGES: Final = """
SELECT i.organisation_id, s.patient_id, s.study_instance_uid, x.series_instance_uid, i.sop_instance_uid,
    i.sop_class_uid, i.transfer_syntax_uid, i.instance_number, i.number_of_frames, i.blob, i.length,
    i.data_set_offset, i.frame_table, i.rows, i.columns, i.bits_allocated, i.id
FROM archive.series AS x
JOIN archive.study AS s ON s.id = x.study_id
JOIN archive.instance AS i ON i.series_id = x.id
WHERE x.id = %(series_id)s
ORDER BY i.instance_number NULLS LAST, i.id
"""
# Of a study: the series of which nothing is prepared, or which have other images by now.
UNPREPARED: Final = """
SELECT x.id FROM archive.series AS x LEFT JOIN archive.prepared AS p ON p.series_id = x.id
WHERE x.study_id = %(study)s AND x.instance_count IS DISTINCT FROM p.instance_count
ORDER BY x.series_number NULLS LAST, x.id
"""
KEEP: Final = """
WITH old AS (SELECT blob FROM archive.prepared WHERE series_id = %(series_id)s)
INSERT INTO archive.prepared (series_id, organisation_id, instance_count, blob, origin, metadata_end,
    thumbnail_end, frames_end, length, instance_ids, first_frames, frame_ends)
VALUES (%(series_id)s, %(organisation_id)s, %(instance_count)s, %(blob)s, %(origin)s, %(metadata_end)s,
    %(thumbnail_end)s, %(frames_end)s, %(length)s, %(instance_ids)s, %(first_frames)s, %(frame_ends)s)
ON CONFLICT (series_id) DO UPDATE SET instance_count = excluded.instance_count, blob = excluded.blob,
    origin = excluded.origin, metadata_end = excluded.metadata_end,
    thumbnail_end = excluded.thumbnail_end, frames_end = excluded.frames_end, length = excluded.length,
    instance_ids = excluded.instance_ids, first_frames = excluded.first_frames, frame_ends = excluded.frame_ends,
    made_at = now()
RETURNING (SELECT blob FROM old)
"""
OF_SERIES: Final = """
SELECT s.organisation_id, s.patient_id, p.blob, p.origin, p.metadata_end, p.thumbnail_end, p.frames_end,
    p.length
FROM archive.study AS s
JOIN archive.series AS x ON x.study_id = s.id
JOIN archive.prepared AS p ON p.series_id = x.id AND p.instance_count = x.instance_count
WHERE s.study_instance_uid = %(study)s AND x.series_instance_uid = %(series)s
"""
# Where the frames of a series lie: its images in the order of reading, how many frames come before the first of each,
# and where each frame ends. Images that came since are not among them.
FRAMES_OF: Final = """
SELECT p.blob, p.thumbnail_end, p.first_frames, p.frame_ends,
    ARRAY(SELECT i.sop_instance_uid FROM unnest(p.instance_ids) WITH ORDINALITY AS f (id, place)
          JOIN archive.instance AS i ON i.id = f.id ORDER BY f.place)
FROM archive.study AS s
JOIN archive.series AS x ON x.study_id = s.id
JOIN archive.prepared AS p ON p.series_id = x.id AND p.instance_count >= 0
WHERE s.study_instance_uid = %(study)s AND x.series_instance_uid = %(series)s AND cardinality(p.frame_ends) > 0
"""
