"""Owner Alice, her colleague Bob who may only look, Charlie who waits to be confirmed, and Dana who is a stranger."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import access
from survey.access import organisation_or_404, public, requires, submission_or_404
from survey.app import create_app
from survey.models import Area, Campaign, Membership, Organisation, PublishedInstrument, Round, Submission
from survey.settings import Settings
from tests.survey.browsing import Browser

ROLES = {"alice": ("owner", "confirmed"), "bob": ("viewer", "confirmed"), "charlie": ("owner", "claimed"), "dana": None}


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """One of its own, for it is given more pages."""
    made = create_app(settings)
    yield made
    made.extensions["database"].close()


@pytest.fixture
def site(app: Flask) -> Flask:
    """The site with a view for each way to load an object."""

    @requires("organisation:view")
    def firm(public_id: str) -> Any:
        return organisation_or_404(public_id, "organisation:view").name, {"Content-Type": "text/plain"}

    @requires("answers:edit")
    def answers(public_id: str) -> Any:
        submission = submission_or_404(public_id, "answers:edit")
        return submission.organisation.name, {"Content-Type": "text/plain"}

    @requires("report:view")
    def careless(public_id: str) -> Any:
        return f"the report of {public_id}", {"Content-Type": "text/plain"}

    for view in (firm, answers, careless):
        app.add_url_rule(f"/{view.__name__}/<public_id>", view.__name__, view)
    app.add_url_rule("/open", "open", public(lambda: "open"))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture
def cast(site: Flask, make_person, browse_as) -> dict[str, Browser]:
    """A browser for each person of the story."""
    browsers = {}
    for number, (name, right) in enumerate(ROLES.items()):
        user = make_person(name=name, mobile=f"1380013800{number}")
        browsers[name] = browse_as(user)
        if number == 0:
            make_firm(site, user.id)
        if right:
            add_member(site, user.id, *right)
    return browsers


def make_firm(site: Flask, user_id: int) -> None:
    now = datetime.now(UTC)
    with site.extensions["database"].write() as session:
        area = session.scalars(sa.select(Area).limit(1)).first()
        firm = Organisation(
            public_id="firm", credit_code="91120116MA05ABCD1X", name="Heyue Precision", operating_area=area,
            industry_code="C3484", created_at=now, created_by=user_id,
        )  # fmt: skip
        instrument = make_instrument(now)
        round_ = Round(title_zh="2026", title_en="2026", reference_year=2025, opens_on=now.date(), closes_on=now.date())
        campaign = Campaign(
            round=round_,
            questionnaire="digital",
            instrument=instrument,
            opens_at=now,
            closes_at=now + timedelta(days=9),
        )
        session.add_all([firm, instrument, round_, campaign])
        session.flush()
        session.add(
            Submission(public_id="submission", organisation=firm, campaign=campaign, created_at=now, created_by=user_id)
        )


def make_instrument(now: datetime) -> PublishedInstrument:
    """An instrument whose content does not matter here."""
    checksums = {"rules_checksum": "0" * 64, "texts_checksum": "0" * 64}
    return PublishedInstrument(
        questionnaire="digital", version="2024", revision=1, definition="{}", published_at=now, **checksums
    )


def add_member(site: Flask, user_id: int, role: str, state: str) -> None:
    with site.extensions["database"].write() as session:
        firm_id = session.scalars(sa.select(Organisation.id)).one()
        session.add(
            Membership(organisation_id=firm_id, user_id=user_id, role=role, state=state, created_at=datetime.now(UTC))
        )


@pytest.mark.parametrize(
    ("path", "statuses"),
    [
        ("/firm/firm", {"alice": 200, "bob": 200, "charlie": 404, "dana": 404}),
        ("/answers/submission", {"alice": 200, "bob": 403, "charlie": 404, "dana": 404}),
        ("/firm/none", {"alice": 404, "bob": 404, "charlie": 404, "dana": 404}),
        ("/answers/none", {"alice": 404, "bob": 404, "charlie": 404, "dana": 404}),
    ],
)
def test_it_opens_a_firm_only_to_its_confirmed_members(
    cast: dict[str, Browser], path: str, statuses: dict[str, int]
) -> None:
    for name, status in statuses.items():
        cast[name].get(path, status=status)
        if status == 200:
            assert cast[name].response.text == "Heyue Precision"


def test_it_answers_strangers_as_if_there_were_nothing(cast: dict[str, Browser]) -> None:
    pages = []
    for path in ("/firm/firm", "/firm/none"):
        text = cast["dana"].get(path, status=404).text
        pages.append(text.replace(next(word for word in text.split() if word.startswith("E-")), ""))
    assert pages[0] == pages[1]


def test_it_throws_away_the_answer_of_a_view_that_forgot_to_check(cast: dict[str, Browser], caplog) -> None:
    page = cast["alice"].get("/careless/firm", status=500)
    assert "the report of" not in page.html
    assert "careless never checked report:view" in caplog.text


def test_it_asks_once_for_the_person_and_once_for_the_object(site: Flask, cast: dict[str, Browser]) -> None:
    statements: list[str] = []
    engine = site.extensions["database"].reader
    sa.event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    cast["alice"].get("/answers/submission")
    assert len([each for each in statements if each.lstrip().upper().startswith("SELECT")]) == 2


def test_it_sends_strangers_to_the_sign_in_and_back(browse: Browser, site: Flask) -> None:
    browse.get("/firm/firm?x=1")
    assert browse.path == "/sign-in"
    (target,) = [each.get("value") for each in browse.page.all("input") if each.get("name") == "next"]
    assert target == "/firm/firm?x=1"
    answer = browse.client.get("/firm/firm", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json["reference"].startswith("E-")


def test_it_shows_what_a_role_may_do(site: Flask) -> None:
    with site.test_request_context(base_url="http://localhost"):
        from flask import g

        assert not access.may("answers:view")
        g.role = "viewer"
        assert access.may("answers:view")
        assert not access.may("answers:edit")
