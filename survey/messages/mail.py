"""Mail by SMTP: one plain text message, over an encrypted connection wherever the server is not on this machine."""

from __future__ import annotations

import datetime as dt
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from survey.languages import TAGS
from survey.messages.message import Message
from survey.settings import Settings

SECONDS: Final = 20


def send(message: Message, settings: Settings, now: dt.datetime) -> None:
    """Hand the message to the configured server. Raises `smtplib.SMTPException` or `OSError`."""
    with _connection(settings) as server:
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(written(message, settings, now))


def written(message: Message, settings: Settings, now: dt.datetime) -> EmailMessage:
    """The mail with its headers; a line break in one of them is refused by the standard library."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = settings.mail_from
    mail["To"] = message.recipient
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.id}@{settings.host}>"
    mail["Content-Language"] = TAGS[message.language]
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text + "\n")
    return mail


def _connection(settings: Settings) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, timeout=SECONDS)
    if settings.smtp_security == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server
