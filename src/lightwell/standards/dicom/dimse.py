"""The commands that machines give each other: "keep this image", "find that study" (PS3.7 9, 10 and Annex E).

    C-ECHO    are you there?                    N-EVENT-REPORT   something happened (e.g. commitment)
    C-STORE   keep this image                   N-GET            tell me these attributes
    C-FIND    which studies match?              N-SET            change these attributes (e.g. MPPS)
    C-GET     send them to me, here             N-ACTION         do something (e.g. commit, print)
    C-MOVE    send them over there              N-CREATE         a new one (e.g. MPPS in progress)
    C-CANCEL  stop finding or sending           N-DELETE         away with it

A command travels as a small data set of its own, group 0000, always implicit VR little endian. Here each is a frozen
class whose fields carry the standard's names (PS3.7 E.1); one table says how a field is written. A request whose
``command_data_set_type`` is not 0101H is followed by a data set.
"""

import dataclasses
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Any, ClassVar, Final

from lightwell.standards.dicom.errors import LocalProtocolError, RemoteProtocolError

NO_DATA_SET: Final = 0x0101
HAS_DATA_SET: Final = 0x0001
MEDIUM, HIGH, LOW = 0, 1, 2
_ELEMENT: Final = struct.Struct("<HHI")
_SHORT: Final = struct.Struct("<H")
_LONGEST_COMMENT: Final = 64
_COMMAND_FIELD: Final = 0x0100
_DATA_SET_TYPE: Final = 0x0800


class Status(IntEnum):
    """How it went (PS3.7 Annex C, PS3.4 B.2.3, C.4)."""

    SUCCESS = 0x0000
    CANCEL = 0xFE00
    PENDING = 0xFF00
    PENDING_OPTIONAL_KEYS_NOT_SUPPORTED = 0xFF01
    ATTRIBUTE_LIST_ERROR = 0x0107
    ATTRIBUTE_VALUE_OUT_OF_RANGE = 0x0116
    SOP_CLASS_NOT_SUPPORTED = 0x0122
    CLASS_INSTANCE_CONFLICT = 0x0119
    DUPLICATE_SOP_INSTANCE = 0x0111
    DUPLICATE_INVOCATION = 0x0210
    INVALID_ARGUMENT_VALUE = 0x0115
    INVALID_ATTRIBUTE_VALUE = 0x0106
    INVALID_SOP_INSTANCE = 0x0117
    MISSING_ATTRIBUTE = 0x0120
    MISSING_ATTRIBUTE_VALUE = 0x0121
    MISTYPED_ARGUMENT = 0x0212
    NO_SUCH_ACTION = 0x0123
    NO_SUCH_ARGUMENT = 0x0114
    NO_SUCH_ATTRIBUTE = 0x0105
    NO_SUCH_EVENT_TYPE = 0x0113
    NO_SUCH_SOP_CLASS = 0x0118
    NO_SUCH_SOP_INSTANCE = 0x0112
    NOT_AUTHORIZED = 0x0124
    PROCESSING_FAILURE = 0x0110
    RESOURCE_LIMITATION = 0x0213
    UNRECOGNIZED_OPERATION = 0x0211
    OUT_OF_RESOURCES = 0xA700
    UNABLE_TO_COUNT_MATCHES = 0xA701
    UNABLE_TO_PERFORM_SUBOPERATIONS = 0xA702
    MOVE_DESTINATION_UNKNOWN = 0xA801
    DATA_SET_DOES_NOT_MATCH_SOP_CLASS = 0xA900
    CANNOT_UNDERSTAND = 0xC000
    COERCION_OF_DATA_ELEMENTS = 0xB000
    ELEMENTS_DISCARDED = 0xB006
    DATA_SET_DOES_NOT_MATCH_SOP_CLASS_WARNING = 0xB007


def is_pending(status: int) -> bool:
    """Whether more responses will follow (PS3.7 C.3)."""
    return status in {Status.PENDING, Status.PENDING_OPTIONAL_KEYS_NOT_SUPPORTED}


def is_warning(status: int) -> bool:
    """Whether it was done, but not quite as asked (PS3.7 C.4)."""
    return status in {0x0001, 0x0107, 0x0116} or status >> 12 == 0xB  # noqa: PLR2004 -- Bxxx, PS3.7 C.4


