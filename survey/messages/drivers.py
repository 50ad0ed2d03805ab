"""How a message leaves the site: by SMS to a mobile number, by mail to an address.

A driver takes a `Message` and delivers it or raises; the job is then tried again. Settings name the ones in use.
"""

import datetime as dt
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from survey.settings import Settings


@dataclass(frozen=True)
class Message:
    """One message in the receiver's language; `kind` says what for, `recipient` is a mobile number or an address."""

    recipient: str
    kind: str
    language: str
    subject: str
    text: str


def _write_file(message: Message, settings: Settings, now: dt.datetime) -> None:
    """For demonstration and tests: one JSON file per message, readable by the site's own user only."""
    folder = Path(settings.data_directory) / "messages"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.json"
    body = json.dumps({**asdict(message), "sent_at": now.isoformat()}, ensure_ascii=False, indent=1)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(body + "\n")


Driver = Callable[[Message, Settings, dt.datetime], None]

DRIVERS: dict[str, Driver] = {
    "file": _write_file,
}


def send(message: Message, settings: Settings, now: dt.datetime) -> None:
    """Deliver now; raises whatever the driver raises."""
    DRIVERS[settings.message_driver](message, settings, now)
