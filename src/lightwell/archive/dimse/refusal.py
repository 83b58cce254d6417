"""Why a request is answered by a failure: a status, a sentence for people, and the elements at fault (PS3.7 C.5)."""

from typing import Any, Final

from lightwell.archive.dimse.identifier import LEVEL
from lightwell.core.errors import LightwellError
from lightwell.standards.dicom import uids
from lightwell.standards.dicom.dimse import Status

_PATIENT_ROOT: Final = frozenset(
    (
        uids.PatientRootQueryRetrieveInformationModelFind,
        uids.PatientRootQueryRetrieveInformationModelMove,
        uids.PatientRootQueryRetrieveInformationModelGet,
    )
)
_STUDY_ROOT_LEVELS: Final = ("STUDY", "SERIES", "IMAGE")
_PATIENT_ROOT_LEVELS: Final = ("PATIENT", *_STUDY_ROOT_LEVELS)


class Refusal(LightwellError):
    """A request cannot be done; the comment goes over the wire, so it holds nobody's data and at most 64 letters."""

    code = "refused"
    http_status = 400

    def __init__(self, status: int, comment: str, *offending: int) -> None:
        super().__init__(comment)
        self.status, self.comment, self.offending = status, comment, offending

    def fields(self) -> dict[str, Any]:
        """Return what the response says of it."""
        return {"status": self.status, "error_comment": self.comment, "offending_element": self.offending}


def unfit(comment: str, *offending: int) -> Refusal:
    """Return the refusal of an identifier that the information model does not know (A900H)."""
    return Refusal(Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS, comment, *offending)


def stranger() -> Refusal:
    """Return the refusal of a machine that nobody has vouched for yet."""
    return Refusal(Status.NOT_AUTHORIZED, "this AE title is not trusted yet; ask who runs the archive")


def check_level(level: str, sop_class_uid: str) -> None:
    """Make sure that the information model asked by has the level (PS3.4 C.6.1.1, C.6.2.1).

    Raises:
        Refusal: it has not.
    """
    known = _PATIENT_ROOT_LEVELS if sop_class_uid in _PATIENT_ROOT else _STUDY_ROOT_LEVELS
    if level not in known:
        comment = f"expected Query/Retrieve Level {', '.join(known)}"
        raise unfit(comment, LEVEL)
