"""The worker: `python -m survey.worker` makes what the table job_item asks for, until it is told to stop.

Each of its threads takes one item at a time and has it made in a process of its own: drawing PDFs in threads crashes,
and a process that dies takes nobody else's report with it. Killing the worker at any moment only delays.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import pkgutil
import signal
import sys
import threading
import time
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from multiprocessing.context import ForkServerContext
from typing import Any, Final

from huey.consumer import Consumer

from survey import jobs
from survey.app import create_app
from survey.auditing.sealing import keep_sealing
from survey.database import Database
from survey.demo.mark import refuse_demo_records
from survey.report.fonts import CONFIGURATION
from survey.settings import Settings, SettingsError

log = logging.getLogger("survey.worker")

POLL_SECONDS: Final = 1.0
STOP_SECONDS: Final = 0.1
RENEW_SECONDS: Final = 3.0
MOST_SECONDS: Final = 60.0
"""For one item, by the clock; the process sets itself a limit by processor time."""
ITEMS_PER_PROCESS: Final = 50
PRELOADED: Final = ["survey.report.make"]


class TookTooLong(Exception):
    """An item was not made in time."""


class Process:
    """A process that makes items one after another, replaced by a new one after `ITEMS_PER_PROCESS` or a fault."""

    def __init__(self, settings: Settings, context: ForkServerContext) -> None:
        self.settings, self.context = settings, context
        self.pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        """Warmed up at once, not by the first report."""
        prepare = pkgutil.resolve_name("survey.report.make:prepare")
        pool = ProcessPoolExecutor(1, mp_context=self.context, initializer=prepare, initargs=(self.settings,))
        pool.submit(os.getpid)
        self.left = ITEMS_PER_PROCESS
        return pool

    def submit(self, taken: jobs.Claim) -> Future[str]:
        self.left -= 1
        make = pkgutil.resolve_name(jobs.JOBS[taken.kind])
        return self.pool.submit(make, self.settings, taken.subject_id, taken.language)

    def replace(self) -> None:
        """A new process, however the old one is."""
        self.stop()
        self.pool = self._start()

    def stop(self) -> None:
        for process in list((self.pool._processes or {}).values()):
            process.kill()  # it holds nothing that another process could not make again
        self.pool.shutdown(wait=False, cancel_futures=True)


class Listener(Consumer):  # type: ignore[misc]  # huey has no types
    """Huey's consumer without its own signal handlers: it would set them over ours, and a signal in between be lost."""

    def _set_signal_handlers(self) -> None:
        pass


class Worker:
    """The threads with their processes, and what wakes them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database: Database = create_app(settings).extensions["database"]
        self.stopping = False  # a plain value: a handler that sets an event its own thread waits on can lock up
        self.waking = threading.Condition()
        self.ended = threading.Event()  # set by `run` itself, hence no such danger
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(PRELOADED)
        self.threads = [
            threading.Thread(target=self._work, name=f"maker-{n}") for n in range(settings.worker_processes)
        ]
        self.sealer = threading.Thread(target=keep_sealing, args=(self.database, self.ended), name="sealer")

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; what is being made then is finished first."""
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: self.stop())
        consumer = self._listen()
        for thread in (*self.threads, self.sealer):
            thread.start()
        log.info("worker started", extra={"processes": len(self.threads)})
        while not self.stopping:
            time.sleep(STOP_SECONDS)
        consumer.stop()
        for thread in self.threads:
            thread.join()
        self.ended.set()
        self.sealer.join()
        log.info("worker stopped")

    def stop(self) -> None:
        self.stopping = True

    def wake(self) -> None:
        with self.waking:
            self.waking.notify_all()

    def _listen(self) -> Consumer:
        """Hear the web processes' word that something was queued."""
        logging.getLogger("huey").setLevel(logging.WARNING)
        queue = jobs.queue(self.settings.data_directory)
        queue.listeners.append(self.wake)
        consumer = Listener(queue.huey, workers=1, periodic=False, initial_delay=0.05, max_delay=0.5)
        consumer.start()
        return consumer

    def _work(self) -> None:
        process = Process(self.settings, self.context)
        while not self.stopping:
            try:
                if not self._one(process):
                    with self.waking:
                        self.waking.wait(POLL_SECONDS)
            except Exception:  # the database may be away for a while; the worker is not
                log.exception("fault in worker")
                time.sleep(POLL_SECONDS)
        process.stop()

    def _one(self, process: Process) -> bool:
        """Take one item and see to it; False if there is none."""
        taken = self._take()
        if taken is None:
            return False
        started = time.monotonic()
        try:
            file = self._wait(process.submit(taken), taken)
        except jobs.NotYet:
            with self.database.write() as session:
                jobs.postpone(session, taken, datetime.now(UTC))
        except Exception as fault:  # any fault of a job is kept with it, and must not end the worker
            log.exception("item not made", extra={"item": taken.item_id, "attempt": taken.attempt})
            if isinstance(fault, BrokenProcessPool | TookTooLong):
                process.replace()
            with self.database.write() as session:
                jobs.fail(session, taken, f"{type(fault).__name__}: {fault}", datetime.now(UTC))
        else:
            with self.database.write() as session:
                jobs.finish(session, taken, file, datetime.now(UTC))
            seconds = round(time.monotonic() - started, 2)
            log.info("item made", extra={"item": taken.item_id, "kind": taken.kind, "seconds": seconds})
        if process.left <= 0:
            process.replace()
        return True

    def _take(self) -> jobs.Claim | None:
        now = datetime.now(UTC)
        with self.database.read() as session:
            if not jobs.anything_free(session, now):
                return None
        with self.database.write() as session:
            return jobs.claim(session, now)

    def _wait(self, future: Future[str], taken: jobs.Claim) -> str:
        """The file, while the lease is kept; raises after `MOST_SECONDS`, and what the maker raised."""
        end = time.monotonic() + MOST_SECONDS
        while time.monotonic() < end:
            if wait([future], RENEW_SECONDS).done:
                return future.result()
            with self.database.write() as session:
                jobs.renew(session, taken, datetime.now(UTC))
        raise TookTooLong(f"not made within {MOST_SECONDS:.0f} seconds")


def main(environ: Any = os.environ) -> None:
    environ.setdefault("FONTCONFIG_FILE", str(CONFIGURATION))
    try:
        settings = Settings.from_environment(environ)
        worker = Worker(settings)
        refuse_demo_records(settings, worker.database)
    except SettingsError as error:
        sys.exit(str(error))
    worker.run()


if __name__ == "__main__":
    main()
