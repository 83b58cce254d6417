r"""How a text says a delimiter, a line break or any byte, without being cut by it (2.7).

    \F\ \S\ \T\ \R\ \E\      | ^ & ~ \          \X0D0A\   bytes
    \.br\                    line break         \.sp3\    three of them

What has no meaning as text (highlighting, indents, escapes of a site's own) stays as it was written.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

_SPACES: Final = re.compile(r"\.(?:br|sp *\+?(\d{0,2}))")
_HEX: Final = re.compile("X((?:[0-9A-Fa-f]{2})+)")
_CONTROLS: Final = {"\n": ".br", **{chr(code): f"X{code:02X}" for code in range(32) if code not in {9, 10}}}


class Delimiters(NamedTuple):
    r"""The characters that a message is cut by: MSH-1 and MSH-2, as a rule ``|`` and ``^~\&``."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"
    truncation: str = ""

    @property
    def encoding_characters(self) -> str:
        """Return MSH-2."""
        return self.component + self.repetition + self.escape + self.subcomponent + self.truncation


def unescape(text: str, delimiters: Delimiters, codec: str) -> str:
    r"""Return what is meant; the bytes of ``\X..\`` are read by the codec of the message."""
    mark = delimiters.escape
    if mark not in text:
        return text
    parts = text.split(mark)
    meant, at = [parts[0]], 1
    while at < len(parts) - 1:
        sequence = _meaning(parts[at], delimiters, codec)
        if sequence is None:  # a stray mark, or what has no meaning as text: stays
            meant.append(mark + parts[at])
            at += 1
        else:
            meant += [sequence, parts[at + 1]]
            at += 2
    return "".join(meant) + (mark + parts[at] if at < len(parts) else "")


def escape(text: str, delimiters: Delimiters) -> str:
    """Return a text as it may stand in a message."""
    return text.translate(_table(delimiters))


def _meaning(sequence: str, delimiters: Delimiters, codec: str) -> str | None:
    letter = _letters(delimiters).get(sequence)
    if letter is not None:
        return letter
    spaces = _SPACES.fullmatch(sequence)
    if spaces:
        return "\n" * int(spaces[1] or 1)
    hexadecimal = _HEX.fullmatch(sequence)
    return _characters(hexadecimal[1], codec) if hexadecimal else None


def _characters(hexadecimal: str, codec: str) -> str | None:
    try:
        return bytes.fromhex(hexadecimal).decode(codec)
    except UnicodeDecodeError:
        return None


@cache
def _letters(delimiters: Delimiters) -> Mapping[str, str]:
    return {
        "F": delimiters.field,
        "S": delimiters.component,
        "T": delimiters.subcomponent,
        "R": delimiters.repetition,
        "E": delimiters.escape,
        **({"P": delimiters.truncation} if delimiters.truncation else {}),
    }


@cache
def _table(delimiters: Delimiters) -> Mapping[int, str]:
    mark = delimiters.escape
    names = {character: letter for letter, character in _letters(delimiters).items()} | _CONTROLS
    return str.maketrans({character: f"{mark}{name}{mark}" for character, name in names.items()})
