"""An image that a codec dies over is counted as failed; the others of its study are handed over all the same."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lightwell.archive import sending
from lightwell.archive.dimse.c_get import Get
from lightwell.core.compute import WorkDied, WorkTimedOut
from lightwell.core.net.dicom_door import Message
from lightwell.core.net.dicom_scu import PeerUnreachable
from lightwell.standards.dicom.dimse import Status
from lightwell.standards.dicom.negotiation import AcceptedContext
from lightwell.standards.dicom.uids import ExplicitVRLittleEndian
from tests.archive.shelf import Shelf
from tests.journeys.images import CT


class _Pool:
    """Workers of which every one dies."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def run(self, *_: object, timeout_s: float) -> Any:
        """Die."""
        assert timeout_s > 0
        raise self.error


def _compressed(shared_data: Path, shelf: Shelf) -> Any:
    return shelf.put(next((shared_data / "dicom" / "syntaxes").glob("CTImage.dcm_JPEGLSLossless*")).read_bytes())


@pytest.mark.parametrize("error", [WorkDied("died"), WorkTimedOut("hung")], ids=["crash", "hang"])
async def test_a_codec_that_dies_fails_one_image_of_a_move(shared_data: Path, tmp_path: Path, error: Exception) -> None:
    shelf = Shelf(tmp_path, _Pool(error))
    context = AcceptedContext(CT, ExplicitVRLittleEndian)
    line = SimpleNamespace(association=SimpleNamespace(contexts={1: context}))
    row = _compressed(shared_data, shelf)
    status = await sending._store(shelf, line, row, 1, sending.Originator())  # type: ignore[arg-type]
    assert status == Status.PROCESSING_FAILURE


async def test_a_peer_that_goes_away_is_told_from_an_image_that_fails(shared_data: Path, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, None)
    row = _compressed(shared_data, shelf)
    context = AcceptedContext(CT, row.transfer_syntax_uid)

    async def ask(*_: object) -> None:
        message = "gone"
        raise PeerUnreachable(message)

    line = SimpleNamespace(association=SimpleNamespace(contexts={1: context}), ask=ask)
    with pytest.raises(PeerUnreachable):
        await sending._store(shelf, line, row, 1, sending.Originator())  # type: ignore[arg-type]


class _OneImage(Get):
    """A C-GET of one image, without an index."""

    row: Any = None

    async def _rows(self) -> list[Any]:
        return [self.row]


@pytest.mark.parametrize("error", [WorkDied("died"), WorkTimedOut("hung")], ids=["crash", "hang"])
async def test_a_codec_that_dies_fails_one_image_of_a_get(shared_data: Path, tmp_path: Path, error: Exception) -> None:
    shelf = Shelf(tmp_path, _Pool(error))
    context = AcceptedContext(CT, ExplicitVRLittleEndian, is_requestor_scp=True)
    command = SimpleNamespace(message_id=1, affected_sop_class_uid="1.2.840.10008.5.1.4.1.2.2.3")
    badge = SimpleNamespace(is_trusted=True)
    service = _OneImage(shelf, Message(badge, command, ExplicitVRLittleEndian, {1: context}))  # type: ignore[arg-type]
    service.row = _compressed(shared_data, shelf)
    (end,) = [saying async for saying in service.answers()]
    assert end.command.status == Status.UNABLE_TO_PERFORM_SUBOPERATIONS
    assert end.command.number_of_failed_suboperations == 1
