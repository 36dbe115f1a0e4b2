"""Who and what is in the playground's workspace: constants and nothing that changes.

The same ids as the page and the sample calls use; what happens in the channel is in messages.py and modals.py.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

Json = dict[str, Any]
"""What a Slack payload is before somebody parses it: a stand-in hands it on as it is."""

TEAM_ID: Final = "T0PLAYGROUND"
TEAM_NAME: Final = "Playground"
TEAM_DOMAIN: Final = "playground"
CHANNEL_ID: Final = "C0SUPPORT"
CHANNEL_NAME: Final = "support"
APP_ID: Final = "A0CALLINFO"
APP_NAME: Final = "callinfo"
BOT_USER_ID: Final = "U0CALLINFO"
BOT_ID: Final = "B0CALLINFO"
OTHER_BOT_ID: Final = "B0ALERTS"
OTHER_BOT_NAME: Final = "alerts"
SLACKBOT_ID: Final = "USLACKBOT"
SLACKBOT_NAME: Final = "Slackbot"
COMMAND: Final = "/callinfo"
SHORTCUTS: Final = {"callinfo_from_message": "Get call info"}
GLOBAL_SHORTCUTS: Final = {"callinfo_find": "Find a call"}
TIME_ZONE: Final = "Asia/Kolkata"  # everybody’s
VERIFICATION_TOKEN: Final = "playground-verification"  # Slack's old way to verify; sent, used by nobody


@dataclass(frozen=True)
class Person:
    """Somebody in the workspace, and what the page says of them."""

    id: str
    name: str
    about: str
    uid: str = ""
    """Who they are in CometChat, whether or not the bot has been told so."""
    admin: bool = False
    title: str = ""

    @property
    def email(self) -> str:
        """Their address, which only the scope `users:read.email` shows."""
        return f"{self.name.lower()}@example.com"


PEOPLE: Final = (
    Person("U0TONY", "Tony", "Iron Man in CometChat (superhero1)", "superhero1"),
    Person("U0STEVE", "Steve", "Captain America in CometChat (superhero2)", "superhero2"),
    Person(
        "U0ROBIN",
        "Robin",
        "New here. An admin can link them to superhero4 (Wolverine)",
        "superhero4",
        title="Support engineer",
    ),
    Person(
        "U0ALEX", "Alex", "Workspace admin, Spiderman in CometChat (superhero3)", "superhero3", admin=True
    ),
)

SUBCOMMANDS: Final = (
    ("recent", "Your latest calls", False),
    ("recent missed", "Your missed calls", False),
    ("recent video today", "Your video calls of today", False),
    ("recent with wolverine", "Your calls with Wolverine", False),
    ("subscribe", "Choose which calls to be told of", False),
    ("subscribe missed", "Get a message when you miss a call", False),
    ("subscribe ended here", "Post your ended calls to this channel", False),
    ("subscriptions", "Your subscriptions, and how to stop them", False),
    ("unsubscribe", "Stop all your subscriptions", False),
    ("whoami", "Who you are in CometChat", False),
    ("help", "What callinfo can do", False),
    ("link @Robin superhero4", "Connect Robin to Wolverine in CometChat", True),
    ("links", "Who is linked to which CometChat user", True),
    ("unlink @Robin", "Remove Robin’s link", True),
)
"""What the page completes after the command: the text, what it does, and whether only admins may."""

_CROWD = re.compile(r"U0CROWD(\d{1,6})")


def person(user_id: str) -> Person:
    """Return the person with that id, or one of a crowd that no page shows; LookupError when there is none."""
    for somebody in PEOPLE:
        if somebody.id == user_id:
            return somebody
    if match := _CROWD.fullmatch(user_id):
        return Person(user_id, f"Number {match[1]}", "One of many")
    raise LookupError(f"nobody here is {user_id}")


def direct_channel(user_id: str) -> str:
    """Return the id of the channel in which the bot and that person write to each other."""
    return f"D{user_id[1:]}"


def conversations(user_id: str) -> dict[str, str]:
    """Return the conversations that a person can choose, names by ids: the channel, and the bot's own with them."""
    return {CHANNEL_ID: f"#{CHANNEL_NAME}", direct_channel(user_id): APP_NAME}
