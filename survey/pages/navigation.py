"""What the frame of every page shows: names of the site, navigation, the view switch."""

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l

from survey.access import person
from survey.languages import page_language
from survey.redirects import here
from survey.settings import Settings

VIEW_COOKIE = "view"
LARGE_PRINT = "large"

ENTRIES = (
    ("answering.home", _l("Fill in")),
    ("report.home", _l("Reports")),
    ("organisations.home", _l("Firm")),
)
"""The navigation line: the first page of each part, and its short name."""


def _entries() -> list[dict[str, object]]:
    part = (request.endpoint or "").split(".")[0]
    return [
        {"href": url_for(endpoint), "name": name, "current": endpoint.split(".")[0] == part}
        for endpoint, name in ENTRIES
        if endpoint in current_app.view_functions
    ]


def site_names() -> dict[str, str]:
    """The names that the operator has set, in the language of the page: platform_name, city, contact."""
    settings: Settings = current_app.config["SETTINGS"]
    suffix = page_language().split("_")[0]
    return {name: getattr(settings, f"{name}_{suffix}") for name in ("platform_name", "city", "contact")}


def _for_templates() -> dict[str, object]:
    settings: Settings = current_app.config["SETTINGS"]
    large = request.cookies.get(VIEW_COOKIE) == LARGE_PRINT
    return {
        "signed_in": person(),
        "navigation": _entries(),
        "large_print": large,
        "view_switch": {"href": url_for("pages.view", view="standard" if large else LARGE_PRINT, next=here())},
        "here": here(),
        "demo": settings.demo,
        **site_names(),
    }


def init_app(app: Flask) -> None:
    app.context_processor(_for_templates)
