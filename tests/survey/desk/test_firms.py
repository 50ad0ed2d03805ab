"""The office's pages about firms: only those of the own area, on every page, in every file and in every count."""

import io
import zipfile

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from survey import workbooks
from survey.desk import queries
from survey.models import Area, AuditEvent, Fact, Membership
from tests.survey.desk.conftest import HERE, THERE, code, row


def names(browser) -> list[str]:
    """The firms of the list on the open page."""
    cells = [each for each in browser.page.all("th") if each.get("role") == "rowheader"]
    return [each.text for each in cells]


def events(app: Flask, action: str) -> list[AuditEvent]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(sa.select(AuditEvent).where(AuditEvent.action == action)))


def test_it_shows_how_far_the_list_is(officer, import_rows, make_firm) -> None:
    assert "No firm is here yet" in officer.get("/desk").text
    make_firm(5, state="confirmed")
    make_firm(6, state="disputed")
    make_firm(7, THERE, state="confirmed")
    import_rows(officer, row(1), row(2))
    page = officer.get("/desk")
    assert "1 of 4 firms are confirmed" in page.text
    assert "Of 4 firms, 2 of them on the list and 2 entered by their own people" in page.text
    (bars,) = [each for each in page.all("ul") if each.get("class") == "bars"]
    for words in ("Nobody's yet2 Nobody's yet 50%", "Claimed0", "Confirmed1 Confirmed 25%", "Disputed1"):
        assert words in bars.text


def test_it_tells_an_office_nothing_of_other_areas(app: Flask, officer, other_officer, make_firm) -> None:
    """Not in a page, a file, a header or a count; an address of a firm elsewhere is like one of no firm."""
    mine, secret = make_firm(1), make_firm(2, THERE, name="Secret Works")
    for path in (
        "/desk",
        "/desk?q=Secret",
        f"/desk?q={code(2)}",
        f"/desk?area={public_id(app, THERE)}",
        "/desk?page=2",
    ):
        page = officer.get(path)  # what was typed comes back in the field and in links
        for word in ("Secret Works", secret.public_id, "Hexi"):
            assert word not in page.html, (path, word)
        assert names(officer) == ([] if "q=" in path else ["Firm 1"])
        assert "Of 1 firms" in page.text
    for filters in ({}, {"q": "Secret"}, {"area": public_id(app, THERE)}):
        officer.post("/desk/export", filters)
        assert_not_in_workbook(officer.response, "Secret", secret.public_id, code(2), "Hexi")
    officer.get("/desk/import/template")
    assert_not_in_workbook(officer.response, "Secret", "Hexi")
    for path in (f"/desk/firms/{secret.public_id}", "/desk/firms/none"):
        officer.get(path, status=404)
        officer.post(path, status=404)
    assert other_officer.get(f"/desk/firms/{secret.public_id}").one("h1").text == "Secret Works"
    other_officer.get(f"/desk/firms/{mine.public_id}", status=404)


def assert_not_in_workbook(response, *words: str) -> None:
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist()) + str(response.headers)
    assert not [word for word in words if word in text]


def public_id(app: Flask, area: str) -> str:
    with app.extensions["database"].read() as session:
        return str(session.scalar(sa.select(Area.public_id).where(Area.code == area)))


def test_it_shows_the_city_all_areas(city, make_firm) -> None:
    make_firm(1)
    make_firm(2, THERE)
    assert "of 2 firms" in city.get("/desk").text
    assert len(names(city)) == 2


def test_it_is_closed_to_everybody_else(make_staff, make_person, browse_as, make_firm) -> None:
    firm = make_firm(1)
    staff = [make_staff(role) for role in ("auditor", "security_administrator", "provider")]
    for user in (*staff, make_staff("assessor", HERE), make_person()):
        browser = browse_as(user)
        for path in ("/desk", f"/desk/firms/{firm.public_id}"):
            browser.get(path, status=403)
        browser.post("/desk/export", status=403)
    browse_as(make_staff("officer", THERE), strong=False).get("/desk", status=403)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("和悦", ["100%和悦", "和悦_机械"]),
        ("%", ["100%和悦"]),
        ("_", ["和悦_机械"]),
        ("(", ["star*(x)"]),
        ("*", ["star*(x)"]),
        ("\\", ["back\\slash"]),
        ("STAR", ["star*(x)"]),
        (" ９１ 120116-DEMA0001 ", ["和悦_机械"]),
        ("0001", []),
        ("'; drop table", []),
    ],
)
def test_it_finds_by_name_or_code_and_takes_every_sign_for_itself(officer, make_firm, typed, found) -> None:
    for serial, name in enumerate(["100%和悦", "和悦_机械", "star*(x)", "back\\slash"]):
        make_firm(serial, name=name)
    officer.get("/desk", query_string={"q": typed})
    assert sorted(names(officer)) == sorted(found)


