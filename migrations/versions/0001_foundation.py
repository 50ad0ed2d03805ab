"""The first tables: areas, people, firms, questionnaires, rounds, submissions, scorecards, jobs, audit."""

import sqlalchemy as sa
from alembic import op

from migrations.freeze import forget, freeze

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

FROZEN = ("published_instrument", "draft_change", "snapshot", "scorecard", "score", "audit_event")


def upgrade() -> None:
    areas_and_industries()
    users()
    organisations()
    instruments_and_rounds()
    drafts()
    snapshots()
    scorecards()
    jobs()
    audit()
    for table in FROZEN:
        freeze(op, table)


TABLES = (
    "area",
    "industry",
    "user",
    "sign_in_session",
    "one_time_code",
    "organisation",
    "membership",
    "fact",
    "published_instrument",
    "round",
    "campaign",
    "submission",
    "draft_page",
    "draft_change",
    "draft_note",
    "snapshot",
    "snapshot_note",
    "snapshot_person",
    "scorecard",
    "score",
    "job",
    "job_item",
    "audit_event",
)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    forget(op)


def areas_and_industries() -> None:
    op.create_table(
        "area",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("code", sa.String(length=12)),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("parent_id", BIG),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["area.id"], name="fk_area_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_area"),
        sa.UniqueConstraint("code", name="uq_area_code"),
        sa.UniqueConstraint("parent_id", "name_zh", name="uq_area_parent_id_name_zh"),
        sa.UniqueConstraint("public_id", name="uq_area_public_id"),
    )
    op.create_index("ix_area_parent_id", "area", ["parent_id"])
    op.create_table(
        "industry",
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("parent", sa.String(length=5)),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200)),
        sa.ForeignKeyConstraint(["parent"], ["industry.code"], name="fk_industry_parent"),
        sa.PrimaryKeyConstraint("code", name="pk_industry"),
    )
    op.create_index("ix_industry_parent", "industry", ["parent"])


