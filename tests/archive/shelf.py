"""An archive of files, without a database: what is put in can be read as the index would say."""

import io
import warnings
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pydicom
import xxhash

from lightwell.archive.disk import RealDisk
from lightwell.archive.folder_blobs import FolderBlobs
from lightwell.archive.inspection import Expected, inspect
from lightwell.archive.model import InstanceAttributes, InstanceRow, Source
from lightwell.standards.dicom.part10 import file_meta, guess_bare_data_set, read_file_meta

_SOURCE = Source(1, "test")


class Shelf:
    """An archive of files, without a database."""

    def __init__(self, folder: Path, pool: Any) -> None:
        self.blobs = FolderBlobs(folder, RealDisk())
        self.machines = SimpleNamespace(compute=pool)
        (folder / "1/1").mkdir(parents=True)

    def put(self, content: bytes) -> InstanceRow:
        """File an image as ingest would."""
        if content.startswith(b"\2\0"):
            content = bytes(128) + b"DICM" + content
        names = read(content)
        uid = str(names.get("SOPInstanceUID", "1.2.3"))
        sop_class = str(names.get("SOPClassUID", "1.2.840.10008.5.1.4.1.1.7"))
        bare = guess_bare_data_set(content)
        syntax, offset = (bare, 0) if bare else _meta(content)
        head = file_meta(sop_class, uid, syntax)
        content = head + content[offset:]
        digest = xxhash.xxh3_128_digest(content[len(head) :])
        kept = inspect(content, len(head), digest, _SOURCE, Expected(sop_class, uid, syntax))
        assert kept.instance is not None, kept.fault
        (self.blobs.path("1/1/a.dcm")).write_bytes(content)
        values = {item.name: getattr(kept.instance, item.name) for item in fields(InstanceAttributes)}
        return InstanceRow(
            organisation_id=1,
            patient_id="",
            study_instance_uid="",
            series_instance_uid="",
            blob="1/1/a.dcm",
            length=len(content),
            **values,
        )


def _meta(content: bytes) -> tuple[str, int]:
    meta = read_file_meta(content)
    return meta.transfer_syntax_uid, meta.data_set_offset


def read(content: bytes) -> pydicom.Dataset:
    """Read a file as pydicom does, however odd it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pydicom.dcmread(io.BytesIO(content), force=True)
