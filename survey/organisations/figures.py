"""Figures on a page: what was typed, how a stored value is shown again, and what looks like a slip of the unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from questionnaires.exact import exact
from questionnaires.facts import UNITS, FactKind
from questionnaires.faults import Fault
from survey import formatting
from survey.organisations.magnitude import slip

Form = MultiDict[str, str]
Key = tuple[str, int]
"""Kind and year of a figure."""
WAN = 10_000

UNIT_NAMES = {
    "yuan": _l("yuan"),
    "thousand_yuan": _l("thousand yuan"),
    "wan_yuan": _l("ten thousand yuan"),
    "person": _l("people"),
    "machine": _l("machines"),
    "tce": _l("tonnes of coal equivalent"),
    "percent": "%",
    "piece": _l("items"),
    "year_count": _l("years"),
    "tonne": _l("tonnes"),
    "tonne_co2": _l("tonnes of carbon dioxide"),
    "cubic_metre": _l("cubic metres"),
    "square_metre": _l("square metres"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A stored figure: the value in the kind's smallest unit, and the unit it was typed in."""

    value: int
    unit: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure asked on a page: a kind in a year."""

    kind: FactKind
    year: int

    @property
    def name(self) -> str:
        return f"f-{self.kind.id}-{self.year}"

    @property
    def key(self) -> tuple[str, int]:
        return self.kind.id, self.year

    @property
    def base_name(self) -> str:
        """The hidden control that tells what this figure's control was drawn with."""
        return f"b-{self.kind.id}-{self.year}"

    @property
    def confirm_name(self) -> str:
        """The tick that says that a figure which looks wrong is right."""
        return f"{self.name}-sure"


@dataclass(frozen=True, slots=True)
class Typed:
    """A valid new figure from the form. `value` None takes the stored one away."""

    asked: Asked
    value: int | None
    unit: str


def read(form: Form, asked: Asked, stored: Figure | None) -> Typed | Fault | None:
    """What changed in the form against what it was drawn with; `None` when nothing did."""
    text, base = form.get(asked.name, "").strip(), form.get(asked.base_name, "")
    unit = form.get(f"{asked.name}-unit") or next(iter(UNITS[asked.kind.unit]))
    if asked.name not in form or f"{text} {unit}" == base:
        return None
    if not text:
        return Typed(asked, None, unit) if stored else None
    path = f"facts.{asked.kind.id}.{asked.year}"
    value = asked.kind.read(path, text, unit)
    return value if isinstance(value, Fault) else Typed(asked, value, unit)


def in_unit(kind: FactKind, figure: Figure) -> str:
    """A stored figure as it was typed: in its unit, with separators and all decimals."""
    whole, _dot, rest = exact(Fraction(figure.value, kind.scale * UNITS[kind.unit][figure.unit])).partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "")


def first_unit(kind: FactKind) -> str:
    """Amounts are mostly typed in 万元, as in applications; everything else has one unit."""
    return "wan_yuan" if kind.unit == "yuan" else next(iter(UNITS[kind.unit]))


def echo(kind: FactKind, stored: Figure) -> str | None:
    """An amount said back in 万元, so that a wrong unit is seen at once."""
    if kind.unit != "yuan":
        return None
    return _("= %(amount)s ten thousand yuan", amount=formatting.number(Fraction(stored.value, kind.scale * 10_000), 2))


def said(kind: FactKind, value: int | None) -> str:
    """A figure with its unit; amounts in 万元."""
    if value is None:
        return _("nothing")
    if kind.unit == "yuan":
        return f"{formatting.number(Fraction(value, kind.scale * WAN), 2)} {UNIT_NAMES['wan_yuan']}"
    return f"{formatting.number(kind.amount(value), kind.decimals)} {UNIT_NAMES[kind.unit]}"


# -- controls ----------------------------------------------------------------------------------------------------------


def base(asked: Asked, stored: Figure | None) -> str:
    """A figure as its control is drawn: tells a change by the person from a change by a colleague."""
    return f"{in_unit(asked.kind, stored)} {stored.unit}" if stored else f" {first_unit(asked.kind)}"


