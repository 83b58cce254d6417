"""Values of elements as people read them (PS3.5 6.2)."""

from typing import Final

from lightwell.standards.dicom.charset import decode_text
from lightwell.standards.dicom.jsonwriter import binary_values

_BYTES: Final = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "UN"))
_NUMBERS: Final = frozenset(("AT", "FD", "FL", "SL", "SS", "SV", "UL", "US", "UV"))


def shown_value(vr: str, raw: bytes, charset: bytes, *, is_little_endian: bool) -> str:
    """Return a value as a line of text; several values have a backslash between them, of bytes only their number."""
    if vr in _BYTES:
        return f"[{len(raw)} B]" if raw else ""
    if vr in _NUMBERS:
        values = binary_values(vr, raw, is_little_endian=is_little_endian)
        return "\\".join(value.strip('"') for value in values)
    return decode_text(raw, charset, vr).text.strip(" \0")
