"""What a search for images shall tell beyond the index: ``includefield``, read from the headers of the files.

Names are keywords or tags (PS3.18 8.3.4.3); ``all`` is everything but values that are so long that they are fetched by
themselves.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from pydicom.datadict import tag_for_keyword

from lightwell.archive.blobs import Blobs
from lightwell.archive.header import read_bytes
from lightwell.archive.model import InstanceRow
from lightwell.archive.store import find
from lightwell.core.errors import NotFound
from lightwell.standards.dicom.errors import DicomError
from lightwell.standards.dicom.jsonwriter import write_json
from lightwell.standards.dicom.scanner import INDEX_TAGS

ALL: Final = "all"
_TAG_LENGTH: Final = 8
_COUNTED: Final = ("00080056", "00080061", "00081190", "00201206", "00201208", "00201209")
KNOWN: Final = frozenset((*(f"{tag:08X}" for tag, word in INDEX_TAGS.items() if word in find.COLUMNS), *_COUNTED))
"""What every search tells where it is known, wished or not."""


def tags_of(names: Iterable[str]) -> tuple[frozenset[str], list[str]]:
    """Return the tags that are meant, with :data:`ALL` as it is, and the names that mean none."""
    found: set[str] = set()
    unknown: list[str] = []
    for name in filter(None, names):
        tag = tag_for_keyword(name)
        if name == ALL or _is_tag(name):
            found.add(name if name == ALL else name.upper())
        elif tag is not None:
            found.add(f"{tag:08X}")
        else:
            unknown.append(name)
    return frozenset(found), unknown


def _is_tag(name: str) -> bool:
    return len(name) == _TAG_LENGTH and all(letter in "0123456789abcdefABCDEF" for letter in name)


async def read(blobs: Blobs, rows: Sequence[InstanceRow], tags: Collection[str]) -> list[Mapping[str, Any]]:
    """Return the attributes of each image as DICOM JSON, as far as it has them."""
    return await asyncio.to_thread(lambda: [_read(blobs, row, tags) for row in rows])


def _read(blobs: Blobs, row: InstanceRow, tags: Collection[str]) -> Mapping[str, Any]:
    try:
        header = read_bytes(blobs, row)
        found = msgspec.json.decode(write_json(header.content, header.offset, header.syntax, ""), type=dict[str, Any])
    except (NotFound, DicomError):  # what the index knows is told all the same
        return {}
    return {tag: value for tag, value in found.items() if (ALL in tags or tag in tags) and "BulkDataURI" not in value}
