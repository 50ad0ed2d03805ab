"""Who counts in a release, what it stores, and when it is made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from scoring.percentile import BINS, bin_of
from survey import audit
from survey.benchmark.build import NotReleased, release
from survey.benchmark.queries import comparison
from survey.database import Database
from survey.models import AuditEvent, BenchmarkCell, BenchmarkMember, BenchmarkRelease, Consent, Score, Submission
from survey.privacy import consents
from tests.survey.benchmark.made import MOST, Firm, add_firms, campaign_of, permit, score, somebody

DISTRICTS = ("120110", "120111", "120112", "120113")


def city(count: int, first: int = 0) -> list[Firm]:
    """Firms all over the city and all over the scale, two in three of one division."""
    return [
        Firm(
            share=(at * 37) % 1001,
            division="C34" if at % 3 else "C39",
            size=("small", "micro")[at % 2],
            area=DISTRICTS[at % 4],
        )
        for at in range(first, first + count)
    ]


def released(database: Database, now: datetime | None = None) -> BenchmarkRelease:
    with database.read() as session:
        campaign = campaign_of(session).id
    return release(database, campaign, "command", 10, audit.SYSTEM, now or datetime.now(UTC))


def bins_of(database: Database, measure: str = "total", **cohort: object) -> list[int]:
    """The bins of a cell of the newest release."""
    wanted = {"industry": "", "size": "", **cohort}
    with database.read() as session:
        newest = sa.select(sa.func.max(BenchmarkRelease.id)).scalar_subquery()
        rows = session.scalars(
            sa.select(BenchmarkCell.bins).where(
                BenchmarkCell.release_id == newest,
                BenchmarkCell.measure == measure,
                *(getattr(BenchmarkCell, name) == value for name, value in wanted.items()),
            )
        )
        return max(rows, key=lambda bins: sum(bins or [0]))


def test_it_counts_each_firm_once_and_only_those_that_count(database: Database) -> None:
    left_out = [
        Firm(state="claimed"),
        Firm(state="disputed"),
        Firm(permits=False),
        Firm(submission="returned"),
        Firm(open_measures=("effect",)),
    ]
    with database.write() as session:
        counted = add_firms(session, [*city(60), Firm(share=999, submission="accepted")])
        add_firms(session, left_out)
        ended = add_firms(session, [Firm(), Firm()])
        session.execute(
            sa.update(Consent).where(Consent.organisation_id == ended[0]).values(withdrawn_at=datetime.now(UTC))
        )
        session.execute(sa.update(Consent).where(Consent.organisation_id == ended[1]).values(text_version="older"))
    made = released(database)
    with database.read() as session:
        members = session.scalars(sa.select(BenchmarkMember.organisation_id)).all()
        recorded = session.scalars(sa.select(AuditEvent.detail).where(AuditEvent.action == "benchmark.release")).all()
    assert sorted(members) == counted
    assert made.firms == 61
    assert recorded == ["command"]


def test_its_cells_are_a_full_recount(database: Database) -> None:
    with database.write() as session:
        add_firms(session, city(90))
    released(database)
    with database.read() as session:
        scores = session.scalars(sa.select(Score)).all()
        cells = session.scalars(sa.select(BenchmarkCell).where(BenchmarkCell.bins.is_not(None))).all()
        district = {row.area_id for row in scores}
    assert {(cell.industry, cell.size) for cell in cells} >= {("", ""), ("C34", ""), ("C39", ""), ("C34", "small")}
    for cell in cells:
        expected = [0] * BINS
        for row in scores:
            inside = (
                row.measure == cell.measure
                and cell.industry in ("", row.industry_division)
                and cell.size in ("", row.size_class)
                and (cell.area_id == row.area_id or cell.area_id not in district)
            )
            if inside:
                expected[bin_of(f"{row.points_e6}/1000000", MOST[row.measure])] += 1
        assert cell.bins == expected


def test_the_condition_on_permissions_says_what_the_question_says(database: Database) -> None:
    now, day = datetime.now(UTC), timedelta(days=1)
    given: list[dict[str, object]] = [
        {},
        {"withdrawn_at": now},
        {"text_version": "older"},
        {"valid_until": (now - 2 * day).date()},
        {"valid_until": (now + 2 * day).date()},
        {"recipient": "somebody"},
    ]
    with database.write() as session:
        firms = add_firms(session, [Firm(permits=False)] * (len(given) + 1))
        for firm, values in zip(firms, given, strict=False):
            permit(session, firm, somebody(session), now, **values)
    with database.read() as session:
        condition = consents.permitted(Submission.organisation_id, "benchmark", now)
        listed = set(session.scalars(sa.select(Submission.organisation_id).where(condition)))
        assert listed == {firm for firm in firms if consents.holds(session, firm, "benchmark", now)}
        assert listed == {firms[0], firms[4]}


def test_it_makes_none_of_too_few_and_no_second_of_the_same(database: Database) -> None:
    with database.write() as session:
        add_firms(session, city(9))
    with pytest.raises(NotReleased, match="few"):
        released(database)
    with database.write() as session:
        add_firms(session, city(60, 9))
    released(database)
    with pytest.raises(NotReleased, match="same"):
        released(database)


def test_one_firm_that_answered_anew_is_not_told_by_two_releases(database: Database) -> None:
    with database.write() as session:
        add_firms(session, city(80))
    released(database)
    with database.write() as session:
        submission = session.scalars(sa.select(Submission).order_by(Submission.id).limit(1)).one()
        score(session, submission, Firm(share=990))
    with pytest.raises(NotReleased, match="change"):
        released(database)


def test_a_second_release_withholds_what_few_changes_would_tell(database: Database) -> None:
    with database.write() as session:
        add_firms(session, city(80))
    released(database)
    with database.write() as session:
        add_firms(session, [Firm(share=at * 50, area=DISTRICTS[at % 4]) for at in range(20)])
        add_firms(session, [Firm(share=at * 300, division="C39", area=DISTRICTS[at]) for at in range(3)])
    made = released(database)
    with database.read() as session:
        told = dict(
            session.execute(
                sa.select(BenchmarkCell.industry, BenchmarkCell.withheld).where(
                    BenchmarkCell.release_id == made.id,
                    BenchmarkCell.measure == "total",
                    BenchmarkCell.size == "",
                    BenchmarkCell.area_id == 1,
                )
            ).all()
        )
    assert made.number == 2
    assert told[""] is None
    assert told["C39"] == "change"


def test_a_firm_that_withdrew_stays_in_what_is_released_and_is_left_out_of_the_next(database: Database) -> None:
    with database.write() as session:
        ids = add_firms(session, city(80))
    first = released(database)
    with database.write() as session:
        session.execute(
            sa.update(Consent).where(Consent.organisation_id.in_(ids[:16])).values(withdrawn_at=datetime.now(UTC))
        )
    second = released(database)
    assert (first.firms, second.firms) == (80, 64)
    assert sum(bins_of(database)) == 64


def test_a_comparison_leaves_the_firm_itself_out(database: Database) -> None:
    with database.write() as session:
        ids = add_firms(session, [*city(80), Firm(permits=False)])
        cards = dict(session.execute(sa.select(Submission.organisation_id, Submission.scorecard_id)).all())
    released(database)
    with database.read() as session:
        counted = comparison(session, cards[ids[0]], "en")
        other = comparison(session, cards[ids[-1]], "en")
    assert counted is not None
    assert other is not None
    assert (counted.own_counted, other.own_counted) == (True, False)
    assert [each.measure for each in counted.measures] == list(MOST)
    assert counted.firms % 5 == 0
