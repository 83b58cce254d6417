"""An invented hospital for the pages: its studies as DICOM JSON, and the pixels of its images."""

from __future__ import annotations

import math
import struct
from array import array
from dataclasses import dataclass, field
from typing import Any

import imagecodecs
import numpy as np

from tests.phantom import ORGANS

DataSet = dict[str, dict[str, Any]]

PASSWORD = "light-from-above"
CT_UID = "1.2.826.0.1.3680043.10.999.1"
CR_UID = "1.2.826.0.1.3680043.10.999.2"
EXPLICIT = "1.2.840.10008.1.2.1"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
SIZE = 256

_PATIENTS = [
    ("李^东华", "Li^Donghua", "M", "19710610"),
    ("欧阳^晓琳", "Ouyang^Xiaolin", "F", "19880217"),
    ("王^建国", "Wang^Jianguo", "M", "19530930"),
    ("陈^思雨", "Chen^Siyu", "F", "20250104"),
    ("张^秀英", "Zhang^Xiuying", "F", "19460422"),
    ("", "Tanaka^Yuki", "F", "19920811"),
    ("刘^洋", "Liu^Yang", "M", "20261115"),
    ("赵^子涵", "Zhao^Zihan", "O", ""),
    ("阿卜杜热西提·^买买提", "Abdurishit^Mamat", "M", "19790303"),
]
_STUDIES = [
    ("CT", "胸部 CT 平扫", 3, 412),
    ("DX", "胸部正位", 1, 2),
    ("MR", "颅脑 MR 平扫+增强", 8, 736),
    ("US", "腹部超声", 1, 24),
    ("CT", "上腹部 CT 三期增强", 5, 1280),
    ("XA", "冠状动脉造影", 6, 94),
    ("MG", "双侧乳腺 X 线摄影", 4, 4),
]
HOSPITALS = [
    {
        "id": 1,
        "code": "county",
        "name": "清河县人民医院",
        "name_en": "Qinghe County People's Hospital",
        "permissions": ["archive.read"],
    },
    {
        "id": 2,
        "code": "centre",
        "name": "云州市区域影像中心",
        "name_en": "Yunzhou Regional Imaging Centre",
        "permissions": ["archive.read"],
    },
]


def attribute(vr: str, *values: Any) -> dict[str, Any]:
    """One attribute of the DICOM JSON Model; without values it is empty."""
    given = [value for value in values if value not in ("", None)]
    return {"vr": vr, "Value": given} if given else {"vr": vr}


def study(number: int) -> DataSet:
    """The study of that number, newest first; number 0 holds pictures."""
    hanzi, pinyin, sex, born = _PATIENTS[number % len(_PATIENTS)]
    modality, description, series, images = _STUDIES[number % len(_STUDIES)]
    hospital = HOSPITALS[number % 2]
    name = {key: value for key, value in (("Alphabetic", pinyin), ("Ideographic", hanzi)) if value}
    day, minute = 23 - number // 30, (14 * 60 + 5 - number * 7) % 1440
    return {
        "00080005": attribute("CS", "ISO_IR 192"),
        "00080020": attribute("DA", f"202611{max(1, day):02}"),
        "00080030": attribute("TM", f"{minute // 60:02}{minute % 60:02}00"),
        "00080050": attribute("SH", f"A2026{110000 - number}" if number % 11 else ""),
        "00080061": attribute("CS", modality),
        "00091001": attribute("LO", hospital["name"]),
        "00091002": attribute("SH", hospital["code"]),
        "00081030": attribute("LO", description),
        "00100010": attribute("PN", name),
        "00100020": attribute("LO", f"P{100482 + number * 37}"),
        "00100030": attribute("DA", born),
        "00100040": attribute("CS", sex),
        "0020000D": attribute("UI", uid_of(number)),
        "00201206": attribute("IS", series),
        "00201208": attribute("IS", images),
    }


def uid_of(number: int) -> str:
    """The Study Instance UID of the study of that number."""
    return f"1.2.826.0.1.3680043.10.999.{number + 1}"


def series() -> list[DataSet]:
    """The series of the study that holds pictures: grey, colour and compressed."""
    rows = [
        (1, "定位像", "CT", 1),
        (2, "肺窗 1.0 mm", "CT", 12),
        (3, "三维重建", "CT", 2),
        (4, "纵隔窗 5.0 mm", "CT", 64),
    ]
    return [
        {
            "00080060": attribute("CS", modality),
            "0008103E": attribute("LO", description),
            "0020000E": attribute("UI", f"{CT_UID}.{number}"),
            "00200011": attribute("IS", number),
            "00201209": attribute("IS", images),
        }
        for number, description, modality, images in rows
    ]


