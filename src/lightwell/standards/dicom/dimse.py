"""Commands as bytes, both ways (PS3.7 6.3.1, Annex E).

A command travels as a small data set of its own, group 0000, always implicit VR little endian; one table says how each
field of :mod:`commands` is written. A request whose ``command_data_set_type`` is not 0101H is followed by a data set.
"""

import dataclasses
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lightwell.standards.dicom.commands import (
    COMMANDS,
    HAS_DATA_SET,
    HIGH,
    LOW,
    MEDIUM,
    NO_DATA_SET,
    CCancelRq,
    CEchoRq,
    CEchoRsp,
    CFindRq,
    CFindRsp,
    CGetRq,
    CGetRsp,
    CMoveRq,
    CMoveRsp,
    Command,
    CStoreRq,
    CStoreRsp,
    NActionRq,
    NActionRsp,
    NCreateRq,
    NCreateRsp,
    NDeleteRq,
    NDeleteRsp,
    NEventReportRq,
    NEventReportRsp,
    NGetRq,
    NGetRsp,
    NSetRq,
    NSetRsp,
    Request,
    RequestOnInstance,
    Response,
    ResponseOnInstance,
    Status,
    Suboperations,
    is_failure,
    is_pending,
    is_warning,
)
from lightwell.standards.dicom.errors import LocalProtocolError, RemoteProtocolError

__all__ = [
    "COMMANDS",
    "HAS_DATA_SET",
    "HIGH",
    "LOW",
    "MEDIUM",
    "NO_DATA_SET",
    "CCancelRq",
    "CEchoRq",
    "CEchoRsp",
    "CFindRq",
    "CFindRsp",
    "CGetRq",
    "CGetRsp",
    "CMoveRq",
    "CMoveRsp",
    "CStoreRq",
    "CStoreRsp",
    "Command",
    "NActionRq",
    "NActionRsp",
    "NCreateRq",
    "NCreateRsp",
    "NDeleteRq",
    "NDeleteRsp",
    "NEventReportRq",
    "NEventReportRsp",
    "NGetRq",
    "NGetRsp",
    "NSetRq",
    "NSetRsp",
    "Request",
    "RequestOnInstance",
    "Response",
    "ResponseOnInstance",
    "Status",
    "Suboperations",
    "c_echo_rq",
    "c_echo_rsp",
    "c_store_rq",
    "c_store_rsp",
    "decode_command",
    "encode_command",
    "is_failure",
    "is_pending",
    "is_warning",
]

_ELEMENT: Final = struct.Struct("<HHI")
_SHORT: Final = struct.Struct("<H")
_LONGEST_COMMENT: Final = 64
_COMMAND_FIELD: Final = 0x0100
_DATA_SET_TYPE: Final = 0x0800


def _read_text(raw: bytes) -> str:
    return raw.decode("latin-1").strip("\0 ")


def _read_short(raw: bytes) -> int:
    if len(raw) != 2:  # noqa: PLR2004 -- US is two bytes
        msg = f"expected a number of 2 bytes, {len(raw)} bytes came"
        raise RemoteProtocolError(msg)
    return raw[0] | raw[1] << 8


def _read_tags(raw: bytes) -> tuple[int, ...]:
    if len(raw) % 4:
        msg = f"expected tags of 4 bytes each, {len(raw)} bytes came"
        raise RemoteProtocolError(msg)
    return tuple(group << 16 | element for group, element in struct.iter_unpack("<HH", raw))


def _write_uid(value: str) -> bytes:
    raw = value.encode("ascii")
    return raw + b"\0" if len(raw) % 2 else raw


def _write_text(value: str) -> bytes:
    raw = value.encode("ascii", "replace")[:_LONGEST_COMMENT]
    return raw + b" " if len(raw) % 2 else raw


def _write_tags(value: tuple[int, ...]) -> bytes:
    return b"".join(struct.pack("<HH", tag >> 16, tag & 0xFFFF) for tag in value)


_UI: Final = (_read_text, _write_uid)
_LO: Final = (_read_text, _write_text)
_US: Final = (_read_short, _SHORT.pack)
_AT: Final = (_read_tags, _write_tags)

# PS3.7 Table E.1-1: the element number in group 0000, and how its value is written.
_ELEMENTS: Final[Mapping[str, tuple[int, tuple[Callable[[bytes], Any], Callable[[Any], bytes]]]]] = {
    "affected_sop_class_uid": (0x0002, _UI),
    "requested_sop_class_uid": (0x0003, _UI),
    "message_id": (0x0110, _US),
    "message_id_being_responded_to": (0x0120, _US),
    "move_destination": (0x0600, _LO),
    "priority": (0x0700, _US),
    "command_data_set_type": (0x0800, _US),
    "status": (0x0900, _US),
    "offending_element": (0x0901, _AT),
    "error_comment": (0x0902, _LO),
    "error_id": (0x0903, _US),
    "affected_sop_instance_uid": (0x1000, _UI),
    "requested_sop_instance_uid": (0x1001, _UI),
    "event_type_id": (0x1002, _US),
    "attribute_identifier_list": (0x1005, _AT),
    "action_type_id": (0x1008, _US),
    "number_of_remaining_suboperations": (0x1020, _US),
    "number_of_completed_suboperations": (0x1021, _US),
    "number_of_failed_suboperations": (0x1022, _US),
    "number_of_warning_suboperations": (0x1023, _US),
    "move_originator_application_entity_title": (0x1030, _LO),
    "move_originator_message_id": (0x1031, _US),
}


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    element: int
    read: Callable[[bytes], Any]
    write: Callable[[Any], bytes]
    is_required: bool


