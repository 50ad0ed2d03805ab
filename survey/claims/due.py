"""Until when an office has decided a claim."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from survey.city.calendar import last_working_day
from survey.formatting import local_time

WORKING_DAYS: Final = 5


def due_on(named: Mapping[date, str], made_at: datetime) -> date:
    """The last day: five working days after the claim, in Shanghai, by the days that the city's calendar names."""
    return last_working_day(named, local_time(made_at).date(), WORKING_DAYS)
