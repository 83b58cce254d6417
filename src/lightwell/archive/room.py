"""The archive of one node: its way in, its index, its files."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from lightwell.archive.associations import Ledger
from lightwell.archive.blobs import Blobs
from lightwell.archive.disk import Disk, RealDisk
from lightwell.archive.folder_blobs import FolderBlobs
from lightwell.archive.index import Index
from lightwell.archive.intake import Intake
from lightwell.archive.model import Ticket
from lightwell.archive.object_blobs import ObjectBlobs
from lightwell.archive.peers import Peers
from lightwell.archive.volume_making import VolumeMaker
from lightwell.archive.volumes import Volumes
from lightwell.core.machines import Machines
from lightwell.core.memory import Remembered
from lightwell.core.objects import open_store
from lightwell.core.settings import Settings

_MOST_ROWS: Final = 100_000
TicketKey: TypeAlias = tuple[str, str, tuple[int, ...], str, str, str]
"""Kind and name of the actor, its hospitals, the screen, study and series."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What the archive's doors share."""

    machines: Machines
    intake: Intake
    tickets: Remembered[TicketKey, Ticket]
    ledger: Ledger
    volumes: Volumes

    @property
    def blobs(self) -> Blobs:
        """Where the bytes of images lie."""
        return self.intake.blobs

    @property
    def index(self) -> Index:
        """What is known of the images."""
        return self.intake.index

    @property
    def peers(self) -> Peers:
        """Who may send."""
        return self.intake.peers


def open_archive(machines: Machines, disk: Disk | None = None) -> Archive:
    """Return the archive of a node; ``intake.start`` opens its way in."""
    disk, settings = disk or RealDisk(), machines.settings
    intake = Intake(machines, open_blobs(settings, disk), disk)
    tickets = Remembered[TicketKey, Ticket](machines.memory, _MOST_ROWS)
    volumes = Volumes(settings.spool / "volumes", VolumeMaker(machines, intake.blobs).make)
    return Archive(machines, intake, tickets, Ledger(machines, intake.peers), volumes)


def open_blobs(settings: Settings, disk: Disk) -> Blobs:
    """Return where the bytes of images lie: a folder by default, or an object store."""
    url = settings.objects_url
    if url and not url.startswith("file://"):
        return ObjectBlobs(open_store(url))
    return FolderBlobs(settings.data_dir / (url.removeprefix("file://") or "objects"), disk)
