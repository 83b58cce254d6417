"""The seven messages that travel between two DICOM machines (PS3.8 9.3).

    01 A-ASSOCIATE-RQ   "I am CT1, may I talk to ARCHIVE? I can send these kinds of images, written in these ways"
    02 A-ASSOCIATE-AC   "yes, of these kinds, each written in this way"
    03 A-ASSOCIATE-RJ   "no, because"
    04 P-DATA-TF        pieces of commands and of images
    05 A-RELEASE-RQ     "I am done"
    06 A-RELEASE-RP     "so am I"
    07 A-ABORT          "something is broken, I hang up"

Each has six bytes of head: type (1), reserved (1), length of the rest (4, big endian). :func:`decode` takes one whole
PDU and raises RemoteProtocolError for anything malformed; P-DATA-TF on the receive path does not come here, since
its content is passed on while it still comes (see :mod:`association`).
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

from lightwell.standards.dicom.errors import LocalProtocolError, RemoteProtocolError
from lightwell.standards.dicom.items import (
    AsyncOperationsWindow,
    PresentationContext,
    PresentationContextResult,
    Reader,
    RoleSelection,
    SopClassCommonExtended,
    SopClassExtended,
    UserIdentity,
    UserInformation,
    decode_context,
    decode_context_result,
    decode_text,
    decode_uid,
    decode_user_information,
    encode_text,
    encode_uid,
    item,
)
from lightwell.standards.dicom.uids import DICOMApplicationContext

__all__ = [
    "HEAD_LENGTH",
    "Abort",
    "AssociateAc",
    "AssociateRj",
    "AssociateRq",
    "AsyncOperationsWindow",
    "PDataTf",
    "Pdu",
    "PresentationContext",
    "PresentationContextResult",
    "PresentationDataValue",
    "ReleaseRp",
    "ReleaseRq",
    "RoleSelection",
    "SopClassCommonExtended",
    "SopClassExtended",
    "UserIdentity",
    "UserInformation",
    "decode",
]

HEAD_LENGTH: Final = 6
PDV_HEAD: Final = struct.Struct(">IBB")
COMMAND_BIT: Final = 1
LAST_BIT: Final = 2
_HEAD: Final = struct.Struct(">BxI")
_MOST_CONTEXTS: Final = 128
_AE_LENGTH: Final = 16


def pdu(pdu_type: int, content: bytes) -> bytes:
    """Write the six bytes of head before a PDU's content."""
    return _HEAD.pack(pdu_type, len(content)) + content


def _ae_title(title: str) -> bytes:
    return encode_text(title, _AE_LENGTH).ljust(_AE_LENGTH)


def _associate(version: int, called: str, calling: str, parts: list[bytes]) -> bytes:
    head = struct.pack(">HH", version, 0) + _ae_title(called) + _ae_title(calling) + bytes(32)
    return head + b"".join(parts)


@dataclass(frozen=True, slots=True)
class AssociateRq:
    """A machine asks to talk to us, or we to it (PS3.8 9.3.2)."""

    called_ae_title: str
    calling_ae_title: str
    presentation_contexts: tuple[PresentationContext, ...]
    user_information: UserInformation = field(default_factory=UserInformation)
    application_context_name: str = DICOMApplicationContext
    protocol_version: int = 1

    def encode(self) -> bytes:
        """Write the PDU."""
        ids = [context.context_id for context in self.presentation_contexts]
        if len(set(ids)) != len(ids) or len(ids) > _MOST_CONTEXTS or not all(n % 2 and 0 < n < 256 for n in ids):  # noqa: PLR2004
            msg = f"expected at most {_MOST_CONTEXTS} presentation contexts with odd ids, each once, {ids} came"
            raise LocalProtocolError(msg)
        parts = [item(0x10, encode_uid(self.application_context_name))]
        parts += [context.encode() for context in self.presentation_contexts]
        parts.append(self.user_information.encode())
        return pdu(1, _associate(self.protocol_version, self.called_ae_title, self.calling_ae_title, parts))


@dataclass(frozen=True, slots=True)
class AssociateAc:
    """Yes, with the contexts that were accepted (PS3.8 9.3.3); the AE titles repeat those of the request."""

    called_ae_title: str
    calling_ae_title: str
    presentation_contexts: tuple[PresentationContextResult, ...]
    user_information: UserInformation = field(default_factory=UserInformation)
    application_context_name: str = DICOMApplicationContext
    protocol_version: int = 1

    def encode(self) -> bytes:
        """Write the PDU."""
        parts = [item(0x10, encode_uid(self.application_context_name))]
        parts += [context.encode() for context in self.presentation_contexts]
        parts.append(self.user_information.encode())
        return pdu(2, _associate(self.protocol_version, self.called_ae_title, self.calling_ae_title, parts))


@dataclass(frozen=True, slots=True)
class AssociateRj:
    """No: result 1 for good, 2 for now; source 1 user, 2 ACSE, 3 presentation (PS3.8 9.3.4)."""

    result: int
    source: int
    reason: int

    def encode(self) -> bytes:
        """Write the PDU."""
        return pdu(3, bytes((0, self.result, self.source, self.reason)))


@dataclass(frozen=True, slots=True)
class PresentationDataValue:
    """A piece of a command or of a data set (PS3.8 9.3.5.1, Annex E.2)."""

    context_id: int
    is_command: bool
    is_last: bool
    data: bytes

    def encode(self) -> bytes:
        """Write the item."""
        control = COMMAND_BIT * self.is_command | LAST_BIT * self.is_last
        return PDV_HEAD.pack(len(self.data) + 2, self.context_id, control) + self.data


