"""`python -m bot links import`: a file of links into the store, all of it or nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bot.cli.link_checks import ConfiguredHolders, LinkChecks
from bot.cli.links_file import Line, LinksFile, NotLinksError, read_links, repeats
from bot.cli.running import FailedError, Progress, WrongUsageError, print_audit
from bot.cli.team import Directory, NobodyError, Team
from bot.identity import SlackUser
from bot.identity.links import Link
from bot.storage.database import Database
from bot.storage.importing import Plan, Row, Trouble, entry_of, import_links

MADE_BY = "cli"


def read_file(path: str) -> LinksFile:
    """Read the file, `-` being standard input; raises WrongUsageError where it is no file of links."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
        return read_links(text)
    except UnicodeDecodeError:
        raise WrongUsageError(f"{path} is not UTF-8 text.") from None
    except OSError as error:
        raise WrongUsageError(f"{path} can't be read: {error.strerror}.") from None
    except NotLinksError as error:
        raise WrongUsageError(f"{path} isn't a file of links. {error}") from None


async def import_file(
    database: Database,
    team: Team,
    file: LinksFile,
    slack: Directory | None,
    *,
    checks: LinkChecks | None,
    holders: ConfiguredHolders | None,
    share: bool,
    dry_run: bool,
) -> str:
    """Import the file; return what to print. `slack` is needed where it names people by e-mail address.

    `checks`, if there are any, decide about every line. `holders` know who has a UID by the configuration.

    Raises FailedError with every line that is wrong, and nothing is changed then.
    """
    lines, troubles = file.lines, file.troubles
    if file.by_email:
        if slack is None:
            raise WrongUsageError("E-mail addresses need Slack: leave out --team.")
        lines, unknown = await _by_user_id(lines, slack, team, check=checks is not None)
        troubles = (*troubles, *unknown)
    if checks:
        troubles = (*troubles, *await _checked(lines, team, checks, by_email=file.by_email))
    now = int(time.time())
    wrong = {trouble.line for trouble in troubles}
    rows = [
        Row(
            line.number,
            Link(
                SlackUser(team.enterprise_id, team.team_id, line.who),
                line.uid,
                made_by=MADE_BY,
                made_at=now,
                how="import",
            ),
        )
        for line in lines
        if line.number not in wrong
    ]
    uids = {row.link.uid for row in rows} if holders else set()
    configured = {uid: await holders.of(uid) for uid in uids} if holders else {}
    with Progress("Storing", len(rows)) as progress:
        done = await import_links(
            database,
            team.team_id,
            rows,
            confirmed=share,
            configured=configured,
            dry_run=dry_run or bool(troubles),
            progress=progress,
        )
    if troubles := (*troubles, *done.troubles):
        raise FailedError(_problems(troubles))
    if not dry_run:
        print_audit(entry_of(each) for each in done.store)
    return _summary(done, dry_run=dry_run)


async def _checked(lines: Sequence[Line], team: Team, checks: LinkChecks, *, by_email: bool) -> list[Trouble]:
    """Return what is wrong with the lines; those by e-mail address have been looked up, so only their UIDs are checked."""
    troubles: list[Trouble] = []
    with Progress("Checking", len(lines)) as progress:
        for done, line in enumerate(lines, 1):
            user = SlackUser(team.enterprise_id, team.team_id, line.who)
            problem = await (checks.uid_problem(line.uid) if by_email else checks.problem(user, line.uid))
            if problem:
                troubles.append(Trouble(line.number, problem))
            progress(done)
    return troubles


async def _by_user_id(
    lines: Sequence[Line], slack: Directory, team: Team, *, check: bool
) -> tuple[tuple[Line, ...], list[Trouble]]:
    """Return the lines by Slack user id, and what is wrong with those that Slack does not know."""
    known: list[Line] = []
    troubles: list[Trouble] = []
    with Progress("Looking up people", len(lines)) as progress:
        for done, line in enumerate(lines, 1):
            try:
                known.append(Line(line.number, await slack.user_of(line.who, team, check=check), line.uid))
            except NobodyError as nobody:
                troubles.append(Trouble(line.number, str(nobody)))
            progress(done)
    return tuple(known), [*troubles, *repeats(known)]


def _problems(troubles: Sequence[Trouble]) -> str:
    ordered = sorted(troubles, key=lambda trouble: trouble.line)
    return "\n".join([*(f"line {each.line}: {each.sentence}" for each in ordered), "Nothing was changed."])


def _summary(done: Plan, *, dry_run: bool) -> str:
    counts = f"{done.made:,} new, {done.replaced:,} replaced, {done.unchanged:,} unchanged"
    if dry_run:
        return f"This would import {counts}. Nothing was changed."
    return f"Imported: {counts}."
