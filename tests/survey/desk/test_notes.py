"""Call notes, chains and clusters: what an office keeps about a firm, on record, and in the firm's own copy."""

import sqlalchemy as sa
from flask import Flask

from survey.models import AuditEvent, FirmGroup, FirmGroupMember
from survey.privacy.copies import filled
from survey.privacy.firm_parts import FIRM
from tests.survey.desk.conftest import THERE


def records(app: Flask, action: str) -> list[str | None]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(sa.select(AuditEvent.detail).where(AuditEvent.action == action)))


def test_a_call_is_noted_newest_first_and_the_firm_gets_it_in_its_copy(
    app: Flask, officer, other_officer, make_firm
) -> None:
    firm, elsewhere = make_firm(1), make_firm(2, THERE)
    path = f"/desk/firms/{firm.public_id}"
    assert "No contact was noted yet" in officer.get(path).text
    page = officer.post(f"{path}/notes", {"kind": "call", "text": "  "}, status=422)
    assert "Write what was said or agreed" in page.text
    officer.post(f"{path}/notes", {"kind": "call", "text": "Sends the figures\u200b on Friday.\n\nAsked about grants."})
    page = officer.post(f"{path}/notes", {"kind": "visit", "text": "Saw the new line."})
    (notes,) = [each for each in page.all("section") if each.get("id") == "notes"]
    assert notes.text.index("Saw the new line.") < notes.text.index("Sends the figures on Friday.")
    assert "Officer" in notes.text
    assert records(app, "firm.note") == ["call", "visit"]
    other_officer.get("/desk/bundles")
    for target in (path, f"/desk/firms/{elsewhere.public_id}"):
        browser = other_officer if target == path else officer
        browser.post(f"{target}/notes", {"kind": "call", "text": "x"}, status=404)
    with app.app_context(), app.extensions["database"].read() as session:
        copy = {each.part.key: each.rows for each in filled(session, FIRM, firm.id)}
    assert [(row["kind"], row["text"]) for row in copy["call_notes"]] == [
        ("call", "Sends the figures on Friday.\nAsked about grants."),
        ("visit", "Saw the new line."),
    ]


def test_the_office_puts_a_firm_into_chains_and_clusters(app: Flask, officer, make_firm) -> None:
    firm = make_firm(1)
    with app.extensions["database"].write() as session:
        groups = [
            FirmGroup(kind="chain", code="1", name_zh="装备", name_en="Equipment"),
            FirmGroup(kind="chain", code="2", name_zh="汽车", name_en="Cars"),
            FirmGroup(kind="cluster", code="1", name_zh="轴承", name_en="Bearings", active=False),
        ]
        session.add_all(groups)
        session.flush()
        ids = {each.name_en: each.public_id for each in groups}
    path = f"/desk/firms/{firm.public_id}"
    assert "Bearings" not in officer.get(path).text, "no longer in use"
    officer.post(f"{path}/groups", {"groups": [ids["Equipment"], ids["Cars"]]})
    officer.post(f"{path}/groups", {"groups": [ids["Cars"]]})
    officer.post(f"{path}/groups", {"groups": [ids["Cars"], ids["Bearings"]]}, status=422)
    officer.post(f"{path}/groups", {"groups": [ids["Cars"]]})
    with app.extensions["database"].read() as session:
        held = session.scalars(sa.select(FirmGroup.name_en).join(FirmGroupMember)).all()
    assert held == ["Cars"]
    assert sorted(map(str, records(app, "group.edit"))) == ["put_in", "put_in", "taken_out"]
