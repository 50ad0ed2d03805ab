"""The world of the access tests: two firms in two areas, and an actor for each relation to the first.

Made through the site's own actions where the firm itself acts; roles and memberships are written as they stand.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from questionnaires import catalogue
from survey import audit
from survey.answering import actions, submitting
from survey.answering.queries import page_data
from survey.credit_code import CreditCode, make_credit_code, read
from survey.desk import bundle_actions
from survey.desk.bundle_queries import Chosen
from survey.evidence import keeping
from survey.models import (
    Area,
    Assignment,
    CalendarDay,
    Campaign,
    Claim,
    Consent,
    FirmGroup,
    Invitation,
    Membership,
    NoticeAcceptance,
    Organisation,
    OutsideResult,
    Provider,
    RightsRequest,
    RoleGrant,
    Scorecard,
    SignInSession,
    Snapshot,
    SubIndustry,
    Submission,
    User,
    Visit,
)
from survey.organisations.actions import Details, create_organisation, save_facts
from survey.privacy.notices import NOTICE_VERSION
from survey.protection import token_hash
from survey.reviews.actions import add_fault
from tests.cast import REFERENCE_YEAR, make_round_of
from tests.survey.report.made import WORKED

HERE, ELSEWHERE = "120111", "120116"
"""The area where the firm operates, and another."""

TODAY = datetime.now(UTC).date()

MEMBERS: dict[str, dict[str, Any]] = {
    "owner": {"role": "owner"},
    "editor": {"role": "editor"},
    "viewer": {"role": "viewer"},
    "filler": {"role": "filler", "body": "Bright Books Ltd", "valid_until": TODAY + timedelta(days=90)},
    "expired filler": {"role": "filler", "body": "Bright Books Ltd", "valid_until": TODAY - timedelta(days=2)},
    "claimed member": {"role": "owner", "state": "claimed"},
    "disputed member": {"role": "owner", "state": "disputed"},
    "former member": {"role": "owner", "state": "ended"},
}
"""Actors with a place in the firm."""

STAFF: dict[str, tuple[str, str | None]] = {
    "officer": ("officer", HERE),
    "officer elsewhere": ("officer", ELSEWHERE),
    "assessor": ("assessor", HERE),
    "assessor unassigned": ("assessor", HERE),
    "city administrator": ("city_administrator", "120000"),
    "security administrator": ("security_administrator", "120000"),
    "auditor": ("auditor", "120000"),
    "provider": ("provider", None),
    "weak officer": ("officer", HERE),
}
"""Actors with a role outside firms, and the area where they hold it."""

WEAK = ("weak officer",)
"""Staff whose sign-in has no second factor."""

OTHERS = ("newcomer", "owner elsewhere", "locked")
ACTORS = ("anonymous", *OTHERS, *MEMBERS, *STAFF)


@dataclass
class World:
    """Public ids by what they stand for, the ids of users, and what nobody outside the firm may ever read."""

    ids: dict[str, str] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)


def token_of(actor: str) -> str:
    return f"sign-in-of-{actor.replace(' ', '-')}"


def name_of(actor: str) -> str:
    """A person's name; those with a place in the firm bear one that nobody else has."""
    return f"{actor.title().replace(' ', '')} Heyueson" if actor in MEMBERS else actor.title()


def make_world(app: Flask) -> World:
    """Everything, in one transaction but for the submission, which is handed in as the site does it."""
    world, now = World(), datetime.now(UTC)
    database = app.extensions["database"]
    with app.app_context():
        with database.write() as session:
            for number, actor in enumerate(ACTORS[1:]):
                world.users[actor] = _user(session, actor, number, now)
            _firms(session, world, now)
            _roles(session, world, now)
            _round(session, world, now)
            _belongings(session, world, now)
        _hand_in(app, world, now)
        _prove(app, world, now)
    world.secrets |= {"Heyue", "和跃精密", *map(name_of, MEMBERS)}
    return world


def _user(session: Session, actor: str, number: int, now: datetime) -> int:
    user = User(
        name=name_of(actor),
        mobile=f"138001390{number:02}",
        email=f"{actor.replace(' ', '.')}@people.example",
        created_at=now,
        state="locked" if actor == "locked" else "active",
    )
    session.add(user)
    session.flush()
    values = {"created_at": now, "seen_at": now, "fresh_at": now, "ends_at": now + timedelta(hours=12)}
    strong = actor not in WEAK
    session.add(NoticeAcceptance(user_id=user.id, version=NOTICE_VERSION, accepted_at=now))
    session.add(SignInSession(token_hash=token_hash(token_of(actor)), user_id=user.id, strong=strong, **values))
    return user.id


