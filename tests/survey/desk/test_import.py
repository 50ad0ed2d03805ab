"""Importing the list of firms: first checked, then all of it or nothing, within the own area."""

import os
import time
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import workbooks
from survey.credit_code import check_symbol
from survey.desk import import_actions, import_store
from survey.models import AuditEvent, FirmGroup, FirmGroupMember, ListedContact, ListedTitle, Membership
from survey.workbooks import Sheet
from tests.survey.desk.conftest import HEAD, THERE, code, key_of, row, workbook

BODY = code(1)[:16] + ("1" if code(1)[16] != "1" else "2")
ODD = BODY + check_symbol(BODY)
"""A code whose outer check digit holds and whose inner one does not."""


def test_it_checks_first_and_writes_nothing(officer, send, firms, settings) -> None:
    page = send(officer, workbook(row(1), row(2)))
    assert "Nothing is written yet" in page.text
    assert [each.text for each in page.all("dd")] == ["2", "0", "0"]
    assert not firms()
    (kept,) = (settings.data_directory / "imports").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700


def test_it_imports_what_was_checked(app: Flask, officer, import_rows, firms, own_industry, settings) -> None:
    titles = "专精特新中小企业：2027-06-30；创新型中小企业"
    import_rows(officer, row(1, titles=titles, own="密封件", industry=""), row(2, above="规下", contact="", mobile=""))
    assert officer.path == "/desk/firms"
    assert "2 new, 0 brought up to date, 0 unchanged" in officer.page.text
    first, second = firms()[code(1)], firms()[code(2)]
    assert (first.state, first.name, first.industry_code, first.declared_above) == ("listed", "和悦精密1", "C348", True)
    assert (first.sub_industry_id, second.sub_industry_id, second.declared_above) == (own_industry.id, None, False)
    assert first.listed_at is not None
    assert first.registered_area_id == first.operating_area_id
    with app.extensions["database"].read() as session:
        (contact,) = session.scalars(sa.select(ListedContact))
        assert (contact.organisation_id, contact.name, contact.mobile) == (first.id, "王芳", "13900000001")
        found = {row.kind: row.valid_until for row in session.scalars(sa.select(ListedTitle))}
        assert found == {"specialised": date(2027, 6, 30), "innovative": None}
        (event,) = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "firms.import"))
        assert (event.role, event.detail) == ("officer", "2 new, 0 changed, 0 same")
        assert session.scalar(sa.select(sa.func.count()).select_from(Membership)) == 0
    assert not list((settings.data_directory / "imports").iterdir())


@pytest.mark.parametrize(
    ("values", "column", "words"),
    [
        ({"code": "9112011"}, "统一社会信用代码", "all 18 characters"),
        ({"code": code(1)[:-1] + ("0" if code(1)[-1] != "0" else "1")}, "统一社会信用代码", "check digit does not fit"),
        ({"code": ""}, "统一社会信用代码", "empty"),
        ({"code": ODD}, "统一社会信用代码", "write “Yes” into the column “Code checked”"),
        ({"name": ""}, "企业名称", "empty"),
        ({"name": "长" * 101}, "企业名称", "100 characters"),
        ({"area": "火星区"}, "所属区域", "“火星区” is no area"),
        ({"area": "河西区"}, "所属区域", "not your area"),
        ({"contact": "长" * 51}, "联系人", "50 characters"),
        ({"mobile": "1380013800"}, "手机号", "no mobile number"),
        ({"mobile": "a@b.cn"}, "手机号", "no mobile number"),
        ({"industry": "C9999x"}, "行业代码", "is no industry"),
        ({"industry": ""}, "Industry code", "A new firm needs its industry code"),
        ({"own": "火箭"}, "细分行业", "none of the city's own industries"),
        ({"titles": "世界五百强"}, "资质称号", "no title that is known"),
        ({"titles": "小巨人:2027-02-30"}, "资质称号", "is no day"),
        ({"titles": "小巨人:明年"}, "资质称号", "is no day"),
        ({"titles": "小巨人;专精特新“小巨人”企业"}, "资质称号", "stands here twice"),
        ({"above": "大"}, "规上/规下", "Write Above or Below"),
        ({"checked": "maybe"}, "代码已核对", "Write Yes or No"),
    ],
)
def test_it_says_for_each_cell_what_to_do(officer, send, firms, values, column: str, words: str) -> None:
    page = send(officer, workbook(row(7), row(1, **values)), status=422)
    (line,) = [[each.text for each in page.elements if tr in each.around and each.tag in ("th", "td")]
               for tr in page.all("tr")[1:]]  # fmt: skip
    assert line[:2] == ["Row 3", column]
    assert words in line[2]
    assert not firms()


