"""`python -m bot links list|add|remove|import|export|log`: one function a subcommand."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.cli.link_checks import ConfiguredHolders, LinkChecks, link_checks
from bot.cli.links_file import as_csv
from bot.cli.links_import import MADE_BY, import_file, read_file
from bot.cli.running import (
    FailedError,
    WrongUsageError,
    all_settings,
    opened,
    print_audit,
    run_async,
    store_settings,
)
from bot.cli.team import Directory, Team, directory
from bot.identity import SlackUser
from bot.identity.links import CONFIRM_ANY, Link, LinksPage, UidTakenError
from bot.observability.audit import Deed, Entry
from bot.storage.audit import StoredAudit, oldest_kept
from bot.storage.database import Database
from bot.storage.links import StoredLinks

_ALL = 10_000_000


@dataclass(frozen=True, slots=True)
class Context:
    """What a subcommand works with; `slack` and `holders` are None where `--team` was given, `checks` also with `--no-check`."""

    database: Database
    links: StoredLinks
    team: Team
    slack: Directory | None
    checks: LinkChecks | None
    holders: ConfiguredHolders | None


def run(options: argparse.Namespace) -> int:
    """Run the subcommand of `links` that the options name; return the exit status."""
    return run_async(_SUBCOMMANDS[options.links_command](options))


@asynccontextmanager
async def _opened(options: argparse.Namespace) -> AsyncIterator[Context]:
    """Open what is needed; with `--team`, Slack and its settings are not."""
    if options.enterprise and not options.team:
        raise WrongUsageError("--enterprise needs --team.")
    async with AsyncExitStack() as stack:
        slack = checks = holders = None
        if options.team:
            database = await stack.enter_async_context(opened(store_settings()))
            team = Team(options.enterprise, options.team)
        else:
            settings = all_settings()
            database = await stack.enter_async_context(opened(settings))
            slack = await stack.enter_async_context(directory(settings))
            team = await slack.own_team()
            unchecked = getattr(options, "no_check", True)
            holders = ConfiguredHolders(settings, team, None if unchecked else slack)
            if not unchecked:
                checks = await stack.enter_async_context(link_checks(settings, slack))
        # Nobody in Slack waits for this: a change may take its time
        links = StoredLinks(database, read_within=None, change_within=None)
        yield Context(database, links, team, slack, checks, holders)


async def _list(options: argparse.Namespace) -> None:
    async with _opened(options) as context:
        page = await _all_links(context, options.prefix)
    rows = [
        (link.user.user_id, link.uid, link.made_by, _day_and_time(link.made_at), link.how)
        for link in page.links
    ]
    _print(_table([("SLACK USER", "UID", "MADE BY", "MADE AT (UTC)", "HOW"), *rows]))


async def _add(options: argparse.Namespace) -> None:
    async with _opened(options) as context:
        user = SlackUser(context.team.enterprise_id, context.team.team_id, options.slack_user)
        if context.checks and (problem := await context.checks.problem(user, options.uid)):
            raise FailedError(f"{options.slack_user} can't be linked: {problem}. Nothing was changed.")
        link = Link(user, options.uid, made_by=MADE_BY, made_at=int(time.time()), how="admin")
        try:
            before = await context.links.put(
                link,
                confirmed=CONFIRM_ANY if options.share else "",
                configured=await context.holders.of(link.uid) if context.holders else (),
                audited=lambda before: _entry("link", link, "linked", before),
            )
        except UidTakenError as taken:
            others = ", ".join(other.user_id for other in taken.conflict.others)
            raise FailedError(
                f"{options.uid} already belongs to {others}. To let several people have it, add --share."
            ) from None
    print_audit([_entry("link", link, "linked", before)])
    was = f" (was {before.uid})" if before else ""
    _print(f"{options.slack_user} is linked to {options.uid}{was}.")


async def _remove(options: argparse.Namespace) -> None:
    if options.all is (options.slack_user is not None):
        raise WrongUsageError("Name a Slack user, or add --all.")
    async with _opened(options) as context:
        if options.all:
            _print(await _remove_all(context))
            return
        user = SlackUser(context.team.enterprise_id, context.team.team_id, options.slack_user)
        before = await context.links.remove(user, audited=lambda gone: _entry("unlink", gone, "unlinked"))
        if before is None:
            raise FailedError(f"{options.slack_user} has no link.")
    print_audit([_entry("unlink", before, "unlinked")])
    _print(f"{options.slack_user} is no longer linked to {before.uid}.")


async def _remove_all(context: Context) -> str:
    removed = await context.links.remove_team(
        context.team.team_id, audited=lambda gone: _entry("unlink", gone, "unlinked")
    )
    print_audit(_entry("unlink", gone, "unlinked") for gone in removed)
    return f"Removed all {len(removed):,} links of {context.team.team_id}."


async def _import(options: argparse.Namespace) -> None:
    file = read_file(options.file)
    async with _opened(options) as context:
        summary = await import_file(
            context.database,
            context.team,
            file,
            context.slack,
            checks=context.checks,
            holders=context.holders,
            share=options.share,
            dry_run=options.dry_run,
        )
    _print(summary)


async def _export(options: argparse.Namespace) -> None:
    async with _opened(options) as context:
        page = await _all_links(context)
    text = as_csv(page.links)
    if options.file == "-":
        sys.stdout.write(text)
        return
    _write(options.file, text)
    _print(f"Exported {page.total:,} links.")


async def _log(options: argparse.Namespace) -> None:
    async with opened(store_settings()) as database:
        entries = await StoredAudit(database).latest(
            options.limit,
            since=oldest_kept(time.time()),
            team_id=options.team or "",
            user_id=options.user or "",
        )
    _print("\n".join(_line(entry) for entry in reversed(entries)))


async def _all_links(context: Context, prefix: str = "") -> LinksPage:
    return await context.links.page(context.team.team_id, prefix=prefix, limit=_ALL)


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise WrongUsageError(f"{path} can't be written: {error.strerror}.") from None


def _entry(deed: Deed, link: Link, outcome: str, before: Link | None = None) -> Entry:
    return Entry(
        at=int(time.time()),
        deed=deed,
        team_id=link.user.team_id,
        user_id=MADE_BY,
        outcome=outcome,
        uid=link.uid,
        subject=link.user.user_id,
        replaced=before.uid if before else "",
    )


def _day_and_time(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _line(entry: Entry) -> str:
    """Return an entry as a line of `name=value`, for eyes and for grep."""
    named = {name: value for name, value in entry.facts().items() if name not in {"at", "deed"}}
    return " ".join(
        [_day_and_time(entry.at), entry.deed, *(f"{name}={value}" for name, value in named.items())]
    )


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    rows = list(rows)
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _print(text: str) -> None:
    if text:
        print(text)  # noqa: T201 - what the subcommand was asked for


_SUBCOMMANDS: dict[str, Callable[[argparse.Namespace], Coroutine[Any, Any, None]]] = {
    "list": _list,
    "add": _add,
    "remove": _remove,
    "import": _import,
    "export": _export,
    "log": _log,
}
