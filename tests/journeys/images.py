"""Small images that say what a test wants them to say, and how to find and fetch them again."""

import struct
from dataclasses import dataclass, replace
from typing import Any

import httpx

from lightwell.standards.dicom.part10 import read_file_meta
from tests.region import Region, Server
from tests.sender import Sender

CT = "1.2.840.10008.5.1.4.1.1.2"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
ROOT = "1.2.826.0.1.3680043.9.9999"
SIDE = 16
_LONG_VRS = (b"OB", b"OW", b"UN", b"SQ", b"UT")


def element(tag: int, vr: bytes, value: bytes) -> bytes:
    """Return an element in Explicit VR Little Endian."""
    value += (b"\0" if vr in {b"UI", b"OB", b"UN"} else b" ") * (len(value) % 2)
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr
    if vr in _LONG_VRS:
        return head + struct.pack("<HI", 0, len(value)) + value
    return head + struct.pack("<H", len(value)) + value


@dataclass(frozen=True, slots=True)
class Image:
    """An image by its UIDs and what it says of its patient; ``name`` is in the bytes of ``charset``."""

    uid: str
    study: str = f"{ROOT}.1"
    series: str = f"{ROOT}.1.1"
    name: bytes = b"Test^Image"
    patient_id: str = "P0001"
    charset: bytes = b""
    shade: int = 1
    pixels: bytes = b""
    further: tuple[tuple[int, bytes, bytes], ...] = ()

    @property
    def data_set(self) -> bytes:
        """Its data set in Explicit VR Little Endian."""
        pixels = self.pixels or struct.pack("<H", self.shade) * SIDE * SIDE
        shape = ((0x00280002, 1), (0x00280010, SIDE), (0x00280011, SIDE), (0x00280100, 16), (0x00280101, 12))
        elements = [
            *([(0x00080005, b"CS", self.charset)] if self.charset else []),
            (0x00080016, b"UI", CT.encode()),
            (0x00080018, b"UI", self.uid.encode()),
            (0x00080020, b"DA", b"20261123"),
            (0x00080050, b"SH", b"ACC1"),
            (0x00080060, b"CS", b"CT"),
            (0x00100010, b"PN", self.name),
            (0x00100020, b"LO", self.patient_id.encode()),
            (0x0020000D, b"UI", self.study.encode()),
            (0x0020000E, b"UI", self.series.encode()),
            (0x00200013, b"IS", b"1"),
            *((tag, b"US", struct.pack("<H", value)) for tag, value in shape),
            (0x7FE00010, b"OW", pixels),
            *self.further,
        ]
        return b"".join(element(*item) for item in sorted(elements))

    @property
    def address(self) -> str:
        """Where DICOMweb has it."""
        return f"{self.series_address}/instances/{self.uid}"

    @property
    def series_address(self) -> str:
        """Where DICOMweb has its series."""
        return f"{self.study_address}/series/{self.series}"

    @property
    def study_address(self) -> str:
        """Where DICOMweb has its study."""
        return f"/dicom-web/studies/{self.study}"


def images(number: int, branch: int, **values: Any) -> list[Image]:
    """Return so many images of one study; ``branch`` keeps the UIDs of tests apart."""
    study = f"{ROOT}.{branch}"
    first = Image(f"{study}.1.1", study, f"{study}.1", **values)
    return [replace(first, uid=f"{study}.1.{place + 1}") for place in range(number)]


def send(server: Server, *wanted: Image, calling: str = "CT_A", called: str = "LIGHTWELL") -> list[int]:
    """Send images over one association and return the statuses."""
    sender = Sender(server.dicom_port, [(CT, EXPLICIT_LITTLE)], called=called, calling=calling)
    statuses = [sender.store(CT, image.uid, image.data_set).status for image in wanted]
    sender.release()
    return statuses


def find(server: Server, token: str, path: str = "/dicom-web/studies", **query: str) -> list[dict[str, Any]]:
    """Search, and return the data sets found."""
    answer = httpx.get(server.url + path, params=query, headers={"Authorization": f"Bearer {token}"}, timeout=60)
    assert answer.status_code == 200, answer.text
    return list(answer.json())


def values(found: list[dict[str, Any]], tag: str) -> list[Any]:
    """Return the first value of an element of each data set; an absent one is None."""
    return [next(iter(item.get(tag, {}).get("Value", [])), None) for item in found]


def stored(server: Server, token: str, image: Image) -> bytes:
    """Fetch an image and return its data set, without the meta header."""
    answer = server.get(image.address, token, Accept="application/dicom")
    assert answer.status_code == 200, answer.text
    return data_set_of(answer.content)


def data_set_of(content: bytes) -> bytes:
    """Return what follows the meta header of a file."""
    return content[read_file_meta(content).data_set_offset :]


def tokens(region: Region) -> dict[str, str]:
    """Return each hospital's token by the AE title that sends for it."""
    return {"CT_A": region.token_a, "CT_B": region.token_b}
