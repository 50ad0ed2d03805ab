"""Claiming a listed firm with a code from the office."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.models import Attempt, ListedContact, OneTimeCode, Organisation, User
from tests.survey.browsing import Browser
from tests.survey.claims.conftest import MOBILE, code_in

NEUTRAL = "The two codes do not go together"


def claim(browser: Browser, credit_code: str, code: str, status: int = 200) -> Any:
    browser.get("/claim")
    return browser.post("/claim", {"credit_code": credit_code, "claim_code": code}, status=status)


def codes_kept(app: Flask) -> list[OneTimeCode]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(sa.select(OneTimeCode).order_by(OneTimeCode.id)))


def test_a_listed_firm_claims_itself_with_mobile_and_code_and_finds_its_profile_filled_in(
    app: Flask, desk: Browser, browser: Browser, listed: Organisation,
    messages: Callable[[], list[dict[str, str]]], states: Callable[..., Any], events: Callable[..., Any],
) -> None:  # fmt: skip
    desk.get(f"/desk/firms/{listed.public_id}/codes")
    page = desk.post(f"/desk/firms/{listed.public_id}/codes", {"way": "sms"})
    assert "The SMS is on its way" in page.text
    (message,) = messages()
    assert message["recipient"] == MOBILE
    code = code_in(message["text"])
    assert code not in page.html
    assert "http://localhost/claim" in message["text"]
    page = claim(browser, listed.credit_code, code.lower().replace(" ", "-"))
    assert browser.path == f"/organisation/{listed.public_id}"
    for words in (listed.name, listed.credit_code, "Xiqing District", "C3484"):
        assert words in page.text
    assert states(listed) == ("confirmed", {"Wang Fang": ("owner", "confirmed")}, [("code", "approved", False)])
    assert events() == [("claim_code.make", "done", "sms"), ("claim.make", "done", "code")]
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(ListedContact)).all() == []


def test_the_code_is_kept_as_a_keyed_hash_alone(app: Flask, listed: Organisation, code_for: Callable[..., str]) -> None:
    code = code_for(listed)
    (row,) = codes_kept(app)
    assert len(code) == 10
    assert code not in (row.code_hash + (row.payload or "") + row.recipient)
    assert (row.recipient, (row.expires_at - row.created_at).days) == (listed.public_id, 30)


def test_one_text_for_every_code_that_leads_nowhere(
    app: Flask, browser: Browser, listed: Organisation, list_firm: Callable[..., Organisation],
    code_for: Callable[..., str], states: Callable[..., Any],
) -> None:  # fmt: skip
    other = list_firm(3, "另一家有限公司")
    old, others = code_for(listed, days_ago=31), code_for(other)
    replaced, _newer = code_for(listed, days_ago=1), code_for(listed)
    tries = [(listed, old), (listed, replaced), (listed, others), (None, others)]
    answers = set()
    for firm, code in tries:
        page = claim(browser, firm.credit_code if firm else "91120116MA0000007N", code, status=422)
        answers.add(next(each.text for each in page.all("a") if each.get("href") == "#claim_code"))
        with app.extensions["database"].write() as session:
            session.execute(sa.delete(Attempt))
    assert len(answers) == 1
    assert NEUTRAL in answers.pop()
    assert states(listed)[0] == "listed"


def test_a_code_is_good_once(
    browser: Browser, listed: Organisation, code_for: Callable[..., str], make_person: Callable[..., User],
    browse_as: Callable[..., Browser],
) -> None:  # fmt: skip
    code = code_for(listed)
    claim(browser, listed.credit_code, code)
    second = browse_as(make_person("Chen Jie", "13900139000"))
    assert NEUTRAL in claim(second, listed.credit_code, code, status=422).text
    second.get(f"/organisation/{listed.public_id}", status=404)


def test_a_right_code_for_a_firm_that_has_somebody_opens_a_dispute(
    browser: Browser, owned: Organisation, holder: User, code_for: Callable[..., str],
    browse_as: Callable[..., Browser], states: Callable[..., Any], messages: Callable[[], list[dict[str, str]]],
) -> None:  # fmt: skip
    page = claim(browser, owned.credit_code, code_for(owned))
    assert browser.path.startswith("/claim/")
    assert "It has reached the office" in page.text
    assert all(words not in page.html for words in (owned.name, owned.public_id, holder.name, holder.mobile or "?"))
    assert states(owned) == (
        "disputed",
        {"Li Wei": ("owner", "confirmed"), "Wang Fang": ("owner", "disputed")},
        [("code", "waiting", True)],
    )
    (told,) = messages()
    assert (told["recipient"], told["kind"]) == (holder.mobile, "claimed_too")
    browse_as(holder).get(f"/organisation/{owned.public_id}")


def test_wrong_codes_make_the_account_wait_for_every_firm(
    app: Flask, browser: Browser, listed: Organisation, list_firm: Callable[..., Organisation],
    code_for: Callable[..., str],
) -> None:  # fmt: skip
    for serial in range(10, 15):
        claim(browser, list_firm(serial).credit_code, "AAAAAAAAAA", status=422)
    page = claim(browser, listed.credit_code, code_for(listed), status=429)
    assert "Too many wrong codes. Wait 1 minute" in page.text
    assert browser.get(f"/organisation/{listed.public_id}", status=404)


@pytest.mark.parametrize("known", [True, False])
def test_wrong_codes_of_several_accounts_make_the_firm_wait_known_or_not(
    listed: Organisation, make_person: Callable[..., User], browse_as: Callable[..., Browser], known: bool
) -> None:
    code = listed.credit_code if known else "91120116MA0000007N"
    for number in range(5):
        claim(browse_as(make_person("X", f"1370013700{number}")), code, "AAAAAAAAAA", status=422)
    claim(browse_as(make_person("Y", "13700137009")), code, "AAAAAAAAAA", status=429)


def test_the_code_is_shown_once_on_the_screen(desk: Browser, browser: Browser, listed: Organisation) -> None:
    path = f"/desk/firms/{listed.public_id}/codes"
    desk.get(path)
    code = code_in(desk.post(path, {"way": "screen"}).text)
    assert code not in desk.get(path).text
    assert "There is a code, valid until" in desk.page.text
    claim(browser, listed.credit_code, code)
    assert browser.path == f"/organisation/{listed.public_id}"


def test_no_code_is_made_for_a_firm_that_has_somebody(app: Flask, desk: Browser, owned: Organisation) -> None:
    path = f"/desk/firms/{owned.public_id}/codes"
    page = desk.get(path)
    assert "it needs no code" in page.text
    desk.post(path, {"way": "screen"}, status=409)
    assert codes_kept(app) == []


def test_letters_for_all_firms_of_the_area_without_a_code(
    app: Flask, desk: Browser, listed: Organisation, owned: Organisation, list_firm: Callable[..., Organisation],
    events: Callable[..., Any], browser: Browser,
) -> None:  # fmt: skip
    more, elsewhere = list_firm(3, "另一家有限公司"), list_firm(4, "武清有限公司", "120114")
    page = desk.get("/desk/codes")
    assert "2 firms on the list have nobody yet" in page.text
    assert elsewhere.name not in page.text
    page = desk.post("/desk/codes", {"all": "1"})
    letters = [each.text for each in page.all("article")]
    assert len(letters) == 2
    for firm, text in zip((more, listed), letters, strict=True):
        assert firm.name in text
        assert firm.credit_code in text
        assert "Zhao Min" in text
        assert MOBILE not in text
    assert [each for each in page.all("img") if each.get("src").startswith("data:image/svg+xml")]
    assert events() == [("claim_code.make", "done", "letter")] * 2
    assert desk.get("/desk/codes").text.count("另一家") == 0
    claim(browser, more.credit_code, code_in(letters[0]))
    assert browser.path == f"/organisation/{more.public_id}"


def test_letters_only_for_firms_of_the_office(
    app: Flask, desk: Browser, listed: Organisation, owned: Organisation, list_firm: Callable[..., Organisation]
) -> None:
    elsewhere = list_firm(4, "武清有限公司", "120114")
    desk.get("/desk/codes")
    ids = [listed.public_id, elsewhere.public_id, owned.public_id, "nonsense"]
    page = desk.post("/desk/codes", {"firm": ids})
    assert [each.recipient for each in codes_kept(app)] == [listed.public_id]
    assert elsewhere.name not in page.html


@pytest.mark.parametrize("path", ["/desk/firms/{}/codes", "/desk/firms/{}/assessors"])
def test_another_districts_officer_finds_nothing(
    make_staff: Callable[..., User], browse_as: Callable[..., Browser], listed: Organisation, path: str
) -> None:
    other = browse_as(make_staff("officer", "120114"))
    theirs = other.get(path.format(listed.public_id), status=404).one("main").text
    missing = other.get(path.format("x" * 22), status=404).one("main").text
    assert theirs.split("reference")[0] == missing.split("reference")[0]
    other.get("/claim")
    other.post(path.format(listed.public_id), {"way": "screen"}, status=404)


def test_letters_for_nobody_are_not_made(app: Flask, desk: Browser, listed: Organisation, owned: Organisation) -> None:
    desk.get("/desk/codes")
    for chosen in ([], [owned.public_id], ["nonsense"]):
        page = desk.post("/desk/codes", {"firm": chosen}, status=422)
        assert "Choose at least one firm" in page.text
    assert codes_kept(app) == []


def test_of_two_who_send_one_code_at_once_one_gets_the_firm(
    browser: Browser, listed: Organisation, code_for: Callable[..., str], make_person: Callable[..., User],
    browse_as: Callable[..., Browser], states: Callable[..., Any],
) -> None:  # fmt: skip
    code, start, answers = code_for(listed), threading.Barrier(2), []

    def send(each: Browser) -> None:
        page = each.get("/claim")
        token = next(field.get("value") for field in page.all("input") if field.get("name") == "csrf_token")
        start.wait()
        data = {"csrf_token": token, "credit_code": listed.credit_code, "claim_code": code}
        answers.append(each.client.post("/claim", data=data).status_code)

    both = [browser, browse_as(make_person("Chen Jie", "13900139000"))]
    threads = [threading.Thread(target=send, args=(each,)) for each in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 422]
    state, people, claims = states(listed)
    assert (state, len(people), claims) == ("confirmed", 1, [("code", "approved", False)])


def test_an_officer_does_not_claim_with_a_code_of_ones_own(
    desk: Browser, listed: Organisation, code_for: Callable[..., str], states: Callable[..., Any]
) -> None:
    assert NEUTRAL in claim(desk, listed.credit_code, code_for(listed), status=422).text
    assert states(listed) == ("listed", {}, [])
