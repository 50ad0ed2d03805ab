"""Two people of one firm at the same time: nothing that was acknowledged is lost, nothing is overwritten unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.answering import saving
from survey.models import DraftChange, Fact, SignInSession, Submission, User
from tests.survey.answering.forms import at, form_of, stored, summary, ticked
from tests.survey.browsing import Browser


def autosave(browser: Browser, path: str, form: dict[str, Any], status: int = 200) -> dict[str, Any]:
    browser.post(path, {**form, "then": "autosave"}, status=status, headers={"Accept": "application/json"})
    told: dict[str, Any] = json.loads(browser.response.text)
    return told


def history(app: Flask, section: str) -> list[tuple[int, int, Any]]:
    """(revision, who, what) of every save."""
    query = sa.select(DraftChange.rev, DraftChange.changed_by, DraftChange.data).order_by(DraftChange.id)
    with app.extensions["database"].read() as session:
        return [(rev, who, data["responses"]) for rev, who, data in session.execute(query.filter_by(section=section))]


def test_different_sections_never_collide(
    app: Flask, browser: Browser, colleague: Browser, submission: Submission
) -> None:
    one, two = at(submission, "foundation"), at(submission, "management")
    mine, theirs = browser.get(one), colleague.get(two)
    browser.post(one, form_of(mine, **{"r-q5": "A", "then": "leave"}))
    colleague.post(two, form_of(theirs, **{"r-q8": "D", "then": "leave"}))
    assert stored(app, submission, "foundation")["responses"] == {"q5": "A"}
    assert stored(app, submission, "management")["responses"] == {"q8": "D"}


def test_different_items_of_one_section_merge(
    app: Flask, browser: Browser, colleague: Browser, submission: Submission, owner: User
) -> None:
    path = at(submission, "management")
    browser.post(path, form_of(browser.get(path), **{"r-q8": "A", "r-q9": ["B"], "r-q11": "B", "then": "leave"}))
    mine, theirs = browser.get(path), colleague.get(path)
    colleague.post(path, form_of(theirs, **{"r-q8": "D", "r-q9": None, "then": "leave"}))
    browser.post(path, form_of(mine, **{"r-q11": "unsure", "then": "leave"}))
    assert stored(app, submission, "management") == {"responses": {"q8": "D"}, "open": ["q11"]}
    saves = history(app, "management")
    assert [rev for rev, _who, _data in saves] == [1, 2, 3]
    assert [who == owner.id for _rev, who, _data in saves] == [True, False, True]
    assert saves[1][2] == {"q8": "D", "q11": "B"}


def test_the_same_item_is_decided_by_people(
    app: Flask, browser: Browser, colleague: Browser, submission: Submission
) -> None:
    path = at(submission, "management")
    browser.post(path, form_of(browser.get(path), **{"r-q8": "A", "r-q11": "B", "then": "leave"}))
    mine, theirs = browser.get(path), colleague.get(path)
    colleague.post(path, form_of(theirs, **{"r-q8": "C", "r-q11": "D", "then": "leave"}))
    page = browser.post(path, form_of(mine, **{"r-q8": "D", "then": "leave"}), status=409)
    ((target, text),) = summary(page)
    assert target == "r-q8-A"
    assert "Zhang Min saved another answer" in text
    assert ticked(page, "q8") == ["D"], "one's own is chosen"
    assert ticked(page, "q11") == ["D"], "what only the colleague changed is shown, so that saving again keeps it"
    assert "Not saved yet" in page.text
    assert stored(app, submission, "management")["responses"] == {"q8": "C", "q11": "D"}
    browser.post(path, form_of(page, then="leave"))
    assert stored(app, submission, "management")["responses"] == {"q8": "D", "q11": "D"}
    assert [data for _rev, _who, data in history(app, "management")] == [
        {"q8": "A", "q11": "B"},
        {"q8": "C", "q11": "D"},
        {"q8": "D", "q11": "D"},
    ]


def test_do_not_know_yet_against_an_answer_is_a_conflict_too(
    browser: Browser, colleague: Browser, submission: Submission
) -> None:
    path = at(submission, "management")
    mine, theirs = browser.get(path), colleague.get(path)
    colleague.post(path, form_of(theirs, **{"r-q8": "unsure", "then": "leave"}))
    page = browser.post(path, form_of(mine, **{"r-q8": "D"}), status=409)
    assert "“Do not know yet”" in page.text


def test_a_fault_elsewhere_does_not_undo_a_colleague(
    app: Flask, browser: Browser, colleague: Browser, submission: Submission
) -> None:
    """The page that comes back with faults has the new revision, so it must show the colleague's answers."""
    path = at(submission, "management")
    browser.post(path, form_of(browser.get(path), **{"r-q8": "A", "then": "leave"}))
    mine, theirs = browser.get(path), colleague.get(path)
    colleague.post(path, form_of(theirs, **{"r-q8": "C", "then": "leave"}))
    page = browser.post(path, form_of(mine, **{"r-q11": "A"}), status=422)
    assert ticked(page, "q8") == ["C"]
    browser.post(path, form_of(page, then="leave"))
    assert stored(app, submission, "management")["responses"] == {"q8": "C", "q11": "A"}


# -- autosave ----------------------------------------------------------------------------------------------------------


