"""Figures on a question page: which are asked where, and how they are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from questionnaires.answers import percent_text
from questionnaires.facts import FactKind
from questionnaires.figures import Bands, Derived
from questionnaires.instrument import Instrument, Section
from questionnaires.items import Single
from survey.organisations.figures import Asked, Control, Figure, Form, Remark, control, echo


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


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one kind, with the hint that says where they are found."""

    hint: str
    fields: list[Control]


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
            remark, stored = remarks.get(f"facts.{kind.id}.{asked.year}"), known.get(asked.key)
            said_back = echo(kind, stored) if stored else None
            fields.append(control(asked, stored, form, remark, said_back, language, asked.key in already))
        hint = "" if all(asked.key in already for asked in group) else kind.hint.say(language)
        already.update(asked.key for asked in group)
        yield Group(hint, fields)


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