def is_failure(status: int) -> bool:
    """Whether it was not done (PS3.7 C.5)."""
    return status not in {Status.SUCCESS, Status.CANCEL} and not is_pending(status) and not is_warning(status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Any of the messages below (PS3.7 6.3.1)."""

    command_field: ClassVar[int] = 0
    command_data_set_type: int = NO_DATA_SET

    @property
    def has_data_set(self) -> bool:
        """Whether a data set follows."""
        return self.command_data_set_type != NO_DATA_SET


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Command):
    """Something is asked for."""

    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Command):
    """How it went; the comment is for people and at most 64 characters (PS3.7 C)."""

    message_id_being_responded_to: int
    status: int
    error_comment: str = ""
    error_id: int | None = None
    offending_element: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CEchoRq(Request):
    """Are you there? (PS3.7 9.3.5.1)."""

    command_field: ClassVar[int] = 0x0030
    affected_sop_class_uid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CEchoRsp(Response):
    """I am (PS3.7 9.3.5.2)."""

    command_field: ClassVar[int] = 0x8030
    affected_sop_class_uid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CStoreRq(Request):
    """Keep this image; I give it away only when you say 0000H (PS3.7 9.3.1.1)."""

    command_field: ClassVar[int] = 0x0001
    affected_sop_class_uid: str
    affected_sop_instance_uid: str
    priority: int = MEDIUM
    move_originator_application_entity_title: str = ""
    move_originator_message_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CStoreRsp(Response):
    """It is kept, or why not (PS3.7 9.3.1.2)."""

    command_field: ClassVar[int] = 0x8001
    affected_sop_class_uid: str = ""
    affected_sop_instance_uid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CFindRq(Request):
    """Which studies, series or worklist entries match? (PS3.7 9.3.2.1)."""

    command_field: ClassVar[int] = 0x0020
    affected_sop_class_uid: str
    priority: int = MEDIUM


@dataclass(frozen=True, slots=True, kw_only=True)
class CFindRsp(Response):
    """One match, or the end of them (PS3.7 9.3.2.2)."""

    command_field: ClassVar[int] = 0x8020
    affected_sop_class_uid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suboperations(Response):
    """How far sending images has come (PS3.7 9.3.3.2, 9.3.4.2)."""

    affected_sop_class_uid: str = ""
    number_of_remaining_suboperations: int | None = None
    number_of_completed_suboperations: int | None = None
    number_of_failed_suboperations: int | None = None
    number_of_warning_suboperations: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CGetRq(Request):
    """Send me these images on this association (PS3.7 9.3.3.1)."""

    command_field: ClassVar[int] = 0x0010
    affected_sop_class_uid: str
    priority: int = MEDIUM


@dataclass(frozen=True, slots=True, kw_only=True)
class CGetRsp(Suboperations):
    """How far it has come (PS3.7 9.3.3.2)."""

    command_field: ClassVar[int] = 0x8010


@dataclass(frozen=True, slots=True, kw_only=True)
class CMoveRq(Request):
    """Send these images to that machine (PS3.7 9.3.4.1)."""

    command_field: ClassVar[int] = 0x0021
    affected_sop_class_uid: str
    move_destination: str
    priority: int = MEDIUM


@dataclass(frozen=True, slots=True, kw_only=True)
class CMoveRsp(Suboperations):
    """How far it has come (PS3.7 9.3.4.2)."""

    command_field: ClassVar[int] = 0x8021


@dataclass(frozen=True, slots=True, kw_only=True)
class CCancelRq(Command):
    """Stop finding or sending (PS3.7 9.3.2.3)."""

    command_field: ClassVar[int] = 0x0FFF
    message_id_being_responded_to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOnInstance(Request):
    """Something is asked of one object that exists (PS3.7 10.3)."""

    requested_sop_class_uid: str
    requested_sop_instance_uid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseOnInstance(Response):
    """How it went with that object (PS3.7 10.3)."""

    affected_sop_class_uid: str = ""
    affected_sop_instance_uid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NEventReportRq(Request):
    """Something happened to an object, e.g. its images are committed (PS3.7 10.3.1.1)."""

    command_field: ClassVar[int] = 0x0100
    affected_sop_class_uid: str
    affected_sop_instance_uid: str
    event_type_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NEventReportRsp(ResponseOnInstance):
    """Noted (PS3.7 10.3.1.2)."""

    command_field: ClassVar[int] = 0x8100
    event_type_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NGetRq(RequestOnInstance):
    """Tell me these attributes (PS3.7 10.3.2.1)."""

    command_field: ClassVar[int] = 0x0110
    attribute_identifier_list: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NGetRsp(ResponseOnInstance):
    """Here they are (PS3.7 10.3.2.2)."""

    command_field: ClassVar[int] = 0x8110


@dataclass(frozen=True, slots=True, kw_only=True)
class NSetRq(RequestOnInstance):
    """Change these attributes (PS3.7 10.3.3.1)."""

    command_field: ClassVar[int] = 0x0120


@dataclass(frozen=True, slots=True, kw_only=True)
class NSetRsp(ResponseOnInstance):
    """Changed (PS3.7 10.3.3.2)."""

    command_field: ClassVar[int] = 0x8120


@dataclass(frozen=True, slots=True, kw_only=True)
class NActionRq(RequestOnInstance):
    """Do something, e.g. commit to these images (PS3.7 10.3.4.1)."""

    command_field: ClassVar[int] = 0x0130
    action_type_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NActionRsp(ResponseOnInstance):
    """It will be done (PS3.7 10.3.4.2)."""

    command_field: ClassVar[int] = 0x8130
    action_type_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NCreateRq(Request):
    """Make a new object, e.g. a performed procedure step (PS3.7 10.3.5.1)."""

    command_field: ClassVar[int] = 0x0140
    affected_sop_class_uid: str
    affected_sop_instance_uid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NCreateRsp(ResponseOnInstance):
    """Made (PS3.7 10.3.5.2)."""

    command_field: ClassVar[int] = 0x8140


@dataclass(frozen=True, slots=True, kw_only=True)
class NDeleteRq(RequestOnInstance):
    """Away with this object (PS3.7 10.3.6.1)."""

    command_field: ClassVar[int] = 0x0150


@dataclass(frozen=True, slots=True, kw_only=True)
class NDeleteRsp(ResponseOnInstance):
    """It is gone (PS3.7 10.3.6.2)."""

    command_field: ClassVar[int] = 0x8150


COMMANDS: Final[Mapping[int, type[Command]]] = MappingProxyType(
    {
        command.command_field: command
        for command in (
            *(CEchoRq, CEchoRsp, CStoreRq, CStoreRsp, CFindRq, CFindRsp, CGetRq, CGetRsp, CMoveRq, CMoveRsp, CCancelRq),
            *(NEventReportRq, NEventReportRsp, NGetRq, NGetRsp, NSetRq, NSetRsp),
            *(NActionRq, NActionRsp, NCreateRq, NCreateRsp, NDeleteRq, NDeleteRsp),
        )
    }
)


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
