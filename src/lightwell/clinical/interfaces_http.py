"""The interface monitor over HTTP: lines, what failed on them, and what a person does about it."""

from typing import Annotated, Any, Final

import msgspec

from lightwell.clinical.hl7 import monitoring, operating, sources
from lightwell.clinical.hl7.gateway import Gateway
from lightwell.clinical.hl7.model import Source
from lightwell.clinical.hl7.monitoring import Flow
from lightwell.clinical.hl7.outgoing import destinations
from lightwell.clinical.hl7.outgoing import operating as outgoing
from lightwell.clinical.hl7.outgoing.destinations import Terms
from lightwell.clinical.hl7.outgoing.model import Destination
from lightwell.clinical.hl7.text import Shown, encode, show
from lightwell.clinical.hl7.troubled import LAST, Troubled, Way, read, see, waiting
from lightwell.clinical.hl7.troubled import dismiss as set_aside
from lightwell.clinical.model import Number
from lightwell.core.actors import Permission
from lightwell.core.errors import Forbidden
from lightwell.core.http.endpoints import Endpoint
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx
from lightwell.standards.hl7.charset import UTF_8

_Label = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_Name = Annotated[str, msgspec.Meta(max_length=64)]


class SourceLine(msgspec.Struct):
    """A system that sends, and what comes from it."""

    source: Source
    flow: Flow


class DestinationLine(msgspec.Struct):
    """A system that is told, and what goes to it."""

    destination: Destination
    flow: Flow


class Interfaces(msgspec.Struct):
    """All lines of one's hospitals, and the ports of this node to which systems send; -1 is closed."""

    port: int
    tls_port: int
    sources: list[SourceLine]
    destinations: list[DestinationLine]


class Page(msgspec.Struct):
    """Which failed messages: of one line or of all, below a number, at most so many."""

    line: int | None = None
    before: int = LAST
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 100


class Message(msgspec.Struct):
    """A message as a person reads it, and what was answered to it."""

    about: Troubled
    text: Shown
    answer: Shown | None


class Numbers(msgspec.Struct):
    """Which messages."""

    numbers: Annotated[list[int], msgspec.Meta(min_length=1, max_length=500)]


class Count(msgspec.Struct):
    """Of how many messages that is true."""

    count: int


class Corrected(msgspec.Struct):
    """A text that a person has put right."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=1_000_000)]


class SourceTerms(msgspec.Struct):
    """A system that shall be let send."""

    organisation_id: int
    label: _Label
    sending_application: _Label
    sending_facility: _Label = sources.ANY
    network: str = "0.0.0.0/0"
    certificate_sha256: str = ""
    issuer: str = ""
    charset: str = UTF_8
    utc_offset: str = "+08:00"
    is_enhanced: bool = False


class DestinationTerms(msgspec.Struct):
    """A system that shall be told."""

    organisation_id: int
    label: _Label
    host: Annotated[str, msgspec.Meta(max_length=255)]
    port: int
    receiving_application: _Name
    kinds: list[str]
    receiving_facility: _Name = ""
    sending_application: _Name = "LIGHTWELL"
    sending_facility: _Name = ""
    is_tls: bool = False
    charset: str = UTF_8

    @property
    def terms(self) -> Terms:
        """Return what is agreed, without whose it is."""
        said = msgspec.structs.asdict(self)
        return Terms(**{name: value for name, value in said.items() if name != "organisation_id"})


async def interfaces(tx: Tx, gateway: Gateway) -> Interfaces:
    """Return all lines of one's hospitals."""
    came, went = await monitoring.flows_in(tx), await monitoring.flows_out(tx)
    return Interfaces(
        gateway.ports.plain,
        gateway.ports.tls,
        [SourceLine(item, came.get(item.id, Flow())) for item in await sources.every(tx)],
        [DestinationLine(item, went.get(item.id, Flow())) for item in await destinations.every(tx)],
    )


# -- messages that failed --------------------------------------------------------------------------------------------


async def troubled(tx: Tx, way: Way, query: Page) -> list[Troubled]:
    """Return the messages of one's hospitals that wait for a person, the newest first."""
    return await waiting(tx, way, **msgspec.structs.asdict(query))


