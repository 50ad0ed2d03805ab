"""Values: exact numbers from answers and figures. Adding one is a class and its lines in `VALUES` and `Value`.

A value is `None` (not known) while anything it needs is not known, or where it would divide by nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import Discriminator, Tag

from questionnaires.exact import Exact, Rational
from questionnaires.given import Given
from questionnaires.value_kinds import (
    CountValue,
    Difference,
    FactValue,
    Greatest,
    ItemValue,
    Known,
    Least,
    Mean,
    NamedValue,
    Product,
    Ratio,
    Sum,
    compiled,
)
from questionnaires.value_years import Earlier, Growth, Yearly

VALUES: Final[tuple[type[Any], ...]] = (
    FactValue, ItemValue, CountValue, NamedValue, Sum, Difference, Product, Ratio, Mean, Least, Greatest, Earlier,
    Growth, Yearly,
)  # fmt: skip
"""Each is known by the key its class names first."""

KEYS: Final[Mapping[type[Any], str]] = {model: next(iter(model.model_fields)) for model in VALUES}


def _which(raw: Any) -> str | None:
    """The key that tells which value a mapping is; anything else must be a number."""
    if isinstance(raw, dict):
        return next((key for key in KEYS.values() if key in raw), None)
    return KEYS.get(type(raw), "number")


Value = Annotated[
    Annotated[FactValue, Tag("fact")]
    | Annotated[ItemValue, Tag("item")]
    | Annotated[CountValue, Tag("count")]
    | Annotated[NamedValue, Tag("value")]
    | Annotated[Sum, Tag("sum")]
    | Annotated[Difference, Tag("difference")]
    | Annotated[Product, Tag("product")]
    | Annotated[Ratio, Tag("ratio")]
    | Annotated[Mean, Tag("mean")]
    | Annotated[Least, Tag("least")]
    | Annotated[Greatest, Tag("greatest")]
    | Annotated[Earlier, Tag("earlier")]
    | Annotated[Growth, Tag("growth")]
    | Annotated[Yearly, Tag("yearly")]
    | Annotated[Exact, Tag("number")],
    Discriminator(
        _which,
        custom_error_type="value",
        custom_error_message="is not a value; write a number or one of: " + ", ".join(KEYS.values()),
    ),
]
AnyValue = Value
for _model in VALUES:
    _model.model_rebuild(_types_namespace={"AnyValue": Value})


def known(value: Value, given: Given) -> Known:
    """The number for one firm; where many are read, use `compiled` once."""
    return compiled(value, given.instrument)(given)


def inside(value: Value) -> Iterator[Value]:
    """The value and every value it is made of."""
    yield value
    if not isinstance(value, Rational):
        for part in value.parts():
            yield from inside(part)
