"""Users and links for the tests of the store."""

from bot.cometchat import parse_uid
from bot.identity import SlackUser
from bot.identity.links import How, Link


def user(user_id: str, team_id: str = "T1", enterprise_id: str | None = None) -> SlackUser:
    return SlackUser(enterprise_id, team_id, user_id)


def link(
    user_id: str,
    uid: str,
    team_id: str = "T1",
    *,
    enterprise_id: str | None = None,
    made_by: str = "UADMIN",
    made_at: int = 1_763_812_800,
    how: How = "admin",
) -> Link:
    return Link(user(user_id, team_id, enterprise_id), parse_uid(uid), made_by, made_at, how)
