"""Measurements as a page sends them, and the images that they are in."""

import struct
from io import BytesIO
from itertools import count
from typing import Any

import httpx
from pydicom import dcmread

from lightwell.standards.dicom.part10 import file_meta
from tests.journeys.images import CT, EXPLICIT_LITTLE, Image, element, find, images, send, values
from tests.region import Server

SPACE = "1.2.826.0.1.3680043.9.9999.77"
STUDIES = count(9100)
FURTHER = (
    (0x00080030, b"TM", b"101500"),
    (0x00100030, b"DA", b"19710610"),
    (0x00100040, b"CS", b"M"),
    (0x00200010, b"SH", b"S1"),
    (0x00200052, b"UI", SPACE.encode()),
)
SPACING = (0x00280030, b"DS", b"0.5\\0.25")
"""Rows are 0.5 mm apart, columns 0.25 mm."""


def study_of(server: Server, *further: tuple[int, bytes, bytes], number: int = 2, **more: Any) -> list[Image]:
    """Store a study of hospital A, and return its images."""
    wanted = images(number, next(STUDIES), further=(*FURTHER, *further), **more)
    assert set(send(server, *wanted)) == {0}
    return wanted


def place(image: Image, *points: tuple[float, float], frame: int = 1) -> dict[str, Any]:
    """Return points in an image."""
    where = {"series_instance_uid": image.series, "sop_instance_uid": image.uid, "frame": frame}
    return {**where, "points": [list(point) for point in points]}


def space(image: Image, *points: tuple[float, float, float], frame_of_reference: str = SPACE) -> dict[str, Any]:
    """Return points in the patient."""
    where = {"frame_of_reference_uid": frame_of_reference, "series_instance_uid": image.series}
    return {**where, "points": [list(point) for point in points]}


def mark(
    kind: str, where: dict[str, Any], number: int = 1, name: str = "", **measured: tuple[float, str]
) -> dict[str, Any]:
    """Return a measurement; its values are given by their quantity, with their unit."""
    is_in_space = "frame_of_reference_uid" in where
    return {
        "uid": f"2.25.{number}",
        "kind": kind,
        "name": name,
        "place": None if is_in_space else where,
        "space": where if is_in_space else None,
        "values": [{"quantity": key, "value": value, "unit": unit} for key, (value, unit) in measured.items()],
        "is_at_detector": False,
    }


def every_kind(image: Image) -> list[dict[str, Any]]:
    """Return one measurement of each kind, in an image with spacing."""
    box: dict[str, Any] = {"mean": (41.5, "[hnsf'U]"), "deviation": (7.25, "[hnsf'U]")}
    box |= {"minimum": (-3.0, "[hnsf'U]"), "maximum": (88.0, "[hnsf'U]")}
    return [
        mark("length", place(image, (1, 1), (13, 9)), 1, "肝右叶病灶", length=(5.0, "mm")),
        mark(
            "bidirectional",
            place(image, (0, 0), (16, 0), (4, 2), (4, 6)),
            2,
            length=(4.0, "mm"),
            short_axis=(2.0, "mm"),
        ),
        mark("angle", place(image, (8, 4), (4, 4), (4, 8)), 3, angle=(90.0, "deg")),
        mark("cobb", place(image, (0, 0), (8, 0), (0, 4), (8, 8)), 4, angle=(45.0, "deg")),
        mark("ellipse", place(image, (2, 8), (14, 8), (8, 5), (8, 11)), 5, area=(7.0685834705770345, "mm2"), **box),
        mark("rectangle", place(image, (2, 2), (10, 2), (10, 6), (2, 6)), 6, area=(4.0, "mm2"), **box),
        mark("freehand", place(image, (0.5, 0.5), (8.5, 0.5), (8.5, 4.5)), 7, area=(2.0, "mm2"), mean=(3.5, "1")),
        mark("probe", place(image, (3.5, 3.5)), 8, value=(40.0, "[hnsf'U]")),
        mark("arrow", place(image, (3, 3), (9, 9)), 9, "见箭头"),
    ]


def keep(
    server: Server, token: str, image: Image, marks: list[dict[str, Any]], **based_on: str | None
) -> httpx.Response:
    """File measurements as the holder of a token."""
    headers = {"Authorization": f"Bearer {token}"}
    address = f"{server.url}/api/studies/{image.study}/measurements"
    return httpx.post(address, json={"measurements": marks, **based_on}, headers=headers, timeout=60)


def shown(server: Server, token: str, image: Image) -> dict[str, Any]:
    """Return what was measured in a study, as the holder of a token sees it."""
    answer = server.get(f"/api/studies/{image.study}/measurements", token)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def fetched(server: Server, token: str, image: Image, series: str, uid: str) -> bytes:
    """Fetch a document of a study as a file."""
    address = f"{image.study_address}/series/{series}/instances/{uid}"
    answer = server.get(address, token, Accept="application/dicom")
    assert answer.status_code == 200, answer.text
    return answer.content


def ultrasound_region(bounds: tuple[int, int, int, int], cm: float) -> bytes:
    """Return the one item of a sequence of regions, whose pixels are so many cm wide and high (PS3.3 C.8.5.5)."""
    left, top, right, bottom = bounds
    shorts = ((0x00186012, b"US", 1), (0x00186014, b"US", 1), (0x00186024, b"US", 3), (0x00186026, b"US", 3))
    longs = ((0x00186018, left), (0x0018601A, top), (0x0018601C, right), (0x0018601E, bottom))
    elements = [
        *((tag, element(tag, vr, struct.pack("<H", value))) for tag, vr, value in shorts),
        *((tag, element(tag, b"UL", struct.pack("<I", value))) for tag, value in longs),
        *((tag, element(tag, b"FD", struct.pack("<d", cm))) for tag in (0x0018602C, 0x0018602E)),
    ]
    item = b"".join(content for _, content in sorted(elements))
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(item)) + item


def last_document(server: Server, token: str, image: Image, sop_class: str) -> Any:
    """Return the last object of a SOP class in a study, as another archive would read it."""
    found = find(server, token, f"{image.study_address}/instances", SOPClassUID=sop_class)
    rows = zip(values(found, "00200013"), values(found, "0020000E"), values(found, "00080018"), strict=True)
    _, series, uid = max(rows)
    return dcmread(BytesIO(fetched(server, token, image, series, uid)))


def file_of_image(image: Image) -> bytes:
    """Return an image as a file."""
    return file_meta(CT, image.uid, EXPLICIT_LITTLE) + image.data_set
