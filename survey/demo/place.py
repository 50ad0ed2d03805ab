"""The demonstration's own folder: secret, database, accounts. It never shares anything with a real site."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config

from survey.demo.load import Account
from survey.settings import PREFIX

TOP: Final = Path(__file__).resolve().parents[2]
LOCK: Final = "demo.lock"
"""Held while the demonstration runs; its presence says that the folder is ours to empty."""


class Refused(Exception):
    """The demonstration cannot start; the message says why and what to do."""


def refuse_settings(environ: Mapping[str, str]) -> None:
    """The demonstration makes its own settings: somebody's settings for a real site must not mix with them."""
    set_by_hand = sorted(name for name in environ if name.startswith(PREFIX))
    if set_by_hand:
        raise Refused(
            f"The demo makes its own settings and never touches another site's database, but these are set: "
            f"{', '.join(set_by_hand)}. Take them away (unset {' '.join(set_by_hand)}) and start again."
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A folder and what lies in it."""

    folder: Path

    @property
    def accounts(self) -> Path:
        """Written last: where it is missing, the demonstration was never made to the end."""
        return self.folder / "accounts.txt"

    @property
    def factors(self) -> Path:
        """What the codes of the second step are made from: an address and a secret in each line."""
        return self.folder / "factors.txt"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder / 'platform.db'}"

    @property
    def secret_file(self) -> Path:
        return self.folder / "secret.key"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder and keep others from using it meanwhile. Raises `Refused`."""
        lock = self.folder / LOCK
        if self.folder.exists() and not lock.exists() and any(self.folder.iterdir()):
            raise Refused(f"{self.folder} holds something that is not the demo's. Name an empty folder.")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with lock.open("a", encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused(f"The demo in {self.folder} is running already. Stop it first (Ctrl+C).") from None
            yield

    def empty(self) -> None:
        """Take everything away but the lock."""
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != LOCK:
                path.unlink()

    def secret(self) -> str:
        """The key of this demonstration, made at random the first time."""
        if not self.secret_file.exists():
            write_private(self.secret_file, secrets.token_urlsafe(48))
        return self.secret_file.read_text(encoding="ascii").strip()

    def migrate(self) -> None:
        """Make the database, or bring it up to date."""
        config = Config(TOP / "alembic.ini")
        config.attributes["database_url"] = self.database_url
        command.upgrade(config, "head")

    def environment(self, port: int) -> dict[str, str]:
        """The settings of web and worker: reachable from this machine only."""
        mine = {
            "SECRET_KEY_FILE": str(self.secret_file),
            "DATABASE_URL": self.database_url,
            "DATA_DIRECTORY": str(self.folder),
            "BASE_URL": f"http://127.0.0.1:{port}",
            "TRUSTED_HOSTS": "127.0.0.1,localhost",
            "SECURE_COOKIES": "false",
            "DEMO": "true",
            "LOG_LEVEL": "warning",
            "WORKER_PROCESSES": "1",
        }
        return {**os.environ, **{PREFIX + name: value for name, value in mine.items()}}


def write_private(path: Path, text: str) -> None:
    """All of it or nothing, readable by its owner only."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


def listing(accounts: list[Account]) -> str:
    """The accounts as they are kept and printed."""
    lines = [
        f"  {each.address:<24}{each.password:<22}{each.firm + ': ' if each.firm else ''}{each.about}\n"
        for each in accounts
    ]
    return "".join(lines)
