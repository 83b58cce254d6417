"""The DICOM Conformance Statement (PS3.2), written from the same tables that the node runs by.

What is said here of SOP classes, transfer syntaxes, search keys and addresses cannot differ from what is done.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pydicom.uid import UID

from lightwell import __version__, archive
from lightwell.app.capabilities import is_dicom_web
from lightwell.app.dicom import ANY_STORAGE, SOP_CLASSES
from lightwell.app.urls import ENDPOINTS
from lightwell.core.http.endpoints import Endpoint
from lightwell.core.settings import Settings
from lightwell.imaging.picture import PictureFormat
from lightwell.standards.dicom import uids
from lightwell.standards.dicom.events import Limits

_HEAD: Final = """\
# DICOM Conformance Statement

Written by `lightwell conformance` from the tables that a node runs by (DICOM PS3.2). Lightwell {version}.

Lightwell is the image archive of a region: it takes images from many hospitals, keeps each byte for byte as it came,
and gives it back to whoever may see it. Every association and every request acts for one hospital or for a person's
hospitals; nothing of others can be found, moved or fetched.

## Implementation

| | |
|---|---|
| Implementation Class UID | `{class_uid}` |
| Implementation Version Name | `{version_name}` |
| Application Context | `{context}` |
| Largest PDU received | {pdu} bytes |
| Associations at once | {associations} (`LIGHTWELL_MAX_ASSOCIATIONS`) |
| Operations at once on an association | 1 |
| ARTIM timer | {artim} s (`LIGHTWELL_DICOM_ARTIM_S`) |
| Time that a peer which is called has for each response | {response} s (`LIGHTWELL_DICOM_RESPONSE_S`) |
| Associations of peers that say, read or answer nothing end after | {idle} s (`LIGHTWELL_DICOM_IDLE_S`) |
| Security | TLS 1.2 and 1.3 with client certificates (PS3.15 B.1, B.9), on a port of its own |

Callers are known by called and calling AE title, network and, over TLS, certificate. Unknown called titles are rejected
with source 1, reason 7; unknown callers with source 1, reason 3; a database that is away with source 3, reason 1.
"""

_STORAGE: Final = """\
### Storage as SCP

Every storage SOP class is taken, retired and private ones too, in every transfer syntax below. The response 0000H says
that the image is durable. Nothing is coerced in the bytes; a second image under the same SOP Instance UID with other
content is kept beside the first until a person decides.

| status | meaning |
|---|---|
| 0000H | the image is durable |
| 0117H | the SOP Instance UID is not a UID; nothing was kept |
| A700H | no room, or the disk failed: send again later |
| A900H | the data set is not what the command announced; it lies in quarantine |
| C000H | the data set cannot be understood; it lies in quarantine |
"""

_RETRIEVE: Final = """\
### Query and retrieve as SCP

Study Root has the levels STUDY, SERIES and IMAGE, Patient Root PATIENT as well. Queries may go over several levels. A
C-MOVE or C-GET names the unique keys of its level and those above; the Patient ID may be left out below PATIENT, and
restricts wherever it is given, with its issuer if that is given too. A failure carries an Error Comment (0000,0902),
and the Offending Element (0000,0901) where one is at fault.

| status | C-FIND | C-MOVE, C-GET |
|---|---|---|
| FF00H | a match | an image was tried; the counts say how far it has come |
| FF01H | a match, though some key is not supported: not matched by, or not returned | |
| 0000H | that was all | the peer has all images |
| FE00H | cancelled | cancelled; the counts say what was done and what remains |
| B000H | | some images are not there; their UIDs are listed |
| A700H | the database does not answer | the database does not answer |
| A701H | | more than 65535 images, which cannot be counted |
| A702H | | no image is there |
| A801H | | the destination is not known, or has no address |
| A900H | unreadable, a level that the model lacks, or an impossible value | the same, or a missing unique key |
| 0124H | the caller is not trusted yet | the caller is not trusted yet |
"""

_SCU: Final = """\
## Services as SCU

| service | when |
|---|---|
| Verification | `lightwell peer echo`, the devices page |
| Storage | C-MOVE, C-GET, `lightwell send` |
| Storage Commitment, N-EVENT-REPORT | on the association of the request while it lasts, else on a new one |

