"""Exact numbers: how they are read, kept as text and shown. No float anywhere.

They are gmpy2's rationals, which do what `fractions.Fraction` does at about twenty times its speed, and mix with it.
Make no `Fraction` out of one: it would hold gmpy2's integers, which not everything accepts.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Final

import gmpy2
from pydantic import BeforeValidator, InstanceOf, PlainSerializer

from questionnaires.faults import brief

if TYPE_CHECKING:
    Rational = Fraction  # the same methods; mypy knows their types better
else:
    Rational = gmpy2.mpq

NUMBER: Final = re.compile(r"-?\d{1,30}(?:\.\d{1,30}|/[1-9]\d{0,29})?", re.ASCII)


def rational(value: Fraction | Decimal | int | str) -> Rational:
    """The same number as a rational; also of a fraction that was made from one."""
    if isinstance(value, Fraction):
        return Rational(int(value.numerator), int(value.denominator))
    return Rational(value)


def exact(value: Fraction | int) -> str:
    """Text that keeps the value exactly: `"48.5"` where decimals end, else `"97/3"`."""
    number = rational(value)
    numerator, denominator = int(number.numerator), int(number.denominator)
    twos, rest = _without_factor(denominator, 2)
    fives, rest = _without_factor(rest, 5)
    if rest != 1:
        return f"{numerator}/{denominator}"
    places = max(twos, fives)
    digits = str(abs(numerator) * 10**places // denominator).rjust(places + 1, "0")
    text = digits if places == 0 else f"{digits[:-places]}.{digits[-places:]}"
    return f"-{text}" if number < 0 else text


def shown(value: Fraction | int | str, places: int = 2) -> str:
    """At most `places` decimals, cut towards zero: a shown value never crosses a threshold (59.975 → `59.97`)."""
    return fixed(value, places).rstrip("0").rstrip(".") if places else fixed(value, 0)


def fixed(value: Fraction | int | str, places: int = 2) -> str:
    """Exactly `places` decimals, cut towards zero."""
    number = rational(value)
    whole, rest = divmod(int(abs(number) * 10**places), 10**places)
    text = f"{whole}.{rest:0{places}d}" if places else str(whole)
    return f"-{text}" if number < 0 and (whole or rest) else text


def _without_factor(number: int, factor: int) -> tuple[int, int]:
    count = 0
    while number % factor == 0:
        number //= factor
        count += 1
    return count, number


def _to_rational(value: Any) -> Rational:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal | Fraction | Rational):
        raise ValueError("must be a whole number or a quoted decimal such as “59.975”")  # noqa: TRY004  # pydantic reports ValueError
    if not isinstance(value, int) and isinstance(value, Fraction | Rational):
        return Rational(value)
    if not NUMBER.fullmatch(str(value)):
        raise ValueError(f"“{brief(value)}” is not a number; write it out, such as 59.975 or 97/3")
    return Rational(str(value))


Exact = Annotated[Rational, InstanceOf(), BeforeValidator(_to_rational), PlainSerializer(exact)]
