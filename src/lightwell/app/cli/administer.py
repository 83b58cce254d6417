"""Commands that administer: who may sign in, who may send, certificates, the audit trail."""

import sys
from datetime import timedelta
from pathlib import Path

import click
import msgspec

from lightwell import archive
from lightwell.app.cli.frame import administration, command, table
from lightwell.core import clock, settings
from lightwell.core import tls as certificates
from lightwell.core.actors import ROLES
from lightwell.core.audit import chain
from lightwell.core.auth import accounts, sessions
from lightwell.core.db.roles import Role
from lightwell.core.errors import InvalidRequest, NotFound

_ROLES = click.Choice(sorted(ROLES))


@click.group()
def user() -> None:
    """People who may sign in."""


@user.command("list")
@command
async def user_list() -> None:
    """List accounts with their roles."""
    async with administration() as (_, tx):
        table(list(await accounts.overview(tx)), "user", "name", "active", "roles")


@user.command("create")
@click.argument("username")
@click.option("--name", default="", help="How the person is called.")
@click.option("--organisation", required=True, help="Code of the organisation; `lightwell organisation list`.")
@click.option("--role", type=_ROLES, default="reader", show_default=True)
@click.option("--locale", type=click.Choice(["zh-CN", "en"]), default="zh-CN", show_default=True)
@click.password_option()
@command
async def user_create(username: str, name: str, organisation: str, role: str, locale: str, password: str) -> None:
    """Create an account."""
    async with administration() as (_, tx):
        place = await accounts.organisation_of_code(tx, organisation)
        number = await accounts.create(tx, username, password, display_name=name, locale=locale)
        await accounts.join(tx, number, place.id, role)
    click.echo(f"user {username} may sign in")


@user.command("join")
@click.argument("username")
@click.option("--organisation", required=True)
@click.option("--role", type=_ROLES, required=True)
@command
async def user_join(username: str, organisation: str, role: str) -> None:
    """Give an account a further role."""
    async with administration() as (_, tx):
        account = await accounts.find(tx, username)
        if account is None:
            message = f"there is no user {username}"
            raise NotFound(message)
        await accounts.join(tx, account.id, (await accounts.organisation_of_code(tx, organisation)).id, role)


@user.command("password")
@click.argument("username")
@click.password_option()
@command
async def user_password(username: str, password: str) -> None:
    """Set an account's password."""
    async with administration() as (_, tx):
        await accounts.set_password(tx, username, password)


@user.command("disable")
@click.argument("username")
@command
async def user_disable(username: str) -> None:
    """Let an account sign in no more."""
    async with administration() as (_, tx):
        await accounts.set_active(tx, username, is_active=False)


@click.group()
def token() -> None:
    """Keys for programs: Authorization: Bearer ..."""


@token.command("create")
@click.option("--user", "username", required=True, help="The account that the program acts as.")
@click.option("--label", default="command line", show_default=True)
@click.option("--days", type=int, default=0, help="Valid for so many days; 0 has no end.")
@command
async def token_create(username: str, label: str, days: int) -> None:
    """Create a token and print it; this is the only time it can be seen."""
    async with administration() as (_, tx):
        account = await accounts.find(tx, username)
        if account is None:
            message = f"there is no user {username}"
            raise NotFound(message)
        until = clock.now() + timedelta(days=days) if days else None
        click.echo(await sessions.create_token(tx, account, label, until))


@click.group()
def organisation() -> None:
    """Hospitals and whoever else owns images."""


@organisation.command("list")
@command
async def organisation_list() -> None:
    """List organisations."""
    async with administration() as (_, tx):
        rows = [(item.code, item.name, item.name_en) for item in await accounts.organisations(tx)]
    table(list(rows), "code", "name", "name (en)")


@organisation.command("create")
@click.argument("code")
@click.argument("name")
@click.argument("name_en")
@command
async def organisation_create(code: str, name: str, name_en: str) -> None:
    """Create an organisation, or rename the one of that code."""
    async with administration() as (_, tx):
        await accounts.create_organisation(tx, code, name, name_en)


@click.group()
def peer() -> None:
    """Machines that may send images."""


@peer.command("list")
@command
async def peer_list() -> None:
    """List machines that may send."""
    async with administration() as (_, tx):
        rows = [
            (p.id, p.organisation_id, p.label, p.called_ae, p.calling_ae, p.network, p.is_trusted)
            for p in await archive.list_peers(tx)
        ]
    table(list(rows), "id", "organisation", "label", "called AE", "calling AE", "network", "trusted")