def test_it_names_all_faults_at_once(officer, send) -> None:
    page = send(officer, workbook(row(1, mobile="1", name=""), row(2), row(2), row(3, area="x")), status=422)
    places = [each.text for each in page.all("th") if each.text.startswith("Row ")]
    assert places == ["Row 2", "Row 2", "Row 4", "Row 5"]
    assert "The same code stands in row 3" in page.text
    assert "4 cells need changing" in page.text


def test_it_refuses_files_without_the_columns_or_rows(officer, send) -> None:
    page = send(officer, workbooks.write([Sheet("x", ["企业名称", "名称", "other"], [["a", "b", "c"]])]), status=422)
    assert "two columns" in page.text
    assert page.text.count("This column is missing") == 2
    assert "There is no firm in the file" in send(officer, workbook(), status=422).text
    assert "cannot be read" in send(officer, b"PK\x03\x04", status=422).text
    assert "its name must say so" in send(officer, b"%PDF", name="list.xlsx.pdf", status=422).text
    officer.get("/desk/import")
    assert "Choose the file" in officer.post("/desk/import", status=422).text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_it_takes_csv_with_chinese_or_english_columns(officer, send, encoding: str) -> None:
    head = "Unified social credit code,企业名称（全称）,Area,Remark"
    page = send(
        officer, f"{head}, 行业代码 \n{code(1)},和悦,{'Binhai New Area'},x,3484\n".encode(encoding), name="l.csv"
    )
    assert [each.text for each in page.all("dd")] == ["1", "0", "0"]
    assert "Nothing is taken from these columns: Remark" in page.text


def test_it_takes_a_doubtful_code_once_somebody_compared_it(officer, send, import_rows, firms) -> None:
    import_rows(officer, row(1, code=ODD, checked="是"))
    assert firms()[ODD].credit_code_override
    assert "Taken although" in send(officer, workbook(row(1, code=ODD, name="和悦"))).text  # no need to say it again


# -- importing again ---------------------------------------------------------------------------------------------------


def test_it_changes_nothing_the_second_time(officer, import_rows, firms, own_industry) -> None:
    rows = [row(1, titles="小巨人:2027/6/30", own="01"), row(2)]
    import_rows(officer, *rows)
    before = firms()[code(1)].listed_at
    import_rows(officer, *rows)
    assert "0 new, 0 brought up to date, 2 unchanged" in officer.page.text
    assert firms()[code(1)].listed_at == before


def test_it_brings_a_listed_firm_up_to_date(app: Flask, officer, send, import_rows, firms) -> None:
    import_rows(officer, row(1, titles="小巨人;高新技术企业:2026-01-01"))
    changed = row(1, name="新和悦", mobile="无", titles="小巨人:2028.1.2", above="规下", industry="C34")
    assert "The name changes from “和悦精密1” to “新和悦”" in send(officer, workbook(changed)).text
    officer.post("/desk/import/confirm", {"key": key_of(officer)})
    firm = firms()[code(1)]
    assert (firm.name, firm.declared_above, firm.industry_code, firm.state) == ("新和悦", False, "C34", "listed")
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(ListedContact)).one().mobile is None
        (title,) = session.scalars(sa.select(ListedTitle))
        assert (title.kind, title.valid_until) == ("little_giant", date(2028, 1, 2))
    import_rows(officer, row(1, name="新和悦", contact="", mobile="", titles="", above="", industry=""))
    assert "0 brought up to date, 1 unchanged" in officer.page.text  # an empty cell leaves what is there


