"""What can be wrong with an HL7 message that we are given, or that we are about to send.

    Hl7Error
    ├── MessageError       not HL7 v2: no MSH, delimiters that cannot be told apart
    ├── CharsetError       the bytes fit no character set that they may be in: for a person to look at
    ├── DataTypeError      a value is not what its data type asks for, e.g. a date of month 13
    └── FramingError       we are about to send what MLLP cannot carry: a bug of ours, nothing was sent

Messages say what was expected and what came, and never hold what stands in a patient's field.
"""


class Hl7Error(Exception):
    """Anything that is wrong with HL7 v2."""


class MessageError(Hl7Error):
    """This is not an HL7 v2 message (2.5, 2.14.9)."""


class CharsetError(Hl7Error):
    """The bytes of a message cannot be read as text without losing some (table 0211)."""


class DataTypeError(Hl7Error):
    """A value is not what its data type asks for (2A)."""


class FramingError(Hl7Error):
    """A message cannot travel in an MLLP frame."""
