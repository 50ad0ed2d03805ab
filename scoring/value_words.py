"""What a value is called, and how its number is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from questionnaires.exact import Rational, shown
from questionnaires.figures import Shown
from questionnaires.instrument import Instrument
from questionnaires.text import Text
from questionnaires.value_kinds import (
    CountValue,
    Difference,
    FactValue,
    Greatest,
    ItemValue,
    Least,
    Mean,
    NamedValue,
    Product,
    Ratio,
    Sum,
)
from questionnaires.value_years import Earlier, Growth, Yearly
from questionnaires.values import KEYS, Value
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
ONE: Final[Mapping[str, str]] = {"people": "person", "machines": "machine", "items": "item", "years": "year"}
WAN: Final = Shown(times=Decimal("0.0001"), unit=Text(zh_CN="万元", en="ten thousand yuan"))  # as in applications
NO_UNIT: Final = Text(zh_CN="", en="")
PERCENT: Final = Shown(times=Decimal(100), unit=UNIT_WORDS["percent"])
PLAIN: Final = Shown(times=Decimal(1), unit=NO_UNIT)


def value_title(value: Value, instrument: Instrument, language: str) -> str:
    """The name of a value: its own, that of the figure or item it stands for, or how it is worked out."""
    title = _title(value, instrument, language)
    return title if len(title) <= MOST_TITLE else say("value.any", language)


def _title(value: Any, instrument: Instrument, language: str) -> str:
    if isinstance(value, Rational):
        return shown(value)
    if isinstance(value, NamedValue):
        return instrument.values[value.value].title.say(language)
    if isinstance(value, FactValue):
        return _years_off(instrument.fact_kinds[value.fact].label.say(language), value.year, language)
    if isinstance(value, ItemValue | CountValue):
        key, item = ("value.item", value.item) if isinstance(value, ItemValue) else ("value.count", value.count)
        return say(key, language, name=instrument.items[item].short.say(language))
    parts = [(part, _title(part, instrument, language)) for part in value.parts()]
    if type(value) in LISTED:
        return say(f"value.{KEYS[type(value)]}", language, parts=say("list", language).join(name for _, name in parts))
    inside = [say("value.inside", language, name=name) if type(part) in SIGNS else name for part, name in parts]
    return _worked_out(value, inside, language)


def _worked_out(value: Any, parts: list[str], language: str) -> str:
    if type(value) in SIGNS:
        return SIGNS[type(value)].join(parts)
    if isinstance(value, Earlier):
        return _years_off(parts[0], -value.years, language)
    if isinstance(value, Yearly):
        return say(f"value.yearly_{value.together}", language, name=parts[0], count=len(value.years))
    key = "value.growth" if value.years == 1 else "value.growth_years"
    return say(key, language, name=parts[0], count=value.years)


def _years_off(name: str, years: int, language: str) -> str:
    """A name, and how many years before or after the reference year it is looked at."""
    if years == 0:
        return name
    key = ("value.year_" if abs(years) == 1 else "value.years_") + ("earlier" if years < 0 else "later")
    return say(key, language, name=name, count=abs(years))


SIGNS: Final[Mapping[type[Any], str]] = {Sum: " + ", Difference: " − ", Product: " × ", Ratio: " ÷ "}
LISTED: Final[tuple[type[Any], ...]] = (Mean, Least, Greatest)
MOST_TITLE: Final = 160  # whatever is worked out in more steps than that is just called the value


def value_text(value: Value, number: Rational, instrument: Instrument, language: str, up: bool = False) -> str:
    """A number of that value with its unit, cut; with `up` rounded up, for what is still missing."""
    text = _shown(value, instrument).say(number, language, up)
    one, _space, unit = text.partition(" ")
    return f"1 {ONE[unit]}" if language == "en" and one == "1" and unit in ONE else text


def _shown(value: Any, instrument: Instrument) -> Shown:
    return SHOWN.get(type(value), _plain)(value, instrument)


def _plain(value: Any, instrument: Instrument) -> Shown:
    return PLAIN


def _alike(value: Any, instrument: Instrument) -> Shown:
    """Of parts that are shown alike, as they are."""
    ways = [_shown(part, instrument) for part in value.parts()]
    return ways[0] if all(way == ways[0] for way in ways) else PLAIN


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


def _growth(value: Growth, instrument: Instrument) -> Shown:
    return PERCENT


SHOWN: Final[Mapping[type[Any], Callable[[Any, Instrument], Shown]]] = {
    NamedValue: _named,
    FactValue: _fact,
    ItemValue: _item,
    Ratio: _ratio,
    Growth: _growth,
    **dict.fromkeys((Sum, Difference, Mean, Least, Greatest, Earlier, Yearly), _alike),
}
