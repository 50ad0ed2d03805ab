"""Figures on a question page: which are asked where, and how they are drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from questionnaires.answers import percent_text
from questionnaires.facts import FactKind
from questionnaires.figures import Bands, Derived
from questionnaires.given import Given
from questionnaires.instrument import Instrument, Section
from questionnaires.items import Item, Single, figures_asked
from questionnaires.needed import figures_needed
from questionnaires.values import known
from survey import formatting
from survey.answering.queries import Kept
from survey.organisations.figures import Asked, Control, Figure, Form, Key, Remark, control, echo
from survey.organisations.sources import NAMES, TYPED
from survey.privacy.names import person_name


def asked_by(item: Item, instrument: Instrument, reference_year: int) -> dict[FactKind, list[Asked]]:
    """The figures of one item by kind, newest year first."""
    groups: dict[str, set[int]] = {}
    for kind, offset in figures_asked(item):
        groups.setdefault(kind, set()).add(reference_year + offset)
    kinds = instrument.fact_kinds
    return {
        kinds[kind]: [Asked(kinds[kind], year) for year in sorted(years, reverse=True)]
        for kind, years in groups.items()
    }


def asked_on(section: Section, instrument: Instrument, reference_year: int) -> dict[Key, Asked]:
    """The figures of a whole page, each once."""
    return {
        asked.key: asked
        for item in section.items
        for group in asked_by(item, instrument, reference_year).values()
        for asked in group
    }


def homes(section: Section, reference_year: int, shown: Collection[str], steered: Collection[str]) -> dict[Key, str]:
    """The item at which each figure of a page is asked; others that use it point there.

    The first item that is there for sure comes before one that may go while the page is being filled in.
    """
    surest_first = sorted(section.items, key=lambda item: (item.id not in shown, item.id in steered))
    found: dict[Key, str] = {}
    for item in surest_first:
        for kind, offset in figures_asked(item):
            found.setdefault((kind, reference_year + offset), item.id)
    return found


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one kind, with the hint that says where they are found. `below`: they are asked further down."""

    hint: str
    fields: list[Control]
    below: bool


def drawn(
    item: Item,
    instrument: Instrument,
    reference_year: int,
    known: Mapping[Key, Figure],
    form: Form | None,
    remarks: Mapping[str, Remark],
    homes: Mapping[Key, str],
    language: str,
) -> Iterator[Group]:
    """The figures of one item, filled in; a page asks each figure once, at its home."""
    place = list(instrument.items).index
    for kind, group in asked_by(item, instrument, reference_year).items():
        fields = []
        for asked in group:
            remark, stored = remarks.get(f"facts.{kind.id}.{asked.year}"), known.get(asked.key)
            said = said_back(kind, stored) if stored else None
            fields.append(control(asked, stored, form, remark, said, language, homes[asked.key] != item.id))
        hint = "" if all(field.elsewhere for field in fields) else kind.hint.say(language)
        yield Group(hint, fields, any(place(homes[asked.key]) > place(item.id) for asked in group))


def said_back(kind: FactKind, stored: Figure) -> str | None:
    """A stored figure in other words, and where it comes from."""
    parts = [echo(kind, stored), _origin(stored) if isinstance(stored, Kept) else None]
    return " · ".join(part for part in parts if part) or None


def _origin(stored: Kept) -> str:
    who = {"name": person_name(stored.saved_by), "date": formatting.date(stored.saved_at)}
    if stored.source in ("", TYPED):
        return _("entered by %(name)s, %(date)s", **who)
    source = NAMES.get(stored.source, stored.source)
    return _("entered by %(name)s, %(date)s, from: %(source)s", **who, source=source)


# -- what figures come to ----------------------------------------------------------------------------------------------


def echoes(item: Item, given: Given, derived: Derived | None, language: str) -> list[str]:
    """What the figures of an item come to: its band or change, and the questionnaire's own values made of them."""
    if isinstance(item, Single):
        said = derived_echo(item, derived, language)
        return [said] if said else []
    return list(_values(item, given, language))


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


def _values(item: Item, given: Given, language: str) -> Iterator[str]:
    """The named values that need figures of this item and no others."""
    named = {name: derivation.calculation for name, derivation in given.instrument.values.items()}
    mine = set(figures_asked(item))
    for derivation in given.instrument.values.values() if mine else ():
        needed = set(figures_needed(derivation.calculation, named))
        value = known(derivation.calculation, given) if needed and needed <= mine else None
        if value is not None:
            unit = derivation.unit.say(language) if derivation.unit else ""
            number = formatting.points(value * derivation.times)  # cut: a value shown never passes a band it missed
            said = f"{number}{'' if unit in ('', '%') else ' '}{unit}"
            yield _("%(name)s: %(value)s", name=derivation.title.say(language), value=said)
