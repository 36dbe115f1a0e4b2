"""The tables, as a SQLite database that is new gets them; all others get them by the migrations. A test compares the two.

A workspace's id says which it is: an organisation that it joins or leaves changes no key. '' stands for "none".
"""

from __future__ import annotations

_LINKS = """
CREATE TABLE links (
    team_id VARCHAR NOT NULL,
    user_id VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL,
    uid VARCHAR NOT NULL,
    -- Whether an admin confirmed that this user may have a UID that another user of the team has
    confirmed BOOLEAN DEFAULT 0 NOT NULL,
    made_by VARCHAR NOT NULL,
    made_at BIGINT NOT NULL,
    how VARCHAR NOT NULL,
    PRIMARY KEY (team_id, user_id)
)
"""

_LINKS_BY_UID = "CREATE INDEX links_by_uid ON links (team_id, uid)"

# Whatever the programs believe: among the users of a team who have one UID, at most one has it unconfirmed
_ONE_UNCONFIRMED = """
CREATE UNIQUE INDEX links_one_unconfirmed_user_a_uid ON links (team_id, uid) WHERE NOT confirmed
"""

# One row a person: their last request, open until an admin has settled it
_LINK_REQUESTS = """
CREATE TABLE link_requests (
    team_id VARCHAR NOT NULL,
    user_id VARCHAR NOT NULL,
    requested_at BIGINT NOT NULL,
    -- When admins had got it, and when one of them declined it; 0 for not yet
    sent_at BIGINT DEFAULT '0' NOT NULL,
    settled_by VARCHAR DEFAULT '' NOT NULL,
    declined_at BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (team_id, user_id)
)
"""

# Which calls were shared from which message, so that a press that comes twice posts once, through any process
_SHARES = """
CREATE TABLE shares (
    what VARCHAR NOT NULL,
    claimed_at BIGINT NOT NULL,
    -- Whether it was posted, or may have been; a claim that was not is given up after a while
    posted BOOLEAN DEFAULT 0 NOT NULL,
    PRIMARY KEY (what)
)
"""

# Answers that people were promised; a row is a response_url's secret, and goes as soon as the answer was given
_OWED_ANSWERS = """
CREATE TABLE owed_answers (
    reference VARCHAR NOT NULL,
    -- Which process stands for it, and until when (Unix time) nobody else may
    owner VARCHAR NOT NULL,
    owner_until FLOAT NOT NULL,
    kind VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL,
    team_id VARCHAR NOT NULL,
    user_id VARCHAR NOT NULL,
    response_url VARCHAR NOT NULL,
    session_id VARCHAR NOT NULL,
    thread_ts VARCHAR NOT NULL,
    since BIGINT NOT NULL,
    begun BOOLEAN DEFAULT 0 NOT NULL,
    -- What a list of calls is to have on it (sought.py), '' for whatever else is owed
    sought VARCHAR DEFAULT '' NOT NULL,
    PRIMARY KEY (reference)
)
"""

_AUDIT = """
CREATE TABLE audit (
    id INTEGER NOT NULL,
    at BIGINT NOT NULL,
    deed VARCHAR NOT NULL,
    team_id VARCHAR NOT NULL,
    user_id VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    reference VARCHAR NOT NULL,
    uid VARCHAR NOT NULL,
    session_id VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    replaced VARCHAR DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
)
"""

_AUDIT_BY_TIME = "CREATE INDEX audit_by_time ON audit (at)"

# Alembic's own, with one row: the migrations whose work this is
_VERSION = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""

TABLES = (
    *(_LINKS, _LINKS_BY_UID, _ONE_UNCONFIRMED),
    *(_LINK_REQUESTS, _SHARES, _OWED_ANSWERS),
    *(_AUDIT, _AUDIT_BY_TIME, _VERSION),
)
"""The statements that make them."""
