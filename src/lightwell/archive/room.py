"""The archive of one node: its way in, its index, its files."""

from dataclasses import dataclass

from lightwell.archive.blobs import Blobs
from lightwell.archive.disk import Disk, RealDisk
from lightwell.archive.index import Index
from lightwell.archive.intake import Intake
from lightwell.archive.peers import Peers
from lightwell.core.errors import ConfigurationError
from lightwell.core.machines import Machines


@dataclass(frozen=True, slots=True)
class Archive:
    """What the archive's doors share."""

    machines: Machines
    intake: Intake

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
    disk = disk or RealDisk()
    settings = machines.settings
    if settings.objects_url and not settings.objects_url.startswith("file://"):
        message = "LIGHTWELL_OBJECTS_URL must be a folder (file:///...); other object stores come later"
        raise ConfigurationError(message)
    folder = settings.objects_url.removeprefix("file://")
    root = settings.data_dir / "objects" if not folder else settings.data_dir / folder
    return Archive(machines, Intake(machines, Blobs(root, disk), disk))