def _firms(session: Session, world: World, now: datetime) -> None:
    for key, name, code, owner in (
        ("firm", "和跃精密 Heyue Precision", HERE, "owner"),
        ("other firm", "Borui Casting", ELSEWHERE, "owner elsewhere"),
    ):
        firm = _firm(session, name, code, world.users[owner], now)
        world.ids[key] = firm.public_id
    listed = _firm(session, "Listed Bearings", HERE, world.users["officer"], now)
    session.execute(sa.delete(Membership).where(Membership.organisation_id == listed.id))
    listed.state, listed.listed_at = "listed", now
    world.ids["listed firm"] = listed.public_id
    firm_id = _firm_id(session, world)
    for actor, values in MEMBERS.items():
        row = {"state": "confirmed", "decided_at": now, **values, "created_at": now}
        found = session.scalar(sa.select(Membership).filter_by(organisation_id=firm_id, user_id=world.users[actor]))
        member = found or Membership(organisation_id=firm_id, user_id=world.users[actor])
        for name, value in row.items():
            setattr(member, name, value)
        session.add(member)
        session.flush()
        world.ids[f"membership of {actor}"] = member.public_id


def _firm(session: Session, name: str, area_code: str, user_id: int, now: datetime) -> Organisation:
    count = session.scalars(sa.select(sa.func.count()).select_from(Organisation)).one()
    code = read(make_credit_code(area_code, count + 1))
    assert isinstance(code, CreditCode)
    area = session.scalars(sa.select(Area).where(Area.code == area_code)).one()
    firm = create_organisation(session, code, Details(name, area.id, "C3484"), audit.Actor(user_id), now)
    firm.state = "confirmed"
    session.execute(
        sa.update(Membership).where(Membership.organisation_id == firm.id).values(state="confirmed", decided_at=now)
    )
    return firm


def _firm_id(session: Session, world: World) -> int:
    return session.scalars(sa.select(Organisation.id).where(Organisation.public_id == world.ids["firm"])).one()


def _roles(session: Session, world: World, now: datetime) -> None:
    provider = Provider(name="Spring Cloud Digital Services Ltd", created_at=now)
    session.add(provider)
    session.flush()
    for actor, (role, code) in STAFF.items():
        area = session.scalar(sa.select(Area).where(Area.code == code)) if code else None
        grant = RoleGrant(
            user_id=world.users[actor],
            role=role,
            area_id=area.id if area else None,
            provider_id=None if area else provider.id,
            granted_at=now,
        )
        session.add(grant)
        session.flush()
        world.ids[f"role of {actor}"] = grant.public_id
    world.ids["provider"] = provider.public_id
    for key, code in (("area", HERE), ("area elsewhere", ELSEWHERE), ("city", "120000")):
        world.ids[key] = session.scalars(sa.select(Area.public_id).where(Area.code == code)).one()
    for actor, user_id in world.users.items():
        world.ids[f"user {actor}"] = session.get_one(User, user_id).public_id


def _round(session: Session, world: World, now: datetime) -> None:
    made = make_round_of(session, [catalogue.builtin("digital", "2024"), catalogue.builtin("green", "2026")])
    campaigns = {
        each.questionnaire: each for each in session.scalars(sa.select(Campaign).where(Campaign.round_id == made.id))
    }
    world.ids["round"] = made.public_id
    world.ids["campaign"] = campaigns["green"].public_id
    world.ids["started campaign"] = campaigns["digital"].public_id
    firm, actor = session.get_one(Organisation, _firm_id(session, world)), audit.Actor(world.users["owner"])
    save_facts(session, firm.id, [("revenue", REFERENCE_YEAR, 1_234_567_800, "wan_yuan")], world.users["owner"], now)
    for key, questionnaire in (("draft", "green"), ("handed in", "digital")):
        submission = actions.start(session, firm, campaigns[questionnaire], actor, now)
        world.ids[key] = submission.public_id