@dataclass(frozen=True, slots=True)
class PDataTf:
    """Pieces of commands and data sets (PS3.8 9.3.5)."""

    values: tuple[PresentationDataValue, ...]

    def encode(self) -> bytes:
        """Write the PDU."""
        return pdu(4, b"".join(value.encode() for value in self.values))


@dataclass(frozen=True, slots=True)
class ReleaseRq:
    """I am done (PS3.8 9.3.6)."""

    def encode(self) -> bytes:
        """Write the PDU."""
        return pdu(5, bytes(4))


@dataclass(frozen=True, slots=True)
class ReleaseRp:
    """So am I (PS3.8 9.3.7)."""

    def encode(self) -> bytes:
        """Write the PDU."""
        return pdu(6, bytes(4))


@dataclass(frozen=True, slots=True)
class Abort:
    """I hang up: source 0 the user, 2 the protocol with a reason (PS3.8 9.3.8)."""

    source: int
    reason: int

    def encode(self) -> bytes:
        """Write the PDU."""
        return pdu(7, bytes((0, 0, self.source, self.reason)))


Pdu: TypeAlias = AssociateRq | AssociateAc | AssociateRj | PDataTf | ReleaseRq | ReleaseRp | Abort


def decode(data: bytes) -> Pdu:
    """Read one whole PDU, head included."""
    reader = Reader(data, "PDU")
    pdu_type = reader.byte()
    reader.skip(1)
    content = reader.take(reader.long())
    reader.done()
    if pdu_type not in _DECODERS:
        msg = f"expected a PDU of type 01 to 07, {pdu_type:02X} came"
        raise RemoteProtocolError(msg, reason=1)
    return _DECODERS[pdu_type](content)


@dataclass(slots=True)
class _Associate:
    """What requests and answers have in common."""

    version: int
    called: str
    calling: str
    application_context: str
    contexts: list[bytes]
    information: UserInformation


def _decode_associate(content: bytes, what: str, context_type: int) -> _Associate:
    reader = Reader(content, what)
    version = reader.short()
    reader.skip(2)
    called, calling = decode_text(reader.take(_AE_LENGTH)), decode_text(reader.take(_AE_LENGTH))
    reader.skip(32)
    found: dict[int, list[bytes]] = {0x10: [], context_type: [], 0x50: []}
    for item_type, _, raw in reader.items():
        if item_type in found:
            found[item_type].append(raw)
    names, contexts, informations = found.values()
    if len(names) != 1 or len(informations) != 1:
        came = f"{len(names)} and {len(informations)} came"
        msg = f"{what}: expected one application context and one user information, {came}"
        raise RemoteProtocolError(msg)
    name = decode_uid(names[0], "application context name")
    return _Associate(version, called, calling, name, contexts, decode_user_information(informations[0]))


def _check_ids(ids: list[int], what: str) -> None:
    if len(set(ids)) != len(ids):
        msg = f"{what}: expected each presentation context id once, {ids} came"
        raise RemoteProtocolError(msg)


def _decode_rq(content: bytes) -> AssociateRq:
    raw = _decode_associate(content, "A-ASSOCIATE-RQ", 0x20)
    contexts = tuple(map(decode_context, raw.contexts))
    _check_ids([context.context_id for context in contexts], "A-ASSOCIATE-RQ")
    return AssociateRq(raw.called, raw.calling, contexts, raw.information, raw.application_context, raw.version)


def _decode_ac(content: bytes) -> AssociateAc:
    raw = _decode_associate(content, "A-ASSOCIATE-AC", 0x21)
    contexts = tuple(map(decode_context_result, raw.contexts))
    _check_ids([context.context_id for context in contexts], "A-ASSOCIATE-AC")
    return AssociateAc(raw.called, raw.calling, contexts, raw.information, raw.application_context, raw.version)


def _four(content: bytes, what: str) -> bytes:
    reader = Reader(content, what)
    four = reader.take(4)
    reader.done()
    return four


def _decode_rj(content: bytes) -> AssociateRj:
    _, result, source, reason = _four(content, "A-ASSOCIATE-RJ")
    return AssociateRj(result, source, reason)


def _decode_p_data(content: bytes) -> PDataTf:
    reader = Reader(content, "P-DATA-TF")
    values: list[PresentationDataValue] = []
    while reader:
        value = Reader(reader.take(reader.long()), "presentation data value")
        context_id, control = value.byte(), value.byte()
        values.append(PresentationDataValue(context_id, bool(control & 1), bool(control & 2), value.rest()))
    if not values:
        msg = "P-DATA-TF: expected at least one presentation data value, none came"
        raise RemoteProtocolError(msg)
    return PDataTf(tuple(values))


def _decode_release_rq(content: bytes) -> ReleaseRq:
    _ = _four(content, "A-RELEASE-RQ")
    return ReleaseRq()


def _decode_release_rp(content: bytes) -> ReleaseRp:
    _ = _four(content, "A-RELEASE-RP")
    return ReleaseRp()


def _decode_abort(content: bytes) -> Abort:
    _, _, source, reason = _four(content, "A-ABORT")
    return Abort(source, reason)


_DECODERS: Final[Mapping[int, Callable[[bytes], Pdu]]] = MappingProxyType(
    {
        1: _decode_rq,
        2: _decode_ac,
        3: _decode_rj,
        4: _decode_p_data,
        5: _decode_release_rq,
        6: _decode_release_rp,
        7: _decode_abort,
    }
)
