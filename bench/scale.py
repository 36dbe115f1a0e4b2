"""Scale: a bot on a full database beside one on an almost empty one, on SQLite and on PostgreSQL.

Full is 100,000 links and 1,000,000 audit rows, and 10,000 people have asked within the hour. Almost empty is the links
of the people who ask during the measurement: enough that a person's link is out of every cache when they ask again.
"""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import psycopg

from bench.databases import PostgreSQL, migrated, sqlite
from bench.figures import short
from bench.goals import Goal
from bench.load import Ask, Load, closed_loop, open_loop
from bench.people import is_summary
from bench.programs import Program, Surroundings, serving
from bench.report import goals_table, machine, table
from bench.slack import TEAM_ID, Slack
from bench.upstream import upstream

ADMIN = "U0ADMIN"
ASKING = 300
"""People who ask in turn, at most 50 a second: each again after 6 s, and a link is cached for 3 s."""

_RATE = 50.0
_DAY = 86_400
_WRITES_A_SECOND = 10.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How full the full database is, and how much is measured: `rounds` with `seconds` for each command."""

    links: int
    audit: int
    people: int
    rounds: int
    seconds: float


QUICK = Plan(links=2_000, audit=20_000, people=500, rounds=1, seconds=1.0)
USUAL = Plan(links=100_000, audit=1_000_000, people=10_000, rounds=3, seconds=6.0)

# Both databases read these. Who asks, and the crowd, share the UIDs that every call of the stand-in has, as a link that
# an admin has confirmed may
_LINKS = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})
INSERT INTO links (team_id, user_id, enterprise_id, uid, confirmed, made_by, made_at, how)
SELECT '{team}', 'U0SCALE' || i, '',
       CASE WHEN i < {people} THEN 'superhero' || (1 + i % 2) ELSE 'member' || i END,
       i < {people}, '{admin}', {now}, 'command'
FROM n
"""
_AUDIT = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})
INSERT INTO audit (at, deed, team_id, user_id, outcome, reference, uid, session_id, subject, replaced)
SELECT {since} + i * {step}, 'look_up', '{team}', 'U0SCALE' || (i % {people}), 'found', 'ref' || i,
       'superhero1', 'v1.us.2748663902141719.' || i, '', ''
