"""The firm's pages of proof: adding, using again, taking away, and what is still missing."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from PIL import Image

from survey.audit import Actor
from survey.evidence import keeping, kinds
from survey.limits import LIMITS, Limit
from survey.models import Evidence, Submission
from survey.settings import Settings
from tests.survey.browsing import Browser
from tests.survey.claims.conftest import pdf
from tests.survey.evidence.conftest import fetched, files, photo, workbook


def home(submission: Submission) -> str:
    return f"/evidence/{submission.public_id}"


def test_several_files_at_once_each_on_its_own(
    browser: Browser, send: Callable[..., Any], rows: Callable[[], list[Evidence]], settings: Settings,
    uses: Callable[[], Any], deeds: Callable[[], Any],
) -> None:  # fmt: skip
    sent = [(photo("HEIF"), "IMG_1.HEIC"), (b"nothing", "笔记.txt"), (pdf(), "合同.pdf"), (workbook(), "清单.xlsx")]
    page = send(browser, *sent, status=422)
    assert "笔记.txt: Only photos (JPEG, PNG, WebP, HEIC), PDF and Excel (.xlsx) are taken" in page.text
    assert "Files that are not named here were kept." in page.text
    assert [(row.name, row.kind) for row in rows()] == [
        ("IMG_1.HEIC", "photo"), ("合同.pdf", "pdf"), ("清单.xlsx", "workbook"),
    ]  # fmt: skip
    assert [item for _id, item in uses()] == ["q1"] * 3
    assert len(files(settings)) == 4  # the photo has its small picture
    assert deeds() == [("evidence.add", "firm")] * 3


def test_the_same_file_twice_is_one_with_two_uses(
    browser: Browser, send: Callable[..., Any], rows: Callable[[], list[Evidence]], settings: Settings,
    uses: Callable[[], Any],
) -> None:  # fmt: skip
    send(browser, (photo(), "a.jpg"), (photo(), "b.jpg"))
    send(browser, (photo(), "c.jpg"), item="q4")
    assert [row.name for row in rows()] == ["a.jpg"]
    assert [item for _id, item in uses()] == ["q1", "q4"]
    assert len(files(settings)) == 2


def test_the_script_gets_its_answer_as_data(browser: Browser, send: Callable[..., Any]) -> None:
    send(browser, (photo(), "a.jpg"), (b"", "b.jpg"), status=422, headers={"Accept": "application/json"})
    assert browser.response.json == {"kept": ["a.jpg"], "faults": ["b.jpg: The file is empty. Choose it again"]}
    send(browser, (pdf(), "c.pdf"), headers={"Accept": "application/json"})
    assert browser.response.json == {"kept": ["c.pdf"], "faults": []}


def test_nothing_and_too_many_files_are_said_to_be_so(
    browser: Browser, send: Callable[..., Any], rows: Callable[[], list[Evidence]]
) -> None:
    assert "Choose at least one photo or file" in send(browser, status=422).text
    page = send(browser, *[(pdf(), f"{number}.pdf") for number in range(21)], status=422)
    assert "Choose at most 20 files at a time" in page.text
    assert rows() == []


def test_room_and_pace_have_an_end(
    browser: Browser, send: Callable[..., Any], rows: Callable[[], list[Evidence]], settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(keeping, "MOST_FILES", 1)
    page = send(browser, (pdf(), "1.pdf"), (photo(), "2.jpg"), (pdf(), "again.pdf"), status=422)
    assert "2.jpg: There is no more room" in page.text
    assert "again.pdf" not in page.one("main").text.partition("Files for this answer")[0]
    assert len(rows()) == len(files(settings)) == 1
    monkeypatch.setitem(LIMITS, "evidence files", Limit(4, LIMITS["evidence files"].within))  # type: ignore[arg-type]
    page = send(browser, (pdf(), "1.pdf"), (pdf(), "over.pdf"), status=422)
    assert "over.pdf: Too many files within a day" in page.text


def test_a_form_with_large_photos_is_taken_and_others_are_as_small_as_ever(
    app: Flask, browser: Browser, send: Callable[..., Any], submission: Submission
) -> None:
    noise = io.BytesIO()
    Image.effect_noise((2100, 1500), 60).convert("RGB").save(noise, "PNG")
    assert len(noise.getvalue()) > app.config["MAX_CONTENT_LENGTH"]
    send(browser, (noise.getvalue(), "big.png"))
    close_sent(browser)
    path = f"/evidence/{submission.public_id}/items/q1/choose"
    browser.post(path, {"file": (io.BytesIO(noise.getvalue()), "x")}, status=413)
    close_sent(browser)
    stranger = Browser(app)
    stranger.get("/sign-in")
    stranger.post(
        f"/evidence/{submission.public_id}/items/q1/add", {"files": (io.BytesIO(noise.getvalue()), "x.png")}, status=413
    )
    close_sent(stranger)


def close_sent(browser: Browser) -> None:
    """What the test's client keeps on the disk of a large form."""
    browser.response.request.environ["wsgi.input"].close()


