"""Every field in which people write about themselves says what it is for (P-02)."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[3] / "templates"
FOLDERS = ("accounts", "account", "claims", "privacy")
WITHOUT = {
    "accounts/sign_in.html: form.recipient": "the page itself is called signing in",
    "accounts/sign_in.html: form.password": "the page itself is called signing in",
    "accounts/code.html: form.code": "the page says where the code was sent",
    "accounts/prove.html: form.password": "the page says why it asks",
    "account/language.html: form.language": "the page is about nothing else",
}
"""Fields whose page says all there is to say, each with the reason."""


def fields() -> dict[str, str]:
    """The call that draws each field, by template and field."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((TEMPLATES / folder).rglob("*.html")):
            for call in re.findall(r"{{ (?:field|radios)\((.*?)\) }}", path.read_text(encoding="utf-8")):
                name = re.match(r"field=([\w.\[\]]+)", call)
                found[f"{path.relative_to(TEMPLATES)}: {name[1] if name else call}"] = call
    return found


def test_every_field_about_oneself_says_what_it_is_for() -> None:
    silent = {place for place, call in fields().items() if "hint=" not in call}
    assert silent == set(WITHOUT), "give them a hint that says what the answer is used for"


def test_it_looks_at_the_fields_there_are() -> None:
    assert {"accounts/register.html: form.name", "privacy/request.html: form.text"} <= set(fields())
