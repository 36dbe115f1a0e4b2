"""A workspace's id alone says which it is: the organisation leaves the keys. And: shares, and more about requests.

The tables whose key changes are made again from a copy, since SQLite can't change a key.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the keys narrower; of rows that then have the same key, the one that was made last stays."""
    _keep_others_out()
    op.execute("CREATE TABLE links_before AS SELECT * FROM links")
    op.drop_table("links")
    _make_links(["team_id", "user_id"], {"enterprise_id"})
    _make_links_indexes(["team_id", "uid"])
    # Nobody has confirmed that users of what were two lists may have one UID: the last link holds there too
    op.execute(
        "INSERT INTO links (enterprise_id, team_id, user_id, uid, confirmed, made_by, made_at, how)"
        " SELECT enterprise_id, team_id, user_id, uid, confirmed, made_by, made_at, how FROM ("
        "  SELECT u.*, row_number() OVER (PARTITION BY team_id, uid"
        "   ORDER BY made_at DESC, enterprise_id DESC, user_id) AS uid_place,"
        "   min(enterprise_id) OVER (PARTITION BY team_id, uid) AS first_list,"
        "   max(enterprise_id) OVER (PARTITION BY team_id, uid) AS last_list FROM ("
        "   SELECT b.*, row_number() OVER (PARTITION BY team_id, user_id"
        "    ORDER BY made_at DESC, enterprise_id DESC) AS user_place FROM links_before AS b"
        "  ) AS u WHERE user_place = 1"
        " ) AS ranked WHERE uid_place = 1 OR first_list = last_list"
    )
    op.drop_table("links_before")

    op.execute("CREATE TABLE requests_before AS SELECT * FROM link_requests")
    op.drop_table("link_requests")
    _make_requests(["team_id", "user_id"], more=True)
    op.execute(
        "INSERT INTO link_requests (team_id, user_id, requested_at, sent_at, settled_by)"
        " SELECT team_id, user_id, requested_at, requested_at, settled_by FROM ("
        "  SELECT b.*, row_number() OVER (PARTITION BY team_id, user_id"
        "   ORDER BY requested_at DESC, enterprise_id DESC) AS place FROM requests_before AS b"
        " ) AS ranked WHERE place = 1"
    )
    op.drop_table("requests_before")

    op.create_table(
        "shares",
        sa.Column("what", sa.String, primary_key=True),
        sa.Column("claimed_at", sa.BigInteger, nullable=False),
        sa.Column("posted", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column("audit", sa.Column("replaced", sa.String, nullable=False, server_default=""))


def downgrade() -> None:
    """Put the organisation back into the keys."""
    _keep_others_out()
    op.drop_column("audit", "replaced")
    op.drop_table("shares")

    op.execute("CREATE TABLE requests_after AS SELECT * FROM link_requests")
    op.drop_table("link_requests")
    _make_requests(["enterprise_id", "team_id", "user_id"], more=False)
    op.execute(
        "INSERT INTO link_requests (enterprise_id, team_id, user_id, requested_at, settled_by)"
        " SELECT '', team_id, user_id, requested_at, settled_by FROM requests_after"
    )
    op.drop_table("requests_after")

    op.execute("CREATE TABLE links_after AS SELECT * FROM links")
    op.drop_table("links")
    _make_links(["enterprise_id", "team_id", "user_id"], set())
    _make_links_indexes(["enterprise_id", "team_id", "uid"])
    op.execute(
        "INSERT INTO links (enterprise_id, team_id, user_id, uid, confirmed, made_by, made_at, how)"
        " SELECT enterprise_id, team_id, user_id, uid, confirmed, made_by, made_at, how FROM links_after"
    )
    op.drop_table("links_after")


def _keep_others_out() -> None:
    """Wait for changes under way, and let none begin: the version before may serve while a release task migrates."""
    if op.get_bind().dialect.name == "postgresql":  # SQLite lets one in at a time anyway
        op.execute("LOCK TABLE links, link_requests IN ACCESS EXCLUSIVE MODE")


def _make_links(key: list[str], beside: set[str]) -> None:
    op.create_table(
        "links",
        *(sa.Column(name, sa.String, primary_key=True) for name in key),
        *(sa.Column(name, sa.String, nullable=False) for name in beside),
        sa.Column("uid", sa.String, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("how", sa.String, nullable=False),
    )


def _make_links_indexes(columns: list[str]) -> None:
    op.create_index("links_by_uid", "links", columns)
    op.create_index(
        "links_one_unconfirmed_user_a_uid",
        "links",
        columns,
        unique=True,
        postgresql_where=sa.text("NOT confirmed"),
        sqlite_where=sa.text("NOT confirmed"),
    )


def _make_requests(key: list[str], *, more: bool) -> None:
    times = [
        sa.Column(name, sa.BigInteger, nullable=False, server_default="0")
        for name in ("sent_at", "declined_at")
    ]
    op.create_table(
        "link_requests",
        *(sa.Column(name, sa.String, primary_key=True) for name in key),
        sa.Column("requested_at", sa.BigInteger, nullable=False),
        sa.Column("settled_by", sa.String, nullable=False, server_default=""),
        *(times if more else []),
    )
