"""A person's own days, in the time zone that Slack knows (`users.info`).

While Slack can't be asked, or knows none, days are UTC's, and cards say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.identity import SlackUser
from bot.slack.users import People, PeopleUnavailableError, Profile

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone. If it is not `known`, it is UTC instead of the person's own."""

    tz: tzinfo = UTC
    known: bool = False

    def day(self, at: float) -> date:
        """Return the day there at that Unix time."""
        return datetime.fromtimestamp(at, self.tz).date()

    def begins(self, day: date) -> int:
        """Return the Unix time at which the day begins there."""
        return int(datetime(day.year, day.month, day.day, tzinfo=self.tz).timestamp())

    def ends(self, day: date) -> int:
        """Return the Unix time at which the next day begins there."""
        return self.begins(day + _A_DAY) if day < date.max - _A_DAY else self.begins(day) + 86_400


class LocalDays:
    """Knows people's time zones."""

    def __init__(self, people: People) -> None:
        self._people = people

    async def zone_of(self, user: SlackUser) -> Zone:
        """Return the person's time zone, UTC if Slack does not say."""
        try:
            profile = await self._people.profile(user.user_id)
        except PeopleUnavailableError:
            return Zone()
        return _zone(profile) if profile else Zone()


def _zone(profile: Profile) -> Zone:
    """Return the zone by its name, which knows of summer time, else by its offset."""
    try:
        if profile.zone:
            return Zone(ZoneInfo(profile.zone), known=True)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the name becomes a file's path
        pass
    if profile.offset is None:
        return Zone()
    return Zone(timezone(timedelta(seconds=profile.offset)), known=True)
