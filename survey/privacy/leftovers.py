"""Files that nothing refers to any more: erased letters, imports that were given up, half-written files (G-15)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.claims.letters import FOLDER as LETTERS
from survey.desk.bundle_actions import FOLDER as BUNDLES
from survey.desk.import_store import FOLDER as IMPORTS
from survey.evidence.keeping import FOLDER as PROOF
from survey.evidence.keeping import small_of
from survey.models import Bundle, Claim, Evidence

SETTLING: Final = timedelta(days=1)
"""A file is written before the transaction that names it ends: younger ones are left alone."""

NAMED: Final[Mapping[str, Any]] = {LETTERS: Claim.letter_file, BUNDLES: Bundle.file, PROOF: Evidence.file}
"""Folders whose files are removed once no row names them in this column."""

LASTING: Final = (Claim.letter_file, Evidence.file)
"""Columns that name what cannot be made again."""

FOLDERS: Final[Mapping[str, timedelta]] = {
    IMPORTS: timedelta(days=1),
    "messages": timedelta(days=30),
}
"""Folders below the data folder whose files are removed once they are this old, whoever forgot them."""


def leftovers(session: Session, folder: Path, now: datetime) -> list[Path]:
    """The files to remove: those that no row names, and whatever is left in the other folders for too long."""
    kept = {folder / file for column in NAMED.values() for file in session.scalars(sa.select(column)) if file}
    kept |= {folder / small_of(file) for file in session.scalars(sa.select(Evidence.file)) if file}
    unnamed = [path for name in NAMED for path in _older(folder / name, now - SETTLING) if path not in kept]
    return unnamed + [path for name, age in FOLDERS.items() for path in _older(folder / name, now - age)]


def lost(session: Session, folder: Path) -> list[str]:
    """Files that a row names and that are gone, relative to the data folder: somebody has to look for a backup."""
    named = (file for column in LASTING for file in session.scalars(sa.select(column).order_by(column)) if file)
    return [file for file in named if not (folder / file).is_file()]


def _older(folder: Path, before: datetime) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.stat().st_mtime < before.timestamp():
            yield path


def remove(folder: Path, files: Iterable[str | Path]) -> int:
    """Remove files below the data folder, by path or relative to it; how many there were. None outside is touched."""
    top, count = folder.resolve(), 0
    for file in files:
        path = (top / file).resolve()
        if path.is_relative_to(top) and path.is_file():
            path.unlink()
            count += 1
    return count
