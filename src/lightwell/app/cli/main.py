"""All commands in one place."""

import platform

import click

from lightwell import __version__
from lightwell.app.cli import administer, handover, keep, messages, run
from lightwell.app.conformance import statement


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def main() -> None:
    """Lightwell: one open platform for the hospitals of a region.

    Settings come from LIGHTWELL_* variables and the TOML file that LIGHTWELL_CONFIG names.
    """


@main.command()
def version() -> None:
    """Print the versions of Lightwell and Python."""
    click.echo(f"lightwell {__version__}, Python {platform.python_version()}")


@main.command()
def conformance() -> None:
    """Print the DICOM Conformance Statement (PS3.2) of this version."""
    click.echo(statement(), nl=False)


for item in (
    run.serve,
    run.worker,
    run.demo,
    run.doctor,
    keep.import_,
    keep.archive,
    keep.backup,
    keep.restore,
    handover.export_,
    handover.send,
    administer.user,
    administer.token,
    administer.organisation,
    administer.peer,
    messages.hl7,
    administer.tls,
    administer.audit,
):
    main.add_command(item)
