"""Where a person may be sent back to: only paths of this site."""

from urllib.parse import unquote, urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def local_path(target: str | None) -> str | None:
    """`target` if it is a path of a page on this site that can be opened, else None.

    Browsers read a backslash as a slash and drop control characters, so a target with either is refused,
    also when it hides behind percent signs.
    """
    if not target or not target.startswith("/") or len(target) > 2000:
        return None
    plain = unquote(unquote(target))
    if plain.startswith("//") or "\\" in plain or any(ord(sign) < 32 or ord(sign) == 127 for sign in plain):
        return None
    return target if _is_page(urlsplit(target).path) else None


def _is_page(path: str) -> bool:
    urls = current_app.url_map.bind(request.host)
    try:
        endpoint, _ = urls.match(unquote(path), method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return not endpoint.endswith("static")


def here() -> str:
    """The path of the page that is open, to come back to; the start page if there is none."""
    if request.method == "GET" and request.endpoint:
        return request.full_path.rstrip("?")
    return url_for("pages.start")
