"""The channel: its messages, who sees which, and their order.

It holds what was said; whether Slack would have taken it is decided before (refusals.py).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.playground.slack.blocks import with_ids
from bot.playground.slack.changes import Changes
from bot.playground.slack.workspace import (
    APP_NAME,
    BOT_USER_ID,
    CHANNEL_ID,
    SLACKBOT_ID,
    SLACKBOT_NAME,
    Json,
    direct_channel,
)

KEPT = 500
"""How many messages are kept; the oldest go."""


@dataclass(frozen=True)
class Message:
    """One message as it is stored.

    `only_for` is the one person who sees an ephemeral one, or a `direct` one: that is in a channel of theirs.
    """

    ts: str
    sender: Literal["person", "app", "slack"]
    user_id: str
    user_name: str
    text: str
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    thread_ts: str | None = None
    only_for: str | None = None
    edited: bool = False
    direct: bool = False

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it, for now: a direct message stays."""
        return self.only_for is not None and not self.direct

    @property
    def channel_id(self) -> str:
        """The channel that it is in."""
        return direct_channel(self.only_for) if self.direct and self.only_for else CHANNEL_ID

    @property
    def all_blocks(self) -> list[Json]:
        """The message's blocks and those in its attachments."""
        inside = [block for attachment in self.attachments or () for block in attachment.get("blocks") or ()]
        return [*(self.blocks or ()), *inside]


class Messages:
    """The messages of the one channel. `now` gives Unix seconds."""

    def __init__(self, now: Callable[[], float], changes: Changes) -> None:
        self._now = now
        self._changes = changes
        self._messages: dict[str, Message] = {}
        self._last = (0, 0)

    def new_ts(self) -> str:
        """Return a time stamp in Slack's form that was never given before, later than all others."""
        second, number = self._last
        current = int(self._now())
        self._last = (current, 100) if current > second else (second, number + 100)
        return f"{self._last[0]}.{self._last[1]:06d}"

    def add(
        self,
        *,
        sender: Literal["person", "app", "slack"],
        user_id: str,
        user_name: str,
        text: str,
        blocks: Sequence[Any] | None = None,
        attachments: Sequence[Any] | None = None,
        thread_ts: object = None,
        only_for: str | None = None,
        direct: bool = False,
    ) -> Message:
        """Put a message at the end; in a thread when `thread_ts` is in one."""
        message = Message(
            ts=self.new_ts(),
            sender=sender,
            user_id=user_id,
            user_name=user_name,
            text=text,
            blocks=with_ids(blocks),
            attachments=_with_ids_inside(attachments),
            thread_ts=self.root(thread_ts),
            only_for=only_for,
            direct=direct,
        )
        self._messages[message.ts] = message
        while len(self._messages) > KEPT:
            del self._messages[next(iter(self._messages))]
        self._changes.announce()
        return message

    def add_from_bot(
        self,
        content: Json,
        *,
        only_for: str | None = None,
        thread_ts: object = None,
        direct: bool = False,
    ) -> Message:
        """Put a message of the bot's at the end; `content` has text, blocks, attachments."""
        return self.add(
            sender="app",
            user_id=BOT_USER_ID,
            user_name=APP_NAME,
            text=content.get("text") or "",
            blocks=content.get("blocks"),
            attachments=content.get("attachments"),
            only_for=only_for,
            thread_ts=thread_ts,
            direct=direct,
        )

    def add_from_slackbot(self, text: str, only_for: str) -> Message:
        """Put one of Slack's own error lines at the end, for one person."""
        return self.add(
            sender="slack", user_id=SLACKBOT_ID, user_name=SLACKBOT_NAME, text=text, only_for=only_for
        )

    def replace(self, ts: str, content: Json) -> None:
        """Give a message other content; it stays where it is, and as public as it is."""
        old = self._messages[ts]
        self._messages[ts] = replace(
            old,
            text=content.get("text") or "",
            blocks=with_ids(content.get("blocks")),
            attachments=_with_ids_inside(content.get("attachments")),
            edited=not old.ephemeral,
        )
        self._changes.announce()

    def remove(self, ts: str) -> None:
        """Delete a message."""
        del self._messages[ts]
        self._changes.announce()

    def __contains__(self, ts: object) -> bool:
        return ts in self._messages

    def of_bot(self, ts: str) -> Message | None:
        """Return the message if it is one of the bot's that stays: ephemeral ones can't be updated."""
        message = self._messages.get(ts)
        return message if message and message.user_id == BOT_USER_ID and not message.ephemeral else None

    def is_direct(self, ts: str) -> bool:
        """Return whether that is a direct message."""
        return ts in self._messages and self._messages[ts].direct

    def visible(self, ts: str, user_id: str) -> Message:
        """Return the message if that person sees it; LookupError when not."""
        message = self._messages.get(ts)
        if message is None or message.only_for not in (None, user_id):
            raise LookupError(f"no message {ts} for {user_id}")
        return message

    def seen_by(self, user_id: str) -> list[Message]:
        """Return what that person sees, in order."""
        return [message for message in self._messages.values() if message.only_for in (None, user_id)]

    def newest_for(self, user_id: str) -> str:
        """Return the ts of the newest message that this person alone sees, or nothing."""
        return max((ts for ts, message in self._messages.items() if message.only_for == user_id), default="")

    def root(self, ts: object) -> str | None:
        """Return the first message of the thread that `ts` is in, or None when nobody could reply there."""
        message = self._messages.get(ts) if isinstance(ts, str) else None
        if message is None or message.ephemeral:
            return None
        return message.thread_ts or message.ts

    def reply_counts(self) -> Counter[str]:
        """Count the replies that everyone sees, by the ts of the first message of the thread."""
        return Counter(
            message.thread_ts
            for message in self._messages.values()
            if message.thread_ts is not None and message.only_for is None
        )


def _with_ids_inside(attachments: Sequence[Any] | None) -> list[Json] | None:
    if attachments is None:
        return None
    return [
        {**attachment, "blocks": with_ids(attachment["blocks"])} if attachment.get("blocks") else attachment
        for attachment in attachments
    ]
