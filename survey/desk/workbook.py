"""The list of firms as a workbook: the template to fill in, and the firms of an office's areas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey import formatting
from survey.city.groups import KINDS as GROUPS
from survey.city.groups import group_name, groups, names_by_firm
from survey.city.own_industries import own_industries, own_industry_name
from survey.desk import import_words as words
from survey.desk import queries
from survey.desk.queries import STATES
from survey.languages import page_language
from survey.models import Area, FirmGroup, ListedTitle, Organisation
from survey.organisations.queries import area_name
from survey.workbooks import Cell, Sheet, write

ROWS_PREPARED: Final = 5_000


def template(session: Session, areas: Sequence[Area]) -> bytes:
    """The workbook to fill in: an empty list, what its columns want, and the words that may be chosen."""
    language = page_language()
    keys = words.keys("columns")
    places = _area_paths(areas, language)
    own = [[own_industry_name(each, language), each.code] for each in own_industries(session)]
    choices = {"area": (_("Areas"), places), "sub_industry": (_("Own industries"), own)}
    grouped = groups(session)
    return write(
        [
            Sheet(
                _("Firms"),
                _head(keys, language),
                [],
                choices={keys.index(key): title for key, (title, rows) in choices.items() if rows},
                blank=ROWS_PREPARED,
            ),
            Sheet(_("Explanation"), [_("Column"), _("What it wants")], _explained(language)),
            Sheet(_("Areas"), [_("Area")], places),
            Sheet(_("Own industries"), [_("Own industry"), _("Code")], own),
            *(_group_sheet(kind, title, grouped, language) for kind, title in GROUPS.items()),
            Sheet(_("Titles"), [_("Title")], [[words.word("titles", key, language)] for key in words.keys("titles")]),
        ]
    )


def _group_sheet(kind: str, title: LazyString, grouped: Sequence[FirmGroup], language: str) -> Sheet:
    rows: list[list[Cell]] = [[group_name(each, language), each.code] for each in grouped if each.kind == kind]
    return Sheet(str(title), [str(title), _("Code")], rows)


def _head(keys: Iterable[str], language: str) -> list[str]:
    return [words.word("columns", key, language) for key in keys]


def _area_paths(areas: Sequence[Area], language: str) -> list[list[str]]:
    """Streets with their district before them: many have the same name."""
    known = {area.id: area for area in areas}
    return [[_area_path(area, known, language)] for area in areas if area.kind != "city"]


def _area_path(area: Area, known: dict[int, Area], language: str) -> str:
    above = known.get(area.parent_id or 0)
    name = area_name(area, language)
    return name if above is None or above.kind == "city" else f"{_area_path(above, known, language)}/{name}"


def _explained(language: str) -> list[list[str]]:
    none = words.word("nothing", "nothing", language)
    texts = {
        "credit_code": _("Needed. 18 characters, as on the business licence."),
        "name": _("Needed. In full, as on the business licence."),
        "area": _("Needed. Where the firm works, from the sheet “Areas”."),
        "contact": _("Whom the office knows at the firm. Removed once the firm's account is confirmed."),
        "mobile": _("11 digits. The code for claiming the firm is sent there."),
        "industry_code": _("2 to 4 digits of GB/T 4754, such as C34 or 3484. A new firm needs it, or the next column."),
        "sub_industry": _("From the sheet “Own industries”, where the city has them."),
        "chain": _("From the sheet “Industry chains”, by name or code; several with a semicolon between them."),
        "cluster": _("From the sheet “Industrial clusters”, by name or code; several with a semicolon between them."),
        "titles": _(
            "From the sheet “Titles”, with the last day if known; several with a semicolon between them: %(example)s",
            example=_title_example(language),
        ),
        "above": _(
            "%(above)s or %(below)s",
            above=words.word("above", "above", language),
            below=words.word("above", "below", language),
        ),
        "code_checked": _(
            "%(yes)s, only where the check says that characters 9 to 17 do not fit and you have compared "
            "the code with the licence.",
            yes=words.word("checked", "yes", language),
        ),
    }
    lines = [[words.word("columns", key, language), text] for key, text in texts.items()]
    return [
        *lines,
        ["", _("An empty cell leaves what is there; “%(none)s” takes it away.", none=none)],
        ["", _("A firm that is there already is found by its code and brought up to date.")],
    ]


def _title_example(language: str) -> str:
    one, two = (words.word("titles", key, language) for key in ("specialised", "innovative"))
    return f"{one}:2027-06-30; {two}"


# -- the firms there are -----------------------------------------------------------------------------------------------


def head(language: str) -> list[str]:
    """The columns of the list, so that it may be corrected and imported again, and what the platform adds."""
    keys = [key for key in words.keys("columns") if key != "code_checked"]
    return [*_head([*keys, "code_checked"], language), _("State"), _("On the list since")]


def lines(session: Session, firms: Sequence[Organisation], known: Sequence[Area], language: str) -> list[list[Cell]]:
    """One for each firm, in the columns of `head`. `known` are the areas that may be named."""
    ids, areas = [firm.id for firm in firms], {area.id: area for area in known}
    contacts, titles = queries.contacts(session, ids), queries.titles(session, ids)
    belonging = names_by_firm(session, ids, language)
    above = {True: words.word("above", "above", language), False: words.word("above", "below", language), None: ""}
    made: list[list[Cell]] = []
    for firm in firms:
        contact = contacts.get(firm.id)
        made.append(
            [
                firm.credit_code,
                firm.name,
                _area_path(areas.get(firm.operating_area_id, firm.operating_area), areas, language),
                (contact.name if contact else None) or "",
                (contact.mobile if contact else None) or "",
                firm.industry_code,
                own_industry_name(firm.sub_industry, language) if firm.sub_industry else "",
                *("; ".join(belonging.get((firm.id, kind), ())) for kind in GROUPS),
                title_words(titles.get(firm.id, []), language),
                above[firm.declared_above],
                words.word("checked", "yes", language) if firm.credit_code_override else "",
                str(STATES[firm.state][1]),
                formatting.local_time(firm.listed_at).date() if firm.listed_at else None,
            ]
        )
    return made


def title_words(titles: Iterable[ListedTitle], language: str) -> str:
    """Titles as the list writes them."""
    return "; ".join(
        words.word("titles", title.kind, language) + (f":{title.valid_until}" if title.valid_until else "")
        for title in titles
    )
