"""The tables. The migrations make them; a test holds the two against each other.

A workspace's id says which it is: an organisation that it joins or leaves changes no key. '' means "none".

The audit's columns are the fields of `Entry`, in observability/audit.py.
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
    Integer,
    MetaData,
    String,
    Table,
    false,
    true,
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

# Who wants to be told of which calls, and where. Two that want the same are one
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", String, primary_key=True),
    Column("enterprise_id", String, nullable=False),
    Column("team_id", String, nullable=False),
    Column("user_id", String, nullable=False),
    # The UID when it was made, and the one that an admin chose
    Column("made_for", String, nullable=False),
    Column("uid", String, nullable=False),
    Column("channel_id", String, nullable=False),
    Column("missed", Boolean, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("kind", String, nullable=False),
    Column("longer_seconds", BigInteger, nullable=False),
    Column("with_whom", String, nullable=False),
    Column("quiet_hours", Boolean, nullable=False, server_default=true()),
    Column("made_at", BigInteger, nullable=False),
    Column("muted_until", BigInteger, nullable=False, server_default="0"),
)

Index(
    "subscriptions_once",
    *(
        subscriptions.c[name]
        for name in (
            "team_id",
            "user_id",
            "uid",
            "channel_id",
            "missed",
            "ended",
            "kind",
            "longer_seconds",
            "with_whom",
        )
    ),
    unique=True,
)
Index("subscriptions_by_made_for", subscriptions.c.made_for)

# When the calls of each UID that anybody subscribed to are looked for: one look serves all its subscriptions
looks = Table(
    "looks",
    metadata,
    Column("uid", String, primary_key=True),
    # When it is their turn, and when a hint says that it is time
    Column("due_at", Float, nullable=False),
    Column("wake_at", Float, nullable=False),
    # Until when one process may look and no other; equality tells one claim from the next
    Column("claimed_until", Float, nullable=False, server_default="0"),
    Column("looked_at", BigInteger, nullable=False, server_default="0"),
    # When the oldest call began that was not over at the last look; 0 for none
    Column("open_since", BigInteger, nullable=False, server_default="0"),
    # What hints promised that no look has found yet, and how often it was looked for again
    Column("awaited", String, nullable=False, server_default=""),
    Column("again", Integer, nullable=False, server_default="0"),
    # What CometChat calls that user: for events that name people and no UIDs
    Column("name", String, nullable=False, server_default=""),
)

Index("looks_by_due_at", looks.c.due_at)
Index("looks_by_wake_at", looks.c.wake_at)

# Which call is told of for which subscription, in which message: each call once
tellings = Table(
    "tellings",
    metadata,
    Column("subscription_id", String, primary_key=True),
    Column("call_key", String, primary_key=True),
    # '' where it shall not be told after all
    Column("message_id", String, nullable=False),
    Column("session_id", String, nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("occasion", String, nullable=False),
    # What may be said of it, as JSON; no address of a recording
    Column("call", String, nullable=False),
)

Index("tellings_by_message", tellings.c.message_id)
Index("tellings_by_session", tellings.c.session_id)

# Messages to people and channels: what is to be posted, and where it was, to be updated
messages = Table(
    "messages",
    metadata,
    Column("id", String, primary_key=True),
    Column("subscription_id", String, nullable=False),
    # What it is: about calls, or that the subscription has ended or can't be told there, and why
    Column("kind", String, nullable=False),
    # The subscription as JSON, which may be gone by then; '' for a message about calls
    Column("about", String, nullable=False, server_default=""),
    Column("due_at", Float, nullable=False),
    Column("claimed_until", Float, nullable=False, server_default="0"),
    Column("made_at", BigInteger, nullable=False),
    # Whether it waits for the morning, to be one with others
    Column("held", Boolean, nullable=False, server_default=false()),
    # What somebody began to post, which may have arrived
    Column("sending", String, nullable=False, server_default=""),
    Column("posted_in", String, nullable=False, server_default=""),
    Column("ts", String, nullable=False, server_default=""),
    # A digest of what it shows, and which replies its thread has
    Column("shown", String, nullable=False, server_default=""),
    Column("replied", String, nullable=False, server_default=""),
    Column("tries", Integer, nullable=False, server_default="0"),
    # Since when Slack refuses it; 0 for not
    Column("refused_since", BigInteger, nullable=False, server_default="0"),
)

Index("messages_by_due_at", messages.c.due_at)
Index("messages_by_subscription", messages.c.subscription_id)

# Events of CometChat's, until they were followed
hints = Table(
    "hints",
    metadata,
    Column("id", dialects.ROW_ID, primary_key=True),
    Column("due_at", Float, nullable=False),
    Column("claimed_until", Float, nullable=False, server_default="0"),
    Column("received_at", Float, nullable=False),
    Column("trigger", String, nullable=False),
    Column("session_id", String, nullable=False),
    # UIDs with spaces between them; names as a JSON list
    Column("uids", String, nullable=False),
    Column("names", String, nullable=False),
)

Index("hints_by_due_at", hints.c.due_at)

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
