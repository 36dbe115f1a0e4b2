"""What Slack says of people: of one by `users.info`, kept for a minute, and who the admins are by `users.list`.

https://docs.slack.dev/reference/methods/users.info (scope `users:read`; the e-mail address only with the optional
`users:read.email`). All of it was written by others: cards make it fit to be shown.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.web_api import WebApiError, answered

log = structlog.get_logger()

KEPT_SECONDS = 60.0
MOST_KEPT = 2_000
ADMINS_KEPT_SECONDS = 600.0
MOST_ADMINS = 5
_A_PAGE = 200
_MOST_PAGES = 25  # 5,000 people: a person waits for this, and Slack takes about twenty such requests a minute
_MOST_OFFSET = 14 * 3600
_NOBODY = frozenset({"user_not_found", "user_not_visible", "invalid_user_id"})


class PeopleUnavailableError(Exception):
    """Slack can't be asked about people now; the text is its word for why."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as Slack knows them. `teams` are the workspaces that they are a member of.

    `zone` is the name of their time zone, `offset` its seconds east of UTC now, None where Slack says neither.
    """

    user_id: str
    teams: frozenset[str]
    name: str = ""
    title: str = ""
    email: str = ""
    admin: bool = False
    deactivated: bool = False
    bot: bool = False
    zone: str = ""
    offset: int | None = None


class People:
    """Asks Slack about people. `clock` is monotonic, in seconds."""

    def __init__(self, slack: AsyncWebClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._slack = slack
        self._clock = clock
        self._admins: tuple[float, tuple[str, ...]] = (0.0, ())
        self._known: OrderedDict[str, tuple[float, Profile | None]] = OrderedDict()

    async def profile(self, user_id: str, *, anew: bool = False) -> Profile | None:
        """Return the person, None when Slack knows nobody of that id; raises PeopleUnavailableError.

        What is returned may be KEPT_SECONDS old, unless Slack is to be asked `anew`.
        """
        at, profile = self._known.get(user_id, (-KEPT_SECONDS, None))
        if not anew and self._clock() < at + KEPT_SECONDS:
            return profile
        profile = await self._ask(user_id)
        self._known[user_id] = (self._clock(), profile)
        self._known.move_to_end(user_id)
        while len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)
        return profile

    async def admins(self, counts: Callable[[Profile], bool]) -> tuple[str, ...]:
        """Return the people who `counts` says are admins, the MOST_ADMINS highest; raises PeopleUnavailableError.

        What is returned may be ADMINS_KEPT_SECONDS old.
        """
        at, admins = self._admins
        if not admins or self._clock() >= at + ADMINS_KEPT_SECONDS:
            self._admins = (self._clock(), await self._listed_admins(counts))
        return self._admins[1]

    async def _listed_admins(self, counts: Callable[[Profile], bool]) -> tuple[str, ...]:
        """Go through the workspace's people (https://docs.slack.dev/reference/methods/users.list)."""
        found: list[tuple[bool, bool, str]] = []
        cursor = ""
        for _ in range(_MOST_PAGES):
            try:
                answer = await answered(self._slack.users_list(limit=_A_PAGE, cursor=cursor))
            except WebApiError as error:
                log.warning("people unavailable", reason=str(error))
                raise PeopleUnavailableError(str(error)) from None
            listed = answer.get("members")
            for user in listed if isinstance(listed, list) else []:
                if isinstance(user, dict) and isinstance(user_id := user.get("id"), str):
                    profile = _profile(user_id, user)
                    if counts(profile):
                        owner = user.get("is_owner") is True
                        found.append((user.get("is_primary_owner") is not True, not owner, user_id))
            cursor = _text(_dict(answer, "response_metadata"), "next_cursor")
            if not cursor:
                break
        return tuple(user_id for _, _, user_id in sorted(found)[:MOST_ADMINS])

    async def _ask(self, user_id: str) -> Profile | None:
        try:
            answer = await answered(self._slack.users_info(user=user_id))
        except WebApiError as error:
            if error.word in _NOBODY:
                return None
            log.warning("people unavailable", reason=str(error))
            raise PeopleUnavailableError(str(error)) from None
        user = answer.get("user")
        if not isinstance(user, dict) or user.get("id") != user_id:
            raise PeopleUnavailableError("users.info named nobody")
        return _profile(user_id, user)


def _profile(user_id: str, user: Mapping[str, Any]) -> Profile:
    """Read a user object (https://docs.slack.dev/reference/objects/user-object); any key may be missing."""
    about, enterprise = _dict(user, "profile"), _dict(user, "enterprise_user")
    listed = enterprise.get("teams")
    teams = {team for team in listed if isinstance(team, str)} if isinstance(listed, list) else set()
    names = (about.get("display_name"), about.get("real_name"), user.get("real_name"), user.get("name"))
    return Profile(
        user_id=user_id,
        teams=frozenset({_text(user, "team_id"), *teams} - {""}),
        name=next((name for name in names if isinstance(name, str) and name.strip()), ""),
        title=_text(about, "title"),
        email=_text(about, "email"),
        admin=user.get("is_admin") is True or user.get("is_owner") is True,
        deactivated=user.get("deleted") is True,
        bot=user.get("is_bot") is True or user_id == "USLACKBOT",
        zone=_text(user, "tz"),
        offset=_offset(user.get("tz_offset")),
    )


def _offset(value: Any) -> int | None:
    """Return the seconds east of UTC, None for what no zone on earth has."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and abs(value) <= _MOST_OFFSET else None


def _dict(values: Mapping[str, Any] | AsyncSlackResponse, key: str) -> Mapping[str, Any]:
    value = values.get(key)
    return value if isinstance(value, dict) else {}


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""
