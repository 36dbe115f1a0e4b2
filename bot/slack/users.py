"""What Slack knows of people: one person by `users.info`, the workspace's admins by `users.list`; both are cached.

https://docs.slack.dev/reference/methods/users.info (scope `users:read`; the e-mail address only with the optional
`users:read.email`). People wrote these texts themselves: cards escape and shorten them.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from cachetools import TTLCache
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.web_api import WebApiError, answered

log = structlog.get_logger()

KEPT_SECONDS = 60.0
MOST_KEPT = 2_000
ADMINS_KEPT_SECONDS = 600.0
MOST_ADMINS = 5
_PER_PAGE = 200
_MOST_PAGES = 25  # 5,000 people: a person waits for this, and Slack takes about twenty such requests a minute
_MOST_OFFSET = 14 * 3600
_NOBODY = frozenset({"user_not_found", "user_not_visible", "invalid_user_id"})


class PeopleUnavailableError(Exception):
    """Slack can't be asked about people now; the text is its word for why."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as Slack knows them. `teams` are the workspaces that they are a member of.

    `enterprise_id` is their organisation on Enterprise Grid; a `stranger` is of another company, by Slack Connect.
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
    stranger: bool = False
    enterprise_id: str = ""
    zone: str = ""
    offset: int | None = None


class People:
    """Asks Slack about people. `clock` is monotonic, in seconds."""

    def __init__(self, slack: AsyncWebClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._slack = slack
        self._profiles: TTLCache[str, Profile | None] = TTLCache(MOST_KEPT, KEPT_SECONDS, clock)
        self._admins: TTLCache[str, tuple[str, ...]] = TTLCache(1, ADMINS_KEPT_SECONDS, clock)

    async def profile(self, user_id: str, *, fresh: bool = False) -> Profile | None:
        """Return the person, None when Slack knows nobody of that id; raises PeopleUnavailableError.

        The answer may be KEPT_SECONDS old, unless it has to be `fresh`.
        """
        if not fresh:
            with suppress(KeyError):
                return self._profiles[user_id]
        profile = self._profiles[user_id] = await self._ask(user_id)
        return profile

    async def admins(self, counts: Callable[[Profile], bool]) -> tuple[str, ...]:
        """Return MOST_ADMINS of the people who `counts` says are admins, owners first; raises PeopleUnavailableError.

        The answer may be ADMINS_KEPT_SECONDS old, unless it was "nobody".
        """
        admins = self._admins.get("admins", ())
        if not admins:
            admins = self._admins["admins"] = await self._list_admins(counts)
        return admins

    async def _list_admins(self, counts: Callable[[Profile], bool]) -> tuple[str, ...]:
        ranked = [
            (user.get("is_primary_owner") is not True, user.get("is_owner") is not True, profile.user_id)
            async for profile, user in self._everybody()
            if counts(profile)
        ]
        return tuple(user_id for _, _, user_id in sorted(ranked)[:MOST_ADMINS])

    async def _everybody(self) -> AsyncIterator[tuple[Profile, Mapping[str, Any]]]:
        """Yield the workspace's people, parsed and as they came.

        https://docs.slack.dev/reference/methods/users.list
        """
        cursor = ""
        for _ in range(_MOST_PAGES):
            try:
                answer = await answered(self._slack.users_list(limit=_PER_PAGE, cursor=cursor))
            except WebApiError as error:
                raise _unavailable(error) from None
            listed = answer.get("members")
            for user in listed if isinstance(listed, list) else []:
                if isinstance(user, dict) and isinstance(user_id := user.get("id"), str):
                    yield profile_of(user_id, user), user
            cursor = _text(_dict(answer, "response_metadata"), "next_cursor")
            if not cursor:
                break

    async def _ask(self, user_id: str) -> Profile | None:
        try:
            answer = await answered(self._slack.users_info(user=user_id))
        except WebApiError as error:
            if error.word in _NOBODY:
                return None
            raise _unavailable(error) from None
        user = answer.get("user")
        if not isinstance(user, dict) or user.get("id") != user_id:
            raise PeopleUnavailableError("users.info named nobody")
        return profile_of(user_id, user)


def _unavailable(error: WebApiError) -> PeopleUnavailableError:
    log.warning("people unavailable", reason=str(error))
    return PeopleUnavailableError(str(error))


def profile_of(user_id: str, user: Mapping[str, Any]) -> Profile:
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
        stranger=user.get("is_stranger") is True,
        enterprise_id=_text(enterprise, "enterprise_id"),
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
