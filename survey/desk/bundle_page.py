"""How an order of many reports stands, ready for the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey.desk import bundle_queries as queries
from survey.desk.bundle_queries import WAITING, Content
from survey.models import Bundle

STATES: Final[Mapping[str, tuple[str, LazyString]]] = {
    "making": ("in_progress", _l("Being made")),
    "ready": ("done", _l("Ready")),
    "partly": ("warning", _l("Ready, with reports missing")),
    "failed": ("error", _l("Could not be made")),
    "over": ("not_started", _l("Removed after 7 days")),
    "left": ("warning", _l("Not to be fetched: firms have left your area")),
}
"""The mark and the word for each state of an order."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`settled` of `total` reports are there or have failed; `left` are firms that are not this office's any more."""

    public_id: str
    made_at: datetime
    until: datetime
    language: str
    state: str
    total: int
    settled: int
    failed: list[Content]
    left: list[Content]

    @property
    def mark(self) -> str:
        return STATES[self.state][0]

    @property
    def word(self) -> str:
        return str(STATES[self.state][1])

    @property
    def may_fetch(self) -> bool:
        return self.state in ("ready", "partly")


def standing(session: Session, bundle: Bundle, here: sa.ColumnElement[bool], folder: Path, now: datetime) -> Standing:
    """How an order stands for who made it. `here`: scopes a query that joins Area to the areas of that person."""
    found = [_with_file(each, folder) for each in queries.contents(session, bundle, here)]
    failed, left = [each for each in found if each.state == "failed"], [each for each in found if not each.here]
    return Standing(
        bundle.public_id,
        bundle.made_at,
        bundle.useless_after,
        bundle.language,
        _state(bundle, queries.zip_item(session, bundle).state, folder, now, failed, left),
        len(found),
        sum(each.state not in WAITING for each in found),
        failed,
        left,
    )


def _with_file(content: Content, folder: Path) -> Content:
    """A report whose file somebody removed counts as failed: it can be made again."""
    gone = content.state == "done" and not (content.file and (folder / content.file).is_file())
    return replace(content, state="failed") if gone else content


def _state(
    bundle: Bundle, zip_state: str, folder: Path, now: datetime, failed: Sequence[Content], left: Sequence[Content]
) -> str:
    if bundle.useless_after <= now and zip_state not in WAITING:
        return "over"
    if left:
        return "left"
    if zip_state in WAITING:
        return "making"
    if bundle.file is None or not (folder / bundle.file).is_file():
        return "failed"
    return "partly" if failed else "ready"