@peer.command("add")
@click.argument("calling_ae")
@click.option("--organisation", required=True, help="Code of the organisation whose images they are.")
@click.option("--called-ae", default="", help="The AE title that the machine calls; default is this node's.")
@click.option("--network", default="0.0.0.0/0", show_default=True, help="Address or range it calls from.")
@click.option("--certificate", "certificate_sha256", default="", help="SHA-256 of its client certificate (TLS).")
@click.option("--label", default="", help="What people call it.")
@click.option("--untrusted", is_flag=True, help="Keep its images in quarantine until an engineer looked at them.")
@click.option("--coercion", default="{}", help='For example {"PatientID": {"prefix": "LJ-"}}.')
@command
async def peer_add(
    calling_ae: str,
    organisation: str,
    called_ae: str,
    network: str,
    certificate_sha256: str,
    label: str,
    untrusted: bool,  # noqa: FBT001 -- click passes flags by name
    coercion: str,
) -> None:
    """Let a machine send; CALLING_AE * stands for any."""
    async with administration() as (node, tx):
        place = await accounts.organisation_of_code(tx, organisation)
        await archive.add_peer(
            tx,
            place.id,
            label or calling_ae,
            called_ae or node.machines.settings.ae_title,
            calling_ae,
            network=network,
            certificate_sha256=certificate_sha256,
            is_trusted=not untrusted,
            coercion=_rules(coercion),
        )
    click.echo(f"{calling_ae} may send for {organisation}")


def _rules(text: str) -> dict[str, dict[str, str]]:
    try:
        return msgspec.json.decode(text, type=dict[str, dict[str, str]])
    except msgspec.DecodeError as error:
        message = f"--coercion is a JSON object of rules: {error}"
        raise InvalidRequest(message) from error


@peer.command("address")
@click.argument("peer_id", type=int)
@click.argument("host")
@click.argument("port", type=int)
@click.option("--tls", "is_tls", is_flag=True, help="It listens by TLS.")
@command
async def peer_address(peer_id: int, host: str, port: int, is_tls: bool) -> None:  # noqa: FBT001 -- click's way
    """Note where a peer listens, so that images can be sent to it."""
    async with administration() as (_, tx):
        await archive.set_address(tx, peer_id, host, port, is_tls=is_tls)


@peer.command("echo")
@click.argument("title")
@command
async def peer_echo(title: str) -> None:
    """Ask the peer TITLE whether it is there (C-ECHO)."""
    async with administration() as (node, tx):
        milliseconds = await archive.echo(node.machines, await archive.find_destination(tx, title))
    click.echo(f"{title} answers after {milliseconds:.0f} ms")


@peer.command("remove")
@click.argument("peer_id", type=int)
@command
async def peer_remove(peer_id: int) -> None:
    """Let a machine send no more."""
    async with administration() as (_, tx):
        await archive.remove_peer(tx, peer_id)


@click.group()
def tls() -> None:
    """Certificates of this node and its peers, from a local authority."""


@tls.command("init")
@click.argument("host_names", nargs=-1, required=True)
def tls_init(host_names: tuple[str, ...]) -> None:
    """Make the authority and this node's certificate for the HOST_NAMES (names and addresses)."""
    files = certificates.ensure_certificates(settings.load().data_dir / "tls", host_names)
    click.echo(f"authority    {files.ca_certificate}\ncertificate  {files.certificate}\nkey          {files.key}")


@tls.command("issue")
@click.argument("common_name")
@click.argument("host_names", nargs=-1)
@click.option("--kind", type=click.Choice(["server", "client"]), default="client", show_default=True)
def tls_issue(common_name: str, host_names: tuple[str, ...], kind: str) -> None:
    """Issue a certificate for a peer, and print the fingerprint that `peer add --certificate` takes."""
    folder = settings.load().data_dir / "tls"
    files = certificates.issue(folder, common_name, host_names, "server" if kind == "server" else "client")
    click.echo(f"certificate  {files.certificate}\nkey          {files.key}")
    click.echo(f"fingerprint  {_fingerprint(files.certificate)}")


def _fingerprint(path: Path) -> str:
    import ssl  # noqa: PLC0415 -- only this command needs it

    return certificates.fingerprint(ssl.PEM_cert_to_DER_cert(path.read_text()))


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
@command
async def audit_verify() -> None:
    """Walk the hash chain; exit status 1 if a row was changed, removed or put in."""
    async with administration() as (node, tx):
        del tx
        async with node.machines.database.connection(Role.OWNER) as connection:
            verdict = await chain.verify(connection)
    click.echo(f"{verdict.links} rows chained, head {verdict.head.hex()}")
    since = f", oldest {verdict.unsealed_since:%Y-%m-%d %H:%M:%S}" if verdict.unsealed_since else ""
    click.echo(f"{verdict.unsealed} rows not chained yet{since}")
    for fault in verdict.faults:
        click.secho(fault, fg="red")
    sys.exit(1 if verdict.faults else 0)
