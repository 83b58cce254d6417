"""How the frames of a stored image are written, by its transfer syntax (PS3.5 10)."""

from typing import Final

from lightwell.archive.blobs import Blobs
from lightwell.archive.header import syntax_of
from lightwell.archive.model import InstanceRow
from lightwell.core.errors import LightwellError
from lightwell.imaging.codestream import is_irreversible
from lightwell.imaging.form import Codec
from lightwell.standards.dicom import uids
from lightwell.standards.dicom.frames import FrameTable

CODECS: Final = {
    uids.RLELossless: Codec.RLE,
    **dict.fromkeys((uids.JPEGBaseline8Bit, uids.JPEGExtended12Bit, uids.JPEGExtended35), Codec.JPEG),
    **dict.fromkeys((uids.JPEGLossless, uids.JPEGLosslessSV1), Codec.JPEG),
    uids.JPEGSpectralSelectionNonHierarchical68: Codec.JPEG,
    uids.JPEGFullProgressionNonHierarchical1012: Codec.JPEG,
    **dict.fromkeys((uids.JPEGLSLossless, uids.JPEGLSNearLossless), Codec.JPEG_LS),
    **dict.fromkeys((uids.JPEG2000Lossless, uids.JPEG2000), Codec.JPEG_2000),
    **dict.fromkeys((uids.HTJ2KLossless, uids.HTJ2KLosslessRPCL, uids.HTJ2K), Codec.HTJ2K),
    uids.DeflatedImageFrameCompression: Codec.DEFLATED,
}
LOSSY: Final = frozenset(
    (
        *(uids.JPEGBaseline8Bit, uids.JPEGExtended12Bit, uids.JPEGExtended35),
        *(uids.JPEGSpectralSelectionNonHierarchical68, uids.JPEGFullProgressionNonHierarchical1012),
        *(uids.JPEGLSNearLossless, uids.JPEG2000, uids.HTJ2K),
    )
)
"""What is stored in these has lost something, or may have."""
_MAYBE_LOSSY: Final = frozenset((uids.JPEG2000, uids.HTJ2K))
_MAIN_HEADER: Final = 4096
_ITEM_HEAD: Final = 8  # tag and length of the item that a frame begins with (PS3.5 A.4)


class Undecodable(LightwellError):
    """The pixels of an image cannot be decoded: they are damaged, or not what the image says."""

    code = "undecodable"
    http_status = 422


def undecodable(error: Exception) -> Undecodable:
    """Return what a caller is told of an image that is damaged."""
    return Undecodable(f"the image is damaged or not what it says: {error}")


def codec_of(row: InstanceRow) -> Codec | None:
    """Return how the frames of an image are written, or None if there is no codec for it (videos)."""
    is_encapsulated = syntax_of(row.transfer_syntax_uid).is_encapsulated
    return CODECS.get(row.transfer_syntax_uid) if is_encapsulated else Codec.NATIVE


def is_lossy(blobs: Blobs, row: InstanceRow) -> bool:
    """Tell whether an image has lost something by the way that its frames are written, whatever its header says."""
    if row.transfer_syntax_uid not in _MAYBE_LOSSY:
        return row.transfer_syntax_uid in LOSSY
    if row.frame_table is None:
        return False
    table = FrameTable.from_bytes(row.frame_table)
    begins = blobs.read_range(row.blob, table.offsets[0], min(_MAIN_HEADER, table.lengths[0]))
    return is_irreversible(begins[_ITEM_HEAD:]) is True
