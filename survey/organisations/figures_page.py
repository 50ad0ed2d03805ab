"""The page of all yearly figures that questionnaires use: what was typed, what looks wrong, what is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from flask_babel import gettext as _

from questionnaires.facts import FactKind
from questionnaires.faults import Fault, sentence
from survey import formatting
from survey.models import Fact
from survey.organisations import fact_groups, figures
from survey.organisations.figures import Asked, Control, Figure, Form, Remark, Typed, control, slip_warnings
from survey.organisations.queries import Key
from survey.organisations.sources import SOURCES, TYPED

Stored = Mapping[Key, Fact]
YEARS_SHOWN = 5
"""How many years back figures that nobody asks for any more stay on the page."""


@dataclass(frozen=True, slots=True)
class Page:
    """What there is to show: the figures on the page, their kinds, what is stored, and what lost its verification."""

    keys: frozenset[Key]
    kinds: Mapping[str, FactKind]
    stored: Stored
    lost: Mapping[Key, datetime] = field(default_factory=dict)

    def years(self, kind: str) -> list[int]:
        """The years of one kind, the latest first."""
        return sorted((year for each, year in self.keys if each == kind), reverse=True)

    def asked(self) -> list[Asked]:
        """Every figure, by group and kind, the latest year first."""
        groups = fact_groups.grouped({kind for kind, _year in self.keys})
        return [
            Asked(self.kinds[kind], year) for kinds in groups.values() for kind in kinds for year in self.years(kind)
        ]

    def open(self) -> Page:
        """The same with only the kinds of which a figure is missing."""
        missing = {kind for kind, year in self.keys if (kind, year) not in self.stored}
        keys = frozenset(key for key in self.keys if key[0] in missing)
        return Page(keys, self.kinds, self.stored, self.lost)


def page(
    asked: Iterable[Key], kinds: Mapping[str, FactKind], stored: Stored, lost: Mapping[Key, datetime], year: int
) -> Page:
    """The figures that are asked for, and those that were given before."""
    given = {key for key in stored if key[0] in kinds and year - YEARS_SHOWN < key[1]}
    return Page(frozenset({*asked, *given}), kinds, stored, lost)


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure; `mark` and `word` tell whether an officer has verified it."""

    control: Control
    mark: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of figure in its years. `used_by` are questionnaires; `source` is chosen for all years together."""

    id: str
    label: str
    hint: str
    why: str
    used_by: str
    cells: list[Cell]
    source: str
    source_base: str
    sources: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the books. `given` of its `total` figures are there."""

    id: str
    title: str
    given: int
    total: int
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Entry:
    """A posted page: figures that changed and are valid; by key faults, colleagues' changes, and what to confirm.

    `sources` holds where figures come from, by key, for those typed and for those that only changed in that.
    """

    typed: list[Typed] = field(default_factory=list)
    faults: dict[Key, str] = field(default_factory=dict)
    conflicts: dict[Key, str] = field(default_factory=dict)
    warnings: dict[Key, str] = field(default_factory=dict)
    sources: dict[Key, str] = field(default_factory=dict)


def read(form: Form, page: Page, language: str) -> Entry:
    """What the posted page says."""
    entry = Entry()
    for each in page.asked():
        found = figures.read(form, each, _figure(page.stored.get(each.key)))
        if isinstance(found, Fault):
            entry.faults[each.key] = sentence(found, language)
        elif found is not None:
            entry.typed.append(found)
            if _moved(form, found, page.stored.get(each.key)):
                entry.conflicts[each.key] = _conflict(found, page.stored.get(each.key))
    entry.warnings.update(_warnings(form, entry.typed, page.stored))
    entry.sources.update(_sources(form, page, {each.asked.key for each in entry.typed}))
    return entry


def _sources(form: Form, page: Page, typed: set[Key]) -> dict[Key, str]:
    """Where figures come from: said of those that were typed, and of all years where it was changed."""
    found = {}
    for kind, year in page.keys:
        source = form.get(f"s-{kind}", TYPED)
        changed = source != form.get(f"sb-{kind}", source) and (kind, year) in page.stored
        if source in SOURCES and ((kind, year) in typed or changed):
            found[kind, year] = source
    return found


def changes(entry: Entry, stored: Stored) -> list[tuple[str, int, int | None, str]]:
    """What is to be saved: what was typed, and the figures of which only the source is new."""
    typed = {each.asked.key: (each.value, each.unit) for each in entry.typed}
    resourced = {key: (stored[key].value, stored[key].unit) for key in entry.sources if key not in typed}
    return [(*key, *said) for key, said in {**resourced, **typed}.items()]


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


def groups(
    page: Page, uses: Mapping[str, list[str]], language: str, form: Form | None = None, entry: Entry | None = None
) -> list[Group]:
    """The page as it is drawn: stored figures, or what was typed where the page comes back.

    `uses` names the questionnaires that use a kind.
    """
    seen = entry or Entry()
    return [
        _group(page, group, [_row(page, page.kinds[kind], uses, form, seen, language) for kind in kinds])
        for group, kinds in fact_groups.grouped({kind for kind, _year in page.keys}).items()
    ]


def _group(page: Page, group: str, rows: list[Row]) -> Group:
    keys = [cell.control.asked.key for row in rows for cell in row.cells]
    given = sum(key in page.stored for key in keys)
    return Group(group, str(fact_groups.TITLES[group]), given, len(keys), rows)


def _row(
    page: Page, kind: FactKind, uses: Mapping[str, list[str]], form: Form | None, entry: Entry, language: str
) -> Row:
    years = page.years(kind.id)
    stored = [page.stored[kind.id, year].source for year in years if (kind.id, year) in page.stored]
    source = stored[0] if stored and stored[0] in SOURCES else TYPED
    return Row(
        kind.id,
        kind.label.say(language),
        kind.hint.say(language),
        kind.why.say(language),
        str(_(", ")).join(uses.get(kind.id, [])),
        [_cell(page, Asked(kind, year), form, entry, language) for year in years],
        source if form is None else form.get(f"s-{kind.id}", source),
        source,
        [(word, str(name)) for word, name in SOURCES.items()],
    )


def _cell(page: Page, each: Asked, form: Form | None, entry: Entry, language: str) -> Cell:
    fact, said_back = page.stored.get(each.key), None if form is not None else echo(each, page.stored)
    drawn = control(each, _figure(fact), form, _remark(each, entry), said_back, language)
    if fact is not None and fact.verified:
        return Cell(drawn, "done", _("Verified by an officer; a change needs a new look"))
    if fact is not None and each.key in page.lost:
        return Cell(
            drawn, "warning", _("Changed on %(date)s, no longer verified", date=formatting.date(page.lost[each.key]))
        )
    return Cell(drawn)


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
