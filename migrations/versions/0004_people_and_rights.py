"""Staff and their roles, second factors, invitations, the city's list, claims, consents, messages, seals."""

import secrets

import sqlalchemy as sa
from alembic import op

from migrations.freeze import freeze

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
PUBLIC = sa.String(length=22)
WORD = sa.String(length=64)
NAME = sa.String(length=200)
KIND = sa.String(length=32)

FROZEN = ("disclosure", "notice_acceptance", "audit_seal")
TABLES = (
    "provider",
    "role_grant",
    "recovery_code",
    "invitation",
    "attempt",
    "sub_industry",
    "listed_contact",
    "listed_title",
    "claim",
    "assignment",
    "consent",
    "notice_acceptance",
    "disclosure",
    "rights_request",
    "outgoing_message",
    "audit_seal",
)


def upgrade() -> None:
    staff()
    accounts()
    the_list()
    claims()
    privacy()
    messages_and_seals()
    changed_tables()
    notices_accepted_before()
    firms_entered_before()
    for table in FROZEN:
        freeze(op, table)


def downgrade() -> None:
    op.drop_index("ix_audit_event_at", "audit_event")
    for table, columns in added().items():
        for column in reversed(columns):
            op.drop_column(table, column.name)
    freeze(op, "audit_event")
    with op.batch_alter_table("membership") as batch:
        batch.drop_constraint("uq_membership_public_id", type_="unique")
        batch.drop_constraint("fk_membership_decided_by", type_="foreignkey")
        for name in ("public_id", "body", "valid_until", "decided_at", "decided_by"):
            batch.drop_column(name)
    with op.batch_alter_table("organisation") as batch:
        batch.drop_index("ix_organisation_sub_industry_id")
        batch.drop_constraint("fk_organisation_sub_industry_id", type_="foreignkey")
        for name in ("state", "sub_industry_id", "declared_above", "listed_at"):
            batch.drop_column(name)
    for table in reversed(TABLES):
        op.drop_table(table)


# -- what is added to tables that are there ----------------------------------------------------------------------------


