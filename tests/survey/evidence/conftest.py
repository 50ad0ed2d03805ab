"""Files as phones and offices make them, a firm with answers, and who brings or looks at proof."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import ExifTags, Image

from survey import audit
from survey.answering import actions
from survey.models import Assignment, AuditEvent, Evidence, EvidenceUse, Organisation, Submission, User
from survey.settings import Settings
from survey.workbooks import Sheet, write
from tests.survey.answering.answers import WORKED
from tests.survey.answering.conftest import browser, campaign, firm, make_firm, owner, submission
from tests.survey.browsing import Browser

__all__ = ["browser", "campaign", "firm", "make_firm", "owner", "submission"]

HERE = "120111"


def exif() -> Image.Exif:
    """What a phone writes: it was held sideways, which phone it is, and where it was."""
    made = Image.Exif()
    made[ExifTags.Base.Orientation] = 6
    made[ExifTags.Base.Model] = "Phone of Wang Fang"
    place = made.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSLatitude] = (39.0, 7.0, 5.0)
    return made


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>39,7.08N</exif:GPSLatitude></x:xmpmeta>'


def photo(form: str = "JPEG", size: tuple[int, int] = (120, 80), colour: str = "white", **more: Any) -> bytes:
    """A photo in any of the forms, with place and device in it."""
    image, written = Image.new("RGB", size, colour), io.BytesIO()
    if form == "HEIF":
        # the encoder turns the picture by its EXIF; what is written is what a phone shows
        pillow_heif.from_pillow(image).save(written, exif=exif().tobytes(), xmp=XMP, quality=60, **more)
    elif form == "PNG":
        image.save(written, form, exif=exif(), **more)
    else:
        image.save(written, form, exif=exif(), xmp=XMP, **more)
    return written.getvalue()


def workbook(**parts: bytes) -> bytes:
    """An equipment list, with more parts if told."""
    made = write([Sheet("设备", ["编号", "名称"], [["1", "数控机床"]])])
    if not parts:
        return made
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, None) or old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return written.getvalue()


@pytest.fixture
def answered(browser: Browser, submission: Submission) -> Submission:
    """The worked example, all sections answered."""
    for section, data in WORKED.items():
        path = f"/fill/{submission.public_id}/sections/{section}"
        browser.get(path)
        browser.post(path, {**data, "rev": "0", "then": "continue"}, follow=False, status=303)
    return submission


@pytest.fixture
def set_state(app: Flask, submission: Submission) -> Callable[[str], None]:
    """As if the submission had come so far; for pages that ask for no more than the state."""

    def set_(state: str) -> None:
        with app.extensions["database"].write() as session:
            row = session.get_one(Submission, submission.id)
            row.state = state
            row.submitted_at, row.reference = datetime.now(UTC), "T-1"

    return set_


@pytest.fixture
def send(submission: Submission) -> Callable[..., Any]:
    """Bring files for an item."""

    def send_(
        browser: Browser, *files: tuple[bytes, str], item: str = "q1", status: int = 200, **options: Any
    ) -> Any:  # fmt: skip
        path = f"/evidence/{submission.public_id}/items/{item}"
        browser.get(path)
        data = {"files": [(io.BytesIO(content), name) for content, name in files]}
        return browser.post(f"{path}/add", data, status=status, content_type="multipart/form-data", **options)

    return send_


@pytest.fixture
def rows(app: Flask) -> Callable[[], list[Evidence]]:
    def all_() -> list[Evidence]:
        with app.extensions["database"].read() as session:
            return list(session.scalars(sa.select(Evidence).order_by(Evidence.id)))

    return all_


@pytest.fixture
def uses(app: Flask) -> Callable[[], list[tuple[int, str]]]:
    def all_() -> list[tuple[int, str]]:
        query = sa.select(EvidenceUse.evidence_id, EvidenceUse.item).order_by(EvidenceUse.evidence_id, EvidenceUse.item)
        with app.extensions["database"].read() as session:
            return [tuple(row) for row in session.execute(query)]

    return all_


@pytest.fixture
def deeds(app: Flask) -> Callable[[], list[tuple[str, str | None]]]:
    """What is on record about proof."""

    def all_() -> list[tuple[str, str | None]]:
        query = sa.select(AuditEvent.action, AuditEvent.detail).where(AuditEvent.action.like("evidence.%"))
        with app.extensions["database"].read() as session:
            return [tuple(row) for row in session.execute(query.order_by(AuditEvent.id))]

    return all_


def files(settings: Settings) -> list[Path]:
    return sorted(path for path in (settings.data_directory / "evidence").rglob("*") if path.is_file())


def fetched(browser: Browser, path: str, method: str = "GET") -> bytes:
    """The bytes of a file; the answer that streams them is closed, as a server does."""
    (browser.get if method == "GET" else browser.post)(path)
    content = browser.response.data
    browser.response.close()
    return content


@pytest.fixture
def assessor(
    app: Flask, firm: Organisation, make_staff: Callable[..., User], browse_as: Callable[..., Browser]
) -> Browser:  # fmt: skip
    """Asked to visit the firm."""
    user = make_staff("assessor", HERE)
    with app.extensions["database"].write() as session:
        session.add(
            Assignment(organisation_id=firm.id, user_id=user.id, assigned_at=datetime.now(UTC), assigned_by=user.id)
        )
    return browse_as(user)


@pytest.fixture
def second(app: Flask, make_person: Callable[..., User], make_firm: Callable[..., Organisation], campaign: Any,
           browse_as: Callable[..., Browser]) -> tuple[Browser, Submission]:  # fmt: skip
    """Another firm's owner, with a submission in the same campaign."""
    user = make_person("Sun Yue", "13800138003")
    other = make_firm(user, 2)
    with app.app_context(), app.extensions["database"].write() as session:
        made = actions.start(session, other, campaign, audit.Actor(user.id), datetime.now(UTC))
    return browse_as(user), made
