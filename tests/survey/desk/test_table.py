"""The firm table: every filter, order, page and file, and nothing of other areas in any of them."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask, g
from werkzeug.datastructures import MultiDict

from survey import limits, workbooks
from survey.database import reading
from survey.desk import table_files, table_queries
from survey.desk.table_selection import selected
from survey.identity import Held, Person
from survey.models import Area, AuditEvent, FirmGroup, FirmGroupMember, ListedTitle, Submission
from tests.cast import make_campaign
from tests.survey.desk.answers import hand_in
from tests.survey.desk.conftest import HERE, THERE, code, row

PATH = "/desk/firms"
MILLION = 1_000_000


def names(browser) -> list[str]:
    """The firms of the table on the open page."""
    links = [each for each in browser.page.all("a") if each.get("href").startswith(f"{PATH}/")]
    return [each.text for each in links]


def events(app: Flask, action: str) -> list[AuditEvent]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(sa.select(AuditEvent).where(AuditEvent.action == action)))


def public_id(app: Flask, area: str) -> str:
    with app.extensions["database"].read() as session:
        return str(session.scalar(sa.select(Area.public_id).where(Area.code == area)))


@pytest.fixture
def city_of_firms(app: Flask, make_firm, own_industry) -> dict[str, Any]:
    """Firms A to E that differ in everything the table filters by; E operates elsewhere."""
    firms = {
        "A": make_firm(1, name="A 和悦", state="confirmed"),
        "B": make_firm(2, name="B", industry_code="C13"),
        "C": make_firm(3, name="C", state="confirmed", industry_code="I65", sub_industry_id=own_industry.id),
        "D": make_firm(4, name="D", state="listed"),
        "E": make_firm(5, THERE, name="E Secret", state="confirmed"),
    }
    today = datetime.now(UTC).date()
    with app.extensions["database"].write() as session:
        campaign = make_campaign(session)
        chain = FirmGroup(kind="chain", code="1", name_zh="链", name_en="Chain 1")
        session.add(chain)
        session.flush()
        session.add(FirmGroupMember(group_id=chain.id, organisation_id=firms["B"].id))
        days = {key: datetime(2026, 11, day, tzinfo=UTC) for key, day in (("A", 3), ("B", 1), ("C", 2), ("E", 4))}
        answers = {
            "A": {"level": 2, "total_e6": 70 * MILLION, "size_class": "small", "gaps": {"management": 5}},
            "B": {"level": 0, "total_e6": 20 * MILLION, "quality_signs": 2, "gaps": {"management": 20}},
            "C": {"level": 2, "total_e6": 60 * MILLION, "state": "returned", "due_on": today - timedelta(days=1)},
            "E": {"level": 2, "total_e6": 65 * MILLION, "size_class": "small", "quality_signs": 1,
                  "gaps": {"management": 5}},
        }  # fmt: skip
        for key, values in answers.items():
            hand_in(session, firms[key], campaign, submitted_at=days[key], **values)
        hand_in(session, firms["A"], campaign, kind="verified", state="accepted", level=1, reference="V1")
        ends = {"valid_until": today + timedelta(days=9), "listed_at": days["A"]}
        session.add(ListedTitle(organisation_id=firms["D"].id, kind="specialised", **ends))
    return {"chain": chain.public_id, "own": own_industry.public_id, "campaign": campaign.public_id, "firms": firms}


def asked(city: dict[str, Any]) -> dict[str, str]:
    """Filters in an address, with the firms of the own area that they leave."""
    return {
        "": "ABCD",
        "q=和悦": "A",
        f"q={code(2)}": "B",
        "state=confirmed": "AC",
        "industry=C13": "B",
        "industry=C": "ABD",
        f"own={city['own']}": "ACD",
        "size=small": "A",
        f"chain={city['chain']}": "B",
        "level=2": "AC",
        "level=0": "B",
        "low=60": "AC",
        "low=60.5&high=70": "A",
        "gap=management:20": "A",
        "signs=1": "B",
        "progress=none": "D",
        "progress=submitted": "AB",
        "progress=returned": "C",
        "progress=late": "C",
        "verified=yes": "A",
        "verified=no&state=confirmed": "C",
        "titles=soon": "D",
        "titles=over": "",
        f"campaign={city['campaign']}&level=2&sort=score": "AC",
        "sort=score": "ACBD",
        "sort=level": "ACBD",
        "sort=submitted": "ACBD",
        "sort=state": "BACD",
        "sort=area": "ABCD",
        "level=9&size=x&gap=y:1&low=-1&campaign=z&chain=w&sort=v&page=-1&titles=u": "ABCD",
    }


def test_every_filter_and_order_keeps_to_the_own_area(city_of_firms, officer) -> None:
    for query, expected in asked(city_of_firms).items():
        page = officer.get(f"{PATH}?{query}")
        assert [name[0] for name in names(officer)] == list(expected), query
        for word in ("Secret", "Hexi", city_of_firms["firms"]["E"].public_id, code(5)):
            assert word not in page.html, (query, word)
        count = len(expected)
        assert not expected or f"{count} firms fit" in page.text or f"{count} firm fits" in page.text, query


def test_very_many_are_found_along_indexes_in_the_same_order(city_of_firms, officer, city, monkeypatch) -> None:
    """As in a city of 300,000, with the numbers from which that is done made small."""
    monkeypatch.setattr(table_queries, "MOST_COUNTED", 1)
    monkeypatch.setattr(table_queries, "MANY", 1)
    for query, expected in asked(city_of_firms).items():
        page = officer.get(f"{PATH}?{query}")
        assert [name[0] for name in names(officer)] == list(expected), query
        assert "Secret" not in page.html
        assert ("More than 1 firms fit" in page.text) == (len(expected) > 1), query
    city.get(f"{PATH}?sort=score")
    assert [name[0] for name in names(city)] == list("AECBD")


def test_a_chip_for_each_filter_takes_it_away(city_of_firms, officer) -> None:
    page = officer.get(f"{PATH}?level=2&low=60.5&signs=&sort=score&q=和悦")
    chips = {each.text: each.get("href") for each in page.all("a") if each.get("class") == "chip"}
    assert [text.removesuffix(" × remove this filter") for text in chips] == [
        "Name or code: 和悦",
        "Level: Level 2",
        "Score from: 60.5",
    ]
    officer.get(next(href for text, href in chips.items() if "和悦" in text))
    assert names(officer) == ["A 和悦"]
    assert "low=60.5" in officer.response.request.url
    assert "No firm fits" in officer.get(f"{PATH}?q=zzz").text


def test_it_shows_result_progress_and_hints(city_of_firms, officer) -> None:
    page = officer.get(PATH)
    rows = [each.text for each in page.all("tr")][1:]
    for words in ("Level 2·70", "To be checked", "verified: Level 1", "small firm"):
        assert words in rows[0]
    assert "2 answer quality notes" in rows[1]
    assert "was due" in rows[2]
    assert "Not started" in rows[3]


def test_a_street_sees_its_street_alone(app: Flask, city_of_firms, make_firm, make_staff, browse_as) -> None:
    with app.extensions["database"].write() as session:
        above = session.scalars(sa.select(Area).where(Area.code == HERE)).one()
        street = Area(code="120116001", kind="street", parent_id=above.id, path="", name_zh="街", name_en="Our Street")
        session.add(street)
        session.flush()
        street.path = f"{above.path}{street.id}/"
    make_firm(9, "120116001", name="S")
    browser = browse_as(make_staff("officer", "120116001"))
    for path in (PATH, f"{PATH}?area={public_id(app, HERE)}", "/desk"):
        page = browser.get(path)
        assert "Binhai" not in page.html
    browser.get(PATH)
    assert names(browser) == ["S"]
    browser.post("/desk/export", {"format": "csv"})
    assert [line[1] for line in csv.reader(io.StringIO(browser.response.text)) if len(line) > 9][1:] == ["S"]


TYPED = {
    "和悦": ["100%和悦", "和悦_机械"],
    "%": ["100%和悦"],
    "_": ["和悦_机械"],
    "(": ["star*(x)"],
    "*": ["star*(x)"],
    "\\": ["back\\slash"],
    "STAR": ["star*(x)"],
    " ９１ 120116-DEMA0001 ": ["和悦_机械"],
    "0001": [],
    "'; drop table": [],
}


def test_it_finds_by_name_or_code_and_takes_every_sign_for_itself(officer, make_firm) -> None:
    for serial, name in enumerate(["100%和悦", "和悦_机械", "star*(x)", "back\\slash"]):
        make_firm(serial, name=name)
    for typed, found in TYPED.items():
        officer.get(PATH, query_string={"q": typed})
        assert sorted(names(officer)) == sorted(found), typed


def test_it_pages(officer, make_firm, monkeypatch) -> None:
    monkeypatch.setattr(table_queries, "PER_PAGE", 2)
    for serial in range(5):
        make_firm(serial)
    seen = []
    page = officer.get(f"{PATH}?q=Firm")
    while True:
        seen += names(officer)
        onward = [each.get("href") for each in page.all("a") if each.get("rel") == "next"]
        if not onward:
            break
        page = officer.get(onward[0])
    assert seen == [f"Firm {serial}" for serial in range(5)]
    assert "5 to 5 of 5" in page.text
    officer.get(f"{PATH}?page=9")
    assert names(officer) == ["Firm 4"]  # the last page stands in for one that is not there


def test_it_is_closed_to_everybody_else(make_staff, make_person, browse_as, make_firm) -> None:
    firm = make_firm(1)
    staff = [make_staff(role) for role in ("auditor", "security_administrator", "provider")]
    for user in (*staff, make_staff("assessor", HERE), make_person()):
        browser = browse_as(user)
        for path in ("/desk", PATH, f"{PATH}/{firm.public_id}"):
            browser.get(path, status=403)
        browser.post("/desk/export", status=403)
    browse_as(make_staff("officer", THERE), strong=False).get("/desk", status=403)


# -- files -------------------------------------------------------------------------------------------------------------


def test_it_exports_without_formulas_and_says_so_in_the_record(app: Flask, officer, import_rows, make_firm) -> None:
    import_rows(officer, row(1, name="=HYPERLINK(1)", contact="@x", titles="小巨人:2027-06-30", above="规下"))
    make_firm(2, name="+1+1")
    officer.get(PATH)
    officer.post("/desk/export", {"sort": "name"})
    assert officer.response.mimetype == workbooks.XLSX
    book = openpyxl.load_workbook(io.BytesIO(officer.response.data))
    assert {cell.data_type for line in book.active.iter_rows() for cell in line} <= {"s", "inlineStr", "n", "d"}
    lines = [line.cells for line in workbooks.rows(officer.response.data, "x.xlsx", most_rows=9)]
    assert lines[1][:2] == [code(2), "+1+1"]
    assert lines[2][:5] == [code(1), "=HYPERLINK(1)", "Binhai New Area", "@x", "13900000001"]
    assert "Specialised and innovative 'little giant' firm:2027-06-30" in lines[2]
    (event,) = events(app, "firms.export")
    assert (event.role, event.object_id) == ("officer", None)
    officer.get(PATH)
    officer.post("/desk/export", {"format": "csv"})
    assert officer.response.data.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(officer.response.data.decode("utf-8-sig"))))
    assert [line[1] for line in table[1:3]] == ["'+1+1", "'=HYPERLINK(1)"]


def test_a_file_holds_all_filters_and_says_which(city_of_firms, officer, monkeypatch) -> None:
    officer.get(PATH)
    officer.post("/desk/export", {"level": "2", "sort": "score"})
    book = openpyxl.load_workbook(io.BytesIO(officer.response.data))
    head, *lines = [[cell.value for cell in line] for line in book["Firms"].iter_rows()]
    told = [dict(zip(head, line, strict=True)) for line in lines]
    assert [line["Name of the firm"] for line in told] == ["A 和悦", "C"]
    assert (told[0]["Level, number"], told[0]["Level"], told[0]["Score"], told[0]["Size, code"]) == (
        2,
        "Level 2",
        70,
        "small",
    )
    assert told[0]["Verified level"] == "Level 1"
    note = {line[0].value: line[1].value for line in book["Note"].iter_rows()}
    assert (note["Filters"], note["Firms in this file"], note["All that fit"]) == ("Level: Level 2", 2, "Yes")
    monkeypatch.setattr(table_files, "MOST_EXPORTED", 1)
    officer.get(PATH)
    officer.post("/desk/export", {"format": "csv"})
    assert "It stops after 1 firms" in officer.response.text


def test_no_file_tells_of_another_area(app: Flask, city_of_firms, officer) -> None:
    for filters in ({}, {"q": "Secret"}, {"area": public_id(app, THERE)}, {"sort": "score", "level": "2"}):
        for kind in ("xlsx", "csv"):
            officer.get(PATH)
            officer.post("/desk/export", {**filters, "format": kind})
            text = unpacked(officer.response.data) + str(officer.response.headers)
            for word in ("E Secret", city_of_firms["firms"]["E"].public_id, code(5), "Hexi"):
                assert word not in text


def unpacked(data: bytes) -> str:
    if not data.startswith(workbooks.ZIP):
        return data.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def test_it_exports_what_can_be_imported_again(officer, import_rows, send) -> None:
    import_rows(officer, row(1, titles="小巨人:2027-06-30；高新技术企业"), row(2, above=""))
    officer.get(PATH)
    for language in ("en", "zh-CN"):
        officer.language = language
        officer.post("/desk/export")
        data = officer.response.data
        officer.language = "en"
        assert [each.text for each in send(officer, data).all("dd")] == ["0", "0", "2"]
        officer.get(PATH)


def test_it_limits_exports(officer, make_firm, monkeypatch) -> None:
    make_firm(1)
    monkeypatch.setitem(limits.LIMITS, "exports", limits.Limit(1, limits.HOUR))  # type: ignore[index]
    officer.get(PATH)
    officer.post("/desk/export")
    officer.post("/desk/export", status=429)


@pytest.mark.parametrize(
    ("cell", "said"),
    [("=1", "'=1"), (" =1", "' =1"), ("-1", "'-1"), ("\t=1", "'\t=1"), (-1, "-1"), (None, ""), ("a=1", "a=1"),
     (date(2026, 1, 2), "2026-01-02")],
)  # fmt: skip
def test_a_cell_of_csv_is_never_a_formula(cell: Any, said: str) -> None:
    assert table_files.plain(cell) == said


# -- a selection -------------------------------------------------------------------------------------------------------


def test_a_selection_is_what_was_ticked_or_all_that_fit_in_the_own_area(app: Flask, city_of_firms) -> None:
    firms, now = city_of_firms["firms"], datetime.now(UTC)
    with app.extensions["database"].read() as session:
        own = session.scalars(sa.select(Submission).where(Submission.kind == "self"))
        cards = {row.organisation_id: (row.id, row.scorecard_id) for row in own}
        path = session.scalars(sa.select(Area.path).where(Area.code == HERE)).one()
    with app.test_request_context():
        g.person = Person(1, "p", "Officer", "en", 1, now, now, True, (Held("officer", 1, path, None),), 900, 900)
        everything = MultiDict([("all", "1"), ("level", "2"), ("sort", "score")])
        assert selected(reading(), everything) == [cards[firms[key].id] for key in "AC"]
        ticked = MultiDict([("firm", firms[key].public_id) for key in "EDB"])
        assert selected(reading(), ticked) == [cards[firms["B"].id]]
