"""Permissions of a firm: given and withdrawn with one click, in a wording that is kept, refused without consequence."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import audit
from survey.database import Database
from survey.models import AuditEvent, Consent, Organisation, User
from survey.privacy import consents, disclosures
from survey.privacy.consent_texts import FIELDS, TEXTS
from tests.survey.browsing import Browser
from tests.survey.privacy.conftest import MakeFirm

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def owner(make_person: Callable[..., User]) -> User:
    return make_person()


@pytest.fixture
def firm(owner: User, make_firm: MakeFirm) -> Organisation:
    return make_firm(owner=owner)


def address(firm: Organisation, rest: str = "") -> str:
    return f"/privacy/firms/{firm.public_id}/consents{rest}"


def holds(database: Database, firm: Organisation, kind: str = "benchmark") -> bool:
    with database.read() as session:
        return consents.holds(session, firm.id, kind, datetime.now(UTC))


def test_it_gives_and_withdraws_one_permission_with_one_click_each(
    database: Database, owner: User, firm: Organisation, browse_as: Callable[..., Browser]
) -> None:
    browser = browse_as(owner)
    page = browser.get(address(firm))
    assert page.text.count("Not given") == len(TEXTS), "nothing is given beforehand"
    assert not [each for each in page.all("input") if each.get("type") == "checkbox"]
    browser.post(address(firm, "/benchmark/give"), {"version": TEXTS["benchmark"].version})
    assert "Given on" in browser.page.text
    assert holds(database, firm)
    assert not holds(database, firm, "contact"), "each stands for itself"
    browser.post(address(firm, "/benchmark/withdraw"))
    assert not holds(database, firm)
    assert "Ended on" in browser.page.text
    with database.read() as session:
        row = session.scalars(sa.select(Consent)).one()
        assert (row.given_by, row.withdrawn_by, row.text_version) == (owner.id, owner.id, TEXTS["benchmark"].version)
        assert row.fields == list(TEXTS["benchmark"].fields)
        recorded = session.execute(
            sa.select(AuditEvent.action, AuditEvent.detail).where(AuditEvent.object_kind == "consent")
        ).all()
        assert [tuple(each) for each in recorded] == [
            ("consent.give", "benchmark"),
            ("consent.withdraw", "benchmark"),
        ]


def test_it_names_fields_recipient_purpose_and_end_of_each(
    owner: User, firm: Organisation, browse_as: Callable[..., Browser]
) -> None:
    text = browse_as(owner).get(address(firm)).text
    for each in TEXTS.values():
        for said in (each.title, each.why, each.recipient, each.method, each.lasts, *(FIELDS[f] for f in each.fields)):
            assert " ".join(str(said).split()) in text


def test_it_takes_the_wording_that_was_read_and_no_other(
    database: Database, owner: User, firm: Organisation, browse_as: Callable[..., Browser]
) -> None:
    browser = browse_as(owner)
    browser.get(address(firm))
    browser.post(address(firm, "/contact/give"), {"version": "2020-01-01"})
    assert not holds(database, firm, "contact")


def test_it_asks_again_when_the_wording_changes(
    app: Flask, database: Database, owner: User, firm: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = audit.Actor(owner.id)
    with database.write() as session:
        consents.give(session, firm.id, "contact", TEXTS["contact"], actor, NOW)
    newer = replace(TEXTS["contact"], version="2027-01-01")
    monkeypatch.setitem(TEXTS, "contact", newer)  # type: ignore[arg-type]
    assert not holds(database, firm, "contact")
    with database.write() as session:
        consents.give(session, firm.id, "contact", newer, actor, NOW)
    assert holds(database, firm, "contact")
    with database.read() as session:
        ended = session.scalars(sa.select(Consent.withdrawn_at).order_by(Consent.id)).all()
    assert ended == [NOW, None]


def test_it_keeps_one_permission_however_often_it_is_given(database: Database, owner: User, firm: Organisation) -> None:
    with database.write() as session:
        for _ in range(3):
            consents.give(session, firm.id, "contact", TEXTS["contact"], audit.Actor(owner.id), NOW)
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Consent)) == 1


def test_it_holds_for_the_named_recipient_until_its_last_day(
    database: Database, owner: User, firm: Organisation
) -> None:
    last = date(2026, 12, 31)
    with database.write() as session:
        text = replace(TEXTS["contact"], version="provider-1")
        consents.give(session, firm.id, "provider", text, audit.Actor(owner.id), NOW, "provider-a", last)
    with database.read() as session:

        def held(recipient: str | None, now: datetime) -> bool:
            return consents.holds(session, firm.id, "provider", now, recipient)

        assert held("provider-a", NOW)
        assert not held("provider-b", NOW)
        assert not held(None, NOW)
        assert held("provider-a", datetime(2026, 12, 31, 15, 59, tzinfo=UTC)), "its last day in Shanghai"
        assert not held("provider-a", datetime(2026, 12, 31, 16, 0, tzinfo=UTC))


def test_it_counts_only_confirmed_firms_that_permit_it(database: Database, owner: User, firm: Organisation) -> None:
    def counted() -> bool:
        with database.read() as session:
            return consents.counts(session, firm.id, NOW)

    assert not counted()
    with database.write() as session:
        consents.give(session, firm.id, "benchmark", TEXTS["benchmark"], audit.Actor(owner.id), NOW)
    assert counted()
    with database.write() as session:
        session.execute(sa.update(Organisation).values(state="disputed"))
    assert not counted()


def test_it_lets_only_the_account_holder_decide_and_shows_colleagues_what_was_decided(
    database: Database,
    owner: User,
    make_person: Callable[..., User],
    make_firm: MakeFirm,
    browse_as: Callable[..., Browser],
) -> None:
    editor, stranger = make_person("Editor", "13800000002"), make_person("Stranger", "13800000003")
    firm = make_firm(owner=owner, editor=editor)
    seen = browse_as(editor)
    assert "Give the permission" not in seen.get(address(firm)).text
    seen.post(address(firm, "/contact/give"), {"version": TEXTS["contact"].version}, status=403)
    unknown = browse_as(stranger)
    unknown.get(address(firm), status=404)
    unknown.post(address(firm, "/contact/give"), {"version": TEXTS["contact"].version}, status=404)
    assert not holds(database, firm, "contact")
    mine = browse_as(owner)
    mine.get(address(firm))
    mine.post(address(firm, "/nonsense/give"), {"version": "1"}, status=404)


def test_it_lists_what_left_the_firm_and_under_which_permission(
    database: Database, owner: User, firm: Organisation, browse_as: Callable[..., Browser]
) -> None:
    browser, path = browse_as(owner), f"/privacy/firms/{firm.public_id}/disclosures"
    assert "Nothing was shown or handed to anybody" in browser.get(path).text
    with database.write() as session:
        consent = consents.give(session, firm.id, "contact", TEXTS["contact"], audit.Actor(owner.id), NOW)
        disclosures.disclose(
            session, firm.id, "District office", ["firm_name", "level"], "invitation", "file", NOW,
            consent_id=consent.id, by_user_id=owner.id,
        )  # fmt: skip
    page = browser.get(path)
    assert "District office" in page.text
    assert "name of the firm, level" in page.text
    browser.post(path)
    assert browser.response.mimetype.endswith("sheet")
    assert browser.response.data[:2] == b"PK"


def test_a_disclosure_names_known_fields_and_ways(database: Database, owner: User, firm: Organisation) -> None:
    with database.write() as session:
        for fields, how in ((["nonsense"], "file"), (["level"], "rumour")):
            with pytest.raises(ValueError):
                disclosures.disclose(session, firm.id, "X", fields, "duty", how, NOW)
