"""Answers that people were promised, until they have them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "owed_answers",
        sa.Column("reference", sa.String, primary_key=True),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("owner_until", sa.Float, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("enterprise_id", sa.String, nullable=False),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("user_id", sa.String, nullable=False),
        sa.Column("response_url", sa.String, nullable=False),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("thread_ts", sa.String, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("begun", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Drop it; the answers in it are never given."""
    op.drop_table("owed_answers")
