"""The city's tree of areas, editable: districts and functional zones below the city, streets below those."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.columns import Base, Id, Kind, Name, PublicId

AREA_KINDS = ("city", "district", "zone", "street")


class Area(Base):
    """A node. `path` names the ids from the top down to this one ("/1/5/"), so a subtree is a prefix of it."""

    __tablename__ = "area"
    __table_args__ = (sa.UniqueConstraint("parent_id", "name_zh"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    code: Mapped[str | None] = mapped_column(sa.String(12), unique=True)
    kind: Mapped[str] = mapped_column(Kind(*AREA_KINDS))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"), index=True)
    path: Mapped[str] = mapped_column(sa.String(200))
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)

    parent: Mapped["Area | None"] = relationship(remote_side="Area.id")