def moved(form: Form, asked: Asked, stored: Figure | None) -> bool:
    """Whether a colleague has changed the figure since the page was drawn."""
    return form.get(asked.base_name, base(asked, None)) != base(asked, stored)


def touched(form: Form, asked: Asked) -> bool:
    """Whether the person changed the figure on the page; one that was left alone is shown as it is stored now."""
    unit = form.get(f"{asked.name}-unit") or next(iter(UNITS[asked.kind.unit]))
    return asked.name in form and f"{form[asked.name].strip()} {unit}" != form.get(asked.base_name, "")


def label(asked: Asked, language: str) -> str:
    return _("%(figure)s, %(year)s", figure=asked.kind.label.say(language), year=asked.year)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said beside a figure; `confirm` is the value that a tick says is right."""

    text: str
    confirm: str | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """One figure as drawn. `elsewhere` is set where the same figure is asked further up the page."""

    asked: Asked
    base: str
    label: str
    value: str
    unit_chosen: str
    echo: str | None
    remark: Remark | None
    elsewhere: bool

    @property
    def units(self) -> list[tuple[str, str]] | None:
        """The units to choose from; `None` where there is only one."""
        units = UNITS[self.asked.kind.unit]
        return [(unit, str(UNIT_NAMES[unit])) for unit in units] if len(units) > 1 else None

    @property
    def unit(self) -> str | None:
        return None if self.units else str(UNIT_NAMES[next(iter(UNITS[self.asked.kind.unit]))])


def control(
    asked: Asked,
    stored: Figure | None,
    form: Form | None,
    remark: Remark | None,
    echo: str | None,
    language: str,
    elsewhere: bool = False,
) -> Control:
    """A figure's control: as stored, or as typed where the person changed it."""
    drawn_with = base(asked, stored)
    value, _space, unit = drawn_with.rpartition(" ")
    if form is not None and touched(form, asked):
        value, unit = form[asked.name], form.get(f"{asked.name}-unit", unit)
    return Control(asked, drawn_with, label(asked, language), value, unit, echo, remark, elsewhere)


# -- slips -------------------------------------------------------------------------------------------------------------

LARGER = _l(
    "%(mine)s is about %(factor)s times %(name)s, %(other)s. Check figure and unit. "
    "(Asked whenever two figures differ by %(least)s to %(most)s times.)"
)
SMALLER = _l(
    "%(mine)s is about 1/%(factor)s of %(name)s, %(other)s. Check figure and unit. "
    "(Asked whenever two figures differ by %(least)s to %(most)s times.)"
)


def slip_warnings(
    typed: Iterable[Typed], stored: Mapping[Key, int], confirmed: Callable[[Typed], bool]
) -> Iterator[tuple[Key, str]]:
    """One warning per changed figure that was not confirmed: against its old value, then against the other year."""
    changed = {each.asked.key: each.value for each in typed}
    after = {**stored, **changed}
    for each in typed:
        if each.value is None or confirmed(each):
            continue
        text = _against_before(each, stored) or _against_years(each, after, changed)
        if text:
            yield each.asked.key, text


def _against_before(typed: Typed, stored: Mapping[Key, int]) -> str | None:
    before = stored.get(typed.asked.key)
    return None if before is None else _slip_text(typed, before, _("the figure saved before"))


def _against_years(typed: Typed, after: Mapping[Key, int | None], changed: Mapping[Key, int | None]) -> str | None:
    """Against the year before; against the year after only where that one was not typed now, so as to warn once."""
    kind, year = typed.asked.key
    for other in (year - 1, year + 1):
        value = after.get((kind, other))
        if value is not None and not (other > year and (kind, other) in changed):
            text = _slip_text(typed, value, _("the figure of %(year)s", year=other))
            if text:
                return text
    return None


def _slip_text(typed: Typed, other: int, name: str) -> str | None:
    found = slip(typed.value or 0, other)
    if found is None:
        return None
    kind = typed.asked.kind
    values = {
        "mine": said(kind, typed.value),
        "other": said(kind, other),
        "name": name,
        "factor": formatting.number(found.factor),
        "least": formatting.number(found.least),
        "most": formatting.number(found.most),
    }
    return str(SMALLER if found.smaller else LARGER) % values
