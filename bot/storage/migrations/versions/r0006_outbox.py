"""Promised answers are claimed for a while instead of owned by a process. Rows are carried over."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_RENAMED = {"owner_until": "claimed_until", "since": "promised_at", "begun": "sending", "sought": "filter"}


def upgrade() -> None:
    """Rename the table and its columns."""
    op.rename_table("owed_answers", "outbox")
    for before, after in _RENAMED.items():
        op.alter_column("outbox", before, new_column_name=after)
    op.drop_column("outbox", "owner")


def downgrade() -> None:
    """Rename them back; no process of the version before owns a row, so that each takes over."""
    op.add_column("outbox", sa.Column("owner", sa.String, nullable=False, server_default=""))
    for before, after in _RENAMED.items():
        op.alter_column("outbox", after, new_column_name=before)
    op.rename_table("outbox", "owed_answers")