def instances(series_uid: str) -> list[DataSet]:
    """The instances of one series."""
    number = int(series_uid.rsplit(".", 1)[1])
    count = {1: 1, 2: 12, 3: 2, 4: 64}[number]
    return [_instance(series_uid, place, is_colour=number == 3) for place in range(1, count + 1)]


def _instance(series_uid: str, place: int, *, is_colour: bool) -> DataSet:
    bits = 8 if is_colour else 16
    dataset: DataSet = {
        "00080018": attribute("UI", f"{series_uid}.{place}"),
        "00200013": attribute("IS", place),
        "00280002": attribute("US", 3 if is_colour else 1),
        "00280004": attribute("CS", "RGB" if is_colour else "MONOCHROME2"),
        "00280010": attribute("US", SIZE),
        "00280011": attribute("US", SIZE),
        "00280100": attribute("US", bits),
        "00280101": attribute("US", bits),
        "00280103": attribute("US", 0 if is_colour else 1),
    }
    if not is_colour:
        dataset["00281050"] = attribute("DS", 40)
        dataset["00281051"] = attribute("DS", 400)
        dataset["00281052"] = attribute("DS", -1024)
        dataset["00281053"] = attribute("DS", 1)
    return dataset


def transfer_syntax(series_uid: str) -> str:
    """How the frames of a series are stored."""
    return JPEG_2000 if series_uid.endswith(".4") else EXPLICIT


def picture(series_uid: str) -> bytes:
    """What the server draws of an image that the page cannot draw itself: a PNG."""
    if series_uid.endswith(".3"):
        wheel = np.frombuffer(_colour_wheel(), np.uint8).reshape(SIZE, SIZE, 3)
        return bytes(imagecodecs.png_encode(wheel))
    shades = np.linspace(0, 255, SIZE, dtype=np.uint8)
    return bytes(imagecodecs.png_encode(np.tile(shades, (SIZE, 1))))


def frame(series_uid: str, place: int) -> bytes:
    """The pixels of one frame: a phantom of an abdomen, a colour wheel, or bytes nobody can draw."""
    if series_uid.endswith(".4"):
        return b"\xff\x4f\xff\x51" + bytes(200)
    return _colour_wheel() if series_uid.endswith(".3") else _phantom(place / 12).tobytes()


def _colour_wheel() -> bytes:
    return b"".join(struct.pack("BBB", x, y, 128) for y in range(SIZE) for x in range(SIZE))


def _phantom(depth: float) -> array[int]:
    pixels = array("h", [-1000 + 1024] * (SIZE * SIZE))
    for centre_x, centre_y, half_x, half_y, hounsfield in ORGANS:
        scale = 1 - 0.12 * math.sin(depth * math.pi + centre_x * 3)
        _fill(pixels, (centre_x, centre_y, half_x * scale, half_y * scale), hounsfield)
    for index, value in enumerate(pixels):
        pixels[index] = value + (index * 7919 % 31) - 15
    return pixels


def _fill(pixels: array[int], ellipse: tuple[float, float, float, float], hounsfield: int) -> None:
    centre_x, centre_y, half_x, half_y = ellipse
    for row in range(SIZE):
        y = (row / SIZE * 2 - 1 - centre_y) / half_y
        if abs(y) >= 1:
            continue
        reach = half_x * math.sqrt(1 - y * y)
        first = max(0, round((centre_x - reach + 1) / 2 * SIZE))
        last = min(SIZE, round((centre_x + reach + 1) / 2 * SIZE))
        pixels[row * SIZE + first : row * SIZE + last] = array("h", [hounsfield + 1024] * (last - first))


@dataclass
class Hospital:
    """What the mock server knows; a test changes it to make things happen."""

    studies: list[DataSet] = field(default_factory=lambda: [study(number) for number in range(120)])
    is_signed_in: bool = False
    is_locked: bool = False
    attempts_left: int = 100
    idle_lock_s: int = 900
    unguarded: list[str] = field(default_factory=list[str])
    views: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    preferences: dict[str, Any] = field(default_factory=dict[str, Any])

    def session(self) -> dict[str, Any]:
        """The session as the server tells it."""
        return {
            "username": "lin",
            "display_name": "林静",
            "locale": "zh-CN",
            "is_locked": self.is_locked,
            "organisations": HOSPITALS,
            "permissions": ["archive.read"],
            "idle_lock_s": self.idle_lock_s,
        }

    def arrive(self, number: int) -> str:
        """A new study comes in on top of the list; returns its UID."""
        dataset = study(0) | {"0020000D": attribute("UI", f"{CT_UID}.9000.{number}")}
        self.studies.insert(0, dataset)
        return f"{CT_UID}.9000.{number}"
