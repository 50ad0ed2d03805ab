"""The city's calendar: which weekdays are holidays and which days of a weekend are worked (调休)."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.columns import At, Base, Day, Kind, Name

DAY_KINDS = ("holiday", "workday")


class CalendarDay(Base):
    """A day that differs from its weekday: off although a weekday, or worked although a weekend."""

    __tablename__ = "calendar_day"

    day: Mapped[Day] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Kind(*DAY_KINDS))
    name: Mapped[Name]
    set_at: Mapped[At]
    set_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
