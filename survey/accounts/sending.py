"""Sending codes and links: counted for the recipient and for the address that asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.accounts import codes
from survey.accounts.entering import settings
from survey.database import write
from survey.errors import Problem


@contextmanager
def counted(to: str, now: datetime) -> Iterator[Session]:
    """The write transaction in which one more message to this recipient is ordered. Raises Problem after too many."""
    try:
        with write() as db:
            codes.count(db, to, request.remote_addr, now)
            yield db
    except codes.TooManyCodes:
        text = _(
            "Enough messages were sent to this number or address, or from your connection, within an hour. "
            "Wait an hour, then start again."
        )
        raise Problem(429, _("Too many codes"), text) from None


def address_of(view: str, **values: Any) -> str:
    """For messages: made from the configured address, never from the request."""
    return settings().base_url + url_for(f"accounts.{view}", **values)
