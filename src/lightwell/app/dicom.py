"""What this node answers to over DICOM: SOP classes with their transfer syntaxes, and the handler of each message."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from lightwell import archive
from lightwell.core.net.dicom_door import Door, Service
from lightwell.core.settings import Settings
from lightwell.standards.dicom import uids
from lightwell.standards.dicom.association import Limits
from lightwell.standards.dicom.dimse import CEchoRq, CFindRq, CGetRq, CMoveRq, Command, CStoreRq, NActionRq

ALL_SYNTAXES: Final = tuple(uids.TRANSFER_SYNTAXES)
UNCOMPRESSED: Final = (uids.ExplicitVRLittleEndian, uids.ImplicitVRLittleEndian)

SOP_CLASSES: Final[Mapping[str, Sequence[str]]] = dict.fromkeys(
    (
        uids.Verification,
        uids.PatientRootQueryRetrieveInformationModelFind,
        uids.StudyRootQueryRetrieveInformationModelFind,
        uids.PatientRootQueryRetrieveInformationModelMove,
        uids.StudyRootQueryRetrieveInformationModelMove,
        uids.PatientRootQueryRetrieveInformationModelGet,
        uids.StudyRootQueryRetrieveInformationModelGet,
        uids.StorageCommitmentPushModel,
    ),
    UNCOMPRESSED,
)
ANY_STORAGE: Final = ALL_SYNTAXES
"""Every storage SOP class is taken, retired and private ones too, in every transfer syntax: bytes are kept as sent."""


def services(room: archive.Archive) -> Mapping[type[Command], Service]:
    """Return who handles which message."""
    return {
        CEchoRq: archive.Echo,
        CStoreRq: partial(archive.Store, room),
        CFindRq: partial(archive.Find, room),
        CMoveRq: partial(archive.Move, room),
        CGetRq: partial(archive.Get, room),
        NActionRq: partial(archive.Commit, room),
    }


def door(settings: Settings, room: archive.Archive) -> Door:
    """Return what all DICOM ports of this node share."""
    limits = Limits(artim_s=settings.dicom_artim_s, idle_s=settings.dicom_idle_s)
    welcome = archive.Welcome(room.peers, SOP_CLASSES, ANY_STORAGE, limits.max_pdu_length)
    return Door(welcome.admit, services(room), limits, settings.max_associations, room.machines.associations)
