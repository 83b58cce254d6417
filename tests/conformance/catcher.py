"""A destination that remembers what it was sent, and a caller that moves and gets, by pynetdicom."""

import threading
import time
from dataclasses import dataclass, field

from pydicom.dataset import Dataset
from pynetdicom import AE, build_role, evt
from pynetdicom.events import Event
from pynetdicom.sop_class import CTImageStorage, StudyRootQueryRetrieveInformationModelMove
from pynetdicom.transport import ThreadedAssociationServer

from tests.journeys.images import EXPLICIT_LITTLE
from tests.region import Server

TITLE = "DESTINATION"


@dataclass
class Catcher:
    """A peer that takes images and remembers their data sets."""

    port: int
    got: dict[str, bytes] = field(default_factory=dict[str, bytes])
    originators: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    dies_after: int = 10**6
    status: int = 0
    server: ThreadedAssociationServer | None = None

    def start(self) -> None:
        """Listen."""
        ae = AE(TITLE)
        ae.add_supported_context(CTImageStorage, [EXPLICIT_LITTLE])
        ae.add_supported_context("1.2.840.10008.1.1")
        server = ae.start_server(("127.0.0.1", self.port), block=False, evt_handlers=[(evt.EVT_C_STORE, self._store)])
        assert isinstance(server, ThreadedAssociationServer)
        self.server = server

    def stop(self) -> None:
        """Listen no more."""
        assert self.server is not None
        self.server.shutdown()

    def _store(self, event: Event) -> int:
        if len(self.got) >= self.dies_after:
            event.assoc.abort()
            threading.Thread(target=self.stop).start()
            time.sleep(0.2)
            return 0xA700
        self.got[event.request.AffectedSOPInstanceUID] = event.encoded_dataset(include_meta=False)
        originator = event.request.MoveOriginatorApplicationEntityTitle
        self.originators.append((str(originator), event.request.MoveOriginatorMessageID))
        return self.status


def asking_for(level: str, **named: str) -> Dataset:
    """Return an identifier."""
    data_set = Dataset()
    data_set.QueryRetrieveLevel = level
    for name, value in named.items():
        setattr(data_set, name, value)
    return data_set


def move(
    server: Server,
    wanted: Dataset,
    *,
    to: str = TITLE,
    calling: str = "CT_A",
    model: str = StudyRootQueryRetrieveInformationModelMove,
) -> list[tuple[Dataset, Dataset]]:
    """Have images moved and return the answers."""
    ae = AE(calling)
    ae.add_requested_context(model)
    association = ae.associate("127.0.0.1", server.dicom_port, ae_title="LIGHTWELL")
    assert association.is_established
    answers = list(association.send_c_move(wanted, to, model))
    association.release()
    return answers


def get(
    server: Server, wanted: Dataset, model: str, syntax: str = EXPLICIT_LITTLE
) -> tuple[dict[str, bytes], list[tuple[Dataset, Dataset]]]:
    """Fetch uncompressed images by C-GET; return their data sets and the answers."""
    got: dict[str, bytes] = {}

    def keep(event: Event) -> int:
        got[event.request.AffectedSOPInstanceUID] = event.encoded_dataset(include_meta=False)
        return 0

    ae = AE("CT_A")
    ae.add_requested_context(model)
    ae.add_requested_context(CTImageStorage, syntax)
    association = ae.associate(
        "127.0.0.1",
        server.dicom_port,
        ae_title="LIGHTWELL",
        ext_neg=[build_role(CTImageStorage, scp_role=True)],
        evt_handlers=[(evt.EVT_C_STORE, keep)],
    )
    answers = list(association.send_c_get(wanted, model))
    association.release()
    return got, answers
