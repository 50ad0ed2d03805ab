"""Results that others gave a firm, the city's values per industry, and what figures were before.

A snapshot names the city's values it was scored with; older ones had none, and keep the hash they have.
"""

import sqlalchemy as sa
from alembic import op

from migrations.freeze import freeze

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

FROZEN = ("fact_change", "reference_value")


def upgrade() -> None:
    outside_results()
    reference_values()
    fact_changes()
    # A column that may be empty is added in place on both databases: the triggers of the frozen table stay as they are.
    op.add_column("snapshot", sa.Column("reference_values", sa.Text()))
    op.add_column("snapshot", sa.Column("quality_notes", sa.Text()))
    for table in FROZEN:
        freeze(op, table)


def downgrade() -> None:
    op.drop_column("snapshot", "quality_notes")
    op.drop_column("snapshot", "reference_values")
    freeze(op, "snapshot")
    for table in ("fact_change", "reference_value", "outside_result"):
        op.drop_table(table)


def outside_results() -> None:
    op.create_table(
        "outside_result",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=64)),
        sa.Column("score", sa.String(length=64)),
        sa.Column("subject", sa.String(length=200)),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", BIG, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("withdrawn_by", BIG),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= issued_on", name="ck_outside_result_valid_once_issued"
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="ck_outside_result_withdrawn_by_somebody"
        ),
        sa.CheckConstraint("rev > 0", name="ck_outside_result_rev_positive"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_outside_result_organisation_id"),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name="fk_outside_result_recorded_by"),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["user.id"], name="fk_outside_result_withdrawn_by"),
        sa.PrimaryKeyConstraint("id", name="pk_outside_result"),
        sa.UniqueConstraint("public_id", name="uq_outside_result_public_id"),
    )
    op.create_index("ix_outside_result_organisation_id", "outside_result", ["organisation_id"])


def reference_values() -> None:
    op.create_table(
        "reference_value",
        sa.Column("id", BIG, nullable=False),
        sa.Column("questionnaire", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("industry", sa.String(length=5), nullable=False),
        sa.Column("year_from", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(length=64)),
        sa.Column("lead", sa.String(length=64)),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("entered_by", BIG),
        sa.CheckConstraint("(base IS NULL) = (lead IS NULL)", name="ck_reference_value_both_or_neither"),
        sa.ForeignKeyConstraint(["entered_by"], ["user.id"], name="fk_reference_value_entered_by"),
        sa.PrimaryKeyConstraint("id", name="pk_reference_value"),
    )
    op.create_index("ix_reference_value_questionnaire_industry", "reference_value", ["questionnaire", "industry"])


def fact_changes() -> None:
    op.create_table(
        "fact_change",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger()),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("was_verified", sa.Boolean(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", BIG, nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name="fk_fact_change_changed_by"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_fact_change_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_fact_change"),
    )
    op.create_index("ix_fact_change_organisation_id_kind_year", "fact_change", ["organisation_id", "kind", "year"])
