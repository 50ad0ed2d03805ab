"""SMS through the city's gateway: one POST for each message, in a form that any gateway can be adapted to.

The body is JSON: {"id": …, "to": "13800138000", "text": …, "kind": …}; the token goes into the Authorization header.
Every 2xx answer means taken. The only address the site ever calls by HTTP is the configured one (F-09): no redirects,
no proxy from the environment, a time limit.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final
from urllib import request

from survey.messages.message import Message
from survey.settings import Settings

SECONDS: Final = 15
MOST_ANSWER: Final = 10_000


class NotTaken(Exception):
    """The gateway answered with something else than 2xx."""


class _NoRedirects(request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        return None


def send(message: Message, settings: Settings, _now: dt.datetime) -> None:
    """Hand the message to the gateway. Raises `NotTaken` or `OSError`."""
    body = {"id": message.id, "to": message.recipient, "text": message.text, "kind": message.kind}
    asked = request.Request(  # noqa: S310  # the settings allow https, and http on this machine
        settings.sms_url,
        data=json.dumps(body, ensure_ascii=False).encode(),
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "Authorization": f"Bearer {settings.sms_token}",
            "Idempotency-Key": message.id,
        },
    )
    opener = request.build_opener(_NoRedirects, request.ProxyHandler({}))
    with opener.open(asked, timeout=SECONDS) as answer:
        answer.read(MOST_ANSWER)
        if not 200 <= answer.status < 300:
            raise NotTaken(str(answer.status))
