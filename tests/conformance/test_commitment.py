"""A modality asks us to be answerable for images and is told: on its own association or a new one, over restarts."""

import queue
import threading
from collections.abc import Generator
from dataclasses import dataclass, field

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import generate_uid
from pynetdicom import AE, evt
from pynetdicom.events import Event
from pynetdicom.sop_class import StorageCommitmentPushModel, StorageCommitmentPushModelInstance

from bench.peers import free_port
from tests.journeys.images import CT, images, send
from tests.region import Region, Server, running_server

_ABSENT = "1.2.826.0.1.3680043.9.9999.404"


@dataclass
class Modality:
    """Asks for commitment and waits for the report."""

    title: str = "CT_A"
    reports: "queue.Queue[tuple[int, Dataset]]" = field(default_factory=queue.Queue)

    def ask(
        self, server: Server, references: list[tuple[str, str]], *, transaction: str = "", hold_s: float = 0
    ) -> int:
        """Send an N-ACTION and return the status; the association is held open for a while."""
        said = Dataset()
        said.TransactionUID = transaction or generate_uid()
        items: list[Dataset] = []
        for sop_class, sop_instance in references:
            item = Dataset()
            item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class, sop_instance
            items.append(item)
        said.ReferencedSOPSequence = Sequence(items)
        ae = AE(self.title)
        ae.add_requested_context(StorageCommitmentPushModel)
        handlers = [(evt.EVT_N_EVENT_REPORT, self._note)]
        association = ae.associate(
            "127.0.0.1",
            server.dicom_port,
            ae_title="LIGHTWELL",
            evt_handlers=handlers,  # type: ignore[arg-type]
        )
        assert association.is_established
        status, _ = association.send_n_action(said, 1, StorageCommitmentPushModel, StorageCommitmentPushModelInstance)
        threading.Event().wait(hold_s)
        association.release()
        return int(status.Status)

    def listen(self, port: int) -> "AE":
        """Take reports on associations of the server's."""
        ae = AE(self.title)
        ae.add_supported_context(StorageCommitmentPushModel, scu_role=True, scp_role=True)
        ae.start_server(("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_N_EVENT_REPORT, self._note)])
        return ae

    def _note(self, event: Event) -> tuple[int, None]:
        self.reports.put((event.request.EventTypeID, event.event_information))
        return 0x0000, None


@pytest.fixture
def node() -> Generator[tuple[Server, Region]]:
    """A server that is restarted, so of its own."""
    with running_server() as pair:
        yield pair


def _uids(items: Dataset, name: str) -> set[str]:
    return {str(item.ReferencedSOPInstanceUID) for item in items.get(name, [])}


def test_a_modality_without_address_is_told_on_its_own_association(server: Server) -> None:
    wanted = images(3, 7301)
    assert set(send(server, *wanted)) == {0}
    modality = Modality()
    assert modality.ask(server, [(CT, image.uid) for image in wanted], hold_s=1.0) == 0
    kind, said = modality.reports.get(timeout=10)
    assert kind == 1
    assert _uids(said, "ReferencedSOPSequence") == {image.uid for image in wanted}


def test_what_is_not_here_or_of_another_kind_is_named_with_its_reason(server: Server) -> None:
    wanted = images(2, 7302)
    assert set(send(server, *wanted)) == {0}
    modality = Modality()
    references = [(CT, wanted[0].uid), ("1.2.840.10008.5.1.4.1.1.4", wanted[1].uid), (CT, _ABSENT)]
    assert modality.ask(server, references, hold_s=1.0) == 0
    kind, said = modality.reports.get(timeout=10)
    assert kind == 2
    assert _uids(said, "ReferencedSOPSequence") == {wanted[0].uid}
    reasons = {str(item.ReferencedSOPInstanceUID): item.FailureReason for item in said.FailedSOPSequence}
    assert reasons == {wanted[1].uid: 0x0119, _ABSENT: 0x0112}


def test_another_hospital_is_not_told_what_is_here(server: Server) -> None:
    wanted, *_ = images(1, 7303)
    assert send(server, wanted) == [0]
    stranger = Modality("CT_B")
    assert stranger.ask(server, [(CT, wanted.uid)], hold_s=1.0) == 0
    kind, said = stranger.reports.get(timeout=10)
    assert kind == 2
    assert said.FailedSOPSequence[0].FailureReason == 0x0112


def test_a_modality_that_lets_go_at_once_is_borne(server: Server) -> None:
    wanted, *_ = images(1, 7304)
    assert send(server, wanted) == [0]
    for _ in range(5):
        assert Modality().ask(server, [(CT, wanted.uid)]) == 0
    assert send(server, wanted) == [0]


@pytest.mark.hazard("H-03")
def test_a_promise_outlives_restarts(node: tuple[Server, Region]) -> None:
    server, _ = node
    wanted = images(3, 7305)
    assert set(send(server, *wanted)) == {0}
    port = free_port()
    number = server.query("SELECT id FROM archive.peer WHERE calling_ae = 'CT_A'")[0][0]
    assert server.run("peer", "address", str(number), "127.0.0.1", str(port)).returncode == 0
    modality = Modality()
    assert modality.ask(server, [(CT, image.uid) for image in wanted], transaction="1.2.3.4.5") == 0
    server.kill()
    listener = modality.listen(port)
    server.start()
    kind, said = modality.reports.get(timeout=60)
    listener.shutdown()
    assert kind == 1
    assert said.TransactionUID == "1.2.3.4.5"
    assert _uids(said, "ReferencedSOPSequence") == {image.uid for image in wanted}


def test_an_action_that_is_none_is_refused(server: Server) -> None:
    ae = AE("CT_A")
    ae.add_requested_context(StorageCommitmentPushModel)
    association = ae.associate("127.0.0.1", server.dicom_port, ae_title="LIGHTWELL")
    nonsense = Dataset()
    nonsense.PatientID = "P1"
    action = (StorageCommitmentPushModel, StorageCommitmentPushModelInstance)
    assert association.send_n_action(nonsense, 1, *action)[0].Status == 0x0115
    assert association.send_n_action(nonsense, 7, *action)[0].Status == 0x0123
    association.release()
