"""The Home tab of each person: what the bot has published there last (https://docs.slack.dev/surfaces/app-home)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.slack.blocks import with_ids
from bot.playground.slack.changes import Changes
from bot.playground.slack.modals import new_hash
from bot.playground.slack.refusals import RefusedError
from bot.playground.slack.workspace import Json


@dataclass(frozen=True)
class Home:
    """What one person's Home tab shows, and what Slack keeps about it."""

    view_id: str
    user_id: str
    hash: str
    view: Json

    @property
    def callback_id(self) -> str:
        """The view's callback id, or nothing."""
        return str(self.view.get("callback_id") or "")

    @property
    def blocks(self) -> list[Json]:
        """The blocks, with the ids that Slack gave."""
        blocks: list[Json] = self.view["blocks"]
        return blocks


class Homes:
    """The Home tabs of all people; each keeps its id, whatever is published there."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._homes: dict[str, Home] = {}

    def of(self, user_id: str) -> Home | None:
        """Return what that person's tab shows, None before anything was published."""
        return self._homes.get(user_id)

    def publish(self, user_id: str, view: Mapping[str, Any], seen: object = None) -> Home:
        """Replace what the tab shows; RefusedError unless `seen` is its hash."""
        before = self._homes.get(user_id)
        if seen and seen != (before.hash if before else None):
            raise RefusedError("hash_conflict")
        view_id = before.view_id if before else f"V{secrets.token_hex(5).upper()}"
        shown = {**view, "blocks": with_ids(view["blocks"])}
        home = self._homes[user_id] = Home(view_id, user_id, new_hash(), shown)
        self._changes.announce()
        return home
