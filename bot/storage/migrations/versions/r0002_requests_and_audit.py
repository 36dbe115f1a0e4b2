"""Requests for a link, and the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "link_requests",
        sa.Column("enterprise_id", sa.String, primary_key=True),
        sa.Column("team_id", sa.String, primary_key=True),
        sa.Column("user_id", sa.String, primary_key=True),
        sa.Column("requested_at", sa.BigInteger, nullable=False),
        sa.Column("settled_by", sa.String, nullable=False, server_default=""),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("deed", sa.String, nullable=False),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("user_id", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("reference", sa.String, nullable=False),
        sa.Column("uid", sa.String, nullable=False),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
    )
    op.create_index("audit_by_time", "audit", ["at"])


def downgrade() -> None:
    """Drop them, and what they hold."""
    op.drop_table("audit")
    op.drop_table("link_requests")
