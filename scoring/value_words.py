"""What a value is called, and how its number is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from questionnaires.exact import Rational
from questionnaires.figures import Shown
from questionnaires.instrument import Instrument
from questionnaires.text import Text
from questionnaires.value_kinds import CountValue, FactValue, ItemValue, NamedValue, Ratio
from questionnaires.values import Value
from scoring.phrases import say

UNIT_WORDS: Final[Mapping[str, Text]] = {
    "person": Text(zh_CN="人", en="people"),
    "machine": Text(zh_CN="台（套）", en="machines"),
    "tce": Text(zh_CN="吨标准煤", en="tce"),
    "percent": Text(zh_CN="%", en="%"),
    "piece": Text(zh_CN="项", en="items"),
    "year_count": Text(zh_CN="年", en="years"),
    "tonne": Text(zh_CN="吨", en="t"),
    "tonne_co2": Text(zh_CN="吨二氧化碳", en="t CO2"),
    "cubic_metre": Text(zh_CN="立方米", en="m3"),
    "square_metre": Text(zh_CN="平方米", en="m2"),
}
WAN: Final = Shown(times=Decimal("0.0001"), unit=Text(zh_CN="万元", en="ten thousand yuan"))  # as in applications
NO_UNIT: Final = Text(zh_CN="", en="")
PERCENT: Final = Shown(times=Decimal(100), unit=UNIT_WORDS["percent"])
PLAIN: Final = Shown(times=Decimal(1), unit=NO_UNIT)


def value_title(value: Value, instrument: Instrument, language: str) -> str:
    """The name of a value: its own, or that of the figure or item it stands for."""
    if isinstance(value, NamedValue):
        return instrument.values[value.value].title.say(language)
    if isinstance(value, FactValue):
        return say("value.fact", language, name=instrument.fact_kinds[value.fact].label.say(language))
    if isinstance(value, ItemValue):
        return say("value.item", language, name=instrument.items[value.item].short.say(language))
    if isinstance(value, CountValue):
        return say("value.count", language, name=instrument.items[value.count].short.say(language))
    return say("value.any", language)


def value_text(value: Value, number: Rational, instrument: Instrument, language: str, up: bool = False) -> str:
    """A number of that value with its unit, cut; with `up` rounded up, for what is still missing."""
    return SHOWN.get(type(value), _plain)(value, instrument).say(number, language, up)


def _plain(value: Any, instrument: Instrument) -> Shown:
    return PLAIN


def _named(value: NamedValue, instrument: Instrument) -> Shown:
    named = instrument.values[value.value]
    return Shown(times=Decimal(str(float(named.times))), unit=named.unit or NO_UNIT)


def _fact(value: FactValue, instrument: Instrument) -> Shown:
    unit = instrument.fact_kinds[value.fact].unit
    return WAN if unit == "yuan" else Shown(times=Decimal(1), unit=UNIT_WORDS[unit])


def _item(value: ItemValue, instrument: Instrument) -> Shown:
    item: Any = instrument.items[value.item]
    return Shown(times=Decimal(1), unit=item.unit or NO_UNIT)


def _ratio(value: Ratio, instrument: Instrument) -> Shown:
    """Two figures of one unit make a share."""
    units = {instrument.fact_kinds[part.fact].unit for part in value.ratio if isinstance(part, FactValue)}
    return PERCENT if len(units) == 1 and all(isinstance(part, FactValue) for part in value.ratio) else PLAIN


SHOWN: Final[Mapping[type[Any], Callable[[Any, Instrument], Shown]]] = {
    NamedValue: _named,
    FactValue: _fact,
    ItemValue: _item,
    Ratio: _ratio,
}
