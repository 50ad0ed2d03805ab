"""How a message leaves the site: by SMS to a mobile number, by mail to an address.

A driver takes a `Message` and delivers it or raises; the job is then tried again. Settings name the ones in use.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from survey.messages import gateway, mail
from survey.messages.message import Message
from survey.settings import Settings

Driver = Callable[[Message, Settings, dt.datetime], None]


class Undeliverable(Exception):
    """This site has no way to the recipient."""


def _write_file(message: Message, settings: Settings, now: dt.datetime) -> None:
    """For demonstration and tests: one JSON file per message, readable by the site's own user only."""
    folder = Path(settings.data_directory) / "messages"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.json"
    body = json.dumps({**asdict(message), "sent_at": now.isoformat()}, ensure_ascii=False, indent=1)
    # Under its last name only when it is whole: whoever waits for it never reads half a message.
    unfinished = path.with_suffix(".part")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(body + "\n")
    unfinished.rename(path)


def _refuse(message: Message, _settings: Settings, _now: dt.datetime) -> None:
    raise Undeliverable("SME_SMS_DRIVER is none: no SMS can be sent")


MAIL_DRIVERS: Final[Mapping[str, Driver]] = {"file": _write_file, "smtp": mail.send}
SMS_DRIVERS: Final[Mapping[str, Driver]] = {"file": _write_file, "http": gateway.send, "none": _refuse}


def send(message: Message, settings: Settings, now: dt.datetime) -> None:
    """Deliver now, to an address or a number; raises whatever the driver raises."""
    by_mail = "@" in message.recipient
    driver = MAIL_DRIVERS[settings.mail_driver] if by_mail else SMS_DRIVERS[settings.sms_driver]
    driver(message, settings, now)
