"""The items inside A-ASSOCIATE: what each side tells the other about itself before any image travels.

    A-ASSOCIATE-RQ / -AC
    ├── 10      application context
    ├── 20, 21  presentation context   (proposed: 30 abstract syntax, 40 transfer syntaxes; answered: result, 40)
    └── 50      user information
        ├── 51  maximum length          ├── 55  implementation version name
        ├── 52  implementation class    ├── 56  SOP class extended negotiation
        ├── 53  asynchronous operations ├── 57  SOP class common extended negotiation
        └── 54  role selection          └── 58, 59  user identity, asked and answered

Every item is: type (1 byte), reserved (1), length (2), content. What is malformed raises RemoteProtocolError.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeVar, final

from lightwell.standards.dicom.errors import LocalProtocolError, RemoteProtocolError
from lightwell.standards.dicom.uids import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME, ImplicitVRLittleEndian

DEFAULT_MAX_PDU_LENGTH: Final = 131072
_LONGEST_ITEM: Final = 0xFFFF
_LONGEST_UID: Final = 64
_PAIR: Final = struct.Struct(">HH")
_SHORT: Final = struct.Struct(">H")
_LONG: Final = struct.Struct(">I")
_KNOWN: Final = frozenset(range(0x51, 0x5A))
T = TypeVar("T")
D = TypeVar("D")


@final
class Reader:
    """Takes fields off the front of a piece of a PDU and refuses to read past its end."""

    def __init__(self, data: bytes, what: str) -> None:
        """Read ``data``; ``what`` names it in messages."""
        self._data = data
        self._what = what
        self._at = 0

    def __bool__(self) -> bool:
        """Whether anything is left."""
        return self._at < len(self._data)

    def take(self, count: int) -> bytes:
        """Take so many bytes."""
        end = self._at + count
        if end > len(self._data):
            msg = f"{self._what} is too short: expected {count} more bytes, {len(self._data) - self._at} came"
            raise RemoteProtocolError(msg)
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def skip(self, count: int) -> None:
        """Pass over so many bytes that mean nothing."""
        _ = self.take(count)

    def rest(self) -> bytes:
        """Take all that is left."""
        return self.take(len(self._data) - self._at)

    def byte(self) -> int:
        """Take one byte as a number."""
        return self.take(1)[0]

    def short(self) -> int:
        """Take two bytes as a number."""
        return int.from_bytes(self.take(2), "big")

    def long(self) -> int:
        """Take four bytes as a number."""
        return int.from_bytes(self.take(4), "big")

    def counted(self) -> bytes:
        """Take a field that is preceded by its length in two bytes."""
        return self.take(self.short())

    def uid(self) -> str:
        """Take a UID that is preceded by its length."""
        return decode_uid(self.counted(), self._what)

    def done(self) -> None:
        """Refuse bytes after the last field."""
        if self:
            msg = f"{self._what} is too long: {len(self._data) - self._at} bytes after its last field"
            raise RemoteProtocolError(msg)

    def items(self) -> Iterator[tuple[int, int, bytes]]:
        """Take items to the end: type, reserved byte, content."""
        while self:
            item_type, reserved = self.take(2)
            yield item_type, reserved, self.counted()


def decode_uid(raw: bytes, what: str) -> str:
    """Read a UID; padding, which many peers send against the rules, is dropped (PS3.8 Annex F)."""
    text = raw.rstrip(b"\0 ")
    if not text.isascii() or len(text) > _LONGEST_UID or not text.replace(b".", b"").isdigit():
        msg = f"{what}: expected a UID, {raw[:80]!r} came"
        raise RemoteProtocolError(msg)
    return text.decode("ascii")


def decode_text(raw: bytes) -> str:
    """Read a name in ISO 646; bytes outside of it are kept as they are, so that they can be seen."""
    return raw.decode("latin-1").strip("\0 ")


def encode_uid(uid: str) -> bytes:
    """Write a UID; unpadded (PS3.8 Annex F)."""
    return encode_text(uid, _LONGEST_UID)


def encode_text(text: str, longest: int) -> bytes:
    """Write a name."""
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:
        raw = b""
    if len(raw) > longest or (text and not raw):
        msg = f"expected at most {longest} characters of ISO 646, {text!r} came"
        raise LocalProtocolError(msg)
    return raw


def counted(raw: bytes) -> bytes:
    """Write a field preceded by its length in two bytes."""
    if len(raw) > _LONGEST_ITEM:
        msg = f"an item holds at most {_LONGEST_ITEM} bytes, {len(raw)} came"
        raise LocalProtocolError(msg)
    return _SHORT.pack(len(raw)) + raw


def item(item_type: int, content: bytes, reserved: int = 0) -> bytes:
    """Write one item."""
    return bytes((item_type, reserved)) + counted(content)


@dataclass(frozen=True, slots=True)
class PresentationContext:
    """One kind of object offered by the proposer, and the ways it can write it (PS3.8 9.3.2.2)."""

    context_id: int
    abstract_syntax: str
    transfer_syntaxes: tuple[str, ...]

    def encode(self) -> bytes:
        """Write item 20."""
        content = [bytes((self.context_id, 0, 0, 0)), item(0x30, encode_uid(self.abstract_syntax))]
        content += [item(0x40, encode_uid(uid)) for uid in self.transfer_syntaxes]
        return item(0x20, b"".join(content))


@dataclass(frozen=True, slots=True)
class PresentationContextResult:
    """What became of one offer (PS3.8 9.3.3.2): 0 accepted, 1 user, 2 no reason, 3 abstract, 4 transfer syntax."""

    context_id: int
    result: int
    transfer_syntax: str = ""

    def encode(self) -> bytes:
        """Write item 21."""
        transfer_syntax = self.transfer_syntax or ImplicitVRLittleEndian  # must be there, means nothing if refused
        content = bytes((self.context_id, 0, self.result, 0)) + item(0x40, encode_uid(transfer_syntax))
        return item(0x21, content)


def decode_context(content: bytes) -> PresentationContext:
    """Read item 20."""
    reader = Reader(content, "presentation context item")
    context_id = _context_id(reader)
    reader.skip(3)
    abstract: list[str] = []
    transfer: list[str] = []
    for item_type, _, raw in reader.items():
        if item_type == 0x30:  # noqa: PLR2004 -- item types are named in the header of this file
            abstract.append(decode_uid(raw, "abstract syntax"))
        elif item_type == 0x40:  # noqa: PLR2004
            transfer.append(decode_uid(raw, "transfer syntax"))
    if len(abstract) != 1 or not transfer:
        came = f"{len(abstract)} and {len(transfer)} came"
        msg = f"context {context_id}: expected one abstract and some transfer syntaxes, {came}"
        raise RemoteProtocolError(msg)
    return PresentationContext(context_id, abstract[0], tuple(transfer))


def decode_context_result(content: bytes) -> PresentationContextResult:
    """Read item 21; the transfer syntax means something only if the context was accepted."""
    reader = Reader(content, "presentation context result item")
    context_id = _context_id(reader)
    reader.skip(1)
    result = reader.byte()
    reader.skip(1)
    if result:
        return PresentationContextResult(context_id, result)
    transfer = [decode_uid(raw, "transfer syntax") for item_type, _, raw in reader.items() if item_type == 0x40]  # noqa: PLR2004
    if len(transfer) != 1:
        msg = f"accepted context {context_id}: expected one transfer syntax, {len(transfer)} came"
        raise RemoteProtocolError(msg)
    return PresentationContextResult(context_id, 0, transfer[0])


def _context_id(reader: Reader) -> int:
    context_id = reader.byte()
    if context_id % 2 == 0:
        msg = f"expected an odd presentation context id, {context_id} came"
        raise RemoteProtocolError(msg)
    return context_id


@dataclass(frozen=True, slots=True)
class AsyncOperationsWindow:
    """How many commands may be under way at once; 0 is no limit (PS3.7 D.3.3.3)."""

    max_invoked: int
    max_performed: int


@dataclass(frozen=True, slots=True)
class RoleSelection:
    """Which roles the proposer plays for a SOP class, e.g. storage SCP in a C-GET (PS3.7 D.3.3.4)."""

    sop_class_uid: str
    is_scu: bool
    is_scp: bool


@dataclass(frozen=True, slots=True)
class SopClassExtended:
    """What a service adds to the offer, e.g. fuzzy or relational queries (PS3.7 D.3.3.5)."""

    sop_class_uid: str
    information: bytes


@dataclass(frozen=True, slots=True)
class SopClassCommonExtended:
    """The service a SOP class belongs to, and the more general classes it is a kind of (PS3.7 D.3.3.6)."""

    sop_class_uid: str
    service_class_uid: str
    related_general_sop_class_uids: tuple[str, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class UserIdentity:
    """Who is calling: 1 name, 2 name and password, 3 Kerberos, 4 SAML, 5 JWT (PS3.7 D.3.3.7)."""

    identity_type: int
    primary_field: bytes = field(repr=False)
    secondary_field: bytes = field(default=b"", repr=False)
    is_response_requested: bool = False


@dataclass(frozen=True, slots=True)
class UserInformation:
    """Everything a side says about itself (PS3.8 9.3.2.3, PS3.7 D.3.3)."""

    max_pdu_length: int = DEFAULT_MAX_PDU_LENGTH
    implementation_class_uid: str = IMPLEMENTATION_CLASS_UID
    implementation_version_name: str = IMPLEMENTATION_VERSION_NAME
    async_operations: AsyncOperationsWindow | None = None
    roles: tuple[RoleSelection, ...] = ()
    extended: tuple[SopClassExtended, ...] = ()
    common_extended: tuple[SopClassCommonExtended, ...] = ()
    user_identity: UserIdentity | None = None
    user_identity_response: bytes | None = None

    def encode(self) -> bytes:
        """Write item 50 with its sub-items in order of their numbers."""
        parts = [
            item(0x51, _LONG.pack(self.max_pdu_length)),
        ]
        if self.implementation_class_uid:
            parts.append(item(0x52, encode_uid(self.implementation_class_uid)))
        if self.async_operations is not None:
            window = self.async_operations
            parts.append(item(0x53, _PAIR.pack(window.max_invoked, window.max_performed)))
        parts += map(_encode_role, self.roles)
        if self.implementation_version_name:
            parts.append(item(0x55, encode_text(self.implementation_version_name, 16)))
        parts += [item(0x56, counted(encode_uid(e.sop_class_uid)) + e.information) for e in self.extended]
        parts += map(_encode_common_extended, self.common_extended)
        if self.user_identity is not None:
            parts.append(_encode_identity(self.user_identity))
        if self.user_identity_response is not None:
            parts.append(item(0x59, counted(self.user_identity_response)))
        return item(0x50, b"".join(parts))


def _encode_role(role: RoleSelection) -> bytes:
    return item(0x54, counted(encode_uid(role.sop_class_uid)) + bytes((role.is_scu, role.is_scp)))


def _encode_common_extended(common: SopClassCommonExtended) -> bytes:
    related = b"".join(counted(encode_uid(uid)) for uid in common.related_general_sop_class_uids)
    names = counted(encode_uid(common.sop_class_uid)) + counted(encode_uid(common.service_class_uid))
    return item(0x57, names + counted(related), common.version)


def _encode_identity(identity: UserIdentity) -> bytes:
    head = bytes((identity.identity_type, identity.is_response_requested))
    return item(0x58, head + counted(identity.primary_field) + counted(identity.secondary_field))


def decode_user_information(content: bytes) -> UserInformation:
    """Read item 50; sub-items of unknown type are passed over, as PS3.8 9.3.2.3 wants it."""
    found: dict[int, list[Reader]] = {}
    versions: list[int] = []
    for item_type, reserved, raw in Reader(content, "user information").items():
        found.setdefault(item_type, []).append(Reader(raw, f"user information sub-item {item_type:02X}"))
        if item_type == 0x57:  # noqa: PLR2004
            versions.append(reserved)
    information = UserInformation(
        max_pdu_length=_only(found, 0x51, Reader.long, 0),
        implementation_class_uid=_only(
            found, 0x52, lambda reader: decode_uid(reader.rest(), "implementation class"), ""
        ),
        implementation_version_name=_only(found, 0x55, lambda reader: decode_text(reader.rest()), ""),
        async_operations=_only(found, 0x53, lambda reader: AsyncOperationsWindow(reader.short(), reader.short()), None),
        roles=tuple(map(_role, found.get(0x54, ()))),
        extended=tuple(SopClassExtended(reader.uid(), reader.rest()) for reader in found.get(0x56, ())),
        common_extended=tuple(map(_common_extended, found.get(0x57, ()), versions)),
        user_identity=_only(found, 0x58, _identity, None),
        user_identity_response=_only(found, 0x59, Reader.counted, None),
    )
    _refuse_leftovers(found)
    return information


def _only(found: dict[int, list[Reader]], item_type: int, read: Callable[[Reader], T], default: D) -> T | D:
    readers = found.get(item_type)
    if readers is None:
        return default
    if len(readers) > 1:
        msg = f"user information: expected sub-item {item_type:02X} once, it came {len(readers)} times"
        raise RemoteProtocolError(msg)
    return read(readers[0])


def _refuse_leftovers(found: dict[int, list[Reader]]) -> None:
    for item_type in _KNOWN & found.keys():
        for reader in found[item_type]:
            reader.done()


def _role(reader: Reader) -> RoleSelection:
    return RoleSelection(reader.uid(), reader.byte() != 0, reader.byte() != 0)


def _common_extended(reader: Reader, version: int) -> SopClassCommonExtended:
    sop_class_uid, service_class_uid = reader.uid(), reader.uid()
    related = Reader(reader.counted(), "related general SOP classes")
    uids: list[str] = []
    while related:
        uids.append(related.uid())
    return SopClassCommonExtended(sop_class_uid, service_class_uid, tuple(uids), version)


def _identity(reader: Reader) -> UserIdentity:
    identity_type, is_requested = reader.byte(), reader.byte() != 0
    return UserIdentity(identity_type, reader.counted(), reader.counted(), is_requested)
