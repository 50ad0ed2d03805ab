"""A firm that has handed in, its officer, two assessors, and a visit that is as far as a test wants it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import audit
from survey.models import AuditEvent, Snapshot, Submission, User, Visit
from survey.verification import entering_actions, planning_actions, sheet
from survey.verification.overlay import Found
from survey.verification.planning_actions import Plan
from tests.survey.browsing import Browser
from tests.survey.report.conftest import browser, hand_in, owner  # noqa: F401  # fixtures

AREA = "120111"
TODAY = datetime.now(UTC).date()


@dataclass
class Story:
    """The people and the visit. `do` runs an action in a transaction of its own; `told` is the visit as it stands."""

    app: Flask
    submission: Submission
    officer: User
    assessor: User
    visit_id: int = 0
    visit_public_id: str = ""

    def do(self, action: Callable[..., Any], *arguments: Any, by: User, now: datetime | None = None) -> Any:
        with self.app.app_context(), self.app.extensions["database"].write() as session:
            return action(session, *arguments, audit.Actor(by.id), now or datetime.now(UTC))

    def act(self, action: Callable[..., Any], *arguments: Any, by: User, now: datetime | None = None) -> Any:
        """The same for actions that send messages."""
        return self.do(action, self.app.config["SETTINGS"], self.visit_id, *arguments, by=by, now=now)

    def plan(self, *assessors: User) -> Any:
        wanted = Plan(None, TODAY + timedelta(days=20), frozenset(each.id for each in assessors))
        made, refused = self.do(
            planning_actions.plan, self.app.config["SETTINGS"], self.submission.id, wanted, by=self.officer
        )
        if made is not None:
            with self.app.extensions["database"].read() as session:
                row = session.scalars(sa.select(Visit).order_by(Visit.id.desc())).first()
                self.visit_id, self.visit_public_id = row.id, row.public_id
        return refused

    def enter(self, others: Mapping[str, Found], by: User | None = None) -> None:
        """Find these; everything else is as stated."""
        with self.app.app_context(), self.app.extensions["database"].write() as session:
            told = sheet.case(session, session.get_one(Visit, self.visit_id))
            names = [*told.numbers, *(name for item in told.numbers for name in sheet.figure_names(told, item))]
            found = {name: Found("same", None, ("document",)) for name in names} | dict(others)
            mark = entering_actions.mark(told.findings, names)
            user = by or self.assessor
            assert entering_actions.store(session, self.visit_id, found, names, mark, user.id, datetime.now(UTC))

    def hand_in(self, now: datetime | None = None) -> bool:
        with self.app.app_context(), self.app.extensions["database"].read() as session:
            mark = entering_actions.whole_mark(sheet.case(session, session.get_one(Visit, self.visit_id)))
        handed = entering_actions.HandIn(TODAY, mark)
        return bool(self.act(entering_actions.hand_in, handed, by=self.assessor, now=now))

    def visit(self) -> Visit:
        with self.app.extensions["database"].read() as session:
            found = session.get_one(Visit, self.visit_id)
            session.expunge(found)
            return found

    def records(self) -> list[tuple[str, str, str | None]]:
        with self.app.extensions["database"].read() as session:
            rows = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id))
            return [(row.action, row.result, row.detail) for row in rows]

    def snapshots(self, kind: str) -> list[Snapshot]:
        with self.app.extensions["database"].read() as session:
            query = sa.select(Snapshot).join(Submission, Submission.id == Snapshot.submission_id)
            found = list(session.scalars(query.where(Submission.kind == kind).order_by(Snapshot.number)))
            session.expunge_all()
            return found


@pytest.fixture
def story(app: Flask, make_staff: Callable[..., User], hand_in: Callable[..., Submission]) -> Story:  # noqa: F811
    """Handed in, nothing planned yet."""
    return Story(app, hand_in(), make_staff("officer", AREA), make_staff("assessor", AREA, name="Sun Yu"))


@pytest.fixture
def planned(story: Story) -> Story:
    assert not story.plan(story.assessor)
    return story


@pytest.fixture
def handed_in(planned: Story) -> Story:
    """One scene and one answer were found otherwise."""
    planned.enter(CHANGES)
    assert planned.hand_in()
    return planned


CHANGES = {
    "q8": Found("changed", "B", ("system", "interview"), "Only one of the two systems is in use."),
    "s12": Found("not_shown", 0, (), "Nobody could show it."),
}
"""What `handed_in` found: two answers lower than stated."""


@pytest.fixture
def desk(story: Story, browse_as: Callable[..., Browser]) -> Browser:
    return browse_as(story.officer)


@pytest.fixture
def tablet(story: Story, browse_as: Callable[..., Browser]) -> Browser:
    return browse_as(story.assessor)
