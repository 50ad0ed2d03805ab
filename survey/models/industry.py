"""The national classification of industries (GB/T 4754-2017), as far as the city has imported it."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.columns import Base, Id, JsonValue, Kind, Name, PublicId, Word

INDUSTRY_LEVELS = ("section", "division", "group", "class")


class Industry(Base):
    """A section ("C"), division ("C13"), group ("C131") or class ("C1311"). Codes keep their section's letter."""

    __tablename__ = "industry"

    code: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    level: Mapped[str] = mapped_column(Kind(*INDUSTRY_LEVELS))
    parent: Mapped[str | None] = mapped_column(sa.ForeignKey("industry.code"), index=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name | None]


class SubIndustry(Base):
    """One of the city's own industries (细分行业): firms whose industry code begins with one of `prefixes`.

    `prefixes` is a list of codes such as "C34" or "C3311"; a firm's list entry may name another.
    """

    __tablename__ = "sub_industry"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    code: Mapped[Word] = mapped_column(unique=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    prefixes: Mapped[JsonValue]
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
