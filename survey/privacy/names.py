"""How a person is named once the account is closed and the name erased."""

from flask_babel import gettext as _


def person_name(name: str | None) -> str:
    """The name, or that the account is closed."""
    return name or _("closed account")
