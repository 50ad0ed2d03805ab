"""The register of what was shown or handed to somebody outside a firm. Kept at least three years (P-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey.models import Consent, Disclosure
from survey.privacy.consent_texts import FIELDS, TEXTS

HOWS: Final[Mapping[str, LazyString]] = {
    "page": _l("shown on a page"),
    "file": _l("handed over as a file"),
    "interface": _l("fetched through an interface"),
}
"""How something can leave the firm."""


def disclose(
    session: Session,
    organisation_id: int,
    recipient: str,
    fields: Sequence[str],
    purpose: str,
    how: str,
    now: datetime,
    *,
    consent_id: int | None = None,
    by_user_id: int | None = None,
) -> Disclosure:
    """Enter one disclosure, in the transaction in which it happens.

    `recipient` is the name under which it is known, `fields` are keys of FIELDS, `how` is a key of HOWS.
    """
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown or how not in HOWS:
        raise ValueError(f"no such fields or way: {', '.join(unknown) or how}")
    row = Disclosure(
        organisation_id=organisation_id,
        recipient=recipient,
        consent_id=consent_id,
        fields=list(fields),
        purpose=purpose,
        how=how,
        at=now,
        by_user_id=by_user_id,
    )
    session.add(row)
    return row


def disclosed(session: Session, organisation_id: int) -> Sequence[sa.Row[Disclosure, Consent | None]]:
    """What left the firm, newest first, each with the permission it was under."""
    query: sa.Select[Disclosure, Consent | None] = sa.select(Disclosure, Consent)
    query = query.outerjoin(Consent, Consent.id == Disclosure.consent_id)
    mine = query.where(Disclosure.organisation_id == organisation_id)
    return session.execute(mine.order_by(Disclosure.at.desc(), Disclosure.id.desc())).all()


PURPOSES: Final[Mapping[str, LazyString]] = {
    **{text.purpose: text.title for text in TEXTS.values()},
    "duty": _l("duty of the authority"),
}
"""What a purpose word means to a reader."""
