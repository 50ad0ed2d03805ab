"""Figures on a question page: which are asked where, and how they are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from questionnaires.answers import percent_text
from questionnaires.facts import UNITS, FactKind
from questionnaires.figures import Bands, Derived
from questionnaires.instrument import Instrument, Section
from questionnaires.items import Single
from survey.organisations.figures import UNIT_NAMES, Asked, Figure, Form, echo, first_unit, in_unit


def asked_by(item: Single, instrument: Instrument, reference_year: int) -> dict[FactKind, list[Asked]]:
    """The figures of one item by kind, newest year first."""
    groups: dict[str, set[int]] = {}
    for quantity in item.figures.quantities() if item.figures else ():
        for kind in reversed(quantity.facts()):  # the whole before its part
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


def base_name(asked: Asked) -> str:
    """The hidden control that tells what a figure's control was drawn with."""
    return f"b-{asked.kind.id}-{asked.year}"


def base(asked: Asked, stored: Figure | None) -> str:
    """A figure as its control is drawn: tells a change by the person from a change by a colleague."""
    return f"{in_unit(asked.kind, stored)} {stored.unit}" if stored else f" {first_unit(asked.kind)}"


def moved(form: Form, asked: Asked, stored: Figure | None) -> bool:
    """Whether a colleague has changed the figure since the page was drawn."""
    return form.get(base_name(asked), base(asked, None)) != base(asked, stored)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said beside a figure; `confirm` is the value that a tick says is right."""

    text: str
    confirm: str | None = None


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
    confirm: str | None
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
    remarks: Mapping[str, Remark],
    already: set[tuple[str, int]],
    language: str,
) -> Iterator[Group]:
    """The figures of one item, filled in. `already` collects what the page has asked: nothing is asked twice."""
    for kind, group in asked_by(item, instrument, reference_year).items():
        fields = []
        for asked in group:
            remark = remarks.get(f"facts.{kind.id}.{asked.year}")
            fields.append(_field(asked, known.get(asked.key), form, remark, asked.key in already, language))
        hint = "" if all(asked.key in already for asked in group) else kind.hint.say(language)
        already.update(asked.key for asked in group)
        yield Group(hint, fields)


def _field(
    asked: Asked, stored: Figure | None, form: Form | None, remark: Remark | None, elsewhere: bool, language: str
) -> Field:
    kind = asked.kind
    units = [(unit, str(UNIT_NAMES[unit])) for unit in UNITS[kind.unit]]
    drawn_with = base(asked, stored)
    value, _space, unit = drawn_with.rpartition(" ")
    if form is not None and touched(form, asked):
        value, unit = form[asked.name], form.get(f"{asked.name}-unit", unit)
    return Field(
        name=asked.name,
        base_name=base_name(asked),
        base=drawn_with,
        label=label(asked, language),
        value=value,
        unit=None if len(units) > 1 else units[0][1],
        units=units if len(units) > 1 else None,
        unit_chosen=unit,
        echo=echo(kind, stored) if stored else None,
        error=remark.text if remark else None,
        confirm=remark.confirm if remark else None,
        elsewhere=elsewhere,
    )


def label(asked: Asked, language: str) -> str:
    return _("%(figure)s, %(year)s", figure=asked.kind.label.say(language), year=asked.year)


def touched(form: Form, asked: Asked) -> bool:
    """Whether the person changed the figure on the page; one that was left alone is shown as it is stored now."""
    unit = form.get(f"{asked.name}-unit") or next(iter(UNITS[asked.kind.unit]))
    return asked.name in form and f"{form[asked.name].strip()} {unit}" != form.get(base_name(asked), "")


def derived_echo(item: Single, derived: Derived | None, language: str) -> str:
    """What the figures of an item come to."""
    if item.figures is None or derived is None:
        return ""
    option = item.option(derived.option).label.say(language)
    if isinstance(item.figures, Bands):
        return _("That is %(share)s: %(band)s.", share=percent_text(derived.after.value), band=option)
    assert derived.before is not None
    before, after = (item.figures.shown.say(each.value, language) for each in (derived.before, derived.after))
    return _("By these figures from %(before)s to %(after)s: %(change)s.", before=before, after=after, change=option)