def test_it_puts_a_firm_on_the_list_that_its_people_entered(app: Flask, officer, import_rows, make_firm, firms) -> None:
    firm = make_firm(1, industry_code="C13")
    with app.extensions["database"].write() as session:
        session.add(
            Membership(organisation_id=firm.id, user_id=firm.created_by, role="owner", state="confirmed",
                       created_at=datetime.now(UTC))
        )  # fmt: skip
    import_rows(officer, row(1))
    after = firms()[code(1)]
    assert (after.state, after.industry_code, after.created_by) == ("claimed", "C13", firm.created_by)
    assert after.listed_at is not None
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(ListedContact)).one().name == "王芳"
        assert session.scalars(sa.select(Membership)).one().state == "confirmed"
        edits = sa.select(AuditEvent).where(AuditEvent.action == "organisation.edit")
        assert session.scalars(edits).one().detail == "list"


def test_it_keeps_no_contact_of_a_confirmed_firm(app: Flask, officer, import_rows, make_firm) -> None:
    make_firm(1, state="confirmed")
    import_rows(officer, row(1))
    with app.extensions["database"].read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ListedContact)) == 0


def test_it_imports_all_or_nothing(app: Flask, officer, send, firms, monkeypatch) -> None:
    """A fault in the last row, after the others were written."""
    send(officer, workbook(row(1), row(2), row(3)))
    key, real = key_of(officer), import_actions._save_parts

    def failing(session, known, *rest) -> None:
        real(session, known, *rest)
        if known.firm.credit_code == code(3):
            raise import_actions.ListFaults([import_actions.ListFault(4, "x", "broke off")])

    monkeypatch.setattr(import_actions, "_save_parts", failing)
    officer.post("/desk/import/confirm", {"key": key}, status=422)
    assert not firms()
    with app.extensions["database"].read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ListedContact)) == 0
    monkeypatch.undo()
    officer.post("/desk/import/confirm", {"key": key})
    assert len(firms()) == 3


def test_it_checks_again_what_has_changed_since(officer, send, make_firm, firms) -> None:
    send(officer, workbook(row(1)))
    make_firm(1, THERE)
    page = officer.post("/desk/import/confirm", {"key": key_of(officer)}, status=422)
    assert "listed by another area" in page.text
    assert firms()[code(1)].listed_at is None


# -- what was checked, and by whom -------------------------------------------------------------------------------------


def test_it_imports_no_file_but_the_one_that_was_checked(officer, other_officer, send, settings, firms) -> None:
    send(officer, workbook(row(1)))
    key = key_of(officer)
    other_officer.get("/desk/import")
    for wrong in (key, "../../etc/passwd", "", "0" * 64 + ".xlsx"):  # the first is somebody else's
        other_officer.post("/desk/import/confirm", {"key": wrong}, status=409)
    (kept,) = (settings.data_directory / "imports").iterdir()
    kept.write_bytes(workbook(row(2)))  # not what was checked
    officer.post("/desk/import/confirm", {"key": key}, status=409)
    assert not firms()


def test_it_forgets_a_checked_file_after_an_hour(officer, send, settings, firms) -> None:
    send(officer, workbook(row(1)))
    key = key_of(officer)
    (kept,) = (settings.data_directory / "imports").iterdir()
    long_ago = time.time() - import_store.KEPT / timedelta(seconds=1) - 5
    os.utime(kept, (long_ago, long_ago))
    officer.post("/desk/import/confirm", {"key": key}, status=409)
    assert not kept.exists()
    assert not firms()


def test_it_limits_how_often_lists_are_checked(officer, send, monkeypatch) -> None:
    from survey import limits

    monkeypatch.setitem(limits.LIMITS, "imports", limits.Limit(1, limits.HOUR))  # type: ignore[index]
    send(officer, workbook(row(1)))
    send(officer, workbook(row(1)), status=429)


# -- areas -------------------------------------------------------------------------------------------------------------


