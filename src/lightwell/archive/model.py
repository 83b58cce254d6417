"""What the archive knows, as frozen dataclasses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lightwell.archive.faults import NONE, Fault


@dataclass(frozen=True, slots=True)
class Source:
    """Where an image comes from: the hospital that it belongs to, and the machine or person that sent it."""

    organisation_id: int
    label: str
    calling_ae: str = ""
    called_ae: str = ""
    is_trusted: bool = True
    coercion: Mapping[str, Any] = field(default_factory=dict[str, Any])
    peer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Peer:
    """A machine on the network, and whose it is; ``calling_ae`` ``*`` stands for any."""

    id: int
    organisation_id: int
    label: str
    called_ae: str
    calling_ae: str
    network: str
    certificate_sha256: str
    is_trusted: bool
    coercion: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StudyAttributes:
    """A study and its patient, decoded for the index (PS3.4 C.6.2.1)."""

    study_instance_uid: str
    patient_id: str
    issuer_of_patient_id: str
    patient_name: str
    patient_birth_date: str
    patient_sex: str
    study_date: str
    study_time: str
    study_description: str
    study_id: str
    accession_number: str
    referring_physician_name: str
    institution_name: str
    is_charset_repaired: bool


@dataclass(frozen=True, slots=True)
class SeriesAttributes:
    """A series, decoded for the index; the two kinds of IDs are an item each, parted by backslashes."""

    series_instance_uid: str
    modality: str
    series_number: int | None
    series_description: str
    series_date: str
    series_time: str
    body_part_examined: str
    protocol_name: str
    station_name: str
    manufacturer: str
    performed_procedure_step_start_date: str
    performed_procedure_step_start_time: str
    scheduled_procedure_step_ids: str
    requested_procedure_ids: str


@dataclass(frozen=True, slots=True)
class InstanceAttributes:
    """An instance, decoded for the index; ``frame_table`` is None where frames cannot be told apart."""

    sop_instance_uid: str
    sop_class_uid: str
    transfer_syntax_uid: str
    instance_number: int | None
    number_of_frames: int
    data_set_offset: int
    frame_table: bytes | None
    rows: int | None
    columns: int | None
    bits_allocated: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is durable and waits to be indexed: a whole instance, or one with a ``fault`` in quarantine.

    ``is_held`` marks a whole image that only waits in quarantine until its sender is trusted.
    """

    organisation_id: int
    blob: str
    length: int
    digest: bytes
    source: str
    received_at: datetime
    study: StudyAttributes | None
    series: SeriesAttributes | None
    instance: InstanceAttributes | None
    fault: Fault = NONE
    is_held: bool = False

    @property
    def bucket(self) -> int:
        """The number of the folder that the file lies in; it only grows."""
        return int(self.blob.split("/")[1])


@dataclass(frozen=True, slots=True)
class StudyRow(StudyAttributes):
    """A study as searches return it."""

    id: int
    organisation_id: int
    modalities: list[str]
    series_count: int
    instance_count: int
    organisation_name: str
    organisation_code: str


@dataclass(frozen=True, slots=True)
class SeriesRow(SeriesAttributes):
    """A series as searches return it."""

    id: int
    instance_count: int


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """An instance as searches return it, with the place of its bytes."""

    organisation_id: int
    patient_id: str
    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    sop_class_uid: str
    transfer_syntax_uid: str
    instance_number: int | None
    number_of_frames: int
    blob: str
    length: int
    data_set_offset: int
    frame_table: bytes | None
    rows: int | None = None
    columns: int | None = None
    bits_allocated: int | None = None


@dataclass(frozen=True, slots=True)
class ReadyFrames:
    """Frames of a series that lie ready: of each image, where its first begins in the blob, then where each ends."""

    blob: str
    places: Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Ticket:
    """A series as somebody may see it for a moment; ``frames`` are those that lie ready."""

    rows: Mapping[str, InstanceRow]
    frames: ReadyFrames | None


@dataclass(frozen=True, slots=True)
class Match:
    """What a search found, down to the level that it asked for."""

    study: StudyRow
    series: SeriesRow | None = None
    instance: InstanceRow | None = None
    instance_id: int = 0
