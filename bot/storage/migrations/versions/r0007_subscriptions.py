"""Subscriptions, when their calls are looked for, what was told of them, and hints that it is time to look."""

import sqlalchemy as sa
from alembic import op

from bot.storage.dialects import ROW_ID

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = ("subscriptions", "looks", "tellings", "messages", "hints")


def _text(*names: str, default: str | None = None) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String, nullable=False, server_default=default) for name in names]


def _number(name: str, default: str | None = None, kind: type = sa.BigInteger) -> sa.Column[int]:
    return sa.Column(name, kind, nullable=False, server_default=default)


def upgrade() -> None:
    """Make the tables."""
    _make_subscriptions()
    op.create_table(
        "looks",
        sa.Column("uid", sa.String, primary_key=True),
        _number("due_at", kind=sa.Float),
        _number("wake_at", kind=sa.Float),
        _number("claimed_until", "0", sa.Float),
        _number("looked_at", "0"),
        _number("open_since", "0"),
        *_text("awaited", default=""),
        _number("again", "0", sa.Integer),
        *_text("name", default=""),
    )
    op.create_index("looks_by_due_at", "looks", ["due_at"])
    op.create_index("looks_by_wake_at", "looks", ["wake_at"])
    _make_tellings()
    op.create_table(
        "hints",
        sa.Column("id", ROW_ID, primary_key=True),
        _number("due_at", kind=sa.Float),
        _number("claimed_until", "0", sa.Float),
        _number("received_at", kind=sa.Float),
        *_text("trigger", "session_id", "uids", "names"),
    )
    op.create_index("hints_by_due_at", "hints", ["due_at"])


def downgrade() -> None:
    """Drop them: nobody is told anything any more."""
    for table in _TABLES:
        op.drop_table(table)


def _make_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.String, primary_key=True),
        *_text("enterprise_id", "team_id", "user_id", "made_for", "uid", "channel_id"),
        sa.Column("missed", sa.Boolean, nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False),
        *_text("kind"),
        _number("longer_seconds"),
        *_text("with_whom"),
        sa.Column("quiet_hours", sa.Boolean, nullable=False, server_default=sa.true()),
        _number("made_at"),
        _number("muted_until", "0"),
    )
    same = [
        "team_id",
        "user_id",
        "uid",
        "channel_id",
        "missed",
        "ended",
        "kind",
        "longer_seconds",
        "with_whom",
    ]
    op.create_index("subscriptions_once", "subscriptions", same, unique=True)
    op.create_index("subscriptions_by_made_for", "subscriptions", ["made_for"])


def _make_tellings() -> None:
    op.create_table(
        "tellings",
        sa.Column("subscription_id", sa.String, primary_key=True),
        sa.Column("call_key", sa.String, primary_key=True),
        *_text("message_id", "session_id"),
        _number("began_at"),
        *_text("occasion", "call"),
    )
    op.create_index("tellings_by_message", "tellings", ["message_id"])
    op.create_index("tellings_by_session", "tellings", ["session_id"])
    op.create_table(
        "messages",
        sa.Column("id", sa.String, primary_key=True),
        *_text("subscription_id", "kind"),
        *_text("about", default=""),
        _number("due_at", kind=sa.Float),
        _number("claimed_until", "0", sa.Float),
        _number("made_at"),
        sa.Column("held", sa.Boolean, nullable=False, server_default=sa.false()),
        *_text("sending", "posted_in", "ts", "shown", "replied", default=""),
        _number("tries", "0", sa.Integer),
        _number("refused_since", "0"),
    )
    op.create_index("messages_by_due_at", "messages", ["due_at"])
    op.create_index("messages_by_subscription", "messages", ["subscription_id"])
