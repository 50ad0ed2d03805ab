"""The list between check and import: kept under the hash of its content, so that what was checked is what is imported.

Each file is its uploader's alone and is removed when it was imported, or after an hour.
"""

from __future__ import annotations

import hashlib
import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

FOLDER: Final = "imports"
KEPT: Final = timedelta(hours=1)
_KEY: Final = re.compile(r"[0-9a-f]{64}\.(?:xlsx|csv)")


def keep(data_directory: Path, owner: str, data: bytes, name: str, now: datetime) -> str:
    """Keep a list for `owner` (the person's public id) and return the key that finds it again."""
    folder = data_directory / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    forget_old(data_directory, now)
    key = hashlib.sha256(data).hexdigest() + (".csv" if name.lower().endswith(".csv") else ".xlsx")
    path = folder / f"{owner}-{key}"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    os.utime(path, (now.timestamp(), now.timestamp()))
    return key


def kept(data_directory: Path, owner: str, key: str, now: datetime) -> bytes | None:
    """The list with this key, exactly as it was checked; None if it was never there or its time is over."""
    forget_old(data_directory, now)
    if not _KEY.fullmatch(key):
        return None
    try:
        data = _path(data_directory, owner, key).read_bytes()
    except FileNotFoundError:
        return None
    return data if hashlib.sha256(data).hexdigest() == key.partition(".")[0] else None


def forget(data_directory: Path, owner: str, key: str) -> None:
    if _KEY.fullmatch(key):
        _path(data_directory, owner, key).unlink(missing_ok=True)


def forget_old(data_directory: Path, now: datetime) -> None:
    """Remove lists that nobody imported in time; every use of the store does so."""
    oldest = (now - KEPT).timestamp()
    for path in (data_directory / FOLDER).glob("*"):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:  # another process was quicker
            continue


def _path(data_directory: Path, owner: str, key: str) -> Path:
    return data_directory / FOLDER / f"{owner}-{key}"
