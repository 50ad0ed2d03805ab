"""When answers may be given: within the campaign's time, or for what was returned until the end of its due date."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from survey.formatting import SHANGHAI


class _Open(Protocol):
    """A campaign, or what was read together with one."""

    @property
    def opens_at(self) -> datetime: ...

    @property
    def closes_at(self) -> datetime: ...


class Times(NamedTuple):
    """From when, and until when (not included)."""

    opens_at: datetime
    closes_at: datetime

    def hold(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at


def times_of(campaign: _Open, due_on: date | None = None) -> Times:
    """`due_on` is that of a submission: it is set as long as it is returned, also after the campaign has closed."""
    return Times(campaign.opens_at, campaign.closes_at if due_on is None else end_of(due_on))


def end_of(day: date) -> datetime:
    """The moment at which a day is over in Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(days=1)
