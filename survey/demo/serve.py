"""The parent: starts the web server and the worker, waits, and stops both, whichever way it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

from survey.demo.place import TOP, Refused

HOST: Final = "127.0.0.1"
STARTING_SECONDS: Final = 30
STOPPING_SECONDS: Final = 15

WEB: Final = (
    *("-m", "granian", "--interface", "wsgi", "--host", HOST, "--workers", "1", "--blocking-threads", "4"),
    *("--no-ws", "--log-level", "warning"),
)
WORKER: Final = ("-m", "survey.worker")
STOPS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked the parent to stop."""


def free_port(port: int) -> int:
    """The port, or any free one for 0. Raises `Refused` if it is taken."""
    with socket.socket() as probe:
        # As the server does it: a connection of the last run that lingers is no reason to refuse.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Refused(
                f"Port {port} cannot be used: {error.strerror}. Is the demo, or another program, running there? "
                f"Choose another port: python -m survey.demo --port {port + 1 if port < 65535 else 8080}"
            ) from None
        number: int = probe.getsockname()[1]
        return number


def serve(environment: Mapping[str, str], port: int) -> int:
    """Run web and worker until a signal comes (0) or one of them ends by itself (1)."""
    for number in STOPS:
        signal.signal(number, _stop)
    commands = {"web server": (*WEB, "--port", str(port), "wsgi:app"), "worker": WORKER}
    try:
        with _running(commands, environment) as processes:
            if _answers_soon(processes, port):
                print(f"\nThe demo runs at http://{HOST}:{port}/  (stop with Ctrl+C)", flush=True)
                _wait_for_an_end(processes)
            print(_fault(processes), file=sys.stderr)
            return 1
    except Stopped:
        return 0


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


@contextmanager
def _running(
    commands: Mapping[str, tuple[str, ...]], environment: Mapping[str, str]
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Each command as a process group of its own, so that Ctrl+C reaches only the parent, which then stops all."""
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, arguments in commands.items():
            processes[name] = subprocess.Popen(  # noqa: S603 -- our own two programs
                [sys.executable, *arguments], cwd=TOP, env=environment, start_new_session=True
            )
        yield processes
    finally:
        with suppress(OSError):  # whoever listened may be gone
            print("\nStopping …", flush=True)
        _stop_all(list(processes.values()))


def _stop_all(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask, wait, then kill what is left of each group. A second signal changes nothing any more."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    for process in processes:
        with suppress(ProcessLookupError):
            process.terminate()
    until = time.monotonic() + STOPPING_SECONDS
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, until - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers_soon(processes: Mapping[str, subprocess.Popen[bytes]], port: int) -> bool:
    until = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < until and not _ended(processes):
        with suppress(OSError), socket.create_connection((HOST, port), 1):
            return True
        time.sleep(0.05)
    return False


def _wait_for_an_end(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    while not _ended(processes):
        time.sleep(0.5)


def _fault(processes: Mapping[str, subprocess.Popen[bytes]]) -> str:
    if name := _ended(processes):
        return f"The {name} has ended by itself (code {processes[name].returncode})."
    return f"The web server did not answer within {STARTING_SECONDS} seconds."


def _ended(processes: Mapping[str, subprocess.Popen[bytes]]) -> str:
    """The name of a process that has ended, if one has."""
    return next((name for name, process in processes.items() if process.poll() is not None), "")
