"""Benchmark releases, reviews, evidence, visits, the calendar, chains and clusters, notes, bundles."""

import sqlalchemy as sa
from alembic import op

from migrations.freeze import freeze

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
PUBLIC = sa.String(length=22)
WORD = sa.String(length=64)
NAME = sa.String(length=200)
KIND = sa.String(length=32)

FROZEN = ("benchmark_release", "benchmark_cell", "benchmark_member")
TABLES = (
    "benchmark_release",
    "benchmark_cell",
    "benchmark_member",
    "review",
    "review_fault",
    "evidence",
    "evidence_use",
    "visit",
    "visit_value",
    "calendar_day",
    "firm_group",
    "firm_group_member",
    "firm_note",
    "bundle",
    "bundle_item",
    "dashboard_figures",
)
INDEXES = {
    "submission": (
        ("scorecard_id",),
        ("campaign_id", "kind", "total_e6"),
        ("campaign_id", "kind", "level", "total_e6"),
        ("campaign_id", "kind", "submitted_at"),
        ("kind", "state", "submitted_at"),
    ),
    "organisation": (("name", "operating_area_id"), ("operating_area_id", "state", "listed_at")),
    "score": (("campaign_id", "measure", "points_e6", "scorecard_id"),),
}
FIRM_TABLE = (
    *("campaign_id", "kind", "state", "submitted_at", "level", "size_class", "quality_signs", "total_e6"),
    "organisation_id",
)


def upgrade() -> None:
    releases()
    reviews()
    evidence()
    visits()
    the_desk()
    dashboards()
    for table, columns in added().items():
        for column in columns:
            op.add_column(table, column)
    for table, indexes in INDEXES.items():
        for names in indexes:
            index(table, *names)
    op.create_index("ix_submission_firm_table", "submission", list(FIRM_TABLE))
    op.drop_index("ix_score_campaign_id_measure_points_e6", "score")
    results_until_now()
    freeze(op, "score")
    for table in FROZEN:
        freeze(op, table)


def downgrade() -> None:
    index("score", "campaign_id", "measure", "points_e6")
    op.drop_index("ix_submission_firm_table", "submission")
    for table, indexes in INDEXES.items():
        for names in indexes:
            op.drop_index(f"ix_{table}_{'_'.join(names)}", table)
    for table, columns in added().items():
        for column in reversed(columns):
            op.drop_column(table, column.name)
    freeze(op, "score")
    for table in reversed(TABLES):
        op.drop_table(table)


# -- what is added to tables that are there ----------------------------------------------------------------------------


def added() -> dict[str, list[sa.Column[object]]]:
    """New columns by table, all may be empty: added in place."""
    return {
        "submission": [
            sa.Column("due_on", sa.Date()),
            sa.Column("verifies_id", sa.BigInteger()),
            sa.Column("scorecard_id", sa.BigInteger()),
            sa.Column("level", sa.Integer()),
            sa.Column("possible_level", sa.Integer()),
            sa.Column("total_e6", sa.BigInteger()),
            sa.Column("quality_signs", sa.Integer()),
            sa.Column("size_class", WORD),
        ],
        # No foreign key: the firm's own industry as it was at submit, whatever the city does to its list.
        "score": [sa.Column("sub_industry_id", sa.BigInteger())],
    }


def results_until_now() -> None:
    """What the latest snapshot and scorecard of each submission hold, repeated in its row."""
    op.execute(
        """
        UPDATE submission SET scorecard_id = (
            SELECT scorecard.id FROM scorecard JOIN snapshot ON snapshot.id = scorecard.snapshot_id
            WHERE snapshot.submission_id = submission.id ORDER BY snapshot.number DESC, scorecard.id DESC LIMIT 1)
        """
    )
    op.execute(
        """
        UPDATE submission SET
            level = (SELECT scorecard.level FROM scorecard WHERE scorecard.id = submission.scorecard_id),
            possible_level = (SELECT possible_level FROM scorecard WHERE scorecard.id = submission.scorecard_id),
            total_e6 = (SELECT scorecard.total_e6 FROM scorecard WHERE scorecard.id = submission.scorecard_id)
        """
    )
    op.execute(
        "UPDATE submission SET size_class = (SELECT MAX(score.size_class) FROM score "
        "WHERE score.scorecard_id = submission.scorecard_id)"
    )


# -- new tables --------------------------------------------------------------------------------------------------------


