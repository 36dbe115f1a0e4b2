"""Events, parsed: somebody looks at the Home tab, a workspace removes the app."""

from __future__ import annotations

from bot.answers.interaction import Interaction
from bot.listeners.payloads.reading import Payload, an_id, arrived, person, within


def of_home(body: Payload, context: Payload) -> tuple[Interaction, bool]:
    """Return the event of a person who opens a tab of the app's, and whether that is the Home tab.

    https://docs.slack.dev/reference/events/app_home_opened: it names the person, and the payload around it the
    workspace.
    """
    event = within(body, "event")
    user = person(an_id(body, "enterprise_id"), an_id(body, "team_id"), an_id(event, "user"))
    interaction = Interaction(
        kind="home",
        arrived=arrived(context),
        user=user,
        in_home=True,
        home_hash=an_id(within(event, "view"), "hash"),
    )
    return interaction, event.get("tab") == "home" and bool(user.user_id)


def of_removal(body: Payload) -> str:
    """Return the workspace that an event says callinfo was removed from, empty where it names none."""
    return an_id(body, "team_id")


def happened_at(body: Payload, now: float) -> int:
    """Return when an event happened, Unix time; Slack may deliver it an hour later."""
    at = body.get("event_time")
    if isinstance(at, bool) or not isinstance(
        at, int
    ):  # True is an int to Python, and no number to a database
        return int(now)
    return at if 0 < at <= now else int(now)