def test_it_tells_an_office_nothing_of_firms_elsewhere(officer, send, make_firm) -> None:
    """The row of another area gets the same answer whether the firm is there or not; nothing names it."""
    firm = make_firm(1, THERE, name="Secret Works")
    said = []
    for serial in (1, 2):
        page = send(officer, workbook(row(serial, area="河西区")), status=422)
        said.append(page.text.replace(officer.response.headers.get("X-Request-Id", "-"), ""))
        assert "Secret Works" not in page.html
        assert firm.public_id not in page.html
    assert said[0] == said[1]
    page = send(officer, workbook(row(1)), status=422)
    assert "This firm is listed by another area. Ask the city's office" in page.text
    assert "Secret Works" not in page.html
    assert "Hexi" not in page.html


def test_it_lets_the_city_list_firms_everywhere_and_move_them(city, import_rows, send, firms, make_firm) -> None:
    make_firm(1, THERE)
    assert "moves here from another area" in send(city, workbook(row(1), row(2, area="河西区"))).text
    import_rows(city, row(1), row(2, area="河西区"))
    assert firms()[code(1)].operating_area_id != firms()[code(2)].operating_area_id


def test_it_is_closed_to_everybody_else(make_staff, make_person, browse_as) -> None:
    for user in (make_staff("assessor", THERE), make_staff("auditor"), make_staff("provider"), make_person()):
        browser = browse_as(user)
        for path in ("/desk/import", "/desk/import/template"):
            browser.get(path, status=403)


def test_it_hands_out_a_template_that_imports(city, own_industry, send) -> None:
    city.language = "zh-CN"
    city.get("/desk/import/template")
    assert "filename*=UTF-8''%E4%BC%81" in city.response.headers["Content-Disposition"]
    lines = workbooks.rows(city.response.data, "t.xlsx", most_rows=10)
    assert lines[0].cells == HEAD
    city.language = "en"
    assert "Nothing is written" in send(city, workbook(row(1, own="密封件"))).text


def test_it_notes_the_chains_and_clusters_of_a_firm(app: Flask, officer, import_rows, send, firms) -> None:
    with app.extensions["database"].write() as session:
        for kind, number, name in (
            ("chain", "01", "航空航天"),
            ("chain", "02", "轻工、食品"),
            ("cluster", "01", "动力电池"),
        ):
            session.add(FirmGroup(kind=kind, code=number, name_zh=name, name_en=f"{kind} {number}"))
    page = send(officer, workbook(row(1, chain="航空航天；03"), row(2, cluster="轻工")), status=422)
    assert "“03” is none of the city's chains" in page.text
    assert "“轻工” is none of the city's clusters" in page.text
    import_rows(officer, row(1, chain="航空航天；轻工、食品", cluster="01"), row(2))
    assert belonging(app, firms) == {code(1): ["chain 01", "chain 02", "cluster 01"]}
    import_rows(officer, row(1, chain="轻工、食品", cluster=""), row(2, cluster="Cluster 01"))
    assert belonging(app, firms) == {code(1): ["chain 02", "cluster 01"], code(2): ["cluster 01"]}
    import_rows(officer, row(1, chain="无", cluster="动力电池"), row(2, cluster="动力电池"))
    assert "0 new, 1 brought up to date, 1 unchanged" in officer.page.text
    assert belonging(app, firms) == {code(1): ["cluster 01"], code(2): ["cluster 01"]}


def belonging(app: Flask, firms) -> dict[str, list[str]]:
    """The groups of each firm, by its code."""
    codes = {firm.id: number for number, firm in firms().items()}
    found: dict[str, list[str]] = {}
    with app.extensions["database"].read() as session:
        query = sa.select(FirmGroupMember.organisation_id, FirmGroup.name_en).join(FirmGroup)
        for firm_id, name in session.execute(query.order_by(FirmGroup.kind, FirmGroup.code)):
            found.setdefault(codes[firm_id], []).append(name)
    return found


def test_it_reads_five_thousand_rows_quickly(app: Flask, officer, send, firms) -> None:
    """By the time of the processor, so that a busy machine fails nobody's test."""
    data = workbook(*(row(n, titles="小巨人:2027-06-30") for n in range(5000)))
    began = time.process_time()
    send(officer, data)
    checked = time.process_time()
    officer.post("/desk/import/confirm", {"key": key_of(officer)})
    assert len(firms()) == 5000
    assert checked - began < 5
    assert time.process_time() - checked < 8
