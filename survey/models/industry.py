"""The national classification of industries (GB/T 4754-2017), as far as the city has imported it."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.columns import Base, Kind, Name

INDUSTRY_LEVELS = ("section", "division", "group", "class")


class Industry(Base):
    """A section ("C"), division ("C13"), group ("C131") or class ("C1311"). Codes keep their section's letter."""

    __tablename__ = "industry"

    code: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    level: Mapped[str] = mapped_column(Kind(*INDUSTRY_LEVELS))
    parent: Mapped[str | None] = mapped_column(sa.ForeignKey("industry.code"), index=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name | None]
