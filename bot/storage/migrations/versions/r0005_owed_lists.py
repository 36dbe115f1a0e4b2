"""What an owed list of calls is to have on it."""

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
    """Drop it; whose list was owed is told that the answer was cut short."""
    op.drop_column("owed_answers", "sought")