def test_it_filters_by_state_area_and_own_industry(app: Flask, city, make_firm, own_industry) -> None:
    make_firm(1, name="A", state="confirmed")
    make_firm(2, THERE, name="B", industry_code="C13")
    make_firm(3, name="C", industry_code="C13", sub_industry_id=own_industry.id)
    asked = {
        "state=confirmed": ["A"],
        f"area={public_id(app, THERE)}": ["B"],
        f"industry={own_industry.public_id}": ["A", "C"],
        f"industry={own_industry.public_id}&state=claimed": ["C"],
        "state=nonsense&area=x&industry=y&sort=z&page=-1": ["A", "B", "C"],
        "sort=state": ["B", "C", "A"],
        "page=99999999999": ["A", "B", "C"],
    }
    for query, expected in asked.items():
        city.get(f"/desk?{query}")
        assert names(city) == expected, query


def test_it_pages(officer, make_firm, monkeypatch) -> None:
    monkeypatch.setattr(queries, "PER_PAGE", 2)
    monkeypatch.setattr("survey.desk.firm_views.PER_PAGE", 2)
    for serial in range(5):
        make_firm(serial)
    seen = []
    page = officer.get("/desk?q=Firm")
    while True:
        seen += names(officer)
        onward = [each.get("href") for each in page.all("a") if each.get("rel") == "next"]
        if not onward:
            break
        page = officer.get(onward[0])
    assert seen == [f"Firm {serial}" for serial in range(5)]
    assert "5 to 5 of 5" in page.text
    officer.get("/desk?page=9")
    assert names(officer) == ["Firm 4"]  # the last page stands in for one that is not there


def test_it_exports_without_formulas_and_says_so_in_the_record(app: Flask, officer, import_rows, make_firm) -> None:
    import_rows(officer, row(1, name="=HYPERLINK(1)", contact="@x", titles="小巨人:2027-06-30", above="规下"))
    make_firm(2, name="+1+1")
    officer.get("/desk")
    officer.post("/desk/export", {"sort": "name"})
    assert officer.response.mimetype == workbooks.XLSX
    sheet = openpyxl.load_workbook(io.BytesIO(officer.response.data)).active
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "inlineStr", "n", "d"}
    lines = [line.cells for line in workbooks.rows(officer.response.data, "x.xlsx", most_rows=9)]
    assert lines[1][:2] == [code(2), "+1+1"]
    assert lines[2][:5] == [code(1), "=HYPERLINK(1)", "Binhai New Area", "@x", "13900000001"]
    assert lines[2][7:9] == ["Specialised and innovative 'little giant' firm:2027-06-30", "Below"]
    (event,) = events(app, "firms.export")
    assert (event.role, event.object_id) == ("officer", None)


def test_it_exports_what_can_be_imported_again(officer, import_rows, send) -> None:
    import_rows(officer, row(1, titles="小巨人:2027-06-30；高新技术企业"), row(2, above=""))
    officer.get("/desk")
    for language in ("en", "zh-CN"):
        officer.language = language
        officer.post("/desk/export")
        data = officer.response.data
        officer.language = "en"
        assert [each.text for each in send(officer, data).all("dd")] == ["0", "0", "2"]
        officer.get("/desk")


def test_it_limits_exports(officer, make_firm, monkeypatch) -> None:
    from survey import limits

    make_firm(1)
    monkeypatch.setitem(limits.LIMITS, "exports", limits.Limit(1, limits.HOUR))  # type: ignore[index]
    officer.get("/desk")
    officer.post("/desk/export")
    officer.post("/desk/export", status=429)


# -- one firm ----------------------------------------------------------------------------------------------------------


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
