"""Commands that hand images over: export to a folder or disc, send to another machine."""

import sys
import tempfile
from pathlib import Path

import click

from lightwell import archive as room
from lightwell.app.cli.frame import command, everywhere
from lightwell.app.node import Node, open_node
from lightwell.archive.medium import Medium, write_medium
from lightwell.core import settings
from lightwell.core.errors import NotFound


async def _images(node: Node, study: str) -> list[room.InstanceRow]:
    async with node.machines.transactions.begin(await everywhere(node)) as tx:
        rows = await room.retrieved(tx, node.room.index, "export", studies=[study])
    if not rows:
        message = f"there is no study {study}"
        raise NotFound(message)
    return rows


@click.command("export")
@click.argument("study")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--dicomdir", is_flag=True, help="Make a disc for other readers: a DICOMDIR and short file names.")
@command
async def export_(study: str, folder: Path, dicomdir: bool) -> None:  # noqa: FBT001 -- click passes flags by name
    """Write the images of STUDY (its UID) below FOLDER, as they are stored; exit status 1 if a disc lacks some."""
    async with open_node(settings.load()) as node:
        rows = await _images(node, study)
        with tempfile.TemporaryDirectory() as aside:
            place = Path(aside) if dicomdir else folder
            files = [file async for file in room.export(node.room, rows, place)]
            medium = write_medium(files, folder) if dicomdir else Medium(len(files))
    for file, why in medium.left_out.items():
        click.echo(f"{file.stem}: not on the disc, since a DICOMDIR cannot describe it ({why})", err=True)
    click.echo(f"{medium.number} images are in {folder}")
    sys.exit(1 if medium.left_out else 0)


@click.command()
@click.argument("study")
@click.argument("title")
@command
async def send(study: str, title: str) -> None:
    """Send the images of STUDY (its UID) to the peer TITLE; exit status 1 if it does not take them all."""
    taken = refused = 0
    async with open_node(settings.load()) as node:
        rows = await _images(node, study)
        async with node.machines.transactions.begin(await everywhere(node)) as tx:
            destination = await room.find_destination(tx, title)
        async for sent in room.send(node.room, rows, destination):
            if sent.is_failure:
                refused += 1
                click.echo(f"{sent.row.sop_instance_uid}: refused with {sent.status:04X}H", err=True)
            else:
                taken += 1
            if sys.stderr.isatty():
                click.echo(f"\r{taken + refused} of {len(rows)}", nl=False, err=True)
    click.echo(f"{taken} images sent to {title}, {refused} refused")
    sys.exit(1 if refused else 0)
