"""Reads tests/access/matrix.yaml into rows, each of which says what every actor gets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("matrix.yaml")
SIGN_IN = "sign-in"
MISSING = "Zz0Zz0Zz0Zz0Zz0Zz0Zz0Z"
"""Looks like one of our ids and is nobody's."""


@dataclass(frozen=True)
class Row:
    """One method of one endpoint. `values` names things of the world, or is a text after "="."""

    resource: str
    relation: str
    method: str
    endpoint: str
    permission: str
    answers: tuple[int | str, ...]
    values: dict[str, str]
    form: dict[str, Any]
    exceptions: dict[str, tuple[int | str, ...]]

    @property
    def name(self) -> str:
        return f"{self.method} {self.endpoint}"

    def expected(self, actor: str) -> tuple[int | str, ...]:
        """The answers that are right: statuses, or that the actor is sent to sign in."""
        if actor in self.exceptions:
            return self.exceptions[actor]
        if self.permission != "public" and actor in matrix()["not signed in"]:
            return (SIGN_IN,)
        relation = matrix()["relations"][self.relation]
        rule = relation[self.permission]
        if rule == "everybody" or actor in rule["may"]:
            return self.answers
        return next(
            (status,) for status, actors in [*_refusals(rule), (relation["otherwise"], [actor])] if actor in actors
        )

    def parts(self, ids: dict[str, str], *, missing: bool = False) -> dict[str, str]:
        """The parts of the address; with `missing`, every id of a thing is replaced by one that is nobody's."""
        return {
            name: value[1:] if value.startswith("=") else MISSING if missing else ids.get(value, value)
            for name, value in self.values.items()
        }

    @property
    def loads(self) -> bool:
        """Whether the address names a thing."""
        return any(not value.startswith("=") for value in self.values.values())


def _refusals(rule: dict[Any, Any]) -> list[tuple[int, list[str]]]:
    return [(status, actors) for status, actors in rule.items() if isinstance(status, int)]


@cache
def matrix() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


@cache
def rows() -> tuple[Row, ...]:
    return tuple(
        _row(resource, said, name, row)
        for resource, said in matrix()["resources"].items()
        for name, row in said["routes"].items()
    )


def _row(resource: str, said: dict[str, Any], name: str, row: Any) -> Row:
    row = {"permission": row} if isinstance(row, str) else row
    method, endpoint = name.split()
    return Row(
        resource,
        said["relation"],
        method,
        endpoint,
        row["permission"],
        _statuses(row.get("answer", 200 if method == "GET" else 303)),
        {**said.get("values", {}), **row.get("values", {})},
        row.get("form", {}),
        {actor: _statuses(status) for actor, status in row.get("except", {}).items()},
    )


def _statuses(said: Any) -> tuple[int | str, ...]:
    return tuple(said) if isinstance(said, list) else (said,)
