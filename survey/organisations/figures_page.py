"""The page with staff, revenue and assets of two years: what was typed, what looks wrong, what is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from flask_babel import gettext as _

from questionnaires.catalogue import fact_kinds
from questionnaires.faults import Fault, sentence
from survey import formatting
from survey.models import Fact
from survey.organisations import figures
from survey.organisations.figures import Asked, Control, Figure, Form, Remark, Typed, control, slip_warnings
from survey.organisations.queries import FIGURES, Key

Stored = Mapping[Key, Fact]


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of figure in both years."""

    label: str
    hint: str
    why: str
    cells: list[Control]


@dataclass(frozen=True, slots=True)
class Entry:
    """A posted page: figures that changed and are valid; by key faults, colleagues' changes, and what to confirm."""

    typed: list[Typed] = field(default_factory=list)
    faults: dict[Key, str] = field(default_factory=dict)
    conflicts: dict[Key, str] = field(default_factory=dict)
    warnings: dict[Key, str] = field(default_factory=dict)


def asked(year: int) -> list[Asked]:
    """All figures of the page, kind by kind, the reference year first."""
    kinds = fact_kinds()
    return [Asked(kinds[kind], when) for kind in FIGURES for when in (year, year - 1)]


def read(form: Form, year: int, stored: Stored, language: str) -> Entry:
    """What the posted page says."""
    entry = Entry()
    for each in asked(year):
        found = figures.read(form, each, _figure(stored.get(each.key)))
        if isinstance(found, Fault):
            entry.faults[each.key] = sentence(found, language)
        elif found is not None:
            entry.typed.append(found)
            if _moved(form, found, stored.get(each.key)):
                entry.conflicts[each.key] = _conflict(found, stored.get(each.key))
    entry.warnings.update(_warnings(form, entry.typed, stored))
    return entry


def _figure(fact: Fact | None) -> Figure | None:
    return None if fact is None else Figure(fact.value, fact.unit)


# -- colleagues and slips ----------------------------------------------------------------------------------------------


def _moved(form: Form, typed: Typed, fact: Fact | None) -> bool:
    """Whether a colleague has saved another value than the person saw and now sends."""
    now_there = (None if fact is None else fact.value) != typed.value
    return now_there and figures.moved(form, typed.asked, _figure(fact))


def _conflict(typed: Typed, fact: Fact | None) -> str:
    mine = figures.said(typed.asked.kind, typed.value)
    if fact is None:
        return str(
            _(
                "A colleague has removed this figure in the meantime; you entered %(mine)s. Save again to keep yours.",
                mine=mine,
            )
        )
    text: str = _(
        "A colleague saved %(theirs)s in the meantime (%(time)s); you entered %(mine)s. "
        "Leave yours and save again to replace it, or enter the colleague's figure.",
        theirs=figures.said(typed.asked.kind, fact.value),
        time=formatting.datetime(fact.updated_at),
        mine=mine,
    )
    return text


def _warnings(form: Form, typed: list[Typed], stored: Stored) -> dict[Key, str]:
    known = {key: fact.value for key, fact in stored.items()}
    return dict(slip_warnings(typed, known, lambda each: form.get(each.asked.confirm_name) == str(each.value)))


# -- drawing -----------------------------------------------------------------------------------------------------------


def rows(year: int, stored: Stored, language: str, form: Form | None = None, entry: Entry | None = None) -> list[Row]:
    """The page as it is drawn: stored figures, or what was typed where the page comes back."""
    seen = entry or Entry()
    return [
        Row(
            kind.label.say(language),
            kind.hint.say(language),
            kind.why.say(language),
            [_cell(Asked(kind, when), stored, form, seen, language) for when in (year, year - 1)],
        )
        for kind in (fact_kinds()[kind_id] for kind_id in FIGURES)
    ]


def _cell(each: Asked, stored: Stored, form: Form | None, entry: Entry, language: str) -> Control:
    said_back = None if form is not None else echo(each, stored)
    return control(each, _figure(stored.get(each.key)), form, _remark(each, entry), said_back, language)


def _remark(each: Asked, entry: Entry) -> Remark | None:
    """What is said beside a figure; one that only looks wrong can be confirmed."""
    refused = entry.faults.get(each.key) or entry.conflicts.get(each.key)
    if refused:
        return Remark(refused)
    typed = next((one for one in entry.typed if one.asked == each), None)
    warning = entry.warnings.get(each.key)
    return Remark(warning, str(typed.value)) if warning and typed else None


def echo(each: Asked, stored: Stored) -> str | None:
    """A saved figure said back: an amount in 万元, and the change against the year before."""
    figure = _figure(stored.get(each.key))
    if figure is None:
        return None
    before = stored.get((each.kind.id, each.year - 1))
    said = [figures.echo(each.kind, figure), growth(figure.value, before.value, each.year - 1) if before else None]
    return str(_(", ")).join(part for part in said if part) or None


def growth(value: int, before: int, year: int) -> str | None:
    """The change against an earlier year in percent, cut to one decimal; none from 0."""
    if before <= 0:
        return None
    share = Fraction(value - before, before)
    if share == 0:
        return str(_("the same as in %(year)s", year=year))
    percent = formatting.percent(abs(share))
    if share > 0:
        return str(_("%(percent)s more than in %(year)s", percent=percent, year=year))
    return str(_("%(percent)s less than in %(year)s", percent=percent, year=year))
