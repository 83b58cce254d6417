"""What an image says of itself, as people read it: names instead of tags, texts instead of bytes.

For the page of a study; programs take the metadata of WADO-RS.
"""

import asyncio
from collections.abc import Iterator
from typing import Final

import msgspec
from pydicom.datadict import dictionary_description

from lightwell.archive import search
from lightwell.archive.blobs import Blobs
from lightwell.archive.codecs import undecodable
from lightwell.archive.header import HeaderBytes, read_bytes
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.core.tx import Tx
from lightwell.standards.dicom.elements import Kind, Token, walk
from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.showing import shown_value

_SCREEN: Final = "attributes"
_LONGEST: Final = 2000
_CHARSET: Final = 0x0008_0005


class Attribute(msgspec.Struct):
    """An element; ``depth`` counts the sequences that it lies in."""

    tag: str
    name: str
    vr: str
    value: str
    depth: int


async def attributes(tx: Tx, archive: Archive, study: str, series: str, instance: str) -> list[Attribute]:
    """Return all elements of an image in their order."""
    row = await search.instance(tx, archive.index, study, series, instance, _SCREEN)
    return await asyncio.to_thread(_read, archive.blobs, row)


def _read(blobs: Blobs, row: InstanceRow) -> list[Attribute]:
    try:
        return list(_attributes(read_bytes(blobs, row)))
    except DataSetError as error:
        raise undecodable(error) from error


def _attributes(read: HeaderBytes) -> Iterator[Attribute]:
    depth = 0
    charset = b""
    for token in walk(read.content, read.offset, read.syntax):
        if token.kind is Kind.SEQUENCE:
            yield _attribute(token, "", depth)
            depth += 1
        elif token.kind is Kind.SEQUENCE_END:
            depth -= 1
        elif token.kind is Kind.PIXELS:
            yield _attribute(token, "", depth)
        elif token.kind is Kind.VALUE and token.tag & 0xFFFF:
            raw = bytes(read.content[token.start : token.end])
            charset = raw if token.tag == _CHARSET and not depth else charset
            value = shown_value(token.vr, raw, charset, is_little_endian=read.syntax.is_little_endian)
            yield _attribute(token, value, depth)


def _attribute(token: Token, value: str, depth: int) -> Attribute:
    tag = f"({token.tag >> 16:04X},{token.tag & 0xFFFF:04X})"
    shown = value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
    return Attribute(tag, _name(token.tag), token.vr, shown, depth)


def _name(tag: int) -> str:
    """Return the name of an element in the standard (PS3.6); private ones have none."""
    try:
        return dictionary_description(tag)
    except KeyError:
        return "–"
