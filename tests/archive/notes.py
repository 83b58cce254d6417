"""Key Object Selection Documents as machines of others write them, and how they are sent."""

from collections.abc import Sequence
from io import BytesIO

import httpx
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.sr.coding import Code
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

from tests.journeys.images import CT, Image
from tests.region import Server

KO = "1.2.840.10008.5.1.4.1.1.88.59"
OF_INTEREST = Code("113000", "DCM", "Of Interest")
REJECTED = Code("113001", "DCM", "Rejected for Quality Reasons")
MANIFEST = Code("113030", "DCM", "Manifest")


def code_of(code: Code) -> list[Dataset]:
    """Return the sequence that names a concept."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code.value, code.scheme_designator, code.meaning
    return [item]


def note(
    study: str, references: Sequence[tuple[str, list[int]]], title: Code = OF_INTEREST, text: str = "", kind: str = CT
) -> Dataset:
    """Return a document that points at images, given as UID and frames."""
    said = Dataset()
    said.SpecificCharacterSet = "GB18030"
    said.SOPClassUID, said.SOPInstanceUID = KO, generate_uid()
    said.StudyInstanceUID, said.SeriesInstanceUID = study, generate_uid()
    said.PatientID, said.PatientName, said.Modality = "P0001", "Test^Image", "KO"
    said.Manufacturer, said.SeriesNumber, said.InstanceNumber = "Others", 99, 1
    said.ContentDate, said.ContentTime, said.ValueType = "20261123", "120000", "CONTAINER"
    said.ConceptNameCodeSequence = code_of(title)
    content: list[Dataset] = []
    if text:
        written = Dataset()
        written.RelationshipType, written.ValueType, written.TextValue = "CONTAINS", "TEXT", text
        written.ConceptNameCodeSequence = code_of(Code("113012", "DCM", "Key Object Description"))
        content.append(written)
    for uid, frames in references:
        item, instance = Dataset(), Dataset()
        item.RelationshipType, item.ValueType = "CONTAINS", "IMAGE"
        instance.ReferencedSOPClassUID, instance.ReferencedSOPInstanceUID = kind, uid
        if frames:
            instance.ReferencedFrameNumber = frames
        item.ReferencedSOPSequence = [instance]
        content.append(item)
    said.ContentSequence = content
    return said


def file_of(said: Dataset, syntax: str = ExplicitVRLittleEndian) -> bytes:
    """Return the document as a file."""
    said.file_meta = FileMetaDataset()
    said.file_meta.TransferSyntaxUID = UID(syntax)
    buffer = BytesIO()
    dcmwrite(buffer, said, enforce_file_format=True)
    return buffer.getvalue()


def store(server: Server, token: str, content: bytes) -> None:
    """Send a file."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/dicom", "Accept": "application/json"}
    answer = httpx.post(f"{server.url}/dicom-web/studies", content=content, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text


def choose(server: Server, token: str, image: Image, *, is_key: bool = True, **more: int) -> httpx.Response:
    """Choose an image as key, or take that back."""
    wish = {"series_instance_uid": image.series, "sop_instance_uid": image.uid, "is_key": is_key, **more}
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.post(f"{server.url}/api/studies/{image.study}/key-images", json=wish, headers=headers, timeout=60)
