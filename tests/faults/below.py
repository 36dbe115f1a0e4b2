"""Faults of what the bot needs: its database, its machine."""

from __future__ import annotations

from tests.faults.model import (
    LOOK_UPS,
    Cell,
    ClockOff,
    Database,
    Entry,
    Fault,
    Group,
    Log,
    NoDescriptors,
    Place,
    Set,
    good,
    told,
)
from tests.faults.slack import WHO

_NOBODY_LISTED = Set({"callinfo_user_map": {}})
_DATABASE = (
    "Repair the database; nothing needs a restart. `database is back` in the log says that it answers again. "
    "People in `CALLINFO_USER_MAP` are not affected, nor are those looked up in the last 3 s."
)

DATABASE = Group(
    "The database",
    "It says who is who. While it can’t be asked, nobody is taken for somebody else, or for nobody.",
    (
        Fault(
            "It refuses connections",
            (_NOBODY_LISTED, Database.REFUSES),
            _DATABASE,
            WHO,
            also=("audit not stored", "database unavailable"),
        ),
        Fault(
            "It is so slow that a read takes longer than 1.5 s",
            (_NOBODY_LISTED, Database.SILENT),
            _DATABASE,
            WHO,
            also=("audit not stored", "database unavailable"),
            apart=True,
        ),
        Fault(
            "Its table of links is locked (PostgreSQL)",
            (_NOBODY_LISTED, Database.LOCKED),
            "See in `pg_stat_activity` who holds the lock: mostly a migration, or a forgotten transaction.",
            WHO,
            also=("database unavailable",),
        ),
        Fault(
            "It takes no changes, since another program holds the lock (SQLite)",
            (Database.NO_CHANGES,),
            "End the other program. Look-ups go on; audit entries wait for 5 s, then they are in the log alone, "
            "and `audit not stored` says so.",
            good(*LOOK_UPS),
            also=("database unavailable",),
            apart=True,
        ),
    ),
)

_UNSIGNED = "callinfo didn’t answer, so that didn’t work (dispatch_failed)."


def _not_slack(reason: str) -> dict[Entry, Cell]:
    log: Log = {"status": 401, "reason": reason}
    cells = {entry: Cell(Place.SLACK, (_UNSIGNED,), log, event="request refused") for entry in LOOK_UPS}
    failed = ('/callinfo failed with the error "dispatch_failed"',)
    return cells | {
        Entry.COMMAND: Cell(Place.SLACK, failed, log, event="request refused"),
        Entry.RECENT: Cell(Place.SLACK, failed, log, event="request refused"),
        Entry.SUBMISSION: Cell(Place.NOWHERE, (), log, event="request refused"),
        Entry.QUESTION: Cell(Place.NOWHERE, (), log, event="request refused"),
    }


_NTP = "Set the clock by NTP (`timedatectl`). Slack’s requests are good for 5 minutes, so that nobody can repeat an old one."

MACHINE = Group(
    "The machine",
    "What Slack itself says is in Slack’s words, which may differ; the window that asks for an id stays open "
    "and says so itself.",
    (
        Fault(
            "The bot’s clock is 10 minutes fast",
            (ClockOff(-600),),
            _NTP,
            _not_slack("signed 10 min ago: this machine’s clock may be off, or the request is a repeat"),
            also=("request refused",),
        ),
        Fault(
            "The bot’s clock is 10 minutes slow",
            (ClockOff(600),),
            _NTP,
            _not_slack("signed 10 min ahead: this machine’s clock may be off"),
            also=("request refused",),
        ),
        Fault(
            "No more files and sockets can be opened",
            (NoDescriptors(),),
            "Raise the limit (`ulimit -n`, `LimitNOFILE`) to 4096 or more. The bot recovers by itself once there are "
            "descriptors again. A connection that can’t even be accepted is reported by Slack itself.",
            told(
                "CometChat isn’t responding right now.",
                outcome="cometchat_in_trouble",
            ),
            also=("out of descriptors",),
        ),
    ),
)
