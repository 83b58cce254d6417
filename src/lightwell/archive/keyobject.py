"""A Key Object Selection Document: somebody points at images and says why (PS3.3 A.35.4, PS3.16 TID 2010).

    title        113000 Of Interest, 113013 Best In Set, 113001 Rejected for Quality Reasons … (CID 7010)
    text         what its maker wrote beside it
    references   the images, of some of them only certain frames

It is read as far as it can be; whoever sent a broken one is not to keep the others from being seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from pydicom.filereader import read_dataset

from lightwell.archive.blobs import Blobs
from lightwell.archive.derived.parsing import raw_of, read_aloud
from lightwell.archive.model import InstanceRow
from lightwell.standards.dicom.errors import DataSetError

SOP_CLASS: Final = "1.2.840.10008.5.1.4.1.1.88.59"
REJECTING: Final = frozenset(("113001", "113037", "113038", "113039"))
"""Titles that say that what is pointed at shall not be used (CID 7010, IHE IOCM)."""
_NOT_KEY: Final = REJECTING | {"113010", *(str(number) for number in range(113030, 113037))}
"""Notes on quality and lists of what was made point at images, too, but choose none."""
_DCM: Final = "DCM"
_DESCRIPTION: Final = "113012"
_OBSERVER: Final = "121008"
_POINTING: Final = frozenset(("IMAGE", "COMPOSITE", "WAVEFORM"))
_LARGEST: Final = 4 << 20
_MOST_REFERENCES: Final = 10_000
_DEEPEST: Final = 8


@dataclass(frozen=True, slots=True)
class Reference:
    """An image that is pointed at; without frames, all of it."""

    sop_class_uid: str
    sop_instance_uid: str
    frames: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Title:
    """Why the images are pointed at; the meaning is as its maker wrote it."""

    code: str
    scheme: str
    meaning: str

    @property
    def is_rejecting(self) -> bool:
        """Whether the images shall not be used."""
        return self.scheme == _DCM and self.code in REJECTING

    @property
    def is_choosing(self) -> bool:
        """Whether the images are key images; a title that nobody here knows chooses."""
        return not (self.scheme == _DCM and self.code in _NOT_KEY)


@dataclass(frozen=True, slots=True)
class KeyObject:
    """What a document says."""

    title: Title
    text: str
    observer: str
    references: tuple[Reference, ...]


def read(blobs: Blobs, row: InstanceRow) -> KeyObject:
    """Read a document that is kept; call it in a thread.

    Raises:
        DataSetError: it is none, or larger than any is.
        NotFound: its bytes are gone.
    """
    raw = raw_of(blobs, row, _LARGEST)
    return parse(BytesIO(raw.content), is_explicit=raw.is_explicit, is_little_endian=raw.is_little_endian)


def parse(content: BytesIO, *, is_explicit: bool, is_little_endian: bool) -> KeyObject:
    """Read a data set.

    Raises:
        DataSetError: it is no such document.
    """
    try:
        return _key_object(read_dataset(content, not is_explicit, is_little_endian))
    except DataSetError:
        raise
    except Exception as error:  # whatever pydicom makes of broken bytes
        message = "expected a Key Object Selection Document, its content cannot be read"
        raise DataSetError(message) from error


def _key_object(said: Any) -> KeyObject:
    said.decode()
    items = list(_items(said, 0))
    references = [reference for item in items for reference in _references(item)][:_MOST_REFERENCES]
    if not references:
        message = "expected a Key Object Selection Document, it points at nothing"
        raise DataSetError(message)
    return KeyObject(
        title=_title(said),
        text="\n".join(_texts(items, _DESCRIPTION, "TextValue")),
        observer=", ".join(map(read_aloud, _texts(items, _OBSERVER, "PersonName"))),
        references=tuple(references),
    )


def _title(said: Any) -> Title:
    names: Any = said.get("ConceptNameCodeSequence")
    if not names:
        return Title("", "", "")
    return Title(*(str(names[0].get(part, "")) for part in ("CodeValue", "CodingSchemeDesignator", "CodeMeaning")))


def _items(said: Any, depth: int) -> Iterator[Any]:
    for item in said.get("ContentSequence") or ():
        yield item
        if depth < _DEEPEST:
            yield from _items(item, depth + 1)


def _references(item: Any) -> Iterator[Reference]:
    if str(item.get("ValueType", "")) not in _POINTING:
        return
    for one in item.get("ReferencedSOPSequence") or ():
        frames = one.get("ReferencedFrameNumber") or ()
        numbers = (frames,) if isinstance(frames, int) else frames
        sop_class, instance = (str(one.get(part, "")) for part in ("ReferencedSOPClassUID", "ReferencedSOPInstanceUID"))
        if instance:
            yield Reference(sop_class, instance, tuple(int(number) for number in numbers))


def _texts(items: list[Any], concept: str, value: str) -> Iterator[str]:
    for item in items:
        names = item.get("ConceptNameCodeSequence") or ()
        if any(str(name.get("CodeValue", "")) == concept for name in names) and item.get(value):
            yield str(item.get(value))