def test_what_is_missing_is_what_claims_something(
    app: Flask, browser: Browser, answered: Submission, send: Callable[..., Any]
) -> None:
    page = browser.get(home(answered))
    said = page.one("main").text
    # 31 items: level 0 of s4, s10, s16 and answers that earned no point claim nothing
    assert "answers have no proof yet, of" in said
    words = {
        line.get("id"): mark.text
        for mark in page.all("span") if mark.get("class").startswith("st ")
        for line in mark.around if line.get("id").startswith("i-")
    }  # fmt: skip
    assert len(words) == 31
    assert words["i-s1"] == words["i-q1"] == "Proof is missing"
    assert words["i-s4"] == words["i-s10"] == words["i-q11"] == "Needs no proof"
    before = list(words.values()).count("Proof is missing")
    assert f"{before} answers have no proof yet, of {before}" in said
    send(browser, (photo(), "a.jpg"), item="s1")
    assert f"{before - 1} answers have no proof yet, of {before}" in browser.get(home(answered)).text
    assert f"{before - 1} answers have no proof yet" in browser.get(f"/fill/{answered.public_id}").text


def test_nothing_answered_wants_no_proof(browser: Browser, submission: Submission) -> None:
    assert "No answer wants proof so far." in browser.get(home(submission)).text


def test_from_a_question_to_its_proof_and_what_was_typed_is_saved(
    browser: Browser, submission: Submission, send: Callable[..., Any]
) -> None:
    section = f"/fill/{submission.public_id}/sections/foundation"
    page = browser.get(section)
    assert sum(each.text.startswith("Add proof") for each in page.all("button")) == 7
    browser.post(section, {"rev": "0", "r-q5": "C", "then": "proof-q5"})
    assert browser.path == f"/evidence/{submission.public_id}/items/q5"
    send(browser, (photo(), "a.jpg"), item="q5")
    page = browser.get(section)
    assert next(each.text for each in page.all("button") if each.get("value") == "proof-q5").startswith("Proof: 1 file")
    assert [each.get("value") for each in page.all("input") if "checked" in each.attributes] == ["C"]
    browser.post(section, {"rev": "1", "then": "proof-nonsense"})
    assert browser.path.startswith("/fill/")


def test_one_file_for_many_answers(
    browser: Browser, submission: Submission, send: Callable[..., Any], rows: Callable[[], list[Evidence]],
    uses: Callable[[], Any],
) -> None:  # fmt: skip
    send(browser, (photo(), "plate.jpg"))
    (row,) = rows()
    path = f"{home(submission)}/files/{row.public_id}"
    browser.get(path)
    browser.post(path, {"item": ["q1", "q4", "s3", "nonsense"]})
    assert [item for _id, item in uses()] == ["q1", "q4", "s3"]
    browser.get(path)
    browser.post(path, {"item": ["s3"]})
    assert [item for _id, item in uses()] == ["s3"]
    item = f"{home(submission)}/items/q7"
    browser.get(item)
    browser.post(f"{item}/choose", {"file": [row.public_id, "nonsense"]})
    assert [used for _id, used in uses()] == ["q7", "s3"]
    browser.get(item)
    browser.post(f"{item}/leave/{row.public_id}")
    browser.get(f"{home(submission)}/items/s3")
    page = browser.post(f"{home(submission)}/items/s3/leave/{row.public_id}")
    assert uses() == []
    assert "plate.jpg" in page.text  # still there to be used
    assert "Not used here" in browser.get(home(submission)).text


def test_a_file_is_removed_for_good_after_a_question(
    browser: Browser, submission: Submission, send: Callable[..., Any], rows: Callable[[], list[Evidence]],
    settings: Settings, uses: Callable[[], Any], deeds: Callable[[], Any],
) -> None:  # fmt: skip
    send(browser, (photo(), "a.jpg"))
    path = f"{home(submission)}/files/{rows()[0].public_id}"
    assert "cannot be brought back" in browser.get(f"{path}/remove").text
    browser.post(f"{path}/remove")
    row = rows()[0]
    assert (files(settings), uses(), row.file, row.name, row.removed_by) == ([], [], None, None, row.added_by)
    assert deeds()[-1] == ("evidence.remove", None)
    browser.get(f"{path}/open", status=404)
    send(browser, (photo(), "a.jpg"))
    assert len(rows()) == 2