FROM n
"""


@dataclass(frozen=True, slots=True)
class Database:
    """A migrated database, `url` for the bot."""

    url: str

    def execute(self, statement: str) -> None:
        """Run a statement as another client of the database, and commit."""
        if self.url.startswith("sqlite:///"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=60)) as connection:
                connection.execute(statement)
                connection.commit()
        else:
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute(statement.encode())

    def add_links(self, count: int, people: int) -> None:
        """Link so many members, of whom the first `people` have a part in every call."""
        now = int(time.time())
        self.execute(_LINKS.format(count=count, people=people, team=TEAM_ID, admin=ADMIN, now=now))

    def add_audit(self, count: int, *, people: int, since_days: int) -> None:
        """Add so many audit rows, spread over the 80 days from that many days ago."""
        since = int(time.time()) - since_days * _DAY
        step = 80 * _DAY // count
        self.execute(_AUDIT.format(count=count, people=people, team=TEAM_ID, since=since, step=step))


@dataclass(frozen=True, slots=True)
class Row:
    """What a command takes, p50 in ms, on an almost empty and on a full database."""

    title: str
    few: float
    full: float


def asks(slack: Slack) -> dict[str, Ask]:
    """Return what is measured by its name, each sent by the next of those who ask."""
    users = itertools.cycle(f"U0SCALE{number}" for number in range(ASKING))

    def ask(text: str, is_answer: Callable[[bytes], bool], user: str = "") -> Ask:
        return Ask(lambda: slack.command(text, user or next(users)), is_answer)

    return {
        "whoami": ask("whoami", lambda body: b"superhero" in body),
        "links": ask("links", lambda body: b"superhero" in body, ADMIN),
        "recent": ask("recent", is_summary),
        "a look-up": ask("", is_summary),
    }


def link_anew(slack: Slack, first: int) -> Ask:
    """Return what an admin sends who links one member after the other to another UID, from that number on."""
    texts = (f"link <@U0SCALE{number}|someone> renamed{number}" for number in itertools.count(first))
    return Ask(lambda: slack.command(next(texts), ADMIN), lambda body: b"renamed" in body)


async def measure(plan: Plan) -> str:
    """Measure on both databases, and return the report. Raises StartError."""
    said = (
        f"{plan.links:,} links, {plan.audit:,} audit rows, {plan.people:,} people who asked before; p50 of "
        f"{plan.rounds} rounds in turn, one in flight, at most {_RATE:g} a second. {'; '.join(machine().values())}."
    )
    rows, reached = [], []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="callinfo-scale-")))
        slack = await stack.enter_async_context(Slack())
        cometchat = await stack.enter_async_context(upstream())
        around = Surroundings(slack.web_api_url, cometchat.url, folder)
        for kind, create in _kinds(stack, folder):
            print(f"{kind}: filling the databases", file=sys.stderr)
            few, full = [Database(await migrated(create(name))) for name in ("few_links", "full_of_links")]
            few.add_links(ASKING, ASKING)
            full.add_links(plan.links, plan.people)
            full.add_audit(plan.audit, people=plan.people, since_days=80)
            if kind == "PostgreSQL":
                full.execute("ANALYZE")  # as its autovacuum does within a minute
            async with _bot(few, around) as small, _bot(full, around) as large:
                print(f"{kind}: {plan.people:,} people ask", file=sys.stderr)
                await closed_loop(_crowd(slack, plan.people), large, in_flight=16, commands=plan.people)
                found = [row async for row in _compared(plan, slack, small, large)]
                rows += [(f"{kind}: {row.title}", short(row.few), short(row.full)) for row in found]
                reached += [
                    Goal(f"{kind}: {row.title}, full ÷ few", row.full / row.few, 1.5) for row in found
                ]
                print(f"{kind}: the audit is pruned", file=sys.stderr)
                for title, calm, pruning in await _pruned(plan, slack, full, large):
                    rows.append((f"{kind}: longest {title}, calm and pruning", short(calm), short(pruning)))
                    reached.append(Goal(f"{kind}: longest {title} during pruning, ms", pruning, 100.0))
    figures = table(["ms", "few links", "full"], rows)
    return "\n\n".join([said, goals_table(reached), figures])


def _kinds(stack: AsyncExitStack, folder: Path) -> Iterator[tuple[str, Callable[[str], str]]]:
    """Yield each kind of database, and how one of a name is made; without PostgreSQL where there is no wheel of it."""
    yield "SQLite", lambda name: sqlite(folder, name)
    try:
        server = PostgreSQL(folder / "postgresql")
    except ImportError:
        return
    stack.callback(server.close)
    yield "PostgreSQL", server.create


@asynccontextmanager
async def _bot(database: Database, around: Surroundings) -> AsyncIterator[int]:
    """Run a bot on that database; yield its port."""
    settings = {
        "DATABASE_URL": database.url,
        "CALLINFO_USER_MAP": "{}",
        "CALLINFO_ADMINS": ADMIN,
        "CALLINFO_RATE_LIMIT": "1000/second",
    }
    program = Program("bot", "bot", (), ("serve",), settings=settings, ready=HTTPStatus.OK)
    async with serving(program, around) as process:
        yield process.port


def _crowd(slack: Slack, people: int) -> Ask:
    users = itertools.cycle(f"U0SCALE{number}" for number in range(people))
    return Ask(lambda: slack.command(user=next(users)))


async def _compared(plan: Plan, slack: Slack, few: int, full: int) -> AsyncIterator[Row]:
    """Measure each command at both ports in turn."""
    for title, ask in asks(slack).items():
        loads: dict[int, Load] = {few: Load(), full: Load()}
        for _ in range(plan.rounds):
            for port, load in loads.items():
                sent = await closed_loop(ask, port, in_flight=1, seconds=plan.seconds, every=1 / _RATE)
                load.latencies += sent.latencies
                load.lost += sent.lost
        yield Row(title, loads[few].milliseconds(0.5), loads[full].milliseconds(0.5))


async def _pruned(plan: Plan, slack: Slack, database: Database, port: int) -> list[tuple[str, float, float]]:
    """Prune as many rows as there are, as a release does, while people read and an admin writes.

    Return the longest read and the longest write in ms, before and meanwhile.
    """
    writing = link_anew(slack, plan.people)

    async def longest(until: Callable[[], bool]) -> list[float]:
        loads = await asyncio.gather(
            open_loop(asks(slack)["whoami"], port, rate=_RATE, until=until),
            open_loop(writing, port, rate=_WRITES_A_SECOND, until=until),
        )
        return [load.milliseconds(1.0) for load in loads]

    await asyncio.to_thread(database.add_audit, plan.audit, people=plan.people, since_days=180)
    ends = time.perf_counter() + plan.seconds
    calm = await longest(lambda: time.perf_counter() > ends)
    release = asyncio.create_task(migrated(database.url))
    pruning = await longest(release.done)
    await release
    return list(zip(("read", "write"), calm, pruning, strict=True))
