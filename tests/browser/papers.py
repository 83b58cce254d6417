"""What a study holds beside images, as machines of others write it: a report, a PDF, an ECG, a film, a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from highdicom import sr
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.sr.codedict import codes
from pydicom.uid import MPEG4HP41, UID, ExplicitVRLittleEndian

from lightwell.standards.dicom import uids
from tests.archive.notes import file_of

FILM = (Path(__file__).parent / "film.mp4").read_bytes()
"""Four seconds of a test picture, 320 x 240, 25 frames a second, H.264."""


def _object(study: str, series: int, number: int, sop_class: str, modality: str) -> Dataset:
    said = Dataset()
    said.SOPClassUID, said.SOPInstanceUID = UID(sop_class), f"{study}.{series}.{number}"
    said.StudyInstanceUID, said.SeriesInstanceUID = study, f"{study}.{series}"
    said.PatientID, said.PatientName = "LJ-2026-211906", "Ouyang^Zhenhua=欧阳^振华"
    said.SpecificCharacterSet = "ISO_IR 192"
    said.Modality, said.SeriesNumber, said.InstanceNumber = modality, series, number
    said.ContentDate, said.ContentTime = "20261123", f"14{number:02}00"
    return said


def report(image: Dataset, series: int, number: int, length_mm: float) -> bytes:
    """Return a length that somebody measured in an image, as highdicom writes it."""
    points = np.array([(150.0, 200.0), (350.0, 320.0)])
    source = sr.SourceImageForRegion(image.SOPClassUID, image.SOPInstanceUID)
    line = sr.CoordinatesForMeasurement("POLYLINE", points, source)
    length = sr.Measurement(codes.SCT.Length, length_mm, codes.UCUM.Millimeter, referenced_coordinates=[line])
    tracked = sr.TrackingIdentifier(f"{image.StudyInstanceUID}.{series}.{number}.9", "左额叶病灶")
    group = sr.MeasurementsAndQualitativeEvaluations(tracked, measurements=[length])
    who = sr.ObserverContext(codes.DCM.Person, sr.PersonObserverIdentifyingAttributes("Wang^Wei"))
    content = sr.MeasurementReport(sr.ObservationContext(who), codes.SCT.ImagingProcedure, [group])
    uid = f"{image.StudyInstanceUID}.{series}"
    said: Any = sr.ComprehensiveSR([image], content[0], uid, series, f"{uid}.{number}", number, manufacturer="Others")
    said.ContentDate, said.ContentTime = "20261123", f"14{number:02}00"
    said.SeriesDescription = "测量报告"
    return file_of(said)


def pdf(study: str, series: int, number: int, content: bytes) -> bytes:
    """Return a PDF as an object, whatever is in it."""
    said = _object(study, series, number, uids.EncapsulatedPDFStorage, "DOC")
    said.DocumentTitle, said.SeriesDescription = "知情同意书", "知情同意书"
    said.MIMETypeOfEncapsulatedDocument, said.EncapsulatedDocumentLength = "application/pdf", len(content)
    said.EncapsulatedDocument = content + bytes(len(content) % 2)
    return file_of(said)


def model(study: str, series: int, number: int) -> bytes:
    """Return a model of a surface as an object."""
    said = _object(study, series, number, uids.EncapsulatedSTLStorage, "M3D")
    said.SeriesDescription, said.DocumentTitle = "肝脏模型", "肝脏模型"
    said.MIMETypeOfEncapsulatedDocument, said.EncapsulatedDocument = "model/stl", bytes(84)
    return file_of(said)


def ecg(study: str, series: int, number: int) -> bytes:
    """Return the 12-lead ECG that pydicom brings."""
    path = get_testdata_file("waveform_ecg.dcm")
    assert isinstance(path, str)
    said = pydicom.dcmread(path)
    del said.file_meta
    said.SOPInstanceUID = f"{study}.{series}.{number}"
    said.StudyInstanceUID, said.SeriesInstanceUID = study, f"{study}.{series}"
    said.PatientID, said.PatientName = "LJ-2026-211906", "Ouyang^Zhenhua"
    said.SeriesNumber, said.SeriesDescription = series, "ECG 12"
    return file_of(said)


def film(study: str, series: int, number: int, content: bytes = FILM) -> bytes:
    """Return a film as an object."""
    said = _object(study, series, number, uids.VideoEndoscopicImageStorage, "ES")
    said.SeriesDescription, said.FrameTime, said.NumberOfFrames = "胃镜录像", 40, 100
    said.Rows, said.Columns, said.SamplesPerPixel, said.PhotometricInterpretation = 240, 320, 3, "YBR_PARTIAL_420"
    said.BitsAllocated = said.BitsStored = 8
    said.HighBit, said.PixelRepresentation, said.PlanarConfiguration = 7, 0, 0
    said.LossyImageCompression, said.LossyImageCompressionMethod = "01", "ISO_14496_10"
    said.PixelData = encapsulate([content + bytes(len(content) % 2)], has_bot=False)
    said["PixelData"].is_undefined_length = True
    return file_of(said, MPEG4HP41)


def still(study: str, series: int, number: int) -> bytes:
    """Return an image of the same series that no film is."""
    said = _object(study, series, number, uids.VLEndoscopicImageStorage, "ES")
    said.Rows, said.Columns, said.SamplesPerPixel, said.PhotometricInterpretation = 64, 64, 3, "RGB"
    said.BitsAllocated = said.BitsStored = 8
    said.HighBit, said.PixelRepresentation, said.PlanarConfiguration = 7, 0, 0
    said.PixelData = bytes(range(256)) * 48
    return file_of(said, ExplicitVRLittleEndian)


def written_pdf(line: str) -> bytes:
    """Return a PDF of one page with a line of Latin text on it."""
    stream = f"BT /F1 28 Tf 72 700 Td ({line}) Tj ET".encode()
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    written, places = b"%PDF-1.4\n", list[int]()
    for number, body in enumerate(bodies, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(bodies) + 1, table)
    return written + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start)
