"""Counts of large areas, made beforehand for their dashboards."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.columns import At, Base, JsonValue


class DashboardFigures(Base):
    """What `survey.dashboard.gathering` counted for one area with everything below it, in one campaign, at one moment.

    Only where counting takes too long while somebody waits; made anew by `flask dashboard count`.
    """

    __tablename__ = "dashboard_figures"

    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), primary_key=True)
    as_of: Mapped[At]
    figures: Mapped[JsonValue]
