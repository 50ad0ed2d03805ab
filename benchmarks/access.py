"""What a permission costs: the decision as a share of the whole page, in the same run.

Measured inside one request each: `person()` is the one query for who is signed in, with roles; the decision is what
access.py does to let a view run: the mark on the view, the row with the right, the comparison with GRANTS. Since the
row is the object that the page shows anyway, the decision is also measured without its query. The page is a
question page, the quickest that loads an object. Requests go through WSGI, without a server.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, g

from benchmarks._site import site
from benchmarks._timing import interleaved, show
from benchmarks.pages import SECTION, caller
from survey import access, database
from survey.access import submission_or_404
from survey.identity import person

PERMISSION = "answers:view"


def inside(app: Flask, path: str, work: Callable[[], Any]) -> Callable[[], Any]:
    """The work, as if in a request of the person who is signed in; what is kept for a request is forgotten first."""

    def once() -> None:
        for name in ("person", "checked", "role"):
            g.pop(name, None)
        work()

    def call() -> None:
        with app.test_request_context(path, base_url="http://localhost", headers={"Cookie": "sign-in=t"}):
            once()

    return call


def decision_alone() -> None:
    """What is decided once person and row are there: no query."""
    access._before(PERMISSION, fresh=False)
    access._allowed(("owner", None), PERMISSION)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        app, submission = site(Path(name))
        path = f"/fill/{submission}/sections/{SECTION}"
        page = caller(app, path, cookie="sign-in=t")

        def known() -> None:
            """The decision for somebody who was looked up already."""
            g.person = somebody
            decision_alone()

        with app.test_request_context(path, base_url="http://localhost", headers={"Cookie": "sign-in=t"}):
            somebody = person()
            assert somebody is not None
            database.reading()
        sides = {
            "the whole page": page,
            "an empty request (subtract from those below)": inside(app, path, lambda: None),
            "the decision, person and row given": inside(app, path, known),
            "the decision and person() with its query": inside(app, path, decision_alone),
            "all of it, with the query that loads the object": inside(
                app, path, lambda: (person(), submission_or_404(submission, PERMISSION))
            ),
        }
        seconds = interleaved(sides, rounds=7, repeats=60)
        show("What a permission costs", "the whole page", seconds, "the decision at most 0.05 of the page's time")
        empty = seconds["an empty request (subtract from those below)"]
        for side in list(sides)[2:]:
            share = (seconds[side] - empty) / seconds["the whole page"]
            print(f"  {side:<58} {share:8.1%} of the page's time")


if __name__ == "__main__":
    main()