def _belongings(session: Session, world: World, now: datetime) -> None:
    """One of everything else that belongs to the firm or to the city."""
    firm_id, owner = _firm_id(session, world), world.users["owner"]
    rows = {
        "result": OutsideResult(
            organisation_id=firm_id, kind="specialised", number="2025-0007", issuer="City", proof="http://x.example",
            issued_on=date(2025, 6, 1), recorded_at=now, recorded_by=owner,
        ),
        "invitation": Invitation(
            token_hash=token_hash("invitation-of-heyue"), recipient="13800138111", role="viewer",
            organisation_id=firm_id, invited_at=now, invited_by=owner, expires_at=now + timedelta(days=7),
        ),
        "office invitation": Invitation(
            token_hash=token_hash("invitation-of-an-office"), recipient="new@staff.example", role="officer",
            area_id=session.scalars(sa.select(Area.id).where(Area.code == HERE)).one(), invited_at=now,
            invited_by=world.users["security administrator"], expires_at=now + timedelta(days=7),
        ),
        "claim": Claim(
            organisation_id=firm_id, user_id=world.users["claimed member"], how="letter", state="waiting", made_at=now,
            remark="Heyue's letter",
        ),
        "assignment": Assignment(
            organisation_id=firm_id, user_id=world.users["assessor"], assigned_at=now,
            assigned_by=world.users["officer"],
        ),
        "consent": Consent(
            organisation_id=firm_id, kind="benchmark", fields=["scores"], purpose="benchmark", text_version="1",
            given_at=now, given_by=owner,
        ),
        "request": RightsRequest(
            user_id=world.users["viewer"], kind="explain", text="Heyue?", made_at=now, due_on=TODAY + timedelta(days=30)
        ),
        "group": FirmGroup(kind="chain", code="g1", name_zh="Gears", name_en="Gears"),
        "day": CalendarDay(
            day=date(TODAY.year, 1, 1), kind="holiday", name="New Year", set_at=now,
            set_by=world.users["city administrator"],
        ),
        "sub-industry": SubIndustry(code="x1", name_zh="Gears", name_en="Gears", prefixes=["C34"]),
    }  # fmt: skip
    session.add_all(rows.values())
    session.flush()
    for key, row in rows.items():
        if hasattr(row, "public_id"):
            world.ids[key] = row.public_id
    world.ids["day"] = date(TODAY.year, 1, 1).isoformat()
    sign_in = sa.select(SignInSession.id).where(SignInSession.user_id == owner)
    world.ids["sign-in of owner"] = str(session.scalars(sign_in).one())


def _prove(app: Flask, world: World, now: datetime) -> None:
    """A photo that proves an answer of both submissions, and one that proves nothing: it may be removed."""
    settings, actor = app.config["SETTINGS"], audit.Actor(world.users["owner"])
    with app.extensions["database"].write() as session:
        firm_id = _firm_id(session, world)
        for key, colour in (("proof", "white"), ("spare proof", "black")):
            picture = io.BytesIO()
            Image.new("RGB", (8, 8), colour).save(picture, "PNG")
            ready = keeping.prepare(settings, world.ids["firm"], f"Heyue {key}.png", picture.getvalue())
            row = keeping.keep(session, firm_id, ready, "firm", actor, now)
            world.ids[key] = row.public_id
            for part, item in (("draft", "registered"), ("handed in", "q1")) if key == "proof" else ():
                submission = session.scalars(
                    sa.select(Submission.id).where(Submission.public_id == world.ids[part])
                ).one()
                keeping.use(session, row.id, submission, item, actor, now)


def _hand_in(app: Flask, world: World, now: datetime) -> None:
    database, owner = app.extensions["database"], world.users["owner"]
    with database.write() as session:
        found = sa.select(Submission).where(Submission.public_id == world.ids["handed in"])
        submission = session.scalars(found).one()
        for section in submitting.prepare(session, submission).instrument.sections:
            given = {item.id: WORKED[item.id] for item in section.items if item.id in WORKED}
            data = page_data(given, {item.id for item in section.items if item.id not in WORKED})
            assert actions.save_page(session, submission.id, section.id, 0, data, owner, now)
    with database.write() as session:
        prepared = submitting.prepare(session, session.get_one(Submission, submission.id))
        assert submitting.submit(session, prepared, prepared.mark, audit.Actor(owner), now)
    world.ids["report"] = world.ids["handed in"]
    with database.write() as session:
        snapshot = session.scalars(sa.select(Snapshot.id).where(Snapshot.submission_id == submission.id)).one()
        made = audit.Actor(world.users["officer"])
        report = session.scalars(sa.select(Scorecard.id).where(Scorecard.snapshot_id == snapshot)).one()
        folder = app.config["SETTINGS"].data_directory
        ordered = bundle_actions.order(session, [Chosen(submission.id, report)], "en", folder, made, now)
        world.ids["bundle"] = ordered.public_id
        visit = Visit(
            organisation_id=submission.organisation_id, submission_id=submission.id, snapshot_id=snapshot, due_on=TODAY,
            created_at=now, created_by=world.users["officer"],
        )  # fmt: skip
        session.add(visit)
        session.flush()
        world.ids["visit"] = visit.public_id
        world.ids["fault"] = add_fault(session, snapshot, "q4", "unclear", "Which of Heyue's systems?", made, now)
