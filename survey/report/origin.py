"""By what, from what and when a result was made, and where its sources disagree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where sources disagree, what is followed, and how sure that is."""

    about: str
    decided: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """By what, from what and when the result was made; `helpers` are other bodies that filled in for the firm."""

    questionnaire: str
    edition: str
    basis: str
    basis_number: str
    engine: str
    rules_checksum: str
    texts_checksum: str
    content_hash: str
    reference: str
    submitted_at: datetime
    helpers: tuple[str, ...] = ()
