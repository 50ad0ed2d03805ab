"""An office decides claims: what moves, who is told, and who may not."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.claims.due import due_on
from survey.credit_code import CreditCode, read
from survey.models import Claim, Invitation, ListedContact, Membership, Organisation, Submission, User
from survey.organisations.actions import Details, create_organisation
from survey.organisations.queries import counts
from tests.cast import make_campaign
from tests.survey.browsing import Browser
from tests.survey.claims.conftest import XIQING

OWN_CODE = "91120116MA0000007N"


def claim_on(app: Flask, firm: Organisation) -> Claim:
    """The newest claim on a firm."""
    query = sa.select(Claim).where(Claim.organisation_id == firm.id).order_by(Claim.id.desc())
    with app.extensions["database"].read() as session:
        return session.scalars(query).first()  # type: ignore[return-value]


@pytest.fixture
def decide(app: Flask, desk: Browser) -> Callable[..., Any]:
    """The officer opens the newest claim on the firm and decides it."""

    def decided(firm: Organisation, choice: str, reason: str = "called both", status: int = 200) -> Any:
        path = f"/desk/claims/{claim_on(app, firm).public_id}"
        page = desk.get(path)
        seen = next(each.get("value") for each in page.all("input") if each.get("name") == "dispute")
        return desk.post(path, {"choice": choice, "reason": reason, "dispute": seen}, status=status)

    return decided


@pytest.fixture
def entered(app: Flask, claimant: User, area_of: Callable[..., Any]) -> Organisation:
    """A firm that the claimant entered, on no list."""
    code = read(OWN_CODE)
    assert isinstance(code, CreditCode)
    from survey.audit import Actor

    with app.extensions["database"].write() as session:
        details = Details("自行录入有限公司", area_of().id, "C3484")
        return create_organisation(session, code, details, Actor(claimant.id), datetime.now(UTC))


def outcomes(messages: list[dict[str, str]]) -> dict[str, str]:
    return {each["recipient"]: each["text"] for each in messages if each["kind"].endswith("_decided")}


def test_a_letter_is_approved_and_the_firm_is_confirmed(
    app: Flask, desk: Browser, browser: Browser, claimant: User, listed: Organisation, send_letter: Callable[..., Any],
    decide: Callable[..., Any], states: Callable[..., Any], messages: Callable[..., Any], events: Callable[..., Any],
) -> None:  # fmt: skip
    send_letter(browser, listed.credit_code)
    page = desk.get("/desk/claims")
    assert "1 request waits for you" in page.text
    assert listed.name in page.text
    page = desk.get(f"/desk/claims/{claim_on(app, listed).public_id}")
    for words in ("Wang Fang", claimant.mobile, "津禾公司", listed.name, "differs", "On the list"):
        assert str(words) in page.text
    page = decide(listed, "approve", "")
    assert "Approved" in page.text
    assert states(listed) == (
        "confirmed", {"Wang Fang": ("owner", "confirmed")}, [("letter", "approved", False)]
    )  # fmt: skip
    assert "you hold the firm's account" in outcomes(messages())[claimant.mobile or ""]
    assert ("claim.decide", "done", "approve") in events()
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(ListedContact)).all() == []
    browser.get(f"/organisation/{listed.public_id}")
    assert desk.get("/desk/claims").text.count(listed.name) == 0


def test_a_letter_is_refused_with_a_reason_that_the_claimant_reads(
    app: Flask, browser: Browser, listed: Organisation, send_letter: Callable[..., Any], decide: Callable[..., Any],
    states: Callable[..., Any], messages: Callable[..., Any], claimant: User,
) -> None:  # fmt: skip
    send_letter(browser, listed.credit_code)
    path = browser.path
    page = decide(listed, "refuse", "", status=422)
    assert "Give the reason" in page.text
    decide(listed, "refuse", "The seal is missing")
    assert states(listed) == ("listed", {"Wang Fang": ("owner", "ended")}, [("letter", "refused", False)])
    page = browser.get(path)
    assert "The seal is missing" in page.text
    assert listed.name not in page.html
    assert "refused" in outcomes(messages())[claimant.mobile or ""]
    browser.get(f"/organisation/{listed.public_id}", status=404)


@pytest.mark.parametrize(
    ("choice", "state", "people", "told"),
    [
        ("replace", "confirmed", {"Li Wei": "ended", "Wang Fang": "owner"}, "your right has ended"),
        ("both", "confirmed", {"Li Wei": "owner", "Wang Fang": "editor"}, "you keep the account"),
        ("refuse", "confirmed", {"Li Wei": "owner", "Wang Fang": "ended"}, "you keep the account"),
    ],
)
def test_a_second_claimant_waits_for_the_office_and_both_are_told(
    app: Flask, desk: Browser, browser: Browser, owned: Organisation, holder: User, claimant: User,
    send_letter: Callable[..., Any], decide: Callable[..., Any], states: Callable[..., Any],
    messages: Callable[..., Any], browse_as: Callable[..., Browser], choice: str, state: str, people: dict[str, str],
    told: str,
) -> None:  # fmt: skip
    send_letter(browser, owned.credit_code, remark="The bookkeeper has left")
    assert states(owned)[0] == "disputed"
    page = desk.get(f"/desk/claims/{claim_on(app, owned).public_id}")
    for words in ("Li Wei", holder.mobile, "The bookkeeper has left", "Talk to both sides"):
        assert str(words) in page.text
    with app.extensions["database"].write() as session:
        session.add(
            Invitation(
                token_hash="0" * 64, recipient="x@y.cn", role="editor", organisation_id=owned.id,
                invited_at=datetime.now(UTC), invited_by=holder.id, expires_at=datetime.now(UTC),
            )
        )  # fmt: skip
    decide(owned, choice)
    now, rights, _claims = states(owned)
    assert now == state
    assert {name: role if how == "confirmed" else how for name, (role, how) in rights.items()} == people
    assert told in outcomes(messages())[holder.mobile or ""]
    assert claimant.mobile in outcomes(messages())
    for person, name in ((holder, "Li Wei"), (claimant, "Wang Fang")):
        browse_as_once = browser if person is claimant else browse_as(holder)
        browse_as_once.get(f"/organisation/{owned.public_id}", status=404 if people[name] == "ended" else 200)
    with app.extensions["database"].read() as session:
        withdrawn = session.scalars(sa.select(Invitation.withdrawn_at)).one()
    assert bool(withdrawn) == (choice == "replace")


def test_a_colleague_takes_over_and_goes_on_meanwhile(
    app: Flask, browser: Browser, owned: Organisation, claimant: User, send_letter: Callable[..., Any],
    decide: Callable[..., Any], states: Callable[..., Any],
) -> None:  # fmt: skip
    with app.extensions["database"].write() as session:
        session.add(
            Membership(
                organisation_id=owned.id, user_id=claimant.id, role="viewer", state="confirmed",
                created_at=datetime.now(UTC),
            )
        )  # fmt: skip
    send_letter(browser, owned.credit_code)
    assert states(owned)[1]["Wang Fang"] == ("viewer", "confirmed")
    browser.get(f"/organisation/{owned.public_id}")
    decide(owned, "replace", "The former one has left")
    assert states(owned)[1] == {"Li Wei": ("owner", "ended"), "Wang Fang": ("owner", "confirmed")}


def test_of_two_who_claim_a_listed_firm_one_is_approved_and_the_other_becomes_a_dispute(
    app: Flask, desk: Browser, browser: Browser, listed: Organisation, make_person: Callable[..., User],
    browse_as: Callable[..., Browser], send_letter: Callable[..., Any], decide: Callable[..., Any],
    states: Callable[..., Any],
) -> None:  # fmt: skip
    send_letter(browser, listed.credit_code)
    first = claim_on(app, listed)
    send_letter(browse_as(make_person("Chen Jie", "13900139000")), listed.credit_code)
    path = f"/desk/claims/{first.public_id}"
    desk.get(path)
    desk.post(path, {"choice": "approve", "dispute": "False"})
    assert states(listed) == (
        "disputed",
        {"Wang Fang": ("owner", "confirmed"), "Chen Jie": ("owner", "disputed")},
        [("letter", "approved", False), ("letter", "waiting", True)],
    )
    decide(listed, "refuse")
    assert states(listed)[0] == "confirmed"


def test_what_was_seen_as_a_plain_claim_is_not_decided_as_a_dispute(
    app: Flask, desk: Browser, browser: Browser, listed: Organisation, make_person: Callable[..., User],
    browse_as: Callable[..., Browser], send_letter: Callable[..., Any], code_for: Callable[..., str],
    states: Callable[..., Any],
) -> None:  # fmt: skip
    send_letter(browser, listed.credit_code)
    path = f"/desk/claims/{claim_on(app, listed).public_id}"
    desk.get(path)
    other = browse_as(make_person("Chen Jie", "13900139000"))
    other.get("/claim")
    other.post("/claim", {"credit_code": listed.credit_code, "claim_code": code_for(listed)})
    page = desk.post(path, {"choice": "approve", "dispute": "False"}, status=409)
    assert "The firm has somebody else by now" in page.text
    assert states(listed)[0] == "disputed"


def test_a_firm_that_was_entered_is_confirmed_and_counts_only_then(
    app: Flask, desk: Browser, browser: Browser, entered: Organisation, decide: Callable[..., Any],
    states: Callable[..., Any],
) -> None:  # fmt: skip
    def counted() -> int:
        with app.extensions["database"].read() as session:
            return len(session.scalars(sa.select(Organisation).where(counts())).all())

    browser.get(f"/organisation/{entered.public_id}")
    assert (states(entered)[0], counted()) == ("claimed", 0)
    assert "Entered, not on the list" in desk.get("/desk/claims").text
    decide(entered, "approve", "")
    assert (states(entered)[0], counted()) == ("confirmed", 1)


def test_a_firm_that_was_entered_wrongly_has_nobody_any_more(
    browser: Browser, entered: Organisation, decide: Callable[..., Any], states: Callable[..., Any]
) -> None:
    decide(entered, "refuse", "This firm does not exist")
    assert states(entered) == ("listed", {"Wang Fang": ("owner", "ended")}, [("entered", "refused", False)])
    browser.get(f"/organisation/{entered.public_id}", status=404)
    browser.get("/organisation")
    assert browser.path == "/claim"
    assert "Refused" in browser.page.text


def test_a_dispute_on_an_unconfirmed_firm_does_not_confirm_it(
    app: Flask, desk: Browser, entered: Organisation, make_person: Callable[..., User],
    browse_as: Callable[..., Browser], send_letter: Callable[..., Any], decide: Callable[..., Any],
    states: Callable[..., Any],
) -> None:  # fmt: skip
    send_letter(browse_as(make_person("Chen Jie", "13900139000")), entered.credit_code)
    assert states(entered)[0] == "disputed"
    decide(entered, "refuse")
    assert states(entered)[0] == "claimed"


# -- who decides -------------------------------------------------------------------------------------------------------


def test_another_districts_officer_finds_and_changes_nothing(
    app: Flask, browser: Browser, listed: Organisation, send_letter: Callable[..., Any], states: Callable[..., Any],
    make_staff: Callable[..., User], browse_as: Callable[..., Browser],
) -> None:  # fmt: skip
    send_letter(browser, listed.credit_code)
    other = browse_as(make_staff("officer", "120114"))
    page = other.get("/desk/claims")
    assert listed.name not in page.html
    assert "Wang Fang" not in page.html
    claim = claim_on(app, listed)
    bodies = []
    for public_id in (claim.public_id, "x" * 22):
        path = f"/desk/claims/{public_id}"
        bodies.append(other.get(path, status=404).one("main").text.split("reference")[0])
        for deed in (path, f"{path}/letter"):
            other.post(deed, {"choice": "approve", "dispute": "False"}, status=404)
    assert bodies[0] == bodies[1]
    assert states(listed)[0] == "claimed"


def test_the_city_decides_everywhere_and_without_a_second_factor_nobody_does(
    app: Flask, browser: Browser, listed: Organisation, officer: User, send_letter: Callable[..., Any],
    make_staff: Callable[..., User], browse_as: Callable[..., Browser],
) -> None:  # fmt: skip
    send_letter(browser, listed.credit_code)
    assert listed.name in browse_as(make_staff("city_administrator")).get("/desk/claims").text
    browse_as(officer, strong=False).get("/desk/claims", status=403)


@pytest.mark.parametrize("state", ["confirmed", "claimed", "ended"])
def test_who_is_or_was_of_the_firm_does_not_decide_and_that_is_on_record(
    app: Flask, desk: Browser, browser: Browser, officer: User, listed: Organisation, send_letter: Callable[..., Any],
    states: Callable[..., Any], events: Callable[..., Any], state: str,
) -> None:  # fmt: skip
    send_letter(browser, listed.credit_code)
    with app.extensions["database"].write() as session:
        session.add(
            Membership(
                organisation_id=listed.id, user_id=officer.id, role="viewer", state=state, created_at=datetime.now(UTC)
            )
        )
    path = f"/desk/claims/{claim_on(app, listed).public_id}"
    page = desk.get(path)
    assert "a colleague must decide" in page.text
    assert not [each for each in page.all("input") if each.get("name") == "choice"]
    desk.post(path, {"choice": "approve", "dispute": "False"}, status=403)
    assert states(listed)[2] == [("letter", "waiting", False)]
    assert ("claim.decide", "refused", "involved") in events()


def test_nobody_decides_about_the_own_claim(
    app: Flask, desk: Browser, listed: Organisation, send_letter: Callable[..., Any], states: Callable[..., Any]
) -> None:
    send_letter(desk, listed.credit_code)
    path = f"/desk/claims/{claim_on(app, listed).public_id}"
    desk.get(path)
    desk.post(path, {"choice": "approve", "dispute": "False"}, status=403)
    assert states(listed)[0] == "claimed"


def test_of_two_officers_at_once_one_decides(
    app: Flask, browser: Browser, listed: Organisation, send_letter: Callable[..., Any], desk: Browser,
    make_staff: Callable[..., User], browse_as: Callable[..., Browser], states: Callable[..., Any],
    events: Callable[..., Any], messages: Callable[..., Any],
) -> None:  # fmt: skip
    send_letter(browser, listed.credit_code)
    path = f"/desk/claims/{claim_on(app, listed).public_id}"
    browsers = [desk, browse_as(make_staff("officer", XIQING, email="second@staff.example"))]
    start, answers = threading.Barrier(2), []

    def decide(which: int, choice: str) -> None:
        page = browsers[which].get(path)
        token = next(each.get("value") for each in page.all("input") if each.get("name") == "csrf_token")
        data = {"csrf_token": token, "choice": choice, "reason": "x", "dispute": "False"}
        start.wait()
        answers.append(browsers[which].client.post(path, data=data).status_code)

    threads = [threading.Thread(target=decide, args=each) for each in ((0, "approve"), (1, "refuse"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 409]
    assert len([each for each in events() if each[0] == "claim.decide"]) == 1
    state, rights, claims = states(listed)
    right = {"approved": ("confirmed", "confirmed"), "refused": ("listed", "ended")}[claims[0][1]]
    assert (state, rights["Wang Fang"][1]) == right
    assert len(outcomes(messages())) == 1


@pytest.mark.parametrize(
    ("made", "due"),
    [
        ("2026-11-02T02:00", date(2026, 11, 9)),
        ("2026-11-06T02:00", date(2026, 11, 13)),
        ("2026-11-06T17:00", date(2026, 11, 13)),  # Saturday in Shanghai
        ("2026-11-08T02:00", date(2026, 11, 13)),
        ("2026-10-06T02:00", date(2026, 10, 13)),  # a holiday on Thursday, Saturday is worked
    ],
)
def test_five_working_days(made: str, due: date) -> None:
    named = {date(2026, 10, 8): "holiday", date(2026, 10, 10): "workday"}
    assert due_on(named, datetime.fromisoformat(made).replace(tzinfo=UTC)) == due


# -- nobody sees anything before ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["claimed", "disputed", "ended"])
def test_no_page_of_a_firm_or_its_answers_opens_before_the_person_is_confirmed(
    app: Flask, browser: Browser, claimant: User, holder: User, owned: Organisation, state: str
) -> None:
    with app.app_context(), app.extensions["database"].write() as session:
        campaign = make_campaign(session)
        session.add(
            Membership(
                organisation_id=owned.id, user_id=claimant.id, role="owner", state=state, created_at=datetime.now(UTC)
            )
        )
        submission = Submission(
            organisation_id=owned.id, campaign_id=campaign.id, created_at=datetime.now(UTC), created_by=holder.id
        )
        session.add(submission)
        session.flush()
        ids = {"public_id": owned.public_id, "submission_id": submission.public_id}
    browser.get("/claim")
    opened = 0
    for rule in app.url_map.iter_rules():
        permission = getattr(app.view_functions[rule.endpoint], "permission", "")
        from survey.access import FIRM_PERMISSIONS

        if permission not in FIRM_PERMISSIONS:
            continue
        opened += 1
        values = {name: ids.get(name) or default_for(rule.rule, name, ids) for name in rule.arguments}
        with app.test_request_context(base_url="http://localhost"):
            path = app.url_map.bind("localhost").build(rule.endpoint, values)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            data = {"csrf_token": token_of(browser)} if method == "POST" else None
            answer = browser.client.open(path, method=method, data=data)
            assert answer.status_code == 404, (method, path)
            assert owned.name not in answer.text
    assert opened > 10
    assert "先到" not in browser.get("/claim").html


def default_for(rule: str, name: str, ids: dict[str, str]) -> str:
    if name == "language":
        return "en"
    return ids["public_id"] if "/organisation/" in rule or "/firms/" in rule else ids["submission_id"]


def token_of(browser: Browser) -> str:
    return next(each.get("value") for each in browser.page.all("input") if each.get("name") == "csrf_token")