def _fields(command: type[Command]) -> tuple[_Field, ...]:
    fields: list[_Field] = []
    for field in dataclasses.fields(command):
        element, (read, write) = _ELEMENTS[field.name]
        is_required = field.default is dataclasses.MISSING
        fields.append(_Field(field.name, element, read, write, is_required))
    return tuple(sorted(fields, key=lambda field: field.element))


_FIELDS: Final[Mapping[type[Command], tuple[_Field, ...]]] = {
    command: _fields(command) for command in COMMANDS.values()
}


def decode_command(data: bytes) -> Command:
    """Read a command; elements it does not have are passed over, missing ones refuse it (PS3.7 6.3.1)."""
    values = _split(data)
    number = _read_short(values.get(_COMMAND_FIELD, b""))
    command = COMMANDS.get(number)
    if command is None or _DATA_SET_TYPE not in values:
        msg = f"expected a command and whether a data set follows, command field {number:04X} came"
        raise RemoteProtocolError(msg)
    arguments: dict[str, Any] = {}
    for field in _FIELDS[command]:
        raw = values.get(field.element)
        if raw:
            arguments[field.name] = field.read(raw)
        elif field.is_required:
            msg = f"{command.__name__}: expected (0000,{field.element:04X}) {field.name}, it is missing or empty"
            raise RemoteProtocolError(msg)
    return command(**arguments)


def _split(data: bytes) -> dict[int, bytes]:
    values: dict[int, bytes] = {}
    at, end = 0, len(data)
    while at < end:
        if at + 8 > end:
            msg = f"command set: expected an element at byte {at}, only {end - at} bytes came"
            raise RemoteProtocolError(msg)
        group, element, length = _ELEMENT.unpack_from(data, at)
        at += 8 + length
        if group or at > end:
            msg = f"command set: ({group:04X},{element:04X}) with {length} bytes does not belong or does not fit"
            raise RemoteProtocolError(msg)
        values[element] = data[at - length : at]
    return values


def encode_command(command: Command) -> bytes:
    """Write a command with its group length; fields at their defaults are left out (PS3.7 6.3.1)."""
    parts = [_ELEMENT.pack(0, _COMMAND_FIELD, 2), _SHORT.pack(command.command_field)]
    written = {_COMMAND_FIELD: b"".join(parts)}
    try:
        for field in _FIELDS[type(command)]:
            value = getattr(command, field.name)
            if field.is_required or (value is not None and value not in ("", ())):
                raw = field.write(value)
                written[field.element] = _ELEMENT.pack(0, field.element, len(raw)) + raw
    except (struct.error, UnicodeEncodeError) as error:
        msg = f"{type(command).__name__} cannot be written: {error}"
        raise LocalProtocolError(msg) from error
    content = b"".join(written[element] for element in sorted(written))
    return _ELEMENT.pack(0, 0, 4) + struct.pack("<I", len(content)) + content


def c_echo_rq(message_id: int = 1) -> CEchoRq:
    """Ask whether a machine is there."""
    return CEchoRq(message_id=message_id, affected_sop_class_uid="1.2.840.10008.1.1")


def c_echo_rsp(rq: CEchoRq, status: int = Status.SUCCESS) -> CEchoRsp:
    """Answer that we are."""
    return CEchoRsp(
        message_id_being_responded_to=rq.message_id, status=status, affected_sop_class_uid=rq.affected_sop_class_uid
    )


def c_store_rq(
    sop_class_uid: str,
    sop_instance_uid: str,
    message_id: int = 1,
    *,
    priority: int = MEDIUM,
    move_originator: str = "",
    move_originator_message_id: int | None = None,
) -> CStoreRq:
    """Ask a machine to keep an image, perhaps on behalf of the one that gave us a C-MOVE."""
    return CStoreRq(
        message_id=message_id,
        command_data_set_type=HAS_DATA_SET,
        affected_sop_class_uid=sop_class_uid,
        affected_sop_instance_uid=sop_instance_uid,
        priority=priority,
        move_originator_application_entity_title=move_originator,
        move_originator_message_id=move_originator_message_id,
    )


def c_store_rsp(rq: CStoreRq, status: int = Status.SUCCESS, error_comment: str = "") -> CStoreRsp:
    """Answer that an image is safe, or why it is not kept."""
    return CStoreRsp(
        message_id_being_responded_to=rq.message_id,
        status=status,
        error_comment=error_comment[:_LONGEST_COMMENT],
        affected_sop_class_uid=rq.affected_sop_class_uid,
        affected_sop_instance_uid=rq.affected_sop_instance_uid,
    )
