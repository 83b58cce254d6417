"""The seven PDUs: what is written is read back; what is malformed is refused, and only in one way."""

import contextlib
import struct
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.standards.dicom.errors import LocalProtocolError, RemoteProtocolError
from lightwell.standards.dicom.items import decode_uid
from lightwell.standards.dicom.pdu import (
    Abort,
    AssociateAc,
    AssociateRj,
    AssociateRq,
    AsyncOperationsWindow,
    PDataTf,
    PresentationContext,
    PresentationContextResult,
    PresentationDataValue,
    ReleaseRp,
    ReleaseRq,
    RoleSelection,
    SopClassCommonExtended,
    SopClassExtended,
    UserIdentity,
    UserInformation,
    decode,
)
from lightwell.standards.dicom.uids import ImplicitVRLittleEndian
from tests.standards.dicom.speech import REQUEST, STEADY

ids = st.integers(0, 127).map(lambda n: 2 * n + 1)
component = st.integers(0, 10**9).map(str)
uids = st.lists(component, min_size=1, max_size=6).map(".".join)
titles = st.text("ABCXYZ0189_", min_size=1, max_size=16)
blobs = st.binary(max_size=40)
bytes_ = st.integers(0, 255)
shorts = st.integers(0, 0xFFFF)
roles = st.builds(RoleSelection, uids, st.booleans(), st.booleans())
extended = st.builds(SopClassExtended, uids, blobs)
common = st.builds(SopClassCommonExtended, uids, uids, st.lists(uids, max_size=3).map(tuple), bytes_)
identities = st.builds(UserIdentity, bytes_, blobs, blobs, st.booleans())
informations = st.builds(
    UserInformation,
    max_pdu_length=st.integers(0, 0xFFFF_FFFF),
    implementation_class_uid=uids,
    implementation_version_name=titles,
    async_operations=st.none() | st.builds(AsyncOperationsWindow, shorts, shorts),
    roles=st.lists(roles, max_size=3).map(tuple),
    extended=st.lists(extended, max_size=2).map(tuple),
    common_extended=st.lists(common, max_size=2).map(tuple),
    user_identity=st.none() | identities,
    user_identity_response=st.none() | blobs,
)
contexts = st.builds(PresentationContext, ids, uids, st.lists(uids, min_size=1, max_size=4).map(tuple))
results = st.one_of(
    st.builds(PresentationContextResult, ids, st.just(0), uids),
    st.builds(PresentationContextResult, ids, st.integers(1, 4)),
)


Context = TypeVar("Context", PresentationContext, PresentationContextResult)


def unique(contexts: "st.SearchStrategy[Context]") -> "st.SearchStrategy[tuple[Context, ...]]":
    return st.lists(contexts, max_size=5, unique_by=lambda context: context.context_id).map(tuple)


pdus = st.one_of(
    st.builds(AssociateRq, titles, titles, unique(contexts), informations, uids, shorts),
    st.builds(AssociateAc, titles, titles, unique(results), informations, uids, shorts),
    st.builds(AssociateRj, bytes_, bytes_, bytes_),
    st.builds(
        PDataTf,
        st.lists(
            st.builds(PresentationDataValue, bytes_, st.booleans(), st.booleans(), blobs), min_size=1, max_size=3
        ).map(tuple),
    ),
    st.builds(ReleaseRq),
    st.builds(ReleaseRp),
    st.builds(Abort, bytes_, bytes_),
)


@STEADY
@given(pdus)
def test_round_trip(pdu: AssociateRq | AssociateAc | AssociateRj | PDataTf | ReleaseRq | ReleaseRp | Abort) -> None:
    assert decode(pdu.encode()) == pdu


@STEADY
@given(pdus, st.integers(1, 60))
def test_truncation_is_refused(pdu: AssociateRq, count: int) -> None:
    with pytest.raises(RemoteProtocolError):
        decode(pdu.encode()[:-count])


@STEADY
@given(pdus, st.data())
def test_damage_is_read_or_refused(pdu: AssociateRq, data: st.DataObject) -> None:
    damaged = bytearray(pdu.encode())
    damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(bytes_)
    with contextlib.suppress(RemoteProtocolError):
        decode(bytes(damaged))


@STEADY
@given(st.binary(max_size=120))
def test_garbage_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(RemoteProtocolError):
        decode(data)
    with contextlib.suppress(RemoteProtocolError):
        decode(bytes((data[0] % 8 if data else 1, 0)) + struct.pack(">I", len(data)) + data)


def test_padding_of_uids_and_titles_is_dropped() -> None:
    assert decode_uid(b"1.2.840\0", "a UID") == "1.2.840"
    assert b"ARCHIVE         CT1             " in REQUEST.encode()
    for wrong in (b"", b"1.2.x", b"1." * 40, "１".encode()):
        with pytest.raises(RemoteProtocolError):
            decode_uid(wrong, "a UID")


def test_a_refused_context_still_carries_a_transfer_syntax() -> None:
    encoded = AssociateAc("A", "B", (PresentationContextResult(1, 3),)).encode()
    assert ImplicitVRLittleEndian.encode() in encoded


def test_passwords_are_not_shown() -> None:
    assert "secret" not in repr(UserIdentity(2, b"name", b"secret"))


@pytest.mark.parametrize("context_ids", [(2,), (1, 1), (257,)])
def test_our_own_bad_ids_are_refused(context_ids: tuple[int, ...]) -> None:
    contexts = tuple(PresentationContext(n, "1.2", ("1.2",)) for n in context_ids)
    with pytest.raises(LocalProtocolError):
        AssociateRq("A", "B", contexts).encode()


def test_our_own_long_titles_are_refused() -> None:
    with pytest.raises(LocalProtocolError):
        AssociateRq("A" * 17, "B", ()).encode()
    with pytest.raises(LocalProtocolError):
        AssociateRq("医院", "B", ()).encode()
