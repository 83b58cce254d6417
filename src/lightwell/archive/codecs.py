"""How the frames of a stored image are written, by its transfer syntax (PS3.5 10)."""

from typing import Final

from lightwell.archive.header import syntax_of
from lightwell.archive.model import InstanceRow
from lightwell.core.errors import LightwellError
from lightwell.imaging.form import Codec
from lightwell.standards.dicom import uids

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
