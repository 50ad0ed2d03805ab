"""On a site that others can reach, publishing takes two city administrators, each with a second factor."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from questionnaires import catalogue
from survey.accounts import second_factor
from survey.app import create_app
from survey.models import AuditEvent, PublishedInstrument, User
from survey.settings import Settings
from tests.survey.conftest import PASSWORD

DIGITAL = str(catalogue.DEFINITIONS / "digital" / "2024.yaml")


@pytest.fixture
def reachable(settings: Settings) -> Iterator[Flask]:
    """The same site under an address of the network."""
    ways_out = {"mail_driver": "smtp", "smtp_host": "mail.city.example", "mail_from": "a@city.example"}
    known = dataclasses.replace(
        settings, base_url="https://city.example", secure_cookies=True, sms_driver="none", **ways_out
    )
    made = create_app(known)
    yield made
    made.extensions["database"].close()


@pytest.fixture
def administrator(app: Flask, make_staff: Callable[..., User]) -> Callable[..., tuple[str, str]]:
    """Adds somebody with a second factor; gives the address and the secret."""

    def add(email: str, role: str = "city_administrator") -> tuple[str, str]:
        user, settings = make_staff(role, email=email), app.config["SETTINGS"]
        before = datetime.now(UTC) - timedelta(minutes=5)
        with app.extensions["database"].write() as session:
            box = second_factor.begin(settings, user.id)
            secret = second_factor.secret_in(settings, user.id, box) or ""
            code = pyotp.TOTP(secret).at(before)
            assert second_factor.confirm(session, settings, user.id, box, code, before, replace=False)
        return email, secret

    return add


def typed(*people: tuple[str, str], password: str = PASSWORD) -> str:
    return "".join(f"{address}\n{password}\n{pyotp.TOTP(secret).now()}\n" for address, secret in people)


def publish(site: Flask, text: str) -> tuple[int, str]:
    result = site.test_cli_runner().invoke(args=["instruments", "publish", DIGITAL], input=text)
    return result.exit_code, result.output


def published(site: Flask) -> int:
    with site.extensions["database"].read() as session:
        return session.scalar(sa.select(sa.func.count(PublishedInstrument.id))) or 0


def test_two_people_publish_and_both_are_on_record(reachable: Flask, administrator) -> None:
    one, two = administrator("one@city.example"), administrator("two@city.example")
    code, said = publish(reachable, typed(one, two))
    assert (code, published(reachable)) == (0, 1), said
    assert PASSWORD not in said
    with reachable.extensions["database"].read() as session:
        deeds = session.execute(
            sa.select(AuditEvent.action, User.email, AuditEvent.role)
            .join(User, User.id == AuditEvent.actor_id)
            .where(AuditEvent.action.like("instrument.%"))
            .order_by(AuditEvent.id)
        ).all()
    assert [tuple(row) for row in deeds] == [
        ("instrument.publish", "one@city.example", "city_administrator"),
        ("instrument.confirm", "two@city.example", "city_administrator"),
    ]


def test_one_person_is_not_two(reachable: Flask, administrator) -> None:
    one = administrator("one@city.example")
    again = (one[0], one[1])
    code, said = publish(reachable, typed(one, again))
    assert (code, published(reachable)) == (2, 0), said


def test_somebody_else_cannot_confirm(reachable: Flask, administrator) -> None:
    one = administrator("one@city.example")
    for other in (administrator("sec@city.example", "security_administrator"), ("nobody@city.example", one[1])):
        code, said = publish(reachable, typed(one) + typed(other))
        assert (code, published(reachable)) == (2, 0), said


def test_a_wrong_password_or_code_is_refused(reachable: Flask, administrator) -> None:
    one = administrator("one@city.example")
    assert publish(reachable, typed(one, password="kettle marble orbit fire"))[0] == 2
    assert publish(reachable, f"{one[0]}\n{PASSWORD}\n000000\n")[0] == 2
    assert published(reachable) == 0


def test_a_site_of_this_machine_alone_asks_nobody(app: Flask) -> None:
    assert publish(app, "")[0] == 0
