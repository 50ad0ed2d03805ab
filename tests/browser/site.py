"""The whole site as it runs: web server and worker as processes of their own, on a real database."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from questionnaires import catalogue
from survey.app import create_app
from survey.settings import Settings
from tests.cast import make_round_of
from tests.databases import migrated

ROOT = Path(__file__).parents[2]
SECONDS = 90
DIGITAL = {"digital": "2024"}


@dataclass(frozen=True)
class Site:
    """Where it answers, the folder it writes to, and the worker that makes the PDFs."""

    url: str
    data: Path
    worker: subprocess.Popen[bytes]
    database: str
    environment: Mapping[str, str]
    read: set[str] = field(default_factory=set)

    def message(self, to: str | None = None) -> str:
        """The text of the next message that leaves the site, or that one person gets: waits for the worker."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            for path in sorted((self.data / "messages").glob("*.json"), key=lambda path: path.stat().st_mtime_ns):
                if path.name not in self.read and path.stat().st_size:
                    message = json.loads(path.read_text(encoding="utf-8"))
                    if to in (None, message["recipient"]):
                        self.read.add(path.name)
                        return str(message["text"])
            time.sleep(0.05)
        raise AssertionError(f"no message has left the site for {to or 'anybody'}")

    def code(self, to: str | None = None) -> str:
        """The code in the next message."""
        return re.findall(r"(?<!\d)\d{6}(?!\d)", self.message(to))[0]

    def link(self, to: str) -> str:
        """The path of the link in the next message to somebody."""
        return re.findall(rf"{re.escape(self.url)}(/[^\s\u3000-\uffef]+)", self.message(to))[0].rstrip(".")

    def command(self, *words: str) -> str:
        """What a command of the site prints, run on this database."""
        program = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        done = subprocess.run(
            program, cwd=ROOT, env=_with(self.environment), capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @contextmanager
    def worker_halted(self) -> Iterator[None]:
        """Nothing is made in here, so that a page that waits for it is really seen."""
        self.worker.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.worker.send_signal(signal.SIGCONT)


@contextmanager
def running(kind: str, folder: Path, *, parts: Mapping[str, str] = DIGITAL) -> Iterator[Site]:
    """The site on a fresh database with one open round of these questionnaires, each with its version."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    database = migrated(kind, folder / "site.db")
    environment = _environment(url, database, folder / "data")
    app = create_app(Settings.from_environment(environment))
    with app.app_context(), app.extensions["database"].write() as session:
        make_round_of(session, [catalogue.builtin(name, version) for name, version in parts.items()])
    app.extensions["database"].close()
    web = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    web += ["--blocking-threads", "4", "--no-ws", "--log-level", "warning", "wsgi:app"]
    worker = _start(["-m", "survey.worker"], environment)
    programs = [_start(web, environment), worker]
    try:
        _wait(url)
        yield Site(url, folder / "data", worker, database, environment)
    finally:
        for program in programs:
            program.terminate()
        late = [program.args for program in programs if not _ended(program)]
        assert not late, "they did not end when told to"


def _environment(url: str, database: str, data: Path) -> dict[str, str]:
    return {
        "SME_SECRET_KEY": secrets.token_urlsafe(48),
        "SME_DATABASE_URL": database,
        "SME_DATA_DIRECTORY": str(data),
        "SME_BASE_URL": url,
        "SME_SECURE_COOKIES": "false",
        "SME_LOG_LEVEL": "error",
    }


def _start(arguments: list[str], own: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=_with(own))


def _ended(program: subprocess.Popen[bytes]) -> bool:
    """Whether it ended by itself; it is gone in any case, so that nothing stays behind."""
    try:
        program.wait(SECONDS)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
        return False
    return True


def _with(own: Mapping[str, str]) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("SME_")}
    return {**plain, **own}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def _wait(url: str) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  # our own address
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")
