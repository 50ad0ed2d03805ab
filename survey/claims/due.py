"""Until when an office has decided a claim."""

from datetime import date, datetime, timedelta
from typing import Final

from survey.formatting import local_time

WORKING_DAYS: Final = 5
SATURDAY: Final = 5


def due_on(made_at: datetime) -> date:
    """The last day: five working days after the claim, in Shanghai. Public holidays are not known and not left out."""
    day, left = local_time(made_at).date(), WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return day
