"""What all forms of the site share."""

import unicodedata

from flask_wtf import FlaskForm
from wtforms import Field, RadioField


class SiteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form whose errors can be listed on top of the page."""

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(id of the control, what to do about it), in the order of the fields; the first error of each."""
        return [(_control_of(field), field.errors[0]) for field in self if field.errors]


def _control_of(field: Field) -> str:
    """Where a link to the field leads: of several answers to choose from, the first."""
    return f"{field.id}-0" if isinstance(field, RadioField) else str(field.id)


def tidy(text: str | None) -> str | None:
    """Text as people mean it: full-width letters and digits made plain, no spaces around, none doubled."""
    return None if text is None else " ".join(unicodedata.normalize("NFKC", text).split())
