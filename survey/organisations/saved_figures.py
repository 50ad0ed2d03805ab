"""What is said after figures were saved: which drafts they touch, and what stays as it was submitted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from survey import formatting
from survey.organisations import figures
from survey.organisations.figures import Asked
from survey.organisations.figures_page import Page
from survey.organisations.parts import Part, touched
from survey.organisations.queries import Key

MOST_CHANGED = 300
Link = tuple[str, str]
"""An address and its words."""


@dataclass(frozen=True, slots=True)
class Saved:
    """`changed` figures are saved; `drafts` use them from now on, `fixed` parts were submitted and do not change."""

    changed: int
    drafts: list[Link] = field(default_factory=list)
    fixed: list[tuple[str, str, str]] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)


def names(keys: Collection[Key]) -> list[str]:
    """The changed figures as an address carries them."""
    return [f"{kind}.{year}" for kind, year in sorted(keys)]


def keys_in(names: Sequence[str], known: Collection[Key]) -> set[Key]:
    """The figures in an address, as far as they are on the page."""
    wanted = set(names[:MOST_CHANGED])
    return {(kind, year) for kind, year in known if f"{kind}.{year}" in wanted}


def saved(page: Page, asking: Sequence[Part], keys: Collection[Key], language: str) -> Saved:
    used = touched(asking, keys)
    return Saved(
        changed=len(keys),
        drafts=[_link(part, language) for part in used if not part.fixed],
        fixed=[(*_link(part, language), _submitted(part)) for part in used if part.fixed],
        unverified=_unverified(page, keys, page.lost, language),
    )


def _link(part: Part, language: str) -> Link:
    assert part.submission is not None
    address = url_for("answering.sections", submission_id=part.submission.public_id)
    return address, part.instrument.title.say(language)


def _submitted(part: Part) -> str:
    assert part.submission is not None
    return str(_("unchanged: submitted on %(date)s", date=formatting.date(part.submission.submitted_at)))


def _unverified(page: Page, keys: Collection[Key], lost: Mapping[Key, datetime], language: str) -> list[str]:
    gone = [key for key in sorted(keys) if key in lost and key in page.stored and not page.stored[key].verified]
    return [figures.label(Asked(page.kinds[kind], year), language) for kind, year in gone]
