"""How much of a bare page's speed is left: a question page, and saving a section.

The baselines are bare Flask in the same process and run: a Jinja template that draws as many choices, in a page of the
same size; and a view that does two reads and one insert through SQLAlchemy Core on SQLite in the same mode (and,
for orientation, straight through the driver). Requests go through WSGI, without a server.
"""

import io
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask, render_template, request
from itsdangerous import URLSafeTimedSerializer
from jinja2 import DictLoader

from benchmarks._site import SECRET, site
from benchmarks._timing import interleaved, show
from questionnaires import catalogue
from questionnaires.instrument import Instrument
from questionnaires.text import Text
from survey import database

SECTION = "production"  # six scenes: the longest page without figures


BARE_PAGE = """<!doctype html><html lang="zh-CN"><head><title>{{ title }}</title></head><body><form method="post">
{% for item in items %}<div class="q"><fieldset><legend>{{ item.label }}</legend><p class="hint">{{ item.hint }}</p>
<div class="opts">{% for value, label, note in item.options %}<label class="opt" for="r-{{ item.id }}-{{ value }}">
<input type="radio" name="r-{{ item.id }}" id="r-{{ item.id }}-{{ value }}" value="{{ value }}"
{% if value == chosen.get(item.id) %} checked{% endif %}><span>{{ label }}<small>{{ note }}</small></span></label>
{% endfor %}</div></fieldset><details><summary>{{ item.short }}</summary><p>{{ item.why }}</p><p>{{ item.evidence }}</p>
</details></div>{% endfor %}<p>{{ filler }}</p></form></body></html>"""


def bare_items(instrument: Instrument) -> list[dict[str, Any]]:
    section = instrument.section(SECTION)
    assert section is not None
    say: Callable[[Text | None], str] = lambda text: text.say("zh_CN") if text else ""  # noqa: E731
    return [
        {
            "id": item.id,
            "label": say(item.label),
            "hint": say(item.hint),
            "short": say(item.short),
            "why": say(item.why),
            "evidence": say(item.evidence),
            "options": [(str(each.level), say(each.label), say(each.note)) for each in item.levels],
        }
        for item in section.items
        if item.type == "scene"
    ]


def bare(folder: Path, size: int) -> Flask:
    """Flask with nothing on it."""
    app = Flask("bare")
    app.jinja_loader = DictLoader({"page.html": BARE_PAGE})  # type: ignore[misc]  # compiled once, as a file would be
    items = bare_items(catalogue.builtin("digital", "2024"))
    url = f"sqlite:///{folder / 'bare.db'}"
    reader, writer = database.engine(url, "read"), database.engine(url, "write")
    sheet = sa.Table("page", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("data", sa.Text))
    with writer.begin() as connection:
        sheet.create(connection)
        connection.execute(sheet.insert(), [{"data": "x"}])
    driver = sqlite3.connect(folder / "bare.db", isolation_level=None)
    driver.execute("PRAGMA synchronous=NORMAL")
    filler = {"text": ""}

    @app.get("/")
    def page() -> str:
        return render_template("page.html", title="t", items=items, chosen={"s5": "1"}, filler=filler["text"])

    @app.post("/core")
    def core() -> tuple[str, int, dict[str, str]]:
        data = str(dict(request.form))
        with reader.connect() as connection:
            for _each in range(2):
                connection.execute(sa.select(sheet).where(sheet.c.id == 1)).one()
        with writer.begin() as connection:
            connection.execute(sheet.insert(), {"data": data})
        return "", 303, {"Location": "/"}

    @app.post("/driver")
    def straight() -> tuple[str, int, dict[str, str]]:
        data = str(dict(request.form))
        for _each in range(2):
            driver.execute("SELECT * FROM page WHERE id = 1").fetchone()
        driver.execute("BEGIN IMMEDIATE")
        driver.execute("INSERT INTO page (data) VALUES (?)", (data,))
        driver.execute("COMMIT")
        return "", 303, {"Location": "/"}

    with app.test_client() as client:
        filler["text"] = "页" * max(0, (size - len(client.get("/").data)) // 3)
    return app


def caller(app: Flask, path: str, method: str = "GET", form: dict[str, str] | None = None, cookie: str = "") -> Any:
    """A function that sends one request through WSGI and checks that it went well."""
    body = urlencode(form or {}).encode()
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "HTTP_COOKIE": cookie,
        "HTTP_ACCEPT": "text/html",
        "HTTP_ACCEPT_LANGUAGE": "zh-CN",
        "HTTP_REFERER": f"http://localhost{path}",
        "HTTP_ORIGIN": "http://localhost",
        "wsgi.url_scheme": "http",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
    }

    def call(replaced: bytes | None = None) -> bytes:
        answers: list[str] = []
        sent = replaced if replaced is not None else body
        request_environ = {**environ, "wsgi.input": io.BytesIO(sent), "CONTENT_LENGTH": str(len(sent))}
        content = b"".join(app.wsgi_app(request_environ, lambda status, _headers, _info=None: answers.append(status)))
        assert answers[0][:3] in ("200", "303"), (answers, content[:2000])
        return content

    return call


def tokens(app: Flask) -> tuple[str, str]:
    """A form token and the session cookie it belongs to."""
    raw = "0" * 40
    signer: URLSafeTimedSerializer | None = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    assert signer is not None
    return URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(raw), signer.dumps({"csrf_token": raw})


def main() -> None:
    """Measure and print both comparisons."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app, submission = site(folder)
        path = f"/fill/{submission}/sections/{SECTION}"
        token, session_cookie = tokens(app)
        cookie = f"sign-in=t; session={session_cookie}"
        page = caller(app, path, cookie=cookie)
        size = len(page())
        plain = bare(folder, size)
        bare_page = caller(plain, "/")
        sizes = f"{size} and {len(bare_page())} bytes"
        seconds = interleaved({"bare Flask + Jinja": bare_page, "question page": page}, rounds=7, repeats=60)
        show(f"A question page, {sizes}", "bare Flask + Jinja", seconds, "at least 0.5")

        form = {f"r-s{number}": "1" for number in range(5, 11)} | {"then": "continue", "csrf_token": token}
        save = caller(app, path, "POST", form, cookie)
        state = {"rev": 0}

        def next_save() -> None:
            level = str(state["rev"] % 2 + 1)
            data = {**form, "rev": str(state["rev"]), "r-s5": level}
            save(urlencode(data).encode())
            state["rev"] += 1

        sides = {
            "bare view, Core, 2 reads + 1 insert": caller(plain, "/core", "POST", form),
            "bare view, driver, 2 reads + 1 insert": caller(plain, "/driver", "POST", form),
            "section save (with history, token, rights)": next_save,
        }
        seconds = interleaved(sides, rounds=7, repeats=60)
        show("Saving a section, synchronous=NORMAL", "bare view, Core, 2 reads + 1 insert", seconds, "at least 0.5")


if __name__ == "__main__":
    main()
