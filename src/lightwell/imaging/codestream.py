"""What the main header of a JPEG 2000 codestream says, HTJ2K included (ITU-T T.800 Annex A)."""

from typing import Final

_BEGINS: Final = b"\xff\x4f\xff\x51"  # SOC, and SIZ, which has to follow it
_MARKER: Final = 2
_CODING_STYLE: Final = 0xFF52
_TILE: Final = 0xFF90
_TRANSFORMATION: Final = 13  # from the marker of COD on
_IRREVERSIBLE: Final = 0


def is_irreversible(codestream: bytes) -> bool | None:
    """Tell whether the wavelets of a codestream lose something (A.6.1, table A.20); None where it does not say."""
    if not codestream.startswith(_BEGINS):
        return None
    place = _MARKER
    while place + _TRANSFORMATION < len(codestream):
        marker, length = (int.from_bytes(codestream[at : at + _MARKER]) for at in (place, place + _MARKER))
        if marker == _CODING_STYLE:
            return codestream[place + _TRANSFORMATION] == _IRREVERSIBLE
        if marker == _TILE:
            return None
        place += _MARKER + length
    return None