Images are sent as they are stored if the other side takes that, else decoded or encoded without loss. One whose data
set lacks its SOP Class, SOP Instance, Study or Series Instance UID is sent with those by which searches find it. A peer
that does not answer is tried again; a commitment is reported even when the node was started anew meanwhile.

## Matching

C-FIND and QIDO-RS match these keys by the standard (PS3.4 C.2.2.2): single value, list of UID, wildcard, range and
universal matching. Names are found by their parts in any group, by pinyin and by initials; case and width do not
matter. Sequence matching (PS3.4 C.2.2.2.6) holds for Request Attributes Sequence (0040,0275): all keys of the one item
of a C-FIND must hold of the same item of the image; an empty sequence or item returns all items. QIDO-RS writes the way
into it with a dot: `00400275.00400009`, `RequestAttributesSequence.RequestedProcedureID`. Other sequences neither match
nor are returned. A sequence key with more than one item is refused with A900H.

{keys}

## Character sets

Received: all of PS3.3 C.12.1.1.2, with GB18030, GBK and ISO 2022 IR 58 among them; names in bytes that contradict their
character set are read as the bytes say, and marked. Sent: C-FIND answers in the character set of the request, else in
UTF-8 (ISO_IR 192); DICOM JSON is UTF-8; images keep theirs.
"""

_WEB: Final = """\
## DICOM web services (PS3.18)

Addresses begin with the node's own; bearer tokens or the session of a page say who asks. Images come as they are stored
unless `Accept` or `transfer-syntax` ask for something else. Written without loss: {written}.

Pictures (rendered, thumbnails, WADO-URI) are given as {pictures}, each of one frame. A GIF has at most 256 colours:
where the image has more, those that stand for it best.
"""


def statement() -> str:
    """Return the statement as Markdown."""
    return "\n".join((*_implementation(), *_scp(), *_syntaxes(), *_made(), _SCU.format(keys=_keys()), *_web()))


def _implementation() -> Iterator[str]:
    settings, limits = Settings(), Limits()
    yield _HEAD.format(
        version=__version__,
        class_uid=uids.IMPLEMENTATION_CLASS_UID,
        version_name=uids.IMPLEMENTATION_VERSION_NAME,
        context=uids.DICOMApplicationContext,
        pdu=limits.max_pdu_length,
        associations=settings.max_associations,
        artim=settings.dicom_artim_s,
        response=settings.dicom_response_s,
        idle=settings.dicom_idle_s,
    )


def _scp() -> Iterator[str]:
    yield "## Services as SCP\n"
    yield from _table(("SOP class", "UID", "transfer syntaxes"), (_sop_class(uid) for uid in SOP_CLASSES))
    yield ""
    yield _STORAGE
    yield _RETRIEVE


def _sop_class(uid: str) -> tuple[str, str, str]:
    return UID(uid).name, f"`{uid}`", ", ".join(map(_syntax, SOP_CLASSES[uid]))


def _syntax(uid: str) -> str:
    return uids.TRANSFER_SYNTAXES[uid].name


def _syntaxes() -> Iterator[str]:
    yield "### Transfer syntaxes of storage\n"
    yield from _table(("transfer syntax", "UID"), ((_syntax(uid), f"`{uid}`") for uid in ANY_STORAGE))
    yield ""


def _made() -> Iterator[str]:
    yield "### Objects made here\n"
    yield "Filed in series of their own, beside the images; each change of mind is a new object, and none is deleted.\n"
    yield from _table(("SOP class", "UID", "template", "what"), (_object(*made) for made in archive.MADE))
    yield ""


def _object(uid: str, template: str, what: str) -> tuple[str, str, str, str]:
    return UID(uid).name, f"`{uid}`", f"TID {template}" if template else "", what


def _keys() -> str:
    return "\n".join(_table(("key", "level"), archive.search_keys()))


def _web() -> Iterator[str]:
    written, pictures = map(_syntax, archive.WRITTEN_SYNTAXES), (f"`{kind}`" for kind in PictureFormat)
    yield _WEB.format(written=", ".join(written), pictures=", ".join(pictures))
    services = filter(is_dicom_web, ENDPOINTS)
    yield from _table(("method", "address", "what"), map(_service, services))
    yield ""


def _service(endpoint: Endpoint) -> tuple[str, str, str]:
    told = (endpoint.handler.__doc__ or "").partition("\n")[0]
    return endpoint.method, f"`{endpoint.path}`", told


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