def test_autosave_says_saved_only_of_what_is_stored(app: Flask, browser: Browser, submission: Submission) -> None:
    path = at(submission, "foundation")
    form = form_of(browser.get(path), **{"r-q5": "C", "f-equipment-2025": "86"})
    told = autosave(browser, path, form)
    assert told["saved"] is True
    assert told["rev"] == 1
    assert told["faults"] == 0
    assert told["message"].startswith("Saved at ")
    assert told["bases"] == {"b-equipment-2025": "86 machine"}
    assert stored(app, submission, "foundation")["responses"] == {"q5": "C"}
    told = autosave(browser, path, {**form, "rev": "1", "r-q1": ["A", "B"]})
    assert told["faults"] == 1
    assert "needs changing" in told["message"]


def test_autosave_of_the_same_again_stores_nothing_twice(app: Flask, browser: Browser, submission: Submission) -> None:
    """As after an answer that got lost: what was sent comes again, with the revision from before."""
    path = at(submission, "foundation")
    form = form_of(browser.get(path), **{"r-q5": "C", "f-equipment-2025": "86"})
    first, second = autosave(browser, path, form), autosave(browser, path, form)
    assert (first["rev"], second["rev"]) == (1, 1)
    assert len(history(app, "foundation")) == 1
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(Fact.rev)).one() == 1


def test_autosave_brings_what_a_colleague_changed(
    app: Flask, browser: Browser, colleague: Browser, submission: Submission
) -> None:
    path = at(submission, "management")
    browser.post(path, form_of(browser.get(path), **{"r-q8": "A", "r-q9": ["B"], "then": "leave"}))
    mine, theirs = form_of(browser.get(path)), colleague.get(path)
    colleague.post(path, form_of(theirs, **{"r-q8": "C", "r-q9": ["B", "C"], "then": "leave"}))
    told = autosave(browser, path, {**mine, "r-q11": "A"})
    assert told["controls"] == {"r-q8": ["C"], "r-q9": ["B", "C"]}
    assert told["rev"] == 3
    assert stored(app, submission, "management")["responses"] == {"q8": "C", "q9": ["B", "C"], "q11": "A"}


def test_autosave_tells_of_a_conflict(app: Flask, browser: Browser, colleague: Browser, submission: Submission) -> None:
    path = at(submission, "management")
    mine, theirs = form_of(browser.get(path)), colleague.get(path)
    colleague.post(path, form_of(theirs, **{"r-q8": "C", "then": "leave"}))
    told = autosave(browser, path, {**mine, "r-q8": "D"}, status=409)
    assert told["saved"] is False
    assert "colleague" in told["message"]
    assert stored(app, submission, "management")["responses"] == {"q8": "C"}


def test_autosave_after_the_sign_in_has_ended_says_so(app: Flask, browser: Browser, submission: Submission) -> None:
    path = at(submission, "management")
    form = form_of(browser.get(path), **{"r-q8": "D"})
    end_sign_ins(app)
    told = autosave(browser, path, form, status=401)
    assert told["title"] == "Your sign-in has ended"
    assert stored(app, submission, "management") == {}


def end_sign_ins(app: Flask, hours: float = 3) -> None:
    with app.extensions["database"].write() as session:
        session.execute(sa.update(SignInSession).values(seen_at=datetime.now(UTC) - timedelta(hours=hours)))


# -- between reading and writing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theirs", "status", "after"),
    [
        ({"r-q8": "C"}, 409, {"q8": "C"}),
        ({"r-q11": "B"}, 303, {"q8": "D", "q11": "B"}),
        ({"r-q8": "D"}, 303, {"q8": "D"}),
    ],
)
def test_a_save_in_between_is_noticed(
    app: Flask,
    browser: Browser,
    colleague: Browser,
    submission: Submission,
    monkeypatch: pytest.MonkeyPatch,
    theirs: dict[str, str],
    status: int,
    after: dict[str, str],
) -> None:
    path = at(submission, "management")
    mine, other = form_of(browser.get(path), **{"r-q8": "D", "then": "leave"}), form_of(colleague.get(path), **theirs)
    between(monkeypatch, lambda: colleague.post(path, {**other, "then": "leave"}))
    browser.post(path, mine, status=status, follow=False)
    assert stored(app, submission, "management")["responses"] == after


def test_a_figure_saved_in_between_is_noticed(
    app: Flask, browser: Browser, colleague: Browser, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = at(submission, "effect")
    mine = form_of(browser.get(path), **{"f-staff-2025": "80", "then": "leave"})
    other = form_of(colleague.get(path), **{"f-staff-2025": "85", "then": "leave"})
    between(monkeypatch, lambda: colleague.post(path, other))
    page = browser.post(path, mine, status=409)
    assert "Zhang Min saved 85" in str(summary(page))


def between(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    """Does something once, right before the next write transaction of a section."""
    original, done = saving._write, []

    def write(*values: Any) -> int | None:
        if not done:
            done.append(True)
            with ThreadPoolExecutor(1) as other:  # a request of its own: contexts belong to a thread
                other.submit(deed).result()
        return original(*values)

    monkeypatch.setattr(saving, "_write", write)


def test_what_a_colleague_answered_meanwhile_is_not_called_unanswered(
    app: Flask, browser: Browser, colleague: Browser, submission: Submission
) -> None:
    path = at(submission, "management")
    mine, theirs = browser.get(path), colleague.get(path)
    colleague.post(path, form_of(theirs, **{"r-q8": "C", "r-q9": ["B"], "then": "leave"}))
    form = form_of(mine, **{"r-q10": ["B"], "r-q11": "A", "then": "continue"})
    browser.post(path, form)
    assert browser.path != path, "all four are answered by the two together: on to the next section"
    assert set(stored(app, submission, "management")["responses"]) == {"q8", "q9", "q10", "q11"}
