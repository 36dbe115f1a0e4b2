"""The tables, as SQLAlchemy Core sees them. The migrations make them; a test holds the two against each other.

'' stands for "none" in key columns: a primary key can't hold NULL, and NULLs are never equal in an index.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, false, text

metadata = MetaData()

links = Table(
    "links",
    metadata,
    Column("enterprise_id", String, primary_key=True),
    Column("team_id", String, primary_key=True),
    Column("user_id", String, primary_key=True),
    Column("uid", String, nullable=False),
    # Whether an admin confirmed that this user may have a UID that another user of the team has
    Column("confirmed", Boolean, nullable=False, server_default=false()),
    Column("made_by", String, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("how", String, nullable=False),
)

Index("links_by_uid", links.c.enterprise_id, links.c.team_id, links.c.uid)
# Whatever the programs believe: among the users of a team who have one UID, at most one has it unconfirmed
Index(
    "links_one_unconfirmed_user_a_uid",
    links.c.enterprise_id,
    links.c.team_id,
    links.c.uid,
    unique=True,
    postgresql_where=text("NOT confirmed"),
    sqlite_where=text("NOT confirmed"),
)

# One row a person: their last request, open until an admin has settled it
link_requests = Table(
    "link_requests",
    metadata,
    Column("enterprise_id", String, primary_key=True),
    Column("team_id", String, primary_key=True),
    Column("user_id", String, primary_key=True),
    Column("requested_at", BigInteger, nullable=False),
    Column("settled_by", String, nullable=False, server_default=""),
)

audit = Table(
    "audit",
    metadata,
    # SQLite counts only a column of type INTEGER by itself
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("deed", String, nullable=False),
    Column("team_id", String, nullable=False),
    Column("user_id", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("reference", String, nullable=False),
    Column("uid", String, nullable=False),
    Column("session_id", String, nullable=False),
    Column("subject", String, nullable=False),
)

Index("audit_by_time", audit.c.at)
