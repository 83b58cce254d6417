"""What a received file is, read from its header by our own scanner: attributes for the index, or a fault.

Runs in the journal's threads on every image that comes, so it touches the header only; pixel values are never read but
for the digest.
"""

import mmap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import xxhash

from lightwell.archive import faults
from lightwell.archive.attributes import WANTED_TAGS, Attributes, describe, fault_of
from lightwell.archive.blobs import QUARANTINED, Blobs, data_set_offset
from lightwell.archive.faults import Fault
from lightwell.archive.model import Kept, Source
from lightwell.core import clock
from lightwell.standards.dicom.errors import DicomError
from lightwell.standards.dicom.part10 import Content, FileMeta, file_meta, read_file_meta
from lightwell.standards.dicom.scanner import scan

MISMATCH: Final = "the data set is not what was announced: "
_EMPTY: Final = Fault("the data set is empty", "empty")
_SILENT: Final = Fault("the data set says nothing of a patient, a study or an image", "silent")
_UNTRUSTED: Final = Fault("the peer is not trusted yet; an engineer looks at its first images", "untrusted")
_BEFORE: Final = Fault("quarantined when it came", "before")


@dataclass(frozen=True, slots=True)
class Expected:
    """What the sender announced (the C-STORE command, or the file's own meta header); the study only by STOW-RS."""

    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    study_instance_uid: str = ""

    def meta_header(self, source: Source) -> bytes:
        """Return preamble and meta header for the file, with who sent it (PS3.10 7.1)."""
        return file_meta(
            self.sop_class_uid,
            self.sop_instance_uid,
            self.transfer_syntax_uid,
            source_ae=source.calling_ae,
            sending_ae=source.calling_ae,
            receiving_ae=source.called_ae,
        )


def inspect(content: Content, offset: int, digest: bytes, source: Source, expected: Expected) -> Kept:
    """Return what a file is whose data set begins at ``offset`` and has the digest given.

    ``blob`` is filled in by the journal, ``fault`` says why the file must go to quarantine.
    """
    if len(content) == offset:
        return _kept(source, len(content), digest, None, _EMPTY)
    try:
        header = scan(content, offset, expected.transfer_syntax_uid, WANTED_TAGS)
        if not header.values:
            return _kept(source, len(content), digest, None, _SILENT)
        attributes = describe(header, source, expected.sop_class_uid, expected.sop_instance_uid)
    except DicomError as error:
        return _kept(source, len(content), digest, None, faults.of_error(error))
    fault = _mismatch(attributes, expected) or fault_of(attributes)
    if not fault and not source.is_trusted:
        return replace(_kept(source, len(content), digest, attributes, _UNTRUSTED), is_held=True)
    return _kept(source, len(content), digest, attributes, fault)


def _kept(source: Source, length: int, digest: bytes, attributes: Attributes | None, fault: Fault) -> Kept:
    whole = None if fault else attributes
    return Kept(
        organisation_id=source.organisation_id,
        blob="",
        length=length,
        digest=digest,
        source=source.label,
        received_at=clock.now(),
        study=whole.study if whole else None,
        series=whole.series if whole else None,
        instance=whole.instance if whole else None,
        fault=fault,
    )


def _mismatch(attributes: Attributes, expected: Expected) -> Fault:
    if attributes.instance.sop_instance_uid != expected.sop_instance_uid:
        return Fault(f"{MISMATCH}its SOP Instance UID differs", "other_instance")
    if attributes.instance.sop_class_uid != expected.sop_class_uid:
        return Fault(f"{MISMATCH}its SOP Class UID differs", "other_class")
    if expected.study_instance_uid not in {"", attributes.study.study_instance_uid}:
        return Fault(f"{MISMATCH}its Study Instance UID differs", "other_study")
    return faults.NONE


def inspect_again(blobs: Blobs, blob: str, sources: Mapping[tuple[int, str], Source]) -> Kept:
    """Return what a file that was kept before is, from the file alone."""
    with blobs.open(blob) as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        meta = read_file_meta(content[: data_set_offset(content)])
        kept = _inspect_again(content, blob, meta, sources)
    if blob.endswith(QUARANTINED) and not kept.fault:
        return replace(kept, blob=blob, fault=_BEFORE)
    return replace(kept, blob=blob)


def _source(blob: str, meta: FileMeta, sources: Mapping[tuple[int, str], Source]) -> Source:
    organisation_id = int(blob.split("/", maxsplit=1)[0])
    unknown = Source(organisation_id, meta.sending_ae, meta.sending_ae, meta.receiving_ae)
    return sources.get((organisation_id, meta.sending_ae), unknown)


def _inspect_again(content: mmap.mmap, blob: str, meta: FileMeta, sources: Mapping[tuple[int, str], Source]) -> Kept:
    source = _source(blob, meta, sources)
    expected = Expected(meta.sop_class_uid, meta.sop_instance_uid, meta.transfer_syntax_uid)
    digest = xxhash.xxh3_128_digest(memoryview(content)[meta.data_set_offset :])
    return inspect(content, meta.data_set_offset, digest, replace(source, is_trusted=True), expected)


def describe_again(blobs: Blobs, blob: str, sources: Mapping[tuple[int, str], Source]) -> Attributes:
    """Return what a file that was kept before says of itself, whatever is wrong with it.

    Raises:
        DicomError: its header cannot be read.
        NotFound: its bytes are gone.
    """
    with blobs.open(blob) as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return _describe_again(content, blob, sources)


def _describe_again(content: mmap.mmap, blob: str, sources: Mapping[tuple[int, str], Source]) -> Attributes:
    meta = read_file_meta(content[: data_set_offset(content)])
    header = scan(content, meta.data_set_offset, meta.transfer_syntax_uid, WANTED_TAGS)
    return describe(header, _source(blob, meta, sources), meta.sop_class_uid, meta.sop_instance_uid)


def data_set_digest(blobs: Blobs, blob: str, offset: int) -> bytes:
    """Return the digest of the data set that begins at ``offset`` of a blob."""
    with blobs.open(blob) as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return xxhash.xxh3_128_digest(memoryview(content)[offset:])