def test_after_handing_in_proof_is_added_but_not_taken_away(
    browser: Browser, submission: Submission, send: Callable[..., Any], rows: Callable[[], list[Evidence]],
    uses: Callable[[], Any], answered: Submission,
) -> None:  # fmt: skip
    send(browser, (photo(), "a.jpg"))
    page = browser.get(f"/fill/{submission.public_id}/check")
    mark = next(each.get("value") for each in page.all("input") if each.get("name") == "checked")
    page = browser.post(f"/fill/{submission.public_id}/submit", {"checked": mark, "commitment": "truthful-1"})
    assert "See and add proof" in page.text
    file = f"{home(submission)}/files/{rows()[0].public_id}"
    send(browser, (pdf(), "b.pdf"), item="q2")
    browser.get(file)
    browser.post(file, {"item": ["q3"]})  # q1 is not ticked and stays
    assert [item for _id, item in uses()] == ["q1", "q3", "q2"]
    page = browser.get(f"{home(submission)}/items/q1")
    assert "Not for this answer" not in page.text
    browser.post(f"{home(submission)}/items/q1/leave/{rows()[0].public_id}", status=409)
    browser.post(f"{file}/remove", status=409)
    assert all(row.file for row in rows())


def test_what_is_accepted_stands(
    browser: Browser, submission: Submission, send: Callable[..., Any], rows: Callable[[], list[Evidence]],
    second: tuple[Browser, Submission], app: Flask, uses: Callable[[], Any],
) -> None:  # fmt: skip
    send(browser, (photo(), "a.jpg"))
    with app.extensions["database"].write() as session:
        other = session.get_one(Submission, second[1].id)  # stands for the firm's part of a year before
        other.state, other.submitted_at, other.reference = "accepted", other.created_at, "T-2"
        session.flush()
        keeping.use(session, rows()[0].id, other.id, "q1", Actor(rows()[0].added_by), other.created_at)
    page = browser.get(f"{home(submission)}/files/{rows()[0].public_id}")
    assert "It proves answers that were handed in" in page.text
    browser.post(f"{home(submission)}/files/{rows()[0].public_id}/remove", status=409)
    assert rows()[0].file


def test_files_are_handed_out_as_what_they_are(
    browser: Browser, submission: Submission, send: Callable[..., Any], rows: Callable[[], list[Evidence]]
) -> None:
    send(browser, (photo("PNG"), "铭牌 1.png"), (pdf(), "合同.pdf"))
    for row, how, name in zip(rows(), ("inline", "attachment"), ("铭牌 1.jpg", "合同.pdf"), strict=True):
        content = fetched(browser, f"{home(submission)}/files/{row.public_id}/open")
        headers = browser.response.headers
        assert headers["Content-Disposition"].startswith(how)
        assert f"filename*=UTF-8''{quote(name)}" in headers["Content-Disposition"]
        assert (headers["Content-Type"], headers["X-Content-Type-Options"], headers["Cache-Control"]) == (
            kinds.TYPES[row.kind], "nosniff", "no-store",
        )  # fmt: skip
        assert len(content) == row.bytes
    assert fetched(browser, f"{home(submission)}/files/{rows()[0].public_id}/small")[:3] == b"\xff\xd8\xff"
    browser.get(f"{home(submission)}/files/{rows()[1].public_id}/small", status=404)


def test_a_broken_token_keeps_the_ticks_and_no_file(
    browser: Browser, submission: Submission, send: Callable[..., Any], rows: Callable[[], list[Evidence]],
    settings: Settings, uses: Callable[[], Any],
) -> None:  # fmt: skip
    send(browser, (photo(), "a.jpg"))
    path = f"{home(submission)}/files/{rows()[0].public_id}"
    here = {"headers": {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}}
    page = browser.post(path, {"csrf_token": "old", "item": ["q1", "s3"]}, status=400, **here)
    assert [each.get("value") for each in page.all("input") if each.get("name") == "item"] == ["q1", "s3"]
    add = {"csrf_token": "old", "files": (io.BytesIO(pdf()), "b.pdf")}
    browser.post(f"{home(submission)}/items/q1/add", add, status=400, content_type="multipart/form-data", **here)
    assert len(files(settings)) == 2
    assert [item for _id, item in uses()] == ["q1"]


def test_pages_are_whole_in_chinese(
    app: Flask, browser: Browser, submission: Submission, send: Callable[..., Any], rows: Callable[[], list[Evidence]]
) -> None:
    browser.language = "zh-CN"
    send(browser, (photo(), "a.jpg"))
    paths = ("", "/items/q1", "/items/q2", f"/files/{rows()[0].public_id}", f"/files/{rows()[0].public_id}/remove")
    for path in paths:
        assert "roof" not in browser.get(home(submission) + path).one("main").text
    assert kinds.FAULTS.keys() >= {"full", "today"}
