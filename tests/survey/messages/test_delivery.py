"""Messages leave the site with the deed they tell of, over a real mail server and a real gateway."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from flask import Flask

from survey import jobs
from survey.messages import outbox
from survey.messages.delivery import deliver
from survey.messages.gateway import NotTaken
from survey.messages.words import KINDS
from survey.models import Job, JobItem, OutgoingMessage
from survey.settings import Settings
from tests.survey.messages.certificate import make_certificate

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


class Sink:
    """Takes mail, or refuses it while `broken`."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.broken = False

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802  # its name there
        if self.broken:
            return "451 later"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        return "250 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@pytest.fixture
def sink(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Sink, int]]:
    """A mail server on this machine that wants encryption, a name and a password; its certificate is trusted."""

    def known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"site", b"pw"))

    certificate, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    handler = Sink()
    controller = Controller(
        handler,
        hostname="localhost",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        authenticator=known,
        auth_required=True,
    )
    controller.start()
    yield handler, controller.port
    controller.stop()


@pytest.fixture
def by_mail(settings: Settings, sink: tuple[Sink, int]) -> Settings:
    return dataclasses.replace(
        settings,
        mail_driver="smtp",
        mail_from="noreply@site.example",
        smtp_host="localhost",
        smtp_port=sink[1],
        smtp_security="starttls",
        smtp_user="site",
        smtp_password="pw",
    )


def posted(app: Flask, settings: Settings, recipient: str, language: str = "en", **more: Any) -> int:
    """The id of a code in the outbox."""
    with app.app_context(), app.extensions["database"].write() as session:
        outbox.post(session, settings, "sign_in", recipient, language, {"code": "123456"}, NOW, **more)
    with app.extensions["database"].read() as session:
        return session.scalars(sa.select(OutgoingMessage.id).order_by(OutgoingMessage.id.desc())).first()


def row(app: Flask, message_id: int) -> OutgoingMessage:
    with app.extensions["database"].read() as session:
        return session.get_one(OutgoingMessage, message_id)


@pytest.mark.parametrize(("language", "said"), [("zh_CN", "是您登录"), ("en", "is your code for signing in")])
def test_it_sends_mail_in_the_language_of_the_person(
    app: Flask, by_mail: Settings, sink: tuple[Sink, int], language: str, said: str
) -> None:
    deliver(by_mail, posted(app, by_mail, "wang@firm.example", language), language)
    (mail,) = sink[0].received
    assert said in mail.get_content()
    assert "123456" in mail.get_content()
    assert (mail["From"], mail["To"]) == ("noreply@site.example", "wang@firm.example")
    assert mail["Message-ID"].endswith("@localhost>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Subject"] in ("您的登录验证码", "Your code for signing in")


