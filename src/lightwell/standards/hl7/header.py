"""The first segment, MSH, as it is needed before a message can be read, and to answer one that cannot (2.14.9).

It says what cuts the message, in which characters it is written, and which answers its sender wants. Texts are kept as
they stand between the field separators, escapes included, so that an answer gives them back as they came.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lightwell.standards.hl7.errors import MessageError
from lightwell.standards.hl7.escapes import Delimiters

BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
_BOM_BYTES: Final = BOM.encode()
_BLANK: Final = b" \t\r\n"
_LINE_END: Final = re.compile("[\r\n]")
_FEWEST: Final = 3
_MARKS: Final = re.compile(r"[!#-\-/:-@\[-`{-~]{5,6}")  # no letters, digits, dots, quotation marks


@dataclass(frozen=True, slots=True)
class Header:
    """MSH; ``fields[3]`` is the text of MSH-3, ``fields[0]`` the name."""

    delimiters: Delimiters
    fields: tuple[str, ...]

    def text(self, number: int) -> str:
        """Return a field as it stands, or nothing beyond the last."""
        return self.fields[number] if number < len(self.fields) else ""

    def _component(self, number: int, place: int) -> str:
        components = self.text(number).split(self.delimiters.component)
        return components[place - 1].strip() if place <= len(components) else ""

    @property
    def sending_application(self) -> str:
        """Return MSH-3.1."""
        return self._component(3, 1)

    @property
    def sending_facility(self) -> str:
        """Return MSH-4.1."""
        return self._component(4, 1)

    @property
    def message_code(self) -> str:
        """Return MSH-9.1, e.g. ADT."""
        return self._component(9, 1)

    @property
    def trigger_event(self) -> str:
        """Return MSH-9.2, e.g. A01."""
        return self._component(9, 2)

    @property
    def control_id(self) -> str:
        """Return MSH-10, by which the sender knows its message again."""
        return self.text(10)

    @property
    def version_id(self) -> str:
        """Return MSH-12.1, e.g. 2.5.1."""
        return self._component(12, 1)

    @property
    def character_sets(self) -> tuple[str, ...]:
        """Return the repetitions of MSH-18 that say something."""
        said = (label.strip() for label in self.text(18).split(self.delimiters.repetition))
        return tuple(label for label in said if label and label != '""')

    @property
    def is_enhanced(self) -> bool:
        """Whether the sender tells accepting and doing apart (2.9.3): MSH-15 or MSH-16 is filled."""
        return bool(self.text(15) or self.text(16))


def read_header(text: str) -> Header:
    """Read the MSH that a message begins with."""
    end = _LINE_END.search(text)
    line = text[: end.start()] if end else text
    if not line.startswith("MSH") or len(line) < len("MSH|^~\\"):
        msg = "expected a message that begins with MSH and its delimiters, as MSH|^~\\&|, something else came"
        raise MessageError(msg)
    fields = line.split(line[3])
    delimiters = _delimiters(line[3], fields[1])
    return Header(delimiters, ("MSH", line[3], *fields[1:]))


def read_header_bytes(raw: bytes) -> Header:
    """Read MSH before its characters are known: a byte is a character, and ISO 8859-1 gives the same bytes back."""
    return read_header(raw.removeprefix(_BOM_BYTES).lstrip(_BLANK).split(b"\r", 1)[0].decode("latin-1"))


@lru_cache(maxsize=64)
def _delimiters(field: str, encoding_characters: str) -> Delimiters:
    r"""Check MSH-1 and MSH-2; ``^~\`` without the last, as old senders write it, is taken for ``^~\&``."""
    marks = encoding_characters + "&" if len(encoding_characters) == _FEWEST else encoding_characters
    is_known = _MARKS.fullmatch(field + marks) and len(set(field + marks)) == len(field + marks)
    if not is_known:
        msg = f"expected distinct delimiters in MSH-1 and MSH-2, as |^~\\&, {field + encoding_characters[:8]!r} came"
        raise MessageError(msg)
    return Delimiters(field, *marks)
