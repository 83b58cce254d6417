"""The names of everything, beside the dictionary of a peer."""

# pyright: basic
# The peers that we test against are not typed.

import pytest
from pydicom._uid_dict import UID_dictionary
from pynetdicom.sop_class import _STORAGE_CLASSES

from lightwell.standards.dicom import uids


@pytest.mark.parametrize("text", ["1", "0.1", "1.2.840.10008.1.2", "2.25." + "9" * 39, "1." * 31 + "12"])
def test_valid(text: str) -> None:
    assert uids.is_valid_uid(text)


@pytest.mark.parametrize(
    "text", ["", ".", "1.", ".1", "1..2", "01.2", "1.02", "1.2a", "1.2\n", " 1", "1." * 32 + "1", "1.²"]
)
def test_invalid(text: str) -> None:
    assert not uids.is_valid_uid(text)


def test_all_storage_classes_are_there() -> None:
    assert set(_STORAGE_CLASSES.values()) <= set(uids.STORAGE_SOP_CLASSES) | set(uids.RETIRED_STORAGE_SOP_CLASSES)


def test_transfer_syntaxes() -> None:
    theirs = {uid for uid, entry in UID_dictionary.items() if entry[1] == "Transfer Syntax"}
    assert theirs - set(uids.TRANSFER_SYNTAXES) == {"1.2.840.10008.1.2.6.1", "1.2.840.10008.1.2.6.2"}
    assert not uids.TRANSFER_SYNTAXES[uids.ExplicitVRBigEndian].is_little_endian
    assert uids.TRANSFER_SYNTAXES[uids.DeflatedExplicitVRLittleEndian].is_deflated
    assert not uids.TRANSFER_SYNTAXES[uids.ImplicitVRLittleEndian].is_explicit_vr
    assert uids.TRANSFER_SYNTAXES[uids.HTJ2KLosslessRPCL].is_encapsulated
    assert all(uids.is_valid_uid(uid) for uid in uids.TRANSFER_SYNTAXES)


def test_constants_carry_the_keywords_of_the_standard() -> None:
    for uid, entry in UID_dictionary.items():
        ours = getattr(uids, entry[4], None) if entry[4] else None
        assert ours in {None, uid}


def test_we_have_a_name() -> None:
    assert uids.is_valid_uid(uids.IMPLEMENTATION_CLASS_UID)
    assert len(uids.IMPLEMENTATION_VERSION_NAME) <= 16
