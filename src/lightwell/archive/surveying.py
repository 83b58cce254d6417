"""What the images of a series are, before a volume is made of them: their frames, where each lies, how it is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lightwell.archive.blobs import Blobs
from lightwell.archive.codecs import codec_of, undecodable
from lightwell.archive.frame_reading import read_frames
from lightwell.archive.header import ImageHeader, pixel_form, read_header
from lightwell.archive.looking import Seen
from lightwell.archive.model import InstanceRow
from lightwell.archive.planes import Planes
from lightwell.archive.volume_work import StoredFrame
from lightwell.core.errors import LightwellError
from lightwell.imaging.form import Codec, PixelForm
from lightwell.imaging.look import Look
from lightwell.imaging.stack import ImagePlane, NotAVolume, Refusal
from lightwell.standards.dicom.errors import DataSetError

_MOST_FRAMES = 5000
_NARROW_BITS = 15
_LIGHT_LOW = "MONOCHROME1"


class NoVolume(LightwellError):
    """The images of a series are no volume; the reason is one of :class:`~lightwell.imaging.stack.Refusal`."""

    code = "no_volume"
    http_status = 422

    def __init__(self, refused: NotAVolume) -> None:
        super().__init__(f"{refused}; its images can be looked at one by one")
        self.reason = refused.refusal.value


@dataclass(frozen=True, slots=True)
class Slice:
    """A frame of a series, and what is needed to read it."""

    row: InstanceRow
    frame: int
    header: ImageHeader
    form: PixelForm
    codec: Codec
    look: Look
    plane: ImagePlane | None

    def stored(self, blobs: Blobs) -> StoredFrame:
        """Read the frame; call it in a thread.

        Raises:
            DataSetError: it is not all there.
        """
        content = next(read_frames(blobs, self.row, self.header, self.form, [self.frame]))
        return StoredFrame(content, self.form, self.codec, self.look)


@dataclass(frozen=True, slots=True)
class Survey:
    """The frames of a series in the order of reading, and what kind of machine made them."""

    slices: Sequence[Slice]
    modality: str

    @property
    def is_light_low(self) -> bool:
        """Whether low values are bright (MONOCHROME1)."""
        return self.slices[0].form.photometric == _LIGHT_LOW

    @property
    def kind(self) -> str:
        """What numbers hold all values: whole ones of 16 bits where the rescale leaves them whole, as in CT."""
        return "i2" if all(map(_is_narrow, self.slices)) else "f4"


def _is_narrow(one: Slice) -> bool:
    look, form = one.look, one.form
    is_whole = look.slope == 1 and look.intercept.is_integer() and abs(look.intercept) < 1 << 13
    return is_whole and not form.is_float and form.bits_stored <= _NARROW_BITS + form.is_signed


def survey(blobs: Blobs, rows: Sequence[InstanceRow]) -> Survey:
    """Read what the images of a series say of themselves; call it in a thread.

    Raises:
        NoVolume: there are too many frames, or they are not in shades of grey.
        Undecodable: an image is damaged.
        NotFound: its bytes are gone.
    """
    count = sum(row.number_of_frames for row in rows)
    if count > _MOST_FRAMES:
        message = f"a volume has at most {_MOST_FRAMES} images, this series has {count}"
        raise NoVolume(NotAVolume(Refusal.TOO_LARGE, message))
    modality = ""
    slices: list[Slice] = []
    for row in rows:
        try:
            header = read_header(blobs, row)
            planes = Planes(header)
            slices.extend(_slices(row, header, planes))
        except DataSetError as error:
            raise undecodable(error) from error
        modality = modality or planes.modality
    if len({one.form.photometric for one in slices}) > 1:
        message = "in some images of this series low values are bright, in others dark"
        raise NoVolume(NotAVolume(Refusal.NOT_OF_SHADES, message))
    return Survey(slices, modality)


def _slices(row: InstanceRow, header: ImageHeader, planes: Planes) -> Iterator[Slice]:
    codec = codec_of(row)
    if codec is None or header.pixel_data is None:
        message = "films and documents are no volume"
        raise NoVolume(NotAVolume(Refusal.NOT_OF_SHADES, message))
    form, seen = pixel_form(header), Seen(header)
    if form.samples != 1 or not form.photometric.startswith("MONOCHROME"):
        message = f"a volume has shades of grey, these images are {form.photometric[:16]}"
        raise NoVolume(NotAVolume(Refusal.NOT_OF_SHADES, message))
    for frame in range(row.number_of_frames):
        look = seen.look(frame, is_signed=form.is_signed)
        yield Slice(row, frame, header, form, codec, look, planes.of_frame(frame, form))