def added() -> dict[str, list[sa.Column[object]]]:
    """New columns by table. All may be empty or have a default, so that they are added in place."""
    return {
        "user": [
            sa.Column("totp_secret", sa.Text()),
            sa.Column("totp_at", MOMENT),
            sa.Column("totp_step", sa.BigInteger()),
            sa.Column("password_at", MOMENT),
            sa.Column("closed_at", MOMENT),
        ],
        "sign_in_session": [
            sa.Column("fresh_at", MOMENT),
            sa.Column("strong", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("device", WORD),
            sa.Column("address", WORD),
        ],
        "job_item": [sa.Column("not_before", MOMENT)],
        # The area has no foreign key: an event outlives whatever the city does to its tree.
        "audit_event": [sa.Column("role", WORD), sa.Column("area_id", sa.BigInteger()), sa.Column("detail", WORD)],
    }


def changed_tables() -> None:
    for table, columns in added().items():
        for column in columns:
            op.add_column(table, column)
    index("audit_event", "at")
    freeze(op, "audit_event")
    with op.batch_alter_table("organisation") as batch:
        batch.add_column(sa.Column("state", KIND, nullable=False, server_default="claimed"))
        batch.add_column(sa.Column("sub_industry_id", BIG))
        batch.add_column(sa.Column("declared_above", sa.Boolean()))
        batch.add_column(sa.Column("listed_at", MOMENT))
        batch.create_foreign_key("fk_organisation_sub_industry_id", "sub_industry", ["sub_industry_id"], ["id"])
        batch.create_index("ix_organisation_sub_industry_id", ["sub_industry_id"])
    op.add_column("membership", sa.Column("public_id", PUBLIC))
    membership = sa.table("membership", sa.column("id", BIG), sa.column("public_id", PUBLIC))
    connection = op.get_bind()
    for (row_id,) in connection.execute(sa.select(membership.c.id)).all():
        row = sa.update(membership).where(membership.c.id == row_id)
        connection.execute(row.values(public_id=secrets.token_urlsafe(16)))
    with op.batch_alter_table("membership") as batch:
        batch.alter_column("public_id", existing_type=PUBLIC, nullable=False)
        batch.create_unique_constraint("uq_membership_public_id", ["public_id"])
        batch.add_column(sa.Column("body", NAME))
        batch.add_column(sa.Column("valid_until", sa.Date()))
        batch.add_column(sa.Column("decided_at", MOMENT))
        batch.add_column(sa.Column("decided_by", BIG))
        batch.create_foreign_key("fk_membership_decided_by", "user", ["decided_by"], ["id"])


def notices_accepted_before() -> None:
    """Until now only the record held which notice somebody had accepted."""
    event = sa.table("audit_event", *map(sa.column, ("actor_id", "object_id", "action", "at")))
    kept = sa.table("notice_acceptance", *map(sa.column, ("user_id", "version", "accepted_at")))
    found = (
        sa.select(event.c.actor_id, event.c.object_id, sa.func.min(event.c.at))
        .where(event.c.action == "account.accept_notice", event.c.actor_id.is_not(None), event.c.object_id.is_not(None))
        .group_by(event.c.actor_id, event.c.object_id)
    )
    op.execute(sa.insert(kept).from_select(["user_id", "version", "accepted_at"], found))


def firms_entered_before() -> None:
    """Firms that somebody entered wait for an office to confirm them."""
    firm = sa.table("organisation", *map(sa.column, ("id", "created_by")), sa.column("created_at", MOMENT))
    names = ("public_id", "organisation_id", "user_id", "how", "state", "dispute")
    claim = sa.table("claim", *map(sa.column, names), sa.column("made_at", MOMENT))
    connection = op.get_bind()
    for firm_id, user_id, at in connection.execute(sa.select(firm.c.id, firm.c.created_by, firm.c.created_at)).all():
        values = (secrets.token_urlsafe(16), firm_id, user_id, "entered", "waiting", False, at)
        connection.execute(sa.insert(claim).values(values))


# -- new tables --------------------------------------------------------------------------------------------------------


def table(name: str, *parts: sa.schema.SchemaItem, public: bool = False) -> None:
    """A table with an id, perhaps a public id, and constraint names as everywhere."""
    ids: list[sa.schema.SchemaItem] = [sa.Column("id", BIG, nullable=False)]
    ends: list[sa.schema.SchemaItem] = [sa.PrimaryKeyConstraint("id", name=f"pk_{name}")]
    if public:
        ids.append(sa.Column("public_id", PUBLIC, nullable=False))
        ends.append(sa.UniqueConstraint("public_id", name=f"uq_{name}_public_id"))
    op.create_table(name, *ids, *parts, *ends)


def to(name: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{name}_{column}")


def index(name: str, *columns: str) -> None:
    op.create_index(f"ix_{name}_{'_'.join(columns)}", name, list(columns))


def staff() -> None:
    table(
        "provider",
        sa.Column("name", NAME, nullable=False),
        sa.Column("credit_code", sa.String(length=18)),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("credit_code", name="uq_provider_credit_code"),
        public=True,
    )
    table(
        "role_grant",
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("role", KIND, nullable=False),
        sa.Column("area_id", BIG),
        sa.Column("provider_id", BIG),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("granted_by", BIG),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", BIG),
        sa.CheckConstraint("(area_id IS NULL) <> (provider_id IS NULL)", name="ck_role_grant_one_place"),
        to("role_grant", "user_id", "user"),
        to("role_grant", "area_id", "area"),
        to("role_grant", "provider_id", "provider"),
        to("role_grant", "granted_by", "user"),
        to("role_grant", "ended_by", "user"),
        public=True,
    )
    index("role_grant", "user_id")
    table(
        "assignment",
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("assigned_at", MOMENT, nullable=False),
        sa.Column("assigned_by", BIG, nullable=False),
        sa.Column("ended_at", MOMENT),
        to("assignment", "organisation_id", "organisation"),
        to("assignment", "user_id", "user"),
        to("assignment", "assigned_by", "user"),
        public=True,
    )
    index("assignment", "organisation_id")
    index("assignment", "user_id")


def accounts() -> None:
    table(
        "recovery_code",
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("code_hash", NAME, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        to("recovery_code", "user_id", "user"),
    )
    index("recovery_code", "user_id")
    table(
        "invitation",
        sa.Column("token_hash", WORD, nullable=False),
        sa.Column("recipient", sa.String(length=254)),
        sa.Column("role", KIND, nullable=False),
        sa.Column("organisation_id", BIG),
        sa.Column("area_id", BIG),
        sa.Column("provider_id", BIG),
        sa.Column("body", NAME),
        sa.Column("valid_until", sa.Date()),
        sa.Column("invited_at", MOMENT, nullable=False),
        sa.Column("invited_by", BIG),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT),
        sa.Column("accepted_by", BIG),
        sa.Column("withdrawn_at", MOMENT),
        to("invitation", "organisation_id", "organisation"),
        to("invitation", "area_id", "area"),
        to("invitation", "provider_id", "provider"),
        to("invitation", "invited_by", "user"),
        to("invitation", "accepted_by", "user"),
        sa.UniqueConstraint("token_hash", name="uq_invitation_token_hash"),
        public=True,
    )
    index("invitation", "organisation_id")
    op.create_table(
        "attempt",
        sa.Column("key", WORD, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_attempt"),
    )
    index("attempt", "expires_at")


def the_list() -> None:
    table(
        "sub_industry",
        sa.Column("code", WORD, nullable=False),
        sa.Column("name_zh", NAME, nullable=False),
        sa.Column("name_en", NAME, nullable=False),
        sa.Column("prefixes", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("code", name="uq_sub_industry_code"),
        public=True,
    )
    op.create_table(
        "listed_contact",
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("name", NAME),
        sa.Column("mobile", sa.String(length=20)),
        sa.Column("listed_at", MOMENT, nullable=False),
        to("listed_contact", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_listed_contact"),
    )
    index("listed_contact", "mobile")
    table(
        "listed_title",
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("listed_at", MOMENT, nullable=False),
        to("listed_title", "organisation_id", "organisation"),
        sa.UniqueConstraint("organisation_id", "kind", name="uq_listed_title_organisation_id_kind"),
    )


def claims() -> None:
    table(
        "claim",
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("how", KIND, nullable=False),
        sa.Column("state", KIND, nullable=False),
        sa.Column("dispute", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.Text()),
        sa.Column("typed", sa.Text()),
        sa.Column("letter_file", sa.Text()),
        sa.Column("letter_type", WORD),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", BIG),
        sa.Column("reason", sa.Text()),
        to("claim", "organisation_id", "organisation"),
        to("claim", "user_id", "user"),
        to("claim", "decided_by", "user"),
        public=True,
    )
    index("claim", "organisation_id")
    index("claim", "user_id")


def privacy() -> None:
    table(
        "consent",
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("recipient", WORD),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("purpose", WORD, nullable=False),
        sa.Column("text_version", WORD, nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("given_by", BIG, nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("withdrawn_by", BIG),
        to("consent", "organisation_id", "organisation"),
        to("consent", "given_by", "user"),
        to("consent", "withdrawn_by", "user"),
        public=True,
    )
    index("consent", "organisation_id", "kind")
    table(
        "notice_acceptance",
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("version", WORD, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=False),
        to("notice_acceptance", "user_id", "user"),
        sa.UniqueConstraint("user_id", "version", name="uq_notice_acceptance_user_id_version"),
    )
    table(
        "disclosure",
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("recipient", NAME, nullable=False),
        sa.Column("consent_id", BIG),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("purpose", WORD, nullable=False),
        sa.Column("how", WORD, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_user_id", BIG),
        to("disclosure", "organisation_id", "organisation"),
        to("disclosure", "consent_id", "consent"),
        to("disclosure", "by_user_id", "user"),
    )
    index("disclosure", "organisation_id", "at")
    table(
        "rights_request",
        sa.Column("user_id", BIG),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", KIND, nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by", BIG),
        to("rights_request", "user_id", "user"),
        to("rights_request", "closed_by", "user"),
        public=True,
    )
    index("rights_request", "state", "due_on")


def messages_and_seals() -> None:
    table(
        "outgoing_message",
        sa.Column("recipient", sa.String(length=254)),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.Text()),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("useless_after", MOMENT),
        public=True,
    )
    op.create_table(
        "audit_seal",
        sa.Column("number", BIG, nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("hash", WORD, nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_seal"),
        sa.UniqueConstraint("event_id", name="uq_audit_seal_event_id"),
    )
