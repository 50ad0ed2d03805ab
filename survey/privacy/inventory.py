"""What every column of every table holds, why, for how long, and how it is erased: inventory.yaml, read and printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from survey.privacy.retention import RULES

FILE: Final = Path(__file__).with_name("inventory.yaml")
CLASSES: Final = ("personal", "contact", "credential", "reference", "business", "technical")
OF_PEOPLE: Final = ("personal", "contact")
"""Classes whose columns a person receives in the own copy."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One column. `rule` names a row of RULES or is empty; `left_out` says why it is in no copy, or is empty."""

    table: str
    column: str
    kind: str
    purpose: str
    kept: str
    erased: str
    rule: str
    left_out: str


@cache
def inventory() -> tuple[Entry, ...]:
    """Every entry in the order of the file."""
    tables = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(entry for table, said in tables.items() for entry in _entries(table, said))


def _entries(table: str, said: dict[str, Any]) -> Iterator[Entry]:
    for group in said["data"]:
        for column in group["columns"]:
            yield Entry(
                table=table,
                column=column,
                kind=group["class"],
                purpose=group["purpose"],
                kept=group.get("kept", said.get("kept", "")),
                erased=group.get("erased", said.get("erased", "")),
                rule=group.get("rule", ""),
                left_out=group.get("left_out", ""),
            )


HEAD: Final = """# Personal data and business data

Printed by `flask --app wsgi privacy inventory` from `survey/privacy/inventory.yaml`, which a test compares with the
tables. What people are told stands in the privacy notice (`/privacy`).

## What is erased when

`flask --app wsgi privacy retain` runs every night (`deploy/assessment-retain.timer`) and erases what has had its time:

{rules}

Files that nothing refers to any more are removed by the same command: letters of authorisation, imports that were given
up, and messages written by the file driver. Closing an account erases the person at once
(`survey/privacy/erasing.py`).

## Every column

Classes: `personal` says something about a person; `contact` is a number or an address; `credential` a secret or its
hash; `reference` the number of an account, which leads to an emptied row after closing; `business` is data of a firm;
`technical` says nothing about either.

| table | columns | class | purpose | kept | erased |
|---|---|---|---|---|---|
"""


def as_markdown() -> str:
    """The page for docs/."""
    rules = "\n".join(f"* {rule.about}" for rule in RULES.values())
    return HEAD.format(rules=rules) + "".join(f"| {' | '.join(row)} |\n" for row in _rows())


def _rows() -> Iterator[tuple[str, ...]]:
    """Columns of one table that share everything stand in one row."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for entry in inventory():
        key = (entry.table, entry.kind, entry.purpose, entry.kept, entry.erased)
        groups.setdefault(key, []).append(f"`{entry.column}`")
    for (table, kind, purpose, kept, erased), columns in groups.items():
        yield f"`{table}`", ", ".join(columns), kind, purpose, kept, erased