def table(name: str, *parts: sa.schema.SchemaItem, public: bool = True) -> None:
    """A table with an id, perhaps a public id, and constraint names as everywhere."""
    ids: list[sa.schema.SchemaItem] = [sa.Column("id", BIG, nullable=False)]
    ends: list[sa.schema.SchemaItem] = [sa.PrimaryKeyConstraint("id", name=f"pk_{name}")]
    if public:
        ids.append(sa.Column("public_id", PUBLIC, nullable=False))
        ends.append(sa.UniqueConstraint("public_id", name=f"uq_{name}_public_id"))
    op.create_table(name, *ids, *parts, *ends)


def to(name: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{name}_{column}")


def key(name: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{name}")


def check(name: str, what: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=f"ck_{name}_{what}")


def index(name: str, *columns: str) -> None:
    op.create_index(f"ix_{name}_{'_'.join(columns)}", name, list(columns))


def releases() -> None:
    table(
        "benchmark_release",
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cause", KIND, nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("firms", sa.BigInteger(), nullable=False),
        sa.Column("as_of", MOMENT, nullable=False),
        to("benchmark_release", "campaign_id", "campaign"),
        sa.UniqueConstraint("campaign_id", "number", name="uq_benchmark_release_campaign_id_number"),
        check("benchmark_release", "number_and_minimum", "number > 0 AND minimum >= 5"),
    )
    op.create_table(
        "benchmark_cell",
        sa.Column("release_id", BIG, nullable=False),
        sa.Column("measure", WORD, nullable=False),
        sa.Column("industry", WORD, nullable=False),
        sa.Column("size", WORD, nullable=False),
        sa.Column("area_id", BIG, nullable=False),
        sa.Column("withheld", KIND),
        sa.Column("bins", sa.Text()),
        to("benchmark_cell", "release_id", "benchmark_release"),
        to("benchmark_cell", "area_id", "area"),
        key("benchmark_cell", "release_id", "measure", "industry", "size", "area_id"),
        check("benchmark_cell", "bins_unless_withheld", "(withheld IS NULL) = (bins IS NOT NULL)"),
    )
    op.create_table(
        "benchmark_member",
        sa.Column("release_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("scorecard_id", BIG, nullable=False),
        sa.Column("division", sa.String(length=3), nullable=False),
        sa.Column("sub_industry_id", sa.BigInteger()),
        sa.Column("size", WORD, nullable=False),
        sa.Column("area_id", BIG, nullable=False),
        to("benchmark_member", "release_id", "benchmark_release"),
        to("benchmark_member", "organisation_id", "organisation"),
        to("benchmark_member", "scorecard_id", "scorecard"),
        to("benchmark_member", "area_id", "area"),
        key("benchmark_member", "release_id", "organisation_id"),
    )


def reviews() -> None:
    table(
        "review",
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("snapshot_id", BIG, nullable=False),
        sa.Column("state", KIND, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", BIG, nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", BIG),
        to("review", "submission_id", "submission"),
        to("review", "snapshot_id", "snapshot"),
        to("review", "opened_by", "user"),
        to("review", "decided_by", "user"),
        sa.UniqueConstraint("snapshot_id", name="uq_review_snapshot_id"),
        check("review", "decided_unless_open", "(state = 'open') = (decided_at IS NULL)"),
        check("review", "due_when_returned", "(state = 'returned') = (due_on IS NOT NULL)"),
    )
    index("review", "submission_id")
    table(
        "review_fault",
        sa.Column("review_id", BIG, nullable=False),
        sa.Column("item", WORD),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", BIG, nullable=False),
        to("review_fault", "review_id", "review"),
        to("review_fault", "added_by", "user"),
    )
    index("review_fault", "review_id")


def evidence() -> None:
    table(
        "evidence",
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("side", KIND, nullable=False),
        sa.Column("name", NAME),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", WORD, nullable=False),
        sa.Column("file", sa.Text()),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", BIG, nullable=False),
        sa.Column("removed_at", MOMENT),
        sa.Column("removed_by", BIG),
        to("evidence", "organisation_id", "organisation"),
        to("evidence", "added_by", "user"),
        to("evidence", "removed_by", "user"),
        check("evidence", "file_until_removed", "(removed_at IS NULL) = (file IS NOT NULL)"),
    )
    index("evidence", "organisation_id")
    op.create_table(
        "evidence_use",
        sa.Column("evidence_id", BIG, nullable=False),
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("item", WORD, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", BIG, nullable=False),
        to("evidence_use", "evidence_id", "evidence"),
        to("evidence_use", "submission_id", "submission"),
        to("evidence_use", "added_by", "user"),
        key("evidence_use", "evidence_id", "submission_id", "item"),
    )
    index("evidence_use", "submission_id")


def visits() -> None:
    table(
        "visit",
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("snapshot_id", BIG, nullable=False),
        sa.Column("state", KIND, nullable=False),
        sa.Column("planned_on", sa.Date()),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("visited_on", sa.Date()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        sa.Column("entered_at", MOMENT),
        sa.Column("entered_by", BIG),
        sa.Column("comment_until", sa.Date()),
        sa.Column("agreed", sa.Boolean()),
        sa.Column("comment", sa.Text()),
        sa.Column("commented_at", MOMENT),
        sa.Column("commented_by", BIG),
        sa.Column("checked_at", MOMENT),
        sa.Column("checked_by", BIG),
        sa.Column("sent_back", sa.Text()),
        sa.Column("rev", sa.Integer(), nullable=False),
        to("visit", "organisation_id", "organisation"),
        to("visit", "submission_id", "submission"),
        to("visit", "snapshot_id", "snapshot"),
        to("visit", "created_by", "user"),
        to("visit", "entered_by", "user"),
        to("visit", "commented_by", "user"),
        to("visit", "checked_by", "user"),
        check("visit", "rev_positive", "rev > 0"),
        check("visit", "entered_by_somebody", "(entered_at IS NULL) = (entered_by IS NULL)"),
        check("visit", "checked_by_somebody", "(checked_at IS NULL) = (checked_by IS NULL)"),
        check("visit", "checked_by_another", "checked_by IS NULL OR checked_by <> entered_by"),
    )
    index("visit", "organisation_id")
    index("visit", "submission_id")
    op.create_table(
        "visit_value",
        sa.Column("visit_id", BIG, nullable=False),
        sa.Column("item", WORD, nullable=False),
        sa.Column("finding", KIND, nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("entered_by", BIG, nullable=False),
        to("visit_value", "visit_id", "visit"),
        to("visit_value", "entered_by", "user"),
        key("visit_value", "visit_id", "item"),
    )


def the_desk() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by", BIG, nullable=False),
        to("calendar_day", "set_by", "user"),
        key("calendar_day", "day"),
    )
    table(
        "firm_group",
        sa.Column("kind", KIND, nullable=False),
        sa.Column("code", WORD, nullable=False),
        sa.Column("name_zh", NAME, nullable=False),
        sa.Column("name_en", NAME, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("kind", "code", name="uq_firm_group_kind_code"),
    )
    op.create_table(
        "firm_group_member",
        sa.Column("group_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        to("firm_group_member", "group_id", "firm_group"),
        to("firm_group_member", "organisation_id", "organisation"),
        key("firm_group_member", "group_id", "organisation_id"),
    )
    index("firm_group_member", "organisation_id")
    table(
        "firm_note",
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_user_id", BIG, nullable=False),
        to("firm_note", "organisation_id", "organisation"),
        to("firm_note", "by_user_id", "user"),
    )
    index("firm_note", "organisation_id", "at")
    table(
        "bundle",
        sa.Column("job_id", BIG, nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", BIG, nullable=False),
        sa.Column("useless_after", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("file", sa.Text()),
        to("bundle", "job_id", "job"),
        to("bundle", "made_by", "user"),
    )
    index("bundle", "made_by")
    op.create_table(
        "bundle_item",
        sa.Column("bundle_id", BIG, nullable=False),
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("scorecard_id", BIG, nullable=False),
        to("bundle_item", "bundle_id", "bundle"),
        to("bundle_item", "submission_id", "submission"),
        to("bundle_item", "scorecard_id", "scorecard"),
        key("bundle_item", "bundle_id", "submission_id"),
    )


def dashboards() -> None:
    op.create_table(
        "dashboard_figures",
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("area_id", BIG, nullable=False),
        sa.Column("as_of", MOMENT, nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        to("dashboard_figures", "campaign_id", "campaign"),
        to("dashboard_figures", "area_id", "area"),
        key("dashboard_figures", "campaign_id", "area_id"),
    )
