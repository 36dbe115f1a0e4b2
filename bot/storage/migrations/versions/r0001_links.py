"""Links between Slack users and CometChat users."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of links."""
    op.create_table(
        "links",
        sa.Column("enterprise_id", sa.String, primary_key=True),
        sa.Column("team_id", sa.String, primary_key=True),
        sa.Column("user_id", sa.String, primary_key=True),
        sa.Column("uid", sa.String, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("how", sa.String, nullable=False),
    )
    op.create_index("links_by_uid", "links", ["enterprise_id", "team_id", "uid"])
    op.create_index(
        "links_one_unconfirmed_user_a_uid",
        "links",
        ["enterprise_id", "team_id", "uid"],
        unique=True,
        postgresql_where=sa.text("NOT confirmed"),
        sqlite_where=sa.text("NOT confirmed"),
    )


def downgrade() -> None:
    """Drop it, and all links."""
    op.drop_table("links")