def test_it_talks_to_no_mail_server_that_it_cannot_trust(
    app: Flask, by_mail: Settings, sink: tuple[Sink, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ssl.SSLCertVerificationError):
        deliver(by_mail, posted(app, by_mail, "wang@firm.example"), "en")
    assert not sink[0].received


def test_it_keeps_a_message_sealed_and_erases_it_once_sent(app: Flask, by_mail: Settings) -> None:
    message_id = posted(app, by_mail, "wang@firm.example")
    before = row(app, message_id)
    assert before.sealed
    assert "123456" not in before.sealed
    deliver(by_mail, message_id, "en")
    after = row(app, message_id)
    assert (after.sealed, after.recipient) == (None, None)
    assert after.sent_at is not None


def test_it_sends_a_message_once(app: Flask, by_mail: Settings, sink: tuple[Sink, int]) -> None:
    message_id = posted(app, by_mail, "wang@firm.example")
    deliver(by_mail, message_id, "en")
    deliver(by_mail, message_id, "en")
    assert len(sink[0].received) == 1


def test_it_does_not_send_a_code_that_has_run_out(app: Flask, by_mail: Settings, sink: tuple[Sink, int]) -> None:
    message_id = posted(app, by_mail, "wang@firm.example", useless_after=timedelta(minutes=10))  # long ago
    deliver(by_mail, message_id, "en")
    assert not sink[0].received
    assert (row(app, message_id).sealed, row(app, message_id).sent_at) == (None, None)


def test_it_keeps_what_the_server_refused_and_tries_again_later(
    app: Flask, by_mail: Settings, sink: tuple[Sink, int]
) -> None:
    message_id = posted(app, by_mail, "wang@firm.example")
    database, now, waits = app.extensions["database"], datetime.now(UTC), []
    sink[0].broken = True
    for _attempt in range(2):
        with database.write() as session:
            taken = jobs.claim(session, now)
        assert taken is not None
        with pytest.raises(Exception, match="451"):
            deliver(by_mail, message_id, "en")
        with database.write() as session:
            jobs.fail(session, taken, "451 later", now)
            assert jobs.claim(session, now) is None, "it is not tried again at once"
            later = session.scalars(sa.select(JobItem.not_before)).one()
        waits.append(later - now)
        now = later
    assert waits == list(jobs.RETRY_AFTER[:2])
    assert row(app, message_id).sealed
    sink[0].broken = False
    deliver(by_mail, message_id, "en")
    assert len(sink[0].received) == 1


def test_it_gives_up_after_the_last_attempt_and_says_why(app: Flask, by_mail: Settings) -> None:
    posted(app, by_mail, "wang@firm.example")
    database, now = app.extensions["database"], datetime.now(UTC)
    for _attempt in range(len(jobs.RETRY_AFTER) + 1):
        with database.write() as session:
            taken = jobs.claim(session, now)
            assert taken is not None
            jobs.fail(session, taken, "451 later", now)
        now += max(jobs.RETRY_AFTER)
    with database.read() as session:
        item = session.scalars(sa.select(JobItem)).one()
    assert (item.state, item.error) == ("failed", "451 later")


def test_it_posts_nothing_when_the_deed_fails(app: Flask, settings: Settings) -> None:
    with pytest.raises(ZeroDivisionError), app.app_context(), app.extensions["database"].write() as session:
        outbox.post(session, settings, "sign_in", "wang@firm.example", "en", {"code": "123456"}, NOW)
        _ = 1 / 0
    with app.extensions["database"].read() as session:
        assert not session.scalar(sa.select(sa.func.count(OutgoingMessage.id)))
        assert not session.scalar(sa.select(sa.func.count(Job.id)))


def test_it_refuses_a_line_break_in_a_header(app: Flask, by_mail: Settings, sink: tuple[Sink, int]) -> None:
    message_id = posted(app, by_mail, "wang@firm.example\r\nBcc: everybody@firm.example")
    with pytest.raises(ValueError, match=r"(?i)linefeed|newline|carriage"):
        deliver(by_mail, message_id, "en")
    assert not sink[0].received


Answer = Callable[[], tuple[int, dict[str, str]]]


@pytest.fixture
def gateway() -> Iterator[Any]:
    """A gateway on this machine that keeps what it gets; `answer` says how it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # its name there
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.got.append((self.path, dict(self.headers), json.loads(body)))
            self.send_response(server.answer)
            if server.answer == 302:
                self.send_header("Location", f"http://127.0.0.1:{server.server_port}/elsewhere")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            pass

    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.answer = [], 200
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def by_gateway(settings: Settings, gateway: Any) -> Settings:
    url = f"http://127.0.0.1:{gateway.server_port}/send"
    return dataclasses.replace(settings, sms_driver="http", sms_url=url, sms_token="t0ken")


def test_it_hands_an_sms_to_the_gateway(app: Flask, by_gateway: Settings, gateway: Any) -> None:
    message_id = posted(app, by_gateway, "13800138000", "zh_CN")
    public_id = row(app, message_id).public_id
    deliver(by_gateway, message_id, "zh_CN")
    ((path, headers, body),) = gateway.got
    assert (path, headers["Authorization"], headers["Idempotency-Key"]) == ("/send", "Bearer t0ken", public_id)
    assert (body["to"], body["kind"], body["id"]) == ("13800138000", "sign_in", public_id)
    assert body["text"].startswith("123456 是您登录")


@pytest.mark.parametrize("status", [302, 400, 500])
def test_it_keeps_an_sms_that_was_not_taken(app: Flask, by_gateway: Settings, gateway: Any, status: int) -> None:
    gateway.answer = status
    message_id = posted(app, by_gateway, "13800138000")
    with pytest.raises((NotTaken, OSError)):
        deliver(by_gateway, message_id, "en")
    assert [path for path, _headers, _body in gateway.got] == ["/send"], "it follows no redirect"
    assert row(app, message_id).sealed


def test_every_text_names_what_it_says_it_names(app: Flask) -> None:
    for language in ("zh_CN", "en"):
        for kind, words in KINDS.items():
            with app.test_request_context(headers={"Accept-Language": language.replace("_", "-")}):
                given = {name: f"<{name}>" for name in (*words.values, "site", "base")}
                text = str(words.text) % given
                subject = str(words.subject) % given
            missing = [name for name in words.values if f"<{name}>" not in text]
            assert not missing, (language, kind, missing)
            assert "%" not in text + subject
            assert "\n" not in subject
