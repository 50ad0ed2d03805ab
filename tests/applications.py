"""The application of a test: one for all tests of a process.

To make one takes 0.2 s, and to draw its pages for the first time as long again, for addresses, templates and
statements are compiled; to point it and its engines to another database takes nothing.
"""

import dataclasses
import logging
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from survey.app import create_app
from survey.database import Database
from survey.settings import Settings

_made: dict[Settings, tuple[Flask, dict[str, Any], Any]] = {}
_log = logging.getLogger("survey")


def application(settings: Settings) -> Flask:
    """The site for these settings, as it was made. A test that gives it more pages makes its own by `create_app`."""
    others = dataclasses.replace(settings, database_url="", data_directory=Path())
    if others not in _made:
        app = create_app(settings)
        app.extensions["database"].close()
        _made[others] = app, dict(app.config), _log.handlers[0]
    app, config, handler = _made[others]
    app.config.clear()
    app.config.update({**config, "SETTINGS": settings})
    app.extensions["database"] = _pointed_to(sa.make_url(settings.database_url))
    _log.handlers[:], _log.propagate = [handler], False  # another application may have set it otherwise in between
    _log.setLevel(settings.log_level.upper())
    handler.stream = sys.stderr  # may be another than in the test before
    return app


_engines: dict[str, Database] = {}
_places: dict[str, sa.URL] = {}
"""By the kind of database: its engines, and where they go to."""


def _pointed_to(url: sa.URL) -> Database:
    """The engines of this kind, whose new connections are to this database."""
    kind = url.get_backend_name()
    if kind not in _engines:
        made = _engines[kind] = Database.connect(url.render_as_string(hide_password=False))
        for engine in {made.reader, made.writer, made.durable}:
            sa.event.listen(engine, "do_connect", _go_there)
    _engines[kind].close()
    _places[kind] = url
    return _engines[kind]


def _go_there(dialect: sa.Dialect, _record: Any, positional: list[Any], named: dict[str, Any]) -> None:
    place = _places[dialect.name].database
    if dialect.name == "sqlite":
        positional[0] = place
    else:
        named["dbname"] = place
