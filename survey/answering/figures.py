"""Figures on a question page: which are asked where, what was typed, and how a stored value is shown again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from questionnaires.answers import percent_text
from questionnaires.facts import UNITS, FactKind
from questionnaires.faults import Fault, sentence
from questionnaires.figures import Bands, Derived
from questionnaires.instrument import Instrument, Section
from questionnaires.items import Single
from scoring.exact import exact, shown
from survey import formatting
from survey.answering.fields import Form
from survey.answering.queries import Figure

UNIT_NAMES = {
    "yuan": _l("yuan"),
    "thousand_yuan": _l("thousand yuan"),
    "wan_yuan": _l("ten thousand yuan"),
    "person": _l("people"),
    "machine": _l("machines"),
    "tce": _l("tonnes of coal equivalent"),
    "percent": "%",
}


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


def asked_by(item: Single, instrument: Instrument, reference_year: int) -> dict[FactKind, list[Asked]]:
    """The figures of one item by kind, newest year first."""
    groups: dict[str, set[int]] = {}
    for quantity in item.figures.quantities() if item.figures else ():
        for kind in quantity.facts():
            groups.setdefault(kind, set()).update(reference_year + offset for offset in quantity.years)
    kinds = instrument.fact_kinds
    return {
        kinds[kind]: [Asked(kinds[kind], year) for year in sorted(years, reverse=True)]
        for kind, years in groups.items()
    }


def asked_on(section: Section, instrument: Instrument, reference_year: int) -> dict[tuple[str, int], Asked]:
    """The figures of a whole page, each once."""
    return {
        asked.key: asked
        for item in section.items
        if isinstance(item, Single)
        for group in asked_by(item, instrument, reference_year).values()
        for asked in group
    }


@dataclass(frozen=True, slots=True)
class Typed:
    """A valid new figure from the form. `value` None takes the stored one away."""

    asked: Asked
    value: int | None
    unit: str


def read(form: Form, asked: Asked, stored: Figure | None) -> Typed | Fault | None:
    """What changed in the form against what it was drawn with; `None` when nothing did."""
    text, base = form.get(asked.name, "").strip(), form.get(f"b-{asked.kind.id}-{asked.year}", "")
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


@dataclass(frozen=True, slots=True)
class Field:
    """One figure as drawn. `elsewhere` is set where the same figure is asked further up the page."""

    name: str
    base_name: str
    base: str
    label: str
    value: str
    unit: str | None
    units: list[tuple[str, str]] | None
    unit_chosen: str
    echo: str | None
    error: str | None
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one kind, with the hint that says where they are found."""

    hint: str
    fields: list[Field]


def drawn(
    item: Single,
    instrument: Instrument,
    reference_year: int,
    known: Mapping[tuple[str, int], Figure],
    form: Form | None,
    faults: Mapping[str, Fault],
    already: set[tuple[str, int]],
    language: str,
) -> Iterator[Group]:
    """The figures of one item, filled in. `already` collects what the page has asked: nothing is asked twice."""
    for kind, group in asked_by(item, instrument, reference_year).items():
        fields = []
        for asked in group:
            fault = faults.get(f"facts.{kind.id}.{asked.year}")
            error = sentence(fault, language) if fault else None
            fields.append(_field(asked, known.get(asked.key), form, error, asked.key in already, language))
        hint = "" if all(asked.key in already for asked in group) else kind.hint.say(language)
        already.update(asked.key for asked in group)
        yield Group(hint, fields)


def _field(
    asked: Asked, stored: Figure | None, form: Form | None, error: str | None, elsewhere: bool, language: str
) -> Field:
    kind = asked.kind
    units = [(unit, str(UNIT_NAMES[unit])) for unit in UNITS[kind.unit]]
    unit = stored.unit if stored else _first_unit(kind)
    value = in_unit(kind, stored) if stored else ""
    base = f"{value} {unit}"
    if form is not None and asked.name in form:
        value, unit = form[asked.name], form.get(f"{asked.name}-unit", unit)
    label = _("%(figure)s, %(year)s", figure=kind.label.say(language), year=asked.year)
    return Field(
        name=asked.name,
        base_name=f"b-{kind.id}-{asked.year}",
        base=base,
        label=label,
        value=value,
        unit=None if len(units) > 1 else units[0][1],
        units=units if len(units) > 1 else None,
        unit_chosen=unit,
        echo=echo(kind, stored) if stored else None,
        error=error,
        elsewhere=elsewhere,
    )


def _first_unit(kind: FactKind) -> str:
    """Amounts are mostly typed in 万元, as in applications; everything else has one unit."""
    return "wan_yuan" if kind.unit == "yuan" else next(iter(UNITS[kind.unit]))


def echo(kind: FactKind, stored: Figure) -> str | None:
    """An amount said back in 万元, so that a wrong unit is seen at once."""
    if kind.unit != "yuan":
        return None
    return _("= %(amount)s ten thousand yuan", amount=formatting.number(Fraction(stored.value, kind.scale * 10_000), 2))


def derived_echo(item: Single, derived: Derived | None, language: str) -> str:
    """What the figures of an item come to."""
    if item.figures is None or derived is None:
        return ""
    option = item.option(derived.option).label.say(language)
    if isinstance(item.figures, Bands):
        return _("That is %(share)s: %(band)s.", share=percent_text(derived.after.value), band=option)
    assert derived.before is not None
    before, after = shown(derived.before.value, 4), shown(derived.after.value, 4)
    return _("By these figures from %(before)s to %(after)s: %(change)s.", before=before, after=after, change=option)
