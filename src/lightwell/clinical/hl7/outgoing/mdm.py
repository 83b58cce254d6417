"""MDM: a document with its content (9.6), made of a DocumentReference.

T02     it is there             T08     it was written anew
T06     it adds to another      T10     it replaces another
T11     it is withdrawn

What has no content yet is told by the event before each of these.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import Final

from lightwell.clinical.hl7.elements import Element
from lightwell.clinical.hl7.outgoing import values
from lightwell.clinical.hl7.outgoing.model import Told
from lightwell.clinical.hl7.outgoing.segments import about
from lightwell.clinical.hl7.outgoing.values import Value
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.message import Content, Segment, make_segment

_WITHOUT_CONTENT: Final = {"T02": "T01", "T06": "T05", "T08": "T07", "T10": "T09"}
STRUCTURES: Final = {
    **dict.fromkeys(_WITHOUT_CONTENT, "MDM_T02"),
    **dict.fromkeys(("T01", "T05", "T07", "T09", "T11"), "MDM_T01"),
}
_RELATIONS: Final = {"replaces": "T10", "appends": "T06"}
_WITHDRAWN: Final = "entered-in-error"
_TEXT: Final = "text/plain"
_OURS: Final = "LIGHTWELL"


def event_of(told: Told) -> str:
    """Return the event that tells of a document; one that the system has, under the same number, was edited."""
    document = told.resource
    if document.get("status") == _WITHDRAWN:
        return "T11"
    codes = [item.get("code") for item in document.get("relatesTo", ())]
    first = next((_RELATIONS[code] for code in codes if code in _RELATIONS), "T02")
    event = "T08" if told.is_again else first
    return event if _files(document) else _WITHOUT_CONTENT[event]


def _files(document: Resource) -> list[Element]:
    """Return the files of a document; one of which only the title is known is none."""
    attachments: list[Element] = [item.get("attachment", {}) for item in document.get("content", ())]
    return [item for item in attachments if "data" in item or "url" in item]


def document(told: Told) -> list[Segment]:
    """Return the segments of a document, but for header and event; one that is withdrawn has no content.

    Raises:
        InvalidRequest: nobody is known whom it is about.
    """
    is_withdrawn = event_of(told) == "T11"
    files = [] if is_withdrawn else [told.file(item) for item in _files(told.resource)]
    content = [_obx(n, file, told) for n, file in enumerate(files, 1)]
    return [*about(told), _txa(told, files), *content]


def _txa(told: Told, files: Sequence[Element]) -> Segment:
    resource = told.resource
    written = values.dtm(resource.get("date", ""))
    is_text = all(_text(file) is not None for file in files)
    authenticator: Element = resource.get("authenticator", {})
    return make_segment(
        "TXA",
        {
            1: "1",
            2: values.cwe(resource.get("type", {})),
            3: "TX" if is_text else "AP",
            4: written,
            6: written,
            9: list(values.people(resource.get("author", ()), told)),
            12: _number(resource),
            13: _parent(told),
            17: "AU",
            19: "CA" if resource.get("status") == _WITHDRAWN else "AV",
            22: list(values.people([authenticator], told)),
            25: resource.get("description", ""),
        },
    )


def _number(resource: Resource) -> Value:
    others: Sequence[Element] = resource.get("identifier", ())
    own: Element = resource.get("masterIdentifier") or {**(others[0] if others else {})}
    return values.ei(own) if own.get("value") else (resource["id"], _OURS)


def _parent(told: Told) -> Value:
    targets = [item.get("target") for item in told.resource.get("relatesTo", ()) if item.get("code") in _RELATIONS]
    parent = told.find(targets[0]) if targets else None
    return _number(parent) if parent else ()


def _obx(number: int, attachment: Element, told: Told) -> Segment:
    name = values.cwe(told.resource.get("type", {}))
    common: dict[int, Content] = {1: str(number), 11: "F"}
    text = _text(attachment)
    if text is not None:
        return make_segment("OBX", {**common, 2: "TX", 3: name, 5: text})
    kind, value = ("ED", values.ed(attachment)) if "data" in attachment else ("RP", values.rp(attachment))
    title = values.trimmed(str(name[0]) if name else "", attachment.get("title", ""))
    return make_segment("OBX", {**common, 2: kind, 3: title, 5: value})


def _text(attachment: Element) -> str | None:
    """Return a content that is plain text as a text, or None if it is anything else."""
    if not str(attachment.get("contentType", "")).startswith(_TEXT) or "data" not in attachment:
        return None
    try:
        return base64.b64decode(attachment["data"]).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
