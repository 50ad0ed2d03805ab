"""${message}

The previous release runs beside this one during a deployment: add first, fill, tighten in a later release.
Never import model classes here. Call `freeze` again for every frozen table a batch operation rebuilt.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
