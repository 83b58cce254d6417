"""What the archive announces."""

from dataclasses import dataclass

from lightwell.core.actors import Permission
from lightwell.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyArrived(Event):
    """The first images of a study came, or more came after it had fallen quiet."""

    permission = Permission.ARCHIVE_READ
    study_instance_uid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyComplete(Event):
    """No image of the study came for a while; it may be read."""

    permission = Permission.ARCHIVE_READ
    study_instance_uid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyReduced(Event):
    """An image of the study was settled to be of another; the study may have none left."""

    permission = Permission.ARCHIVE_READ
    study_instance_uid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesDerived(Event):
    """Images of a series were enhanced and saved: so many until now of ``image_count``; the rest could not be."""

    permission = Permission.ARCHIVE_READ
    study_instance_uid: str
    series_instance_uid: str
    done_count: int
    failed_count: int
    image_count: int
