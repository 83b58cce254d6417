"""Commands that keep images safe: import, verify, reindex, backup, restore."""

import sys
from pathlib import Path

import click

from lightwell import archive as room
from lightwell.app import safekeeping
from lightwell.app.cli.frame import command, everywhere
from lightwell.app.node import Node, open_node
from lightwell.core import settings
from lightwell.core.auth import accounts


@click.command("import")
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--organisation", required=True, help="Code of the hospital whose images they are.")
@click.option("--report", type=click.Path(path_type=Path), help="Write SHA-256, outcome and path of every file here.")
@command
async def import_(folder: Path, organisation: str, report: Path | None) -> None:
    """Import all DICOM files below FOLDER. Broken off, it can be begun again."""
    async with open_node(settings.load()) as node:
        await node.room.intake.start()
        async with node.machines.transactions.begin(await everywhere(node)) as tx:
            place = await accounts.organisation_of_code(tx, organisation)
        counts = await _import(node, room.Source(place.id, f"import {folder.name}"), folder, report)
        await node.room.intake.stop()
    click.echo(", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items())) or "no files found")
    sys.exit(1 if counts.get("quarantined") else 0)


async def _import(node: Node, source: room.Source, folder: Path, report: Path | None) -> dict[str, int]:
    counts: dict[str, int] = {}
    lines = report.open("w", encoding="utf-8") if report else None
    async for item in room.import_folder(node.room.intake, source, folder):
        counts[item.outcome] = counts.get(item.outcome, 0) + 1
        total = sum(counts.values())
        if sys.stderr.isatty() and total % 10 == 0:
            click.echo(f"\r{total} files", nl=False, err=True)
        if item.reason:
            click.echo(f"{item.outcome}: {item.path}: {item.reason}", err=True)
        if lines is not None:
            lines.write(f"{item.sha256}\t{item.outcome}\t{item.path}\n")
    if lines is not None:
        lines.close()
    return counts


@click.group()
def archive() -> None:
    """The images: verify that they are whole, make the index again."""


@archive.command("verify")
@command
async def archive_verify() -> None:
    """Read every image again; exit status 1 if one is gone or has changed."""
    faults = total = 0
    async with open_node(settings.load()) as node:
        for organisation_id in (await everywhere(node)).organisation_ids:
            async for item in room.verify(node.room, organisation_id):
                total += 1
                if item.fault:
                    faults += 1
                    click.secho(f"{item.blob}: {item.fault}", fg="red")
    click.echo(f"{total} images read, {faults} with a fault")
    sys.exit(1 if faults else 0)


@archive.command("reindex")
@command
async def archive_reindex() -> None:
    """Index every file that the index does not know, and read again what it knows too little of."""
    async with open_node(settings.load()) as node:
        node.room.index.start()
        number = await room.reindex(node.room)
        await node.room.intake.stop()
    click.echo(f"{number} files were not in the index and are now")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@command
async def backup(folder: Path) -> None:
    """Copy database and images to FOLDER, with a manifest; again to the same FOLDER copies only what is new."""
    async with open_node(settings.load()) as node:
        number = await safekeeping.backup(node, folder)
    click.echo(f"{number} images and the database are in {folder}")


@click.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@command
async def restore(folder: Path) -> None:
    """Bring a backup in FOLDER back, into an empty data directory."""
    number = await safekeeping.restore(settings.load(), folder)
    click.echo(f"{number} images and the database are back")
