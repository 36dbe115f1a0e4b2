"""A person's own days: where they begin, by the time zone that Slack knows the person in (`users.info`).

While Slack can't be asked, or says no zone, days are UTC's, and whoever shows them is to say so.
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
    """A time zone; not `known`, it is UTC for want of the person's own."""

    tz: tzinfo = UTC
    known: bool = False

    def day(self, at: float) -> date:
        """Return the day that it is there at that Unix time."""
        return datetime.fromtimestamp(at, self.tz).date()

    def begins(self, day: date) -> int:
        """Return the Unix time at which that day begins there."""
        return int(datetime(day.year, day.month, day.day, tzinfo=self.tz).timestamp())

    def ends(self, day: date) -> int:
        """Return the Unix time at which the day after that begins there; the very last day ends with UTC's."""
        return self.begins(day + _A_DAY) if day < date.max - _A_DAY else self.begins(day) + 86_400


class Days:
    """Knows people's zones."""

    def __init__(self, people: People) -> None:
        self._people = people

    async def zone_of(self, user: SlackUser) -> Zone:
        """Return the person's zone; it is UTC where Slack does not say."""
        try:
            profile = await self._people.profile(user.user_id)
        except PeopleUnavailableError:
            return Zone()
        return _zone(profile) if profile else Zone()


def _zone(profile: Profile) -> Zone:
    """Return the zone by its name, which knows of summer; by its offset where this machine does not know the name."""
    try:
        if profile.zone:
            return Zone(ZoneInfo(profile.zone), known=True)
    except (
        ZoneInfoNotFoundError,
        ValueError,
        OSError,
    ):  # what Slack says is foreign, and becomes a file's name
        pass
    if profile.offset is None:
        return Zone()
    return Zone(timezone(timedelta(seconds=profile.offset)), known=True)
