"""Five filters for everything a person reads: number, percent, points, date, datetime.

All follow the language of the page. Figures arrive exact (int, Fraction, Decimal, or a string such as "97/2")
and are rounded only here. Points are cut, never rounded up: 59.975 is shown as 59.97, because a shown 60
would promise a level that was missed.
"""

import datetime as dt
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale

from questionnaires.exact import rational

Exact = int | Fraction | Decimal | str

SHANGHAI = ZoneInfo("Asia/Shanghai")
DATE_PATTERNS = {"zh": "long", "en": "d MMMM y"}
MISSING = "–"
MINUS = "−"


def number(value: Exact | None, places: int = 0) -> str:
    """A figure with separators and exactly `places` decimals, rounded half up; a dash when there is none."""
    if value is None:
        return MISSING
    return _said(_decimal(value, places, ROUND_HALF_UP), places, places)


def percent(share: Exact | None, places: int = 1) -> str:
    """A share of 1 as percent, at most `places` decimals, cut like points; a dash when there is none."""
    if share is None:
        return MISSING
    return _said(_decimal(rational(share) * 100, places, ROUND_DOWN), 0, places) + "%"


def points(value: Exact | None, fixed: bool = False) -> str:
    """Points with at most two decimals, cut towards zero; `fixed` keeps both decimals, for columns and sums."""
    if value is None:
        return MISSING
    return _said(_decimal(value, 2, ROUND_DOWN), 2 if fixed else 0, 2)


def date(value: dt.date | dt.datetime | None) -> str:
    """A day in Shanghai; a moment without zone is taken as UTC."""
    if value is None:
        return MISSING
    day = local_time(value).date() if isinstance(value, dt.datetime) else value
    locale = get_locale()
    language = "zh" if locale is None else locale.language
    return format_date(day, DATE_PATTERNS[language], locale)


def datetime(value: dt.datetime | None) -> str:
    """A day and minute in Shanghai."""
    return MISSING if value is None else f"{date(value)} {local_time(value):%H:%M}"


def local_time(value: dt.datetime) -> dt.datetime:
    """The same moment on a clock in Shanghai."""
    aware = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    return aware.astimezone(SHANGHAI)


def _decimal(value: Exact, places: int, rounding: str) -> Decimal:
    """`value` with `places` decimals, by integer arithmetic: no figure passes through a float."""
    scaled = rational(value) * 10**places
    whole = int(abs(scaled))
    if rounding == ROUND_HALF_UP and 2 * (abs(scaled) - whole) >= 1:
        whole += 1
    return Decimal(whole if scaled >= 0 else -whole).scaleb(-places)


def _said(value: Decimal, least: int, most: int) -> str:
    pattern = "#,##0" + ("." + "0" * least + "#" * (most - least) if most else "")
    return format_decimal(value, pattern, get_locale()).replace("-", MINUS)


def init_app(app: Flask) -> None:
    filters = {"number": number, "percent": percent, "points": points, "date": date, "datetime": datetime}
    app.jinja_env.filters.update(filters)
