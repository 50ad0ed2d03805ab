"""What the frame of every page shows: names of the site, navigation, the view switch."""

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l

from survey.access import roles_with
from survey.identity import person
from survey.languages import kept_word, page_language
from survey.redirects import here
from survey.settings import Settings

VIEW_COOKIE = "view"
LARGE_PRINT = "large"

ENTRIES = (
    ("answering.home", _l("Fill in")),
    ("report.home", _l("Reports")),
    ("organisations.home", _l("Firm")),
)
"""The navigation line of a firm's people: the first page of each part, and its short name."""

STAFF_ENTRIES = (
    ("firms:view", "desk.home", _l("To do")),
    ("firms:view", "desk.firms", _l("Firms")),
    ("dashboard:view", "dashboard.home", _l("Dashboard")),
    ("submissions:review", "reviews.home", _l("Reviews")),
    ("claims:decide", "desk.claims", _l("Claims")),
    ("visits:plan", "verification.home", _l("Visits")),
    ("visits:view", "verification.own", _l("My visits")),
    ("areas:edit", "city.home", _l("City settings")),
    ("accounts:view", "administration.home", _l("Accounts")),
    ("rights:answer", "administration.requests", _l("Requests")),
    ("audit:read", "auditing.home", _l("Record")),
    ("provider:view", "providers.home", _l("Provider")),
)
"""That of people of offices and providers: each page with the permission it asks for."""

OF_FIRMS = ("people.", "privacy.firms.")
"""Pages of a firm that other parts than the firm's own hold."""


BELONGS = {"evidence.office.": "reviews", "evidence.": "answering"}
"""Pages without an entry of their own, by how their endpoint begins, and the part whose entry is marked for them."""


def _entries() -> list[dict[str, object]]:
    """The pages of firms; for staff those of their roles, and those of firms only where they act for one.

    A page's own entry is marked.
    """
    who, part = person(), _part()
    pairs = [(endpoint, name) for held, endpoint, name in STAFF_ENTRIES if roles_with(held)]
    if not (who and who.roles) or part in {endpoint.split(".")[0] for endpoint, _name in ENTRIES}:
        pairs += ENTRIES
    several = sum(endpoint.split(".")[0] == part for endpoint, _name in pairs) > 1
    return [
        {
            "href": url_for(each),
            "name": name,
            "current": each == request.endpoint if several else each.split(".")[0] == part,
        }
        for each, name in pairs
        if each in current_app.view_functions
    ]


def _part() -> str:
    """What the page belongs to; the people of one firm and what it permits are pages of that firm."""
    endpoint = request.endpoint or ""
    if endpoint.startswith(OF_FIRMS) and "public_id" in (request.view_args or {}):
        return "organisations"
    return next((part for begins, part in BELONGS.items() if endpoint.startswith(begins)), endpoint.split(".")[0])


def site_names() -> dict[str, str]:
    """The names that the operator has set, in the language of the page: platform_name, city, contact."""
    settings: Settings = current_app.config["SETTINGS"]
    suffix = page_language().split("_")[0]
    return {name: getattr(settings, f"{name}_{suffix}") for name in ("platform_name", "city", "contact")}


def _for_templates() -> dict[str, object]:
    settings: Settings = current_app.config["SETTINGS"]
    large = kept_word(VIEW_COOKIE) == LARGE_PRINT
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
