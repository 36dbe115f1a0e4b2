"""A file of links: CSV with the header `slack_user,uid` or `email,uid`. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.cometchat import Uid, parse_uid
from bot.identity.links import Link
from bot.storage.importing import Trouble

USER_ID: Final = re.compile(r"[UW][A-Z0-9]{1,30}")
_EMAIL = re.compile(r"[^@\s,]{1,200}@[^@\s,]{1,200}")
_WHO = ("slack_user", "email")


class NotLinksError(ValueError):
    """The text is no such file; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is sound by itself; `who` is a Slack user id or an e-mail address."""

    number: int
    who: str
    uid: Uid


@dataclass(frozen=True, slots=True)
class LinksFile:
    """A file: its sound lines, and what is wrong with the others."""

    by_email: bool
    lines: tuple[Line, ...]
    troubles: tuple[Trouble, ...]


def read_links(text: str) -> LinksFile:
    """Parse the text; raises NotLinksError where its header is another, or it is no CSV."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if sorted(header) not in [sorted((who, "uid")) for who in _WHO]:
            raise NotLinksError("The first line must be slack_user,uid or email,uid.")
        records = [(reader.line_num, record) for record in reader]
    except csv.Error as error:
        raise NotLinksError(f"Line {reader.line_num} isn't valid CSV: {error}.") from None
    by_email = "email" in header
    uid_at = header.index("uid")
    lines: list[Line] = []
    troubles: list[Trouble] = []
    for number, record in records:
        if not any(field.strip() for field in record):
            continue  # an empty line, as editors leave at the end
        try:
            lines.append(_line(number, record, uid_at, by_email=by_email))
        except ValueError as error:
            troubles.append(Trouble(number, str(error)))
    return LinksFile(by_email, tuple(lines), (*troubles, *repeats(lines)))


def _line(number: int, record: list[str], uid_at: int, *, by_email: bool) -> Line:
    """Return a line; raises ValueError with what is wrong."""
    if len(record) != len(_WHO):
        raise ValueError(f"has {len(record)} fields, not 2")
    who, uid = record[1 - uid_at].strip(), record[uid_at]
    if by_email:
        if not _EMAIL.fullmatch(who):
            raise ValueError("has no valid e-mail address")
        return Line(number, who.lower(), parse_uid(uid))
    if not USER_ID.fullmatch(who):
        raise ValueError("has no valid Slack user id (such as U012AB3CD)")
    return Line(number, who, parse_uid(uid))


def repeats(lines: Iterable[Line]) -> list[Trouble]:
    """Return a trouble for each line about the same person as an earlier one."""
    first: dict[str, int] = {}
    return [
        Trouble(line.number, f"names the same person as line {earlier}")
        for line in lines
        if (earlier := first.setdefault(line.who, line.number)) != line.number
    ]


def as_csv(links: Iterable[Link]) -> str:
    """Return the links as such a file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("slack_user", "uid"))
    writer.writerows((link.user.user_id, link.uid) for link in links)
    return out.getvalue()
