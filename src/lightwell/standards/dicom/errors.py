"""What can be wrong with DICOM that we are given, or that we are about to send.

    DicomError
    ├── ProtocolError                 the conversation (PS3.7, PS3.8)
    │   ├── RemoteProtocolError       the peer broke the rules: abort, log who it was
    │   └── LocalProtocolError        we are about to break them: a bug of ours, nothing was sent
    └── DataSetError                  the object (PS3.5, PS3.10): mislabelled, not DICOM
        └── CutShort                  its end is missing: the sender stopped, or the file was cut

Messages say what was expected and what came.
"""


class DicomError(Exception):
    """Anything that is wrong with DICOM."""


class ProtocolError(DicomError):
    """The rules of a conversation are broken (PS3.7, PS3.8)."""


class RemoteProtocolError(ProtocolError):
    """The peer broke the rules; ``reason`` is what its A-ABORT will say (PS3.8 9.3.8)."""

    def __init__(self, explanation: str, reason: int = 6) -> None:
        """Say what was expected and what came; reason 6 is "invalid PDU parameter value"."""
        super().__init__(explanation)
        self.reason: int = reason


class LocalProtocolError(ProtocolError):
    """We are about to break the rules; nothing was sent."""


class DataSetError(DicomError):
    """An object or file cannot be read as DICOM, e.g. because its second half is missing (PS3.5 7, PS3.10 7)."""


class CutShort(DataSetError):
    """The end of an object is missing; sent again, it is most likely whole (PS3.5 7.1)."""
