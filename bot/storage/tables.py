"""The tables. The migrations make them; a test holds the two against each other.

A workspace's id says which it is: an organisation that it joins or leaves changes no key. '' means "none".
"""

from __future__ import annotations

from dataclasses import fields
from typing import get_type_hints

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Float,
    Index,
    MetaData,
    String,
    Table,
    false,
)

from bot.identity.users import SlackUser
from bot.observability.audit import Entry
from bot.storage import dialects

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
# Whatever the programs believe: among the users of a team who have one UID, at most one has it unconfirmed
Index(
    "links_one_unconfirmed_user_a_uid",
    links.c.team_id,
    links.c.uid,
    unique=True,
    **dialects.index_where("NOT confirmed"),
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
    # Whether it was posted, or may have been; a claim that was not expires sooner
    Column("posted", Boolean, nullable=False, server_default=false()),
)

# Answers that people were promised. A row holds a response_url, which is a secret: it is deleted once the answer is given
outbox = Table(
    "outbox",
    metadata,
    Column("reference", String, primary_key=True),
    # Until when (Unix time) one process may give the answer and no other; equality tells one claim from the next
    Column("claimed_until", Float, nullable=False),
    Column("kind", String, nullable=False),
    Column("enterprise_id", String, nullable=False),
    Column("team_id", String, nullable=False),
    Column("user_id", String, nullable=False),
    Column("response_url", String, nullable=False),
    Column("session_id", String, nullable=False),
    Column("thread_ts", String, nullable=False),
    Column("promised_at", BigInteger, nullable=False),
    Column("filter", String, nullable=False, server_default=""),
    # Whether somebody began to send it: it may have arrived
    Column("sending", Boolean, nullable=False, server_default=false()),
)

_TYPES = get_type_hints(Entry)

# The columns are the fields of `Entry` in observability/audit.py: a new field there takes only a migration here
audit = Table(
    "audit",
    metadata,
    Column("id", dialects.ROW_ID, primary_key=True),
    *(
        Column(field.name, BigInteger if _TYPES[field.name] is int else String, nullable=False)
        for field in fields(Entry)
    ),
)

Index("audit_by_time", audit.c.at)


def of_team(table: Table, team_id: str) -> ColumnElement[bool]:
    """Return the condition for the rows of a workspace."""
    return table.c.team_id == team_id


def of_user(table: Table, user: SlackUser) -> ColumnElement[bool]:
    """Return the condition for the row of a user."""
    return of_team(table, user.team_id) & (table.c.user_id == user.user_id)


def key_of(user: SlackUser) -> dict[str, str]:
    """Return the key columns of a user's row."""
    return {"team_id": user.team_id, "user_id": user.user_id}
