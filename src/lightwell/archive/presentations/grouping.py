"""Which images one state can show: those alike in what it says once for all of them (PS3.3 A.33.1.3, A.33.2.3).

Rescale or table, shape, rotation and flip are in a state once (PS3.3 C.11.1, C.11.6, C.10.6), and a state is of grey or
of colour. Lines on series that differ in these take a state each: on a PET beside its CT, on a negative radiograph
beside a positive one, on an image with a table (Modality LUT).
"""

from collections.abc import Sequence
from typing import ClassVar, Final, NamedTuple

from lightwell.archive.presentations.model import NewPresentation, PresentedImage
from lightwell.archive.presentations.writing import Image, Images, ModalityLut
from lightwell.core.errors import InvalidRequest

MOST_STATES: Final = 64


class MixedPresentation(InvalidRequest):
    """Images differ so much that they take more states than are filed at once."""

    code: ClassVar[str] = "mixed_presentation"


class _Once(NamedTuple):
    """What a state says once; rescale or table, and ``is_low_light``, of grey only."""

    is_colour: bool
    rescale: tuple[float, float, str] | None
    modality_lut: ModalityLut | None
    is_low_light: bool
    rotation_deg: int
    is_flipped: bool


def states_of(wanted: NewPresentation, images: Images) -> list[NewPresentation]:
    """Return what each state shows that is needed to show all images, in the order in which they came.

    Raises:
        MixedPresentation: there are more than :data:`MOST_STATES`.
    """
    groups: dict[_Once, list[PresentedImage]] = {}
    for one in wanted.images:
        groups.setdefault(_once(one, images[one.sop_instance_uid, one.frame]), []).append(one)
    if len(groups) > MOST_STATES:
        message = (
            f"images that differ in rescale, inversion, rotation or flip take a state each; expected at most "
            f"{MOST_STATES} states at once, these take {len(groups)}; save them in parts"
        )
        raise MixedPresentation(message)
    return [_of(wanted, group) for group in groups.values()]


def _once(shown: PresentedImage, image: Image) -> _Once:
    is_low_light = shown.is_inverted != image.is_light_low
    rescale = None if image.is_colour else image.rescale
    return _Once(image.is_colour, rescale, image.modality_lut, is_low_light, shown.rotation_deg, shown.is_flipped)


def _of(wanted: NewPresentation, images: Sequence[PresentedImage]) -> NewPresentation:
    return NewPresentation(wanted.label, wanted.description, list(images))
