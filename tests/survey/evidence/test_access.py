"""Who sees proof: the firm, the office once it was handed in, the assessor who is asked; nobody else, by no path."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import audit
from survey.evidence import keeping
from survey.models import AuditEvent, Evidence, Submission, User
from tests.survey.browsing import Browser
from tests.survey.claims.conftest import pdf
from tests.survey.evidence.conftest import HERE, fetched, photo


@pytest.fixture
def officer(make_staff: Callable[..., User], browse_as: Callable[..., Browser]) -> Browser:
    return browse_as(make_staff("officer", HERE))


@pytest.fixture
def handed_in(
    browser: Browser, answered: Submission, send: Callable[..., Any], rows: Callable[[], list[Evidence]]
) -> Submission:
    """The worked example with a photo, and a file that proves nothing; handed in."""
    send(browser, (photo(), "plate.jpg"))
    send(browser, (pdf(), "unused.pdf"))
    browser.get(f"/evidence/{answered.public_id}/items/q1")
    browser.post(f"/evidence/{answered.public_id}/items/q1/leave/{rows()[1].public_id}")
    page = browser.get(f"/fill/{answered.public_id}/check")
    mark = next(each.get("value") for each in page.all("input") if each.get("name") == "checked")
    browser.post(f"/fill/{answered.public_id}/submit", {"checked": mark, "commitment": "truthful-1"})
    return answered


def test_an_office_reads_and_what_it_opens_is_on_record(
    app: Flask, officer: Browser, handed_in: Submission, rows: Callable[[], list[Evidence]]
) -> None:
    plate, unused = rows()
    path = f"/evidence/office/{handed_in.public_id}"
    page = officer.get(path)
    assert "plate.jpg" in page.text
    assert "unused.pdf" not in page.text
    assert "answers have no proof yet" in page.text
    small = fetched(officer, f"{path}/{plate.public_id}/small")
    officer.get(path)
    full = fetched(officer, f"{path}/{plate.public_id}", "POST")
    assert small[:3] == full[:3] == b"\xff\xd8\xff"
    query = sa.select(AuditEvent.object_id, AuditEvent.role).where(AuditEvent.action == "evidence.view")
    with app.extensions["database"].read() as session:
        assert session.execute(query).all() == [(plate.public_id, "officer")]
    officer.get(path)
    officer.post(f"{path}/{unused.public_id}", status=404)


def test_an_office_sees_no_draft(officer: Browser, submission: Submission) -> None:
    officer.get(f"/evidence/office/{submission.public_id}", status=404)


def test_only_the_assessor_who_is_asked_sees_it(
    assessor: Browser, handed_in: Submission, rows: Callable[[], list[Evidence]], make_staff: Callable[..., User],
    browse_as: Callable[..., Browser], officer: Browser,
) -> None:  # fmt: skip
    path = f"/evidence/visit/{handed_in.public_id}"
    assert "plate.jpg" in assessor.get(path).text
    assert len(fetched(assessor, f"{path}/{rows()[0].public_id}", "POST")) == rows()[0].bytes
    assert fetched(assessor, f"{path}/{rows()[0].public_id}/small")
    other = browse_as(make_staff("assessor", HERE, email="other@staff.example"))
    other.get(path, status=404)
    other.get(f"{path}/{rows()[0].public_id}/small", status=404)
    officer.get(path, status=403)
    assessor.get(f"/evidence/office/{handed_in.public_id}", status=403)


def test_other_firms_and_areas_find_nothing(
    handed_in: Submission, rows: Callable[[], list[Evidence]], second: tuple[Browser, Submission], browser: Browser,
    make_staff: Callable[..., User], browse_as: Callable[..., Browser], settings: Any,
) -> None:  # fmt: skip
    plate = rows()[0].public_id
    stranger, theirs = second
    mine = f"/evidence/{handed_in.public_id}"
    for path in ("", "/items/q1", f"/files/{plate}", f"/files/{plate}/open", f"/files/{plate}/small"):
        stranger.get(mine + path, status=404)
    through = f"/evidence/{theirs.public_id}/files/{plate}"
    for path in ("", "/open", "/small", "/remove"):
        stranger.get(through + path, status=404)
    stranger.get(f"/evidence/{theirs.public_id}/items/q1")
    stranger.post(through, {"item": ["q1"]}, status=404)
    stranger.get(f"/evidence/{theirs.public_id}/items/q1")
    page = stranger.post(f"/evidence/{theirs.public_id}/items/q1/choose", {"file": [plate]})
    assert "plate.jpg" not in page.text
    stranger.post(f"{mine}/items/q1/add", {"files": (io.BytesIO(pdf()), "x.pdf")}, status=404)
    elsewhere = browse_as(make_staff("officer", "120103"))
    elsewhere.get(f"/evidence/office/{handed_in.public_id}", status=404)
    elsewhere.get(f"/evidence/office/{handed_in.public_id}/{plate}/small", status=404)


def test_what_an_office_brought_is_seen_by_the_firm_and_stays(
    app: Flask, browser: Browser, submission: Submission, owner: User, rows: Callable[[], list[Evidence]]
) -> None:
    settings = app.config["SETTINGS"]
    with app.app_context(), app.extensions["database"].write() as session:
        firm = submission.organisation_id
        ready = keeping.prepare(settings, "firm1", "site.jpg", photo())
        row = keeping.keep(session, firm, ready, "office", audit.Actor(owner.id), submission.created_at)
        keeping.use(session, row.id, submission.id, "q1", audit.Actor(owner.id), submission.created_at)
    page = browser.get(f"/evidence/{submission.public_id}/items/q1")
    assert "added on site" in page.text
    assert "Not for this answer" not in page.text
    public_id = rows()[0].public_id
    assert fetched(browser, f"/evidence/{submission.public_id}/files/{public_id}/open")
    browser.get(f"/evidence/{submission.public_id}/files/{public_id}", status=404)
    browser.get(f"/evidence/{submission.public_id}/files/{public_id}/remove", status=404)
    browser.get(f"/evidence/{submission.public_id}/items/q1")
    browser.post(f"/evidence/{submission.public_id}/items/q1/leave/{public_id}", status=404)
