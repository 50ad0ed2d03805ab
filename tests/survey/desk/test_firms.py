"""The office's pages about firms: only those of the own area, on every page, in every file and in every count."""

import sqlalchemy as sa
from flask import Flask

from survey.models import AuditEvent, Fact, Membership
from tests.survey.desk.conftest import code, row


def names(browser) -> list[str]:
    """The firms of the list on the open page."""
    cells = [each for each in browser.page.all("th") if each.get("role") == "rowheader"]
    return [each.text for each in cells]


def events(app: Flask, action: str) -> list[AuditEvent]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(sa.select(AuditEvent).where(AuditEvent.action == action)))


def test_it_shows_a_firm_as_the_list_has_it(app: Flask, officer, import_rows, firms) -> None:
    import_rows(officer, row(1, titles="小巨人:2020-06-30"))
    firm = firms()[code(1)]
    page = officer.get(f"/desk/firms/{firm.public_id}")
    for words in ("On the city's list since", "above the statistical threshold", "little giant", "Nobody yet",
                  "expired on", code(1), "139****0001"):  # fmt: skip
        assert words in page.text
    assert "王芳" not in page.html
    assert "13900000001" not in page.html
    hrefs = [each.get("href") for each in page.all("a")]
    assert f"/desk/firms/{firm.public_id}/codes" in hrefs
    assert f"/desk/firms/{firm.public_id}/assessors" in hrefs
    assert not events(app, "firm.view")
    page = officer.post(f"/desk/firms/{firm.public_id}")
    assert "王芳" in page.text
    assert "13900000001" in page.text
    (event,) = events(app, "firm.view")
    assert (event.object_id, event.organisation_id, event.role) == (firm.public_id, firm.id, "officer")


def test_it_shows_who_acts_for_a_firm_by_name_and_role_alone(app: Flask, officer, make_firm) -> None:
    firm = make_firm(1, declared_above=False)
    with app.extensions["database"].write() as session:
        session.add(
            Membership(organisation_id=firm.id, user_id=firm.created_by, role="owner", state="confirmed",
                       created_at=firm.created_at)
        )  # fmt: skip
        values = {"staff": 500, "revenue": 3_000_000_000_00, "assets": 1}
        for kind, value in values.items():
            session.add(
                Fact(organisation_id=firm.id, kind=kind, year=2025, value=value, unit="yuan", source="typed",
                     updated_at=firm.created_at, updated_by=firm.created_by)
            )  # fmt: skip
    page = officer.get(f"/desk/firms/{firm.public_id}")
    assert "Founder" in page.text
    assert "Holds the account" in page.text
    assert "13700000000" not in page.html
    assert "hardly go together" in page.text  # declared below the threshold, yet medium or large by its figures
