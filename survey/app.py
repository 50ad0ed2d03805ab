"""Puts the site together: settings, database, extensions, and the table of blueprints."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from survey import access, cli, database, errors, formatting, identity, languages, logs, security_headers
from survey.accounts import own_views as account
from survey.accounts import views as accounts
from survey.administration import views as administration
from survey.answering import views as answering
from survey.auditing import views as auditing
from survey.benchmark import views as benchmark
from survey.city import views as city
from survey.claims import views as claims
from survey.dashboard import views as dashboard
from survey.desk import views as desk
from survey.evidence import views as evidence
from survey.organisations import people_views as people
from survey.organisations import views as organisations
from survey.pages import navigation
from survey.pages import views as pages
from survey.privacy import views as privacy
from survey.providers import views as providers
from survey.report import views as report
from survey.reviews import views as reviews
from survey.settings import Settings
from survey.verification import views as verification

bootstrap = Bootstrap5()
csrf = CSRFProtect()

TOP = Path(__file__).resolve().parent.parent

BLUEPRINTS = (
    languages.bp,
    pages.bp,
    accounts.bp,
    organisations.bp,
    answering.bp,
    report.bp,
    account.bp,
    people.bp,
    claims.bp,
    desk.bp,
    reviews.bp,
    evidence.bp,
    verification.bp,
    dashboard.bp,
    benchmark.bp,
    city.bp,
    administration.bp,
    auditing.bp,
    providers.bp,
    privacy.bp,
)
"""Every part of the site that has pages. A new part is one import and one line."""

MEBIBYTE = 1024 * 1024


class Segment(BaseConverter):
    """A part of an address; a zero byte, which PostgreSQL refuses in any text, is a page that does not exist."""

    part_isolating = True
    regex = r"[^/\0]+"


def create_app(settings: Settings) -> Flask:
    """The WSGI application for these settings."""
    app = Flask("survey", template_folder=str(TOP / "templates"), static_folder=str(TOP / "survey" / "static"))
    configure(app, settings)
    app.url_map.converters["default"] = Segment
    database.init_app(app, settings.database_url)
    logs.init_app(app, settings.log_level.upper())
    bootstrap.init_app(app)
    security_headers.init_app(app)
    csrf.init_app(app)
    for part in (languages, formatting, access, navigation, cli):
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        url_for=fixed_or_made_url, static_url=static_url, bootstrap_version=version("bootstrap-flask")
    )
    csrf.exempt("survey.pages.policy_reports.take")  # a browser sends it, not a form
    errors.init_app(app)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Flask's own settings, from ours."""
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        TRUSTED_HOSTS=list(settings.hosts),
        SESSION_COOKIE_NAME=identity.cookie_name("session", settings),
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # The token lives as long as the session: a page may stay open over lunch.
        WTF_CSRF_TIME_LIMIT=None,
        # The largest section has about 60 fields and long texts: 1 MB and 2,000 parts leave room, 2 MB is the end.
        MAX_CONTENT_LENGTH=2 * MEBIBYTE,
        MAX_FORM_MEMORY_SIZE=MEBIBYTE,
        MAX_FORM_PARTS=2000,
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # As babel.cfg collects them: the texts of {% trans %} without the line breaks of the template.
    app.jinja_env.policies["ext.i18n.trimmed"] = True


def fixed_or_made_url(endpoint: str, **values: Any) -> str:
    """`url_for` in templates. Addresses without values are the same on every page, and a page has twenty of them."""
    return url_for(endpoint, **values) if values else _fixed_url(endpoint)


@cache
def _fixed_url(endpoint: str) -> str:
    return url_for(endpoint)


@cache
def static_url(filename: str) -> str:
    """The address of one of our static files, with its content's checksum: it may be cached for ever."""
    return url_for("static", filename=filename, v=_checksum(filename))


@cache
def _checksum(filename: str) -> str:
    return hashlib.sha256((TOP / "survey" / "static" / filename).read_bytes()).hexdigest()[:12]
