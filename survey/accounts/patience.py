"""Slowing down whoever fails again and again (AU-07): every wait has an end, and a right answer during it is refused
too, in the same words, so that it tells nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from survey import limits


class MustWait(Exception):
    """The next try has to wait. `action` is the deed that was refused, for the record."""

    def __init__(self, action: str, left: timedelta) -> None:
        super().__init__(action)
        self.action, self.seconds = action, math.ceil(left.total_seconds())


@dataclass(frozen=True, slots=True)
class Tries:
    """What a failure is counted under: rows of LIMITS, each with who; those of `own` are forgotten after a success.

    An account is named as it was typed, so that unknown ones wait just the same. The count of a network address stays:
    else a guesser signs in to an own account in between.
    """

    action: str
    own: tuple[str, str]
    address: str | None = None

    def all(self) -> Iterable[tuple[str, str]]:
        yield self.own
        if self.address is not None:
            yield "sign-in address", self.address

    def look(self, session: Session, now: datetime, *, lock: bool = False) -> None:
        """Raises MustWait."""
        waits = [limits.wait(session, name, who, now, lock=lock) for name, who in self.all()]
        longest = max((each for each in waits if each), default=None)
        if longest:
            raise MustWait(self.action, longest)

    def failed(self, session: Session, now: datetime) -> None:
        for name, who in self.all():
            limits.failed(session, name, who, now)

    def succeeded(self, session: Session) -> None:
        limits.succeeded(session, *self.own)
