"""The statement of truthfulness that whoever submits agrees to. The snapshot stores which wording it was."""

from flask_babel import gettext as _

COMMITMENT = "truthful-1"
"""The version of the wording below: new wording, new version."""


def commitment_text(organisation: str) -> str:
    return _(
        "%(firm)s fills in this assessment of its own accord. The answers and figures are true and complete to our "
        "knowledge, and contain no state secrets.",
        firm=organisation,
    )
