"""A message as segments, fields, repetitions, components and subcomponents (2.5, 2.6).

    message["PID"][3][4]        PID-3.4 of the first identifier
    message["PID"][3].told      None: nothing is said, leave what is known alone
                                "":   the sender wrote a pair of quotation marks: delete what is known
                                text: this is it
    message.all("OBX")          every OBX, in the order in which they came

Segments that nobody knows (Z segments) are kept like any other. A line that does not begin like a segment goes on with
the field before it. Segments and fields are cut at once, what is inside a field when it is asked for: a gateway reads
one field in ten, and what it does not read goes on exactly as it came.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias, final

from lightwell.standards.hl7.errors import MessageError
from lightwell.standards.hl7.escapes import Delimiters, escape, unescape
from lightwell.standards.hl7.header import Header, read_header

NULL: Final = '""'
Component: TypeAlias = str | Sequence[str]
"""A text, or the texts of its subcomponents."""
Content: TypeAlias = str | tuple[Component, ...] | list["str | tuple[Component, ...]"]
"""A text, a tuple of components, or a list of repetitions."""
_UNCUT_FIELDS: Final = 2


class Syntax(NamedTuple):
    r"""What a message is cut by, and how the bytes of its ``\X..\`` escapes are read."""

    delimiters: Delimiters = Delimiters()
    codec: str = "utf_8"


_UNCUT: Final = Syntax(Delimiters(*"\0\1\2\3\4"))
DEFAULT_SYNTAX: Final = Syntax()


@final
@dataclass(frozen=True, slots=True)
class Repetition:
    """One of the values of a field, e.g. one of a patient's identifiers; ``[4]`` is its fourth component."""

    encoded: str
    syntax: Syntax = DEFAULT_SYNTAX

    def __getitem__(self, place: int) -> str:
        """Return the first subcomponent of a component; empty where nothing is said, or where it is to be deleted."""
        text = self.subcomponents(place)[0]
        return "" if text == NULL else text

    def subcomponents(self, place: int) -> list[str]:
        """Return the subcomponents of a component, at least one."""
        components = self.encoded.split(self.syntax.delimiters.component)
        return self._cut(components[place - 1]) if place <= len(components) else [""]

    @property
    def components(self) -> list[list[str]]:
        """Return all there is, cut to its subcomponents."""
        return [self._cut(component) for component in self.encoded.split(self.syntax.delimiters.component)]

    @property
    def is_null(self) -> bool:
        """Whether what is known is to be deleted (2.5.3)."""
        return self.encoded == NULL

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said, so that what is known stays."""
        return not self.encoded.strip(self.syntax.delimiters.component + self.syntax.delimiters.subcomponent)

    @property
    def told(self) -> str | None:
        """Return the first component; None leaves what is known alone, an empty text deletes it (2.5.3)."""
        return self[1] or ("" if self.is_null else None)

    def _cut(self, component: str) -> list[str]:
        delimiters, codec = self.syntax
        return [unescape(part, delimiters, codec) for part in component.split(delimiters.subcomponent)]


@final
@dataclass(frozen=True, slots=True)
class Field:
    """A field with all its repetitions; most have one. ``[4]`` is a component of the first."""

    encoded: str
    syntax: Syntax = DEFAULT_SYNTAX

    @property
    def repetitions(self) -> list[Repetition]:
        """Return those that say something."""
        return [repetition for repetition in self._all() if not repetition.is_empty]

    @property
    def first(self) -> Repetition:
        """Return the first repetition, even if it says nothing."""
        return self._all()[0]

    def __getitem__(self, place: int) -> str:
        """Return a component of the first repetition."""
        return self.first[place]

    @property
    def text(self) -> str:
        """Return the first component of the first repetition; empty where nothing is said, or to be deleted."""
        return self.first[1]

    @property
    def is_null(self) -> bool:
        """Whether what is known is to be deleted: the field holds a pair of quotation marks (2.5.3)."""
        return self.encoded == NULL

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said, so that what is known stays."""
        return not self.repetitions

    @property
    def told(self) -> str | None:
        """Return the text; None leaves what is known alone, an empty text deletes it (2.5.3)."""
        return self.first.told

    def _all(self) -> list[Repetition]:
        return [Repetition(part, self.syntax) for part in self.encoded.split(self.syntax.delimiters.repetition)]


