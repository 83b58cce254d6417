"""Commands for HL7 v2: who may send messages, who is told, and what failed."""

import sys
from typing import BinaryIO

import click

from lightwell import clinical
from lightwell.app.cli.frame import administration, command, table
from lightwell.core.auth import accounts


@click.group()
def hl7() -> None:
    """Messages of other systems (HL7 v2)."""


@hl7.group()
def source() -> None:
    """Systems that may send messages."""


@source.command("list")
@command
async def source_list() -> None:
    """List systems that may send."""
    async with administration() as (_, tx):
        rows = [
            (s.id, s.organisation_id, s.label, s.sending_application, s.sending_facility, s.network, s.charset)
            for s in await clinical.list_hl7_sources(tx)
        ]
    table(list(rows), "id", "organisation", "label", "application", "facility", "network", "charset")


@source.command("add")
@click.argument("application")
@click.option("--organisation", required=True, help="Code of the organisation whose messages they are.")
@click.option("--facility", default="*", show_default=True, help="The sending facility (MSH-4); * stands for any.")
@click.option("--network", default="0.0.0.0/0", show_default=True, help="Address or range it calls from.")
@click.option("--certificate", "certificate_sha256", default="", help="SHA-256 of its client certificate (TLS).")
@click.option("--label", default="", help="What people call it.")
@click.option("--issuer", default="", help="Who gives patients' numbers that do not say (PID-3.4 empty): a URI.")
@click.option("--charset", default="UNICODE UTF-8", show_default=True, help="Of messages that do not say (MSH-18).")
@click.option("--utc-offset", default="+08:00", show_default=True, help="Zone of times that do not say theirs.")
@click.option("--enhanced", "is_enhanced", is_flag=True, help="Answer CA where MSH-15 and MSH-16 are empty.")
@command
async def source_add(  # noqa: PLR0913 -- a source is described by its columns
    application: str,
    organisation: str,
    facility: str,
    network: str,
    certificate_sha256: str,
    label: str,
    issuer: str,
    charset: str,
    utc_offset: str,
    is_enhanced: bool,  # noqa: FBT001 -- click passes flags by name
) -> None:
    """Let a system send; APPLICATION is its MSH-3, * stands for any."""
    async with administration() as (_, tx):
        place = await accounts.organisation_of_code(tx, organisation)
        await clinical.add_hl7_source(
            tx,
            place.id,
            label or application,
            application,
            facility,
            network=network,
            certificate_sha256=certificate_sha256,
            issuer=issuer,
            charset=charset,
            utc_offset=utc_offset,
            is_enhanced=is_enhanced,
        )
    click.echo(f"{application} may send messages for {organisation}")


@source.command("remove")
@click.argument("source_id", type=int)
@command
async def source_remove(source_id: int) -> None:
    """Let a system send no more; what it sent stays."""
    async with administration() as (_, tx):
        await clinical.remove_hl7_source(tx, source_id)


@hl7.group()
def destination() -> None:
    """Systems that are told what the record says."""


@destination.command("list")
@command
async def destination_list() -> None:
    """List systems that are told."""
    async with administration() as (_, tx):
        rows = [
            (d.id, d.organisation_id, d.label, f"{d.host}:{d.port}", d.receiving_application, " ".join(d.kinds))
            for d in await clinical.list_hl7_destinations(tx)
        ]
    table(list(rows), "id", "organisation", "label", "address", "application", "messages")


@destination.command("add")
@click.argument("application")
@click.argument("host")
@click.argument("port", type=int)
@click.option("--organisation", required=True, help="Code of the organisation whose record it is told.")
@click.option("--facility", default="", help="What it calls its facility (MSH-6).")
@click.option("--label", default="", help="What people call it.")
@click.option("--charset", default="UNICODE UTF-8", show_default=True, help="Or GB 18030-2000.")
@click.option("--tls", "is_tls", is_flag=True, help="Call it by TLS.")
@click.option("--message", "kinds", multiple=True, help="Of what it is told, e.g. ORU^R01; of everything if not given.")
@command
async def destination_add(  # noqa: PLR0913 -- a destination is described by its columns
    application: str,
    host: str,
    port: int,
    organisation: str,
    facility: str,
    label: str,
    charset: str,
    is_tls: bool,  # noqa: FBT001 -- click passes flags by name
    kinds: tuple[str, ...],
) -> None:
    """Tell a system what the record says; APPLICATION is what it calls itself (MSH-5)."""
    terms = clinical.Terms(
        label or application,
        host,
        port,
        application,
        facility,
        is_tls=is_tls,
        charset=charset,
        kinds=kinds or clinical.OUTGOING_KINDS,
    )
    async with administration() as (node, tx):
        place = await accounts.organisation_of_code(tx, organisation)
        await clinical.add_hl7_destination(tx, place.id, terms, clinical.hl7_targets(node.machines.settings))
    click.echo(f"{application} is told what the record of {organisation} says")


@destination.command("remove")
@click.argument("destination_id", type=int)
@command
async def destination_remove(destination_id: int) -> None:
    """Tell a system no more, once nothing waits for it."""
    async with administration() as (_, tx):
        await clinical.remove_hl7_destination(tx, destination_id)


@hl7.command("failed")
@click.option("--before", type=int, help="Go on before the message of this number.")
@command
async def failed(before: int | None) -> None:
    """List messages that failed or were kept aside, the newest first."""
    page = {} if before is None else {"before": before}
    async with administration() as (_, tx):
        rows = [
            (m.id, f"{m.at:%Y-%m-%d %H:%M:%S}", m.line, m.kind, m.control_id, m.state, m.reason)
            for m in await clinical.troubled_messages(tx, "in", **page)
        ]
    table(list(rows), "number", "received (UTC)", "source", "kind", "control ID", "state", "reason")


@hl7.command("show")
@click.argument("number", type=int)
@command
async def show(number: int) -> None:
    """Print the bytes of a message as it came; that is noted in the audit trail."""
    async with administration() as (_, tx):
        message = await clinical.see_message(tx, "in", number)
    sys.stdout.buffer.write(message.raw or b"")


@hl7.command("replay")
@click.argument("number", type=int)
@click.option("--corrected", type=click.File("rb"), help="A file with a corrected text of it.")
@command
async def replay(number: int, corrected: BinaryIO | None) -> None:
    """Apply a message again, as it came or as it was corrected; the original stays."""
    async with administration() as (node, tx):
        if corrected is None:
            await clinical.replay_message(tx, number)
        else:
            number = await clinical.correct_message(tx, node.gateway, number, corrected.read())
    click.echo(f"message {number} waits to be applied")
