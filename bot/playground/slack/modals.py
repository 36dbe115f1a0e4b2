"""The modals each person has open: a stack, the last on top, three at most."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.playground.slack.blocks import with_ids
from bot.playground.slack.changes import Changes
from bot.playground.slack.refusals import RefusedError
from bot.playground.slack.workspace import Json

DEEPEST = 3
"""How many views Slack stacks."""


@dataclass(frozen=True)
class Modal:
    """One open view: what the bot gave, and what Slack keeps about it."""

    view_id: str
    root_view_id: str
    previous_view_id: str | None
    user_id: str
    hash: str
    view: Json
    opened: str  # a time stamp as messages have it
    errors: Mapping[str, str] = field(default_factory=dict)
    channel_id: str | None = None  # where the person was when it opened, None in the Home tab

    @property
    def callback_id(self) -> str:
        """The view's callback id, or nothing."""
        return str(self.view.get("callback_id") or "")

    @property
    def title(self) -> str:
        """The words in the title."""
        return str(self.view["title"]["text"])

    @property
    def blocks(self) -> list[Json]:
        """The blocks, with the ids that Slack gave."""
        blocks: list[Json] = self.view["blocks"]
        return blocks


class Modals:
    """The stacks of all people. `new_ts` gives time stamps, each later than the one before."""

    def __init__(self, new_ts: Callable[[], str], changes: Changes) -> None:
        self._new_ts = new_ts
        self._changes = changes
        self._stacks: dict[str, list[Modal]] = {}

    def stack(self, user_id: str) -> list[Modal]:
        """Return that person's open views, the last on top."""
        return list(self._stacks.get(user_id, ()))

    def open(self, user_id: str, view: Mapping[str, Any], channel_id: str | None = None) -> Modal:
        """Open a view as the first of a new stack, over the channel that the person was in."""
        self._stacks[user_id] = []
        return self._add(user_id, view, channel_id)

    def push(self, user_id: str, view: Mapping[str, Any]) -> Modal:
        """Put a view on top; RefusedError when the stack is as high as Slack lets it be."""
        below = self._stacks.get(user_id)
        return self._add(user_id, view, below[0].channel_id if below else None)

    def _add(self, user_id: str, view: Mapping[str, Any], channel_id: str | None) -> Modal:
        stack = self._stacks.setdefault(user_id, [])
        if len(stack) >= DEEPEST:
            raise RefusedError("push_limit_reached")
        view_id = f"V{secrets.token_hex(5).upper()}"
        modal = Modal(
            view_id=view_id,
            root_view_id=stack[0].view_id if stack else view_id,
            previous_view_id=stack[-1].view_id if stack else None,
            user_id=user_id,
            hash=new_hash(),
            view=_stored(view),
            opened=self._new_ts(),
            channel_id=channel_id,
        )
        stack.append(modal)
        self._changes.announce()
        return modal

    def find(self, view_id: str, user_id: str | None = None) -> Modal:
        """Return an open view (of that person, when one is named); LookupError when there is none."""
        for stack in self._stacks.values():
            for modal in stack:
                if modal.view_id == view_id and user_id in (None, modal.user_id):
                    return modal
        raise LookupError(f"no view {view_id} is open")

    def update(self, view_id: str, view: Mapping[str, Any]) -> Modal:
        """Give an open view other content, and a new hash."""
        changed = replace(self.find(view_id), view=_stored(view), hash=new_hash(), errors={})
        self._put(changed)
        return changed

    def complain(self, view_id: str, errors: Mapping[str, str]) -> None:
        """Show errors beside the inputs: block id to words."""
        self._put(replace(self.find(view_id), errors=dict(errors)))

    def close(self, view_id: str) -> None:
        """Close a view, and what lies on it."""
        modal = self.find(view_id)
        stack = self._stacks[modal.user_id]
        del stack[stack.index(modal) :]
        self._changes.announce()

    def clear(self, user_id: str) -> None:
        """Close all that person has open."""
        self._stacks[user_id] = []
        self._changes.announce()

    def _put(self, changed: Modal) -> None:
        stack = self._stacks[changed.user_id]
        stack[:] = [changed if modal.view_id == changed.view_id else modal for modal in stack]
        self._changes.announce()


def _stored(view: Mapping[str, Any]) -> Json:
    return {**view, "blocks": with_ids(view["blocks"])}


def new_hash() -> str:
    """Return what tells one state of a view from all others."""
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"