@final
@dataclass(slots=True)
class Segment:
    """A line of a message; ``[3]`` is its third field, empty beyond the last. Not frozen, for speed."""

    fields: tuple[str, ...]
    syntax: Syntax = DEFAULT_SYNTAX

    @property
    def name(self) -> str:
        """Return the name, e.g. PID."""
        return self.fields[0]

    def __getitem__(self, number: int) -> Field:
        """Return a field by its number in the standard, from 1."""
        is_uncut = number <= _UNCUT_FIELDS and self.name == "MSH"
        encoded = self.fields[number] if number < len(self.fields) else ""
        return Field(encoded, _UNCUT if is_uncut else self.syntax)

    def encode(self) -> str:
        """Return the line."""
        fields = self.fields if self.name != "MSH" else ("MSH", *self.fields[2:])
        return self.syntax.delimiters.field.join(fields)


@final
@dataclass(frozen=True, slots=True)
class Message:
    """A whole message; the first segment is MSH."""

    segments: tuple[Segment, ...]

    def __getitem__(self, name: str) -> Segment:
        """Return the first segment of a name; MessageError if the message has none."""
        segment = self.get(name)
        if segment is None:
            names = dict.fromkeys(segment.name for segment in self.segments)
            msg = f"expected a segment {name}, the message has {', '.join(names)}"
            raise MessageError(msg)
        return segment

    def __iter__(self) -> Iterator[Segment]:
        """Go through the segments in the order in which they came."""
        return iter(self.segments)

    def get(self, name: str) -> Segment | None:
        """Return the first segment of a name, if there is one."""
        return next((segment for segment in self.segments if segment.name == name), None)

    def all(self, name: str) -> list[Segment]:
        """Return all segments of a name."""
        return [segment for segment in self.segments if segment.name == name]

    def groups(self, *starts: str) -> list[list[Segment]]:
        """Return the segments in groups, each of which begins with one of these names: the orders of a message."""
        groups: list[list[Segment]] = []
        for segment in self.segments:
            if segment.name in starts:
                groups.append([segment])
            elif groups:
                groups[-1].append(segment)
        return groups

    @property
    def header(self) -> Header:
        """Return MSH as an answer needs it."""
        return Header(self.segments[0].syntax.delimiters, self.segments[0].fields)

    def encode(self) -> str:
        """Return the text that travels: every segment ends with a carriage return."""
        return "".join(f"{segment.encode()}\r" for segment in self.segments)


def parse_message(text: str, codec: str = "utf_8") -> Message:
    r"""Cut a decoded message; the codec is that of the message, for ``\X..\`` escapes (2.7.7)."""
    header = read_header(text)
    syntax = Syntax(header.delimiters, codec)
    mark = header.delimiters.field
    others = [Segment(tuple(line.split(mark)), syntax) for line in _lines(text, mark)[1:]]
    msh = Segment((*header.fields[:2], header.delimiters.encoding_characters, *header.fields[3:]), syntax)
    return Message((msh, *others))


def make_segment(name: str, fields: Mapping[int, Content], delimiters: Delimiters | None = None) -> Segment:
    """Make a segment of its fields by number; what is not given is empty. MSH-1 and MSH-2 are filled in."""
    delimiters = delimiters or Delimiters()
    texts = [_encode(fields.get(number, ""), delimiters) for number in range(1, max(fields, default=0) + 1)]
    if name == "MSH":
        texts[:2] = [delimiters.field, delimiters.encoding_characters]
    return Segment((name, *texts), Syntax(delimiters))


def make_message(segments: Iterable[Segment]) -> Message:
    """Put a message together; the first segment is MSH, and all were made with the same delimiters."""
    message = Message(tuple(segments))
    if message.segments[0].name != "MSH" or len({segment.syntax.delimiters for segment in message}) > 1:
        msg = "expected MSH first, and segments that were made with the same delimiters"
        raise MessageError(msg)
    return message


def _lines(text: str, mark: str) -> list[str]:
    """Cut at CR, LF or CRLF before a segment; any other line break belongs to a text."""
    is_segment = _segment_start(mark)
    lines: list[list[str]] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if is_segment(line):
            lines.append([line])
        elif line:
            lines[-1].append(line)
    return [parts[0] if len(parts) == 1 else "\n".join(parts) for parts in lines]


@lru_cache(maxsize=64)
def _segment_start(mark: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(rf"[A-Z][A-Za-z0-9]{{2}}(?:{re.escape(mark)}|\Z)").match


def _encode(content: Content, delimiters: Delimiters) -> str:
    repetitions = content if isinstance(content, list) else [content]
    return delimiters.repetition.join(_encode_repetition(repetition, delimiters) for repetition in repetitions)


def _encode_repetition(content: str | tuple[Component, ...], delimiters: Delimiters) -> str:
    components = (content,) if isinstance(content, str) else content
    return delimiters.component.join(_encode_component(component, delimiters) for component in components)


def _encode_component(component: Component, delimiters: Delimiters) -> str:
    parts = (component,) if isinstance(component, str) else component
    return delimiters.subcomponent.join(escape(part, delimiters) for part in parts)
