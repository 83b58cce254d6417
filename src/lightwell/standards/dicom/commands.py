"""What machines say to each other, one frozen class per message (PS3.7 9, 10 and Annex E).

    C-ECHO    are you there?                    N-EVENT-REPORT   something happened (e.g. commitment)
    C-STORE   keep this image                   N-GET            tell me these attributes
    C-FIND    which studies match?              N-SET            change these attributes (e.g. MPPS)
    C-GET     send them to me, here             N-ACTION         do something (e.g. commit, print)
    C-MOVE    send them over there              N-CREATE         a new one (e.g. MPPS in progress)
    C-CANCEL  stop finding or sending           N-DELETE         away with it

The fields carry the standard's names (PS3.7 E.1). How a command is written as bytes is in :mod:`dimse`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import ClassVar, Final

NO_DATA_SET: Final = 0x0101
HAS_DATA_SET: Final = 0x0001
MEDIUM, HIGH, LOW = 0, 1, 2


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
