"""The tables, as SQLAlchemy Core sees them. The migrations make them; a test holds the two against each other.

A workspace's id says which it is: an organisation that it joins or leaves changes no key. '' stands for "none".
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    false,
    text,
)

metadata = MetaData()

links = Table(
    "links",
    metadata,
    Column("team_id", String, primary_key=True),
    Column("user_id", String, primary_key=True),
    Column("enterprise_id", String, nullable=False),
    Column("uid", String, nullable=False),
    # Whether an admin confirmed that this user may have a UID that another user of the team has
    Column("confirmed", Boolean, nullable=False, server_default=false()),
    Column("made_by", String, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("how", String, nullable=False),
)

Index("links_by_uid", links.c.team_id, links.c.uid)
# Whatever the programs believe: among the users of a team who have one UID, at most one has it unconfirmed. On
# PostgreSQL the migration alone says WHERE; to say so here would load its dialect, 2 MB, for every bot on SQLite
Index(
    "links_one_unconfirmed_user_a_uid",
    links.c.team_id,
    links.c.uid,
    unique=True,
    sqlite_where=text("NOT confirmed"),
)

# One row a person: their last request, open until an admin has settled it
link_requests = Table(
    "link_requests",
    metadata,
    Column("team_id", String, primary_key=True),
    Column("user_id", String, primary_key=True),
    Column("requested_at", BigInteger, nullable=False),
    # When admins had got it, and when one of them declined it; 0 for not yet
    Column("sent_at", BigInteger, nullable=False, server_default="0"),
    Column("settled_by", String, nullable=False, server_default=""),
    Column("declined_at", BigInteger, nullable=False, server_default="0"),
)

# Which calls were shared from which message, so that a press that comes twice posts once, through any process
shares = Table(
    "shares",
    metadata,
    Column("what", String, primary_key=True),
    Column("claimed_at", BigInteger, nullable=False),
    # Whether it was posted, or may have been; a claim that was not is given up after a while
    Column("posted", Boolean, nullable=False, server_default=false()),
)

# Answers that people were promised; a row is a response_url's secret, and goes as soon as the answer was given
owed_answers = Table(
    "owed_answers",
    metadata,
    Column("reference", String, primary_key=True),
    # Which process stands for it, and until when (Unix time) nobody else may
    Column("owner", String, nullable=False),
    Column("owner_until", Float, nullable=False),
    Column("kind", String, nullable=False),
    Column("enterprise_id", String, nullable=False),
    Column("team_id", String, nullable=False),
    Column("user_id", String, nullable=False),
    Column("response_url", String, nullable=False),
    Column("session_id", String, nullable=False),
    Column("thread_ts", String, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("begun", Boolean, nullable=False, server_default=false()),
    # What a list of calls is to have on it (sought.py), '' for whatever else is owed
    Column("sought", String, nullable=False, server_default=""),
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
    Column("replaced", String, nullable=False, server_default=""),
)

Index("audit_by_time", audit.c.at)
