"""Asks the site as one of the actors, and looks at what that changed."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from survey.models.columns import Base
from tests.access.world import World, token_of

TOKEN = "0" * 40
RECORDS = frozenset({"audit_event", "attempt"})
"""What a refusal may write: that it happened."""
QUIET = RECORDS | {"sign_in_session"}
"""What a deed that fails may write besides: that the person is still there."""


@dataclass
class Site:
    """The application, its world, and one way to ask it something as somebody."""

    app: Flask
    world: World
    pristine: sqlite3.Connection | None = None
    _version_as_made: int = -1

    @cached_property
    def path(self) -> str:
        """The SQLite file."""
        return str(self.app.extensions["database"].reader.url.database)

    @cached_property
    def _watching(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path)

    @cached_property
    def form_token(self) -> tuple[str, str]:
        """A form token that is right, and the session cookie it belongs to."""
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        token = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(TOKEN)
        return str(token), str(signer.dumps({"csrf_token": TOKEN}))

    def ask(
        self, actor: str, method: str, path: str, data: dict[str, Any] | None = None, *, token: bool = True, **more: Any
    ) -> TestResponse:
        """One request, its redirect not followed; forms are sent with their token unless `token` is False."""
        client = self.app.test_client()
        form_token, session = self.form_token
        client.set_cookie("session", session)
        if actor != "anonymous":
            client.set_cookie("sign-in", token_of(actor))
        headers = {"Accept": "text/html", "Accept-Language": "en", **more.pop("headers", {})}
        if method == "POST":
            more["data"] = {**({"csrf_token": form_token} if token else {"sent": "1"}), **(data or {})}
        return client.open(path, method=method, headers=headers, buffered=True, **more)

    def url(self, endpoint: str, values: dict[str, str]) -> str:
        with self.app.test_request_context(base_url="http://localhost"):
            return str(self.app.url_for(endpoint, **values))

    def version(self) -> int:
        """A number that changes with every commit of anybody (SQLite)."""
        return int(self._watching.execute("PRAGMA data_version").fetchone()[0])

    def restore(self) -> None:
        """Put the database back as it was made, unless nothing has changed it."""
        if self.version() == self._version_as_made:
            return
        assert self.pristine is not None
        with sqlite3.connect(self.path, timeout=10) as there:
            self.pristine.backup(there)
        there.close()
        self._version_as_made = self.version()

    @cached_property
    def tables_as_made(self) -> dict[str, str]:
        self.restore()
        return self.tables()

    def changed(self) -> set[str]:
        """The tables that are not as they were made."""
        now = self.tables()
        return {name for name, value in now.items() if self.tables_as_made[name] != value}

    def tables(self) -> dict[str, str]:
        """A hash of what each table holds."""
        hashes = {}
        with self.app.extensions["database"].read() as session:
            for table in Base.metadata.sorted_tables:
                held = session.connection().exec_driver_sql(f'SELECT * FROM "{table.name}"')  # a thousand times: no ORM
                rows = sorted(map(repr, map(tuple, held)))
                hashes[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        return hashes


def plain(answer: TestResponse, path: str) -> str:
    """The body without what differs from answer to answer: references, nonces, tokens, times, the address itself."""
    text = re.sub(r"E-[0-9A-Z]{4}-[0-9A-Z]{4}", "E", answer.get_data(as_text=True))
    text = re.sub(r"""(nonce|value|data-token|data-seconds)="[^"]*\"""", "", text)
    for each in (path, quote(path, safe=""), quote(path)):
        text = text.replace(each, "PATH")
    return text