async def message(tx: Tx, way: Way, number: int) -> Message:
    """Return one message as a person reads it; that it was seen is in the audit trail."""
    found = await see(tx, way, number)
    charset = await _charset(tx, way, found.about.line)
    return Message(found.about, show(found.raw or b"", charset), show(found.answer, charset) if found.answer else None)


async def replay(tx: Tx, way: Way, body: Numbers) -> Count:
    """Have messages applied, or sent, again as they are."""
    act = operating.replay if way == "in" else outgoing.resend
    return Count(await act(tx, *body.numbers))


async def dismiss(tx: Tx, way: Way, body: Numbers) -> Count:
    """Note that messages need nothing."""
    return Count(await set_aside(tx, way, *body.numbers))


async def correct(tx: Tx, gateway: Gateway, way: Way, number: int, body: Corrected) -> Number:
    """Have a corrected text of a message applied, or sent, instead of it."""
    found = await read(tx, way, number)
    corrected = encode(body.text, found.raw or b"", await _charset(tx, way, found.about.line))
    if way == "in":
        return Number(await operating.edit_and_replay(tx, gateway, number, corrected))
    return Number(await outgoing.edit_and_resend(tx, number, corrected))


async def _charset(tx: Tx, way: Way, line: int) -> str:
    """Return the character set that is agreed with a system."""
    lines = await sources.every(tx) if way == "in" else await destinations.every(tx)
    return next((item.charset for item in lines if item.id == line), UTF_8)


# -- lines -------------------------------------------------------------------------------------------------------------


async def add_source(tx: Tx, body: SourceTerms) -> Number:
    """Let a system send for a hospital."""
    _require(tx, body.organisation_id)
    said = msgspec.structs.asdict(body)
    return Number(await sources.add(tx, **said))


async def change_source(tx: Tx, number: int, body: SourceTerms) -> None:
    """Have a system be known as it is described now."""
    _require(tx, body.organisation_id)
    said = msgspec.structs.asdict(body)
    await sources.change(tx, Source(id=number, **said))


async def remove_source(tx: Tx, number: int) -> None:
    """Let a system send no more."""
    await sources.remove(tx, number)


async def add_destination(tx: Tx, machines: Machines, body: DestinationTerms) -> Number:
    """Have a system told what the record of a hospital says."""
    _require(tx, body.organisation_id)
    allowed = destinations.targets(machines.settings)
    return Number(await destinations.add(tx, body.organisation_id, body.terms, allowed))


async def change_destination(tx: Tx, machines: Machines, number: int, body: DestinationTerms) -> None:
    """Have a system told under other terms."""
    _require(tx, body.organisation_id)
    allowed = destinations.targets(machines.settings)
    await destinations.change(tx, body.organisation_id, number, body.terms, allowed)


async def remove_destination(tx: Tx, number: int) -> None:
    """Have a system told no more."""
    await destinations.remove(tx, number)


def _require(tx: Tx, organisation_id: int) -> None:
    if organisation_id not in tx.actor.organisations_with(Permission.RECORD_RESOLVE):
        text = f"organisation {organisation_id} is not yours to add lines to"
        raise Forbidden(text)


def _row(method: str, path: str, handler: Any) -> Endpoint:
    return Endpoint(method, f"/api/interfaces{path}", handler, Permission.RECORD_RESOLVE)


ENDPOINTS: Final = (
    _row("GET", "", interfaces),
    _row("GET", "/messages/{way}", troubled),
    _row("POST", "/messages/{way}/replay", replay),
    _row("POST", "/messages/{way}/dismiss", dismiss),
    _row("GET", "/messages/{way}/{number:int}", message),
    _row("POST", "/messages/{way}/{number:int}/correct", correct),
    _row("POST", "/sources", add_source),
    _row("PUT", "/sources/{number:int}", change_source),
    _row("DELETE", "/sources/{number:int}", remove_source),
    _row("POST", "/destinations", add_destination),
    _row("PUT", "/destinations/{number:int}", change_destination),
    _row("DELETE", "/destinations/{number:int}", remove_destination),
)