def users() -> None:
    op.create_table(
        "user",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mobile", sa.String(length=20)),
        sa.Column("email", sa.String(length=254)),
        sa.Column("password_hash", sa.String(length=200)),
        sa.Column("language", sa.String(length=16)),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("email = lower(email)", name="ck_user_email_lower_case"),
        sa.PrimaryKeyConstraint("id", name="pk_user"),
        sa.UniqueConstraint("email", name="uq_user_email"),
        sa.UniqueConstraint("mobile", name="uq_user_mobile"),
        sa.UniqueConstraint("public_id", name="uq_user_public_id"),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", BIG, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.CheckConstraint("ends_at > created_at", name="ck_sign_in_session_ends_after_start"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_sign_in_session_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_session"),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_session_token_hash"),
    )
    op.create_index("ix_sign_in_session_user_id", "sign_in_session", ["user_id"])
    op.create_table(
        "one_time_code",
        sa.Column("id", BIG, nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.Text()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("used_at", MOMENT),
        sa.CheckConstraint("attempts >= 0", name="ck_one_time_code_attempts_counted"),
        sa.CheckConstraint("expires_at > created_at", name="ck_one_time_code_expires_after_start"),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_code"),
    )
    op.create_index(
        "ix_one_time_code_purpose_recipient_created_at", "one_time_code", ["purpose", "recipient", "created_at"]
    )


def organisations() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("credit_code_override", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("registered_area_id", BIG),
        sa.Column("operating_area_id", BIG, nullable=False),
        sa.Column("industry_code", sa.String(length=5), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        sa.CheckConstraint("length(credit_code) = 18", name="ck_organisation_credit_code_length"),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="fk_organisation_created_by"),
        sa.ForeignKeyConstraint(["operating_area_id"], ["area.id"], name="fk_organisation_operating_area_id"),
        sa.ForeignKeyConstraint(["registered_area_id"], ["area.id"], name="fk_organisation_registered_area_id"),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        sa.UniqueConstraint("credit_code", name="uq_organisation_credit_code"),
        sa.UniqueConstraint("public_id", name="uq_organisation_public_id"),
    )
    op.create_index("ix_organisation_industry_code", "organisation", ["industry_code"])
    op.create_index("ix_organisation_operating_area_id", "organisation", ["operating_area_id"])
    op.create_table(
        "membership",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_membership_organisation_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_membership_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.UniqueConstraint("organisation_id", "user_id", name="uq_membership_organisation_id_user_id"),
    )
    op.create_index("ix_membership_user_id", "membership", ["user_id"])
    op.create_table(
        "fact",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", BIG, nullable=False),
        sa.CheckConstraint("rev > 0", name="ck_fact_rev_positive"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_fact_organisation_id"),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="fk_fact_updated_by"),
        sa.PrimaryKeyConstraint("id", name="pk_fact"),
        sa.UniqueConstraint("organisation_id", "kind", "year", name="uq_fact_organisation_id_kind_year"),
    )


def instruments_and_rounds() -> None:
    op.create_table(
        "published_instrument",
        sa.Column("id", BIG, nullable=False),
        sa.Column("questionnaire", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("rules_checksum", sa.String(length=64), nullable=False),
        sa.Column("texts_checksum", sa.String(length=64), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.CheckConstraint("revision > 0", name="ck_published_instrument_revision_positive"),
        sa.PrimaryKeyConstraint("id", name="pk_published_instrument"),
        sa.UniqueConstraint(
            "questionnaire", "version", "revision", name="uq_published_instrument_questionnaire_version_revision"
        ),
    )
    op.create_table(
        "round",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("title_zh", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("reference_year", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.CheckConstraint("opens_on <= closes_on", name="ck_round_opens_before_closing"),
        sa.PrimaryKeyConstraint("id", name="pk_round"),
        sa.UniqueConstraint("public_id", name="uq_round_public_id"),
    )
    op.create_table(
        "campaign",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("questionnaire", sa.String(length=64), nullable=False),
        sa.Column("instrument_id", BIG, nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name="ck_campaign_opens_before_closing"),
        sa.ForeignKeyConstraint(["instrument_id"], ["published_instrument.id"], name="fk_campaign_instrument_id"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_campaign_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_campaign"),
        sa.UniqueConstraint("public_id", name="uq_campaign_public_id"),
        sa.UniqueConstraint("round_id", "questionnaire", name="uq_campaign_round_id_questionnaire"),
    )


def drafts() -> None:
    op.create_table(
        "submission",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=64)),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        sa.Column("submitted_at", MOMENT),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="ck_submission_submitted_unless_draft"),
        sa.CheckConstraint("rev > 0 AND wave > 0", name="ck_submission_rev_and_wave_positive"),
        sa.CheckConstraint(
            "submitted_at IS NULL OR reference IS NOT NULL", name="ck_submission_reference_once_submitted"
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_submission_campaign_id"),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="fk_submission_created_by"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_submission_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint(
            "organisation_id", "campaign_id", "kind", name="uq_submission_organisation_id_campaign_id_kind"
        ),
        sa.UniqueConstraint("public_id", name="uq_submission_public_id"),
        sa.UniqueConstraint("reference", name="uq_submission_reference"),
    )
    op.create_index("ix_submission_campaign_id", "submission", ["campaign_id"])
    op.create_table(
        "draft_page",
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("section", sa.String(length=64), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", BIG, nullable=False),
        sa.CheckConstraint("rev > 0", name="ck_draft_page_rev_positive"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_draft_page_submission_id"),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="fk_draft_page_updated_by"),
        sa.PrimaryKeyConstraint("submission_id", "section", name="pk_draft_page"),
    )
    op.create_table(
        "draft_change",
        sa.Column("id", BIG, nullable=False),
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("section", sa.String(length=64), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", BIG, nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name="fk_draft_change_changed_by"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_draft_change_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_draft_change"),
        sa.UniqueConstraint("submission_id", "section", "rev", name="uq_draft_change_submission_id_section_rev"),
    )
    op.create_table(
        "draft_note",
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", BIG, nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_draft_note_submission_id"),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="fk_draft_note_updated_by"),
        sa.PrimaryKeyConstraint("submission_id", "item", name="pk_draft_note"),
    )


def snapshots() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("instrument_id", BIG, nullable=False),
        sa.Column("reference_year", sa.Integer(), nullable=False),
        sa.Column("responses", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.CheckConstraint("number > 0", name="ck_snapshot_number_positive"),
        sa.ForeignKeyConstraint(["instrument_id"], ["published_instrument.id"], name="fk_snapshot_instrument_id"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_snapshot_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_snapshot"),
        sa.UniqueConstraint("public_id", name="uq_snapshot_public_id"),
        sa.UniqueConstraint("submission_id", "number", name="uq_snapshot_submission_id_number"),
    )
    op.create_table(
        "snapshot_note",
        sa.Column("snapshot_id", BIG, nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name="fk_snapshot_note_snapshot_id"),
        sa.PrimaryKeyConstraint("snapshot_id", "item", name="pk_snapshot_note"),
    )
    op.create_table(
        "snapshot_person",
        sa.Column("snapshot_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name="fk_snapshot_person_snapshot_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_snapshot_person_user_id"),
        sa.PrimaryKeyConstraint("snapshot_id", name="pk_snapshot_person"),
    )
    op.create_index("ix_snapshot_person_user_id", "snapshot_person", ["user_id"])


def scorecards() -> None:
    op.create_table(
        "scorecard",
        sa.Column("id", BIG, nullable=False),
        sa.Column("snapshot_id", BIG, nullable=False),
        sa.Column("engine_version", sa.String(length=64), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("possible_level", sa.Integer(), nullable=False),
        sa.Column("total_e6", sa.BigInteger()),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name="fk_scorecard_snapshot_id"),
        sa.PrimaryKeyConstraint("id", name="pk_scorecard"),
        sa.UniqueConstraint("snapshot_id", "engine_version", name="uq_scorecard_snapshot_id_engine_version"),
    )
    op.create_table(
        "score",
        sa.Column("scorecard_id", BIG, nullable=False),
        sa.Column("measure", sa.String(length=64), nullable=False),
        sa.Column("points_e6", sa.BigInteger()),
        sa.Column("low_e6", sa.BigInteger(), nullable=False),
        sa.Column("high_e6", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("area_id", BIG, nullable=False),
        sa.Column("industry_division", sa.String(length=3), nullable=False),
        sa.Column("size_class", sa.String(length=64)),
        sa.CheckConstraint("low_e6 <= high_e6", name="ck_score_low_not_above_high"),
        sa.CheckConstraint(
            "points_e6 IS NULL OR (low_e6 = points_e6 AND high_e6 = points_e6)", name="ck_score_points_when_equal"
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_score_area_id"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_score_campaign_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_score_organisation_id"),
        sa.ForeignKeyConstraint(["scorecard_id"], ["scorecard.id"], name="fk_score_scorecard_id"),
        sa.PrimaryKeyConstraint("scorecard_id", "measure", name="pk_score"),
    )
    op.create_index("ix_score_campaign_id_measure_points_e6", "score", ["campaign_id", "measure", "points_e6"])


def jobs() -> None:
    op.create_table(
        "job",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", BIG),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="fk_job_created_by"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.UniqueConstraint("public_id", name="uq_job_public_id"),
    )
    op.create_table(
        "job_item",
        sa.Column("id", BIG, nullable=False),
        sa.Column("job_id", BIG, nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("lease_until", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("error", sa.Text()),
        sa.Column("file", sa.Text()),
        sa.CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="ck_job_item_lease_while_running"),
        sa.CheckConstraint("attempts >= 0", name="ck_job_item_attempts_counted"),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_job_item_job_id"),
        sa.PrimaryKeyConstraint("id", name="pk_job_item"),
        sa.UniqueConstraint("job_id", "subject_id", "language", name="uq_job_item_job_id_subject_id_language"),
    )
    op.create_index("ix_job_item_state_priority_id", "job_item", ["state", "priority", "id"])
    op.create_index("ix_job_item_subject_id_language", "job_item", ["subject_id", "language"])


def audit() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", BIG),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object_kind", sa.String(length=64), nullable=False),
        sa.Column("object_id", sa.String(length=64)),
        sa.Column("organisation_id", BIG),
        sa.Column("address", sa.String(length=64)),
        sa.Column("request_id", sa.String(length=64)),
        sa.Column("result", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name="fk_audit_event_actor_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_audit_event_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_actor_id_at", "audit_event", ["actor_id", "at"])
    op.create_index("ix_audit_event_organisation_id_at", "audit_event", ["organisation_id", "at"])
