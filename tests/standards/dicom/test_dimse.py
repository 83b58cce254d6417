"""Commands: what is written is read back, by us and by a peer."""

# pyright: basic
# The peers that we test against are not typed.

import contextlib
import dataclasses
import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.uid import ImplicitVRLittleEndian
from pynetdicom.dsutils import decode as peer_decode
from pynetdicom.dsutils import encode as peer_encode

from lightwell.standards.dicom import dimse
from lightwell.standards.dicom.dimse import COMMANDS, Command, Status, decode_command, encode_command
from lightwell.standards.dicom.errors import LocalProtocolError, RemoteProtocolError
from tests.standards.dicom.speech import CT, STEADY

shorts = st.integers(0, 0xFFFF)
uids = st.lists(st.integers(0, 10**6).map(str), min_size=1, max_size=5).map(".".join)
texts = st.text("ABC xyz09", min_size=1, max_size=16).map(str.strip).filter(bool)
tags = st.lists(st.integers(0, 0xFFFF_FFFF), max_size=3).map(tuple)


def values(name: str) -> "st.SearchStrategy[object]":
    if name.endswith("_uid"):
        return uids
    if name in {"move_destination", "error_comment", "move_originator_application_entity_title"}:
        return texts
    return tags if name in {"offending_element", "attribute_identifier_list"} else shorts


commands = st.sampled_from(sorted(COMMANDS.values(), key=lambda command: command.__name__)).flatmap(
    lambda command: st.builds(command, **{field.name: values(field.name) for field in dataclasses.fields(command)})
)


@STEADY
@given(commands)
def test_round_trip(command: Command) -> None:
    assert decode_command(encode_command(command)) == command


@STEADY
@given(commands)
def test_a_peer_reads_and_writes_the_same(command: Command) -> None:
    encoded = encode_command(command)
    theirs = peer_decode(io.BytesIO(encoded), True, True)  # noqa: FBT003
    assert theirs.CommandField == command.command_field
    assert theirs.CommandGroupLength == len(encoded) - 12
    again = peer_encode(theirs, True, True)  # noqa: FBT003
    assert again is not None
    assert decode_command(again) == command


@STEADY
@given(commands, st.integers(0, 200), st.integers(0, 255))
def test_damage_is_read_or_refused(command: Command, place: int, value: int) -> None:
    damaged = bytearray(encode_command(command))
    damaged[place % len(damaged)] = value
    with contextlib.suppress(RemoteProtocolError):
        decode_command(bytes(damaged))


@STEADY
@given(st.binary(max_size=200))
def test_garbage_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(RemoteProtocolError):
        decode_command(data)


def test_unknown_and_retired_elements_are_passed_over() -> None:
    encoded = encode_command(dimse.c_echo_rq(5)) + struct.pack("<HHI", 0, 0x5110, 2) + b"\1\0"
    assert decode_command(encoded) == dimse.c_echo_rq(5)


def test_missing_elements_are_named() -> None:
    encoded = encode_command(dimse.c_echo_rq(5)).replace(struct.pack("<HHIH", 0, 0x0110, 2, 5), b"")
    with pytest.raises(RemoteProtocolError, match="message_id"):
        decode_command(encoded)


def test_answers_belong_to_their_questions() -> None:
    rq = dimse.c_store_rq(CT, "1.2.3", 77, move_originator="WS", move_originator_message_id=3)
    assert rq.has_data_set
    rsp = dimse.c_store_rsp(rq, Status.OUT_OF_RESOURCES, "磁盘满了 disk full " + "x" * 100)
    assert rsp.message_id_being_responded_to == 77
    assert len(rsp.error_comment) == 64
    read = decode_command(encode_command(rsp))
    assert isinstance(read, dimse.CStoreRsp)
    assert read.error_comment.startswith("???? disk full")
    assert dimse.c_echo_rsp(dimse.c_echo_rq(9)).message_id_being_responded_to == 9


def test_our_own_mistakes_are_refused() -> None:
    with pytest.raises(LocalProtocolError):
        encode_command(dimse.c_echo_rq(70000))


def test_kinds_of_status() -> None:
    assert dimse.is_pending(0xFF00)
    assert dimse.is_warning(Status.COERCION_OF_DATA_ELEMENTS)
    assert dimse.is_failure(Status.OUT_OF_RESOURCES)
    assert dimse.is_failure(0xC123)
    assert not dimse.is_failure(Status.SUCCESS)


def test_a_whole_data_set_reader_agrees() -> None:
    encoded = encode_command(dimse.c_store_rq(CT, "1.2.3.4"))
    data_set = dcmread(io.BytesIO(encoded), force=True)
    data_set.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    assert data_set[0x0000_1000].value == "1.2.3.4"
