"""The head of a DICOM file: who wrote it, what it holds and how it is written (PS3.10 7.1).

    128 bytes │ "DICM" │ group 0002, always explicit VR little endian │ data set

:func:`file_meta` writes one before a data set that came over the network; :func:`read_file_meta` reads one. Old
files may lack it: :func:`guess_bare_data_set` tells how such a file is written, from its first bytes.
"""

import mmap
import struct
from dataclasses import dataclass
from typing import Final, TypeAlias

from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.uids import (
    IMPLEMENTATION_CLASS_UID,
    IMPLEMENTATION_VERSION_NAME,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

Content: TypeAlias = bytes | bytearray | memoryview | mmap.mmap

PREAMBLE_LENGTH: Final = 128
_PREFIX: Final = b"DICM"
_META_START: Final = PREAMBLE_LENGTH + len(_PREFIX)
_LONG_VRS: Final = frozenset(
    (b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV")
)
_LONGEST_META: Final = 1 << 20
_FIRST_GROUPS: Final = frozenset((0x0002, 0x0004, 0x0008))
_VERSION: Final = b"\0\1"

_MEDIA_STORAGE_SOP_CLASS_UID: Final = 0x0002
_MEDIA_STORAGE_SOP_INSTANCE_UID: Final = 0x0003
_TRANSFER_SYNTAX_UID: Final = 0x0010
_IMPLEMENTATION_CLASS_UID: Final = 0x0012
_IMPLEMENTATION_VERSION_NAME: Final = 0x0013
_SOURCE_AE: Final = 0x0016
_SENDING_AE: Final = 0x0017
_RECEIVING_AE: Final = 0x0018


@dataclass(frozen=True, slots=True)
class FileMeta:
    """What the head of a file says (PS3.10 Table 7.1-1), and where the data set begins."""

    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    implementation_class_uid: str
    implementation_version_name: str
    source_ae: str
    sending_ae: str
    receiving_ae: str
    data_set_offset: int


def file_meta(
    sop_class_uid: str,
    sop_instance_uid: str,
    transfer_syntax_uid: str,
    source_ae: str = "",
    sending_ae: str = "",
    receiving_ae: str = "",
) -> bytes:
    """Write the head that makes a received data set a file; only header bytes, the data set is not touched."""
    elements = [
        struct.pack("<HH2sHI", 2, 1, b"OB", 0, 2) + _VERSION,
        _uid(_MEDIA_STORAGE_SOP_CLASS_UID, sop_class_uid),
        _uid(_MEDIA_STORAGE_SOP_INSTANCE_UID, sop_instance_uid),
        _uid(_TRANSFER_SYNTAX_UID, transfer_syntax_uid),
        _uid(_IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_CLASS_UID),
        _text(_IMPLEMENTATION_VERSION_NAME, b"SH", IMPLEMENTATION_VERSION_NAME),
    ]
    ae_titles = ((_SOURCE_AE, source_ae), (_SENDING_AE, sending_ae), (_RECEIVING_AE, receiving_ae))
    elements += [_text(element, b"AE", title) for element, title in ae_titles if title]
    content = b"".join(elements)
    group_length = struct.pack("<HH2sHI", 2, 0, b"UL", 4, len(content))
    return bytes(PREAMBLE_LENGTH) + _PREFIX + group_length + content


def _uid(element: int, value: str) -> bytes:
    return _short(element, b"UI", value.encode("latin-1", "replace"), b"\0")


def _text(element: int, vr: bytes, value: str) -> bytes:
    return _short(element, vr, value.encode("latin-1", "replace")[:16], b" ")


def _short(element: int, vr: bytes, raw: bytes, padding: bytes) -> bytes:
    raw += padding * (len(raw) % 2)
    return struct.pack("<HH2sH", 2, element, vr, len(raw)) + raw


def read_file_meta(buffer: Content) -> FileMeta:
    """Read the head of a file; DataSetError says what is wrong with it, e.g. that there is none."""
    if bytes(buffer[PREAMBLE_LENGTH:_META_START]) != _PREFIX:
        raise DataSetError(_what_instead(buffer))
    values: dict[int, bytes] = {}
    at = _META_START
    length = len(buffer)
    while at + 8 <= length and bytes(buffer[at : at + 2]) == b"\2\0":
        element, value, at = _read_element(buffer, at)
        values.setdefault(element, value)
    if not _value(values, _TRANSFER_SYNTAX_UID):
        msg = "file meta information: expected (0002,0010) Transfer Syntax UID, it is missing or empty"
        raise DataSetError(msg)
    return FileMeta(
        sop_class_uid=_value(values, _MEDIA_STORAGE_SOP_CLASS_UID),
        sop_instance_uid=_value(values, _MEDIA_STORAGE_SOP_INSTANCE_UID),
        transfer_syntax_uid=_value(values, _TRANSFER_SYNTAX_UID),
        implementation_class_uid=_value(values, _IMPLEMENTATION_CLASS_UID),
        implementation_version_name=_value(values, _IMPLEMENTATION_VERSION_NAME),
        source_ae=_value(values, _SOURCE_AE),
        sending_ae=_value(values, _SENDING_AE),
        receiving_ae=_value(values, _RECEIVING_AE),
        data_set_offset=at,
    )


def _what_instead(buffer: Content) -> str:
    expected = "expected a DICOM file: 128 bytes and DICM"
    if not len(buffer):
        return f"{expected}; the file is empty"
    syntax = guess_bare_data_set(buffer)
    if syntax is not None:
        return f"{expected}; a bare data set without a head came (probably {syntax})"
    return f"{expected}; {bytes(buffer[:16])!r}… came"


def _value(values: dict[int, bytes], element: int) -> str:
    return values.get(element, b"").decode("latin-1").strip("\0 ")


def _read_element(buffer: Content, at: int) -> tuple[int, bytes, int]:
    _, element, vr, length = struct.unpack_from("<HH2sH", buffer, at)
    start = at + 8
    if vr in _LONG_VRS:
        start = at + 12
        length = int.from_bytes(buffer[at + 8 : start], "little")
    if not (vr.isalpha() and vr.isupper()):
        msg = f"(0002,{element:04X}): expected explicit VR little endian, VR {vr!r} came"
        raise DataSetError(msg)
    end = start + length
    if end > len(buffer) or length > _LONGEST_META:
        msg = f"(0002,{element:04X}): expected {length} bytes, only {max(0, len(buffer) - start)} came"
        raise DataSetError(msg)
    return element, bytes(buffer[start:end]), end


def guess_bare_data_set(buffer: Content) -> str | None:
    """Return the transfer syntax of a data set without a head, or None if these bytes look like none (PS3.5 7.1)."""
    head = bytes(buffer[:8])
    if len(head) < 8:  # noqa: PLR2004 -- the shortest element
        return None
    has_vr = head[4:6].isalpha() and head[4:6].isupper()
    if int.from_bytes(head[:2], "little") in _FIRST_GROUPS:
        if has_vr:
            return ExplicitVRLittleEndian
        fits = int.from_bytes(head[4:8], "little") <= max(0, len(buffer) - 8)
        return ImplicitVRLittleEndian if fits else None
    if int.from_bytes(head[:2], "big") in _FIRST_GROUPS and has_vr:
        return ExplicitVRBigEndian
    return None
