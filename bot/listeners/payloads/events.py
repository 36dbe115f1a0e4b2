"""Events, parsed: somebody opens the Home tab, a workspace uninstalls the app."""

from __future__ import annotations

from bot.answers.interaction import Interaction
from bot.listeners.payloads.reading import Payload, acting_user, arrived, identifier, nested


def parse_home_opened(body: Payload, context: Payload) -> Interaction | None:
    """Return the interaction of a person who opens the Home tab, None for another tab of the app.

    https://docs.slack.dev/reference/events/app_home_opened: the event names the person, the payload around it the
    workspace.
    """
    event = nested(body, "event")
    user = acting_user(body, context)
    if event.get("tab") != "home" or not user.user_id:
        return None
    return Interaction(
        kind="home",
        arrived=arrived(context),
        user=user,
        in_home=True,
        home_hash=identifier(nested(event, "view"), "hash"),
    )


def uninstalled_team(body: Payload) -> str:
    """Return the workspace that uninstalled callinfo, empty where the event names none."""
    return identifier(body, "team_id")


def happened_at(body: Payload, now: float) -> int:
    """Return when an event happened, Unix time. Slack may deliver it an hour later."""
    at = body.get("event_time")
    # True is an int to Python, and no number to a database
    if isinstance(at, int) and not isinstance(at, bool) and 0 < at <= now:
        return at
    return int(now)
