"""The filter of a promised list of calls."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the version before leaves it empty."""
    op.add_column("owed_answers", sa.Column("sought", sa.String, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop it; people who were promised a list read that the answer was cut short."""
    op.drop_column("owed_answers", "sought")
