"""The list to pick from, when a message mentions several session ids."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.cards.call_buttons import PICK, block_id
from bot.cards.kit.blocks import button, context, section
from bot.cards.kit.escaping import escaped, escaped_text, tidy
from bot.cards.kit.lines import Line, Moment, Words, as_text
from bot.cards.kit.message import Message, code, message
from bot.cometchat import SessionId, app_of

OFFERED = 10
"""How many ids the list has at most: those that the message mentions first."""

_STAMP = re.compile(r"v1\.[a-z]+\.[0-9A-Za-z]+\.(?P<stamp>1\d{9})[0-9a-f]{40}")


def pick(session_ids: Sequence[SessionId], *, thread_ts: str | None = None) -> Message:
    """Return the list: of each id, when it was made, its region, and its last characters."""
    count = len(session_ids)
    title = f"This message mentions {count} calls. Which one?"
    more = f"and {count - OFFERED} more; use /callinfo with the id of one of them" if count > OFFERED else ""
    offered = [(each, _made(each)) for each in session_ids[:OFFERED]]
    blocks = [section(f"*{title}*")]
    for number, (session_id, made) in enumerate(offered):
        shown = as_text(made) if made else code(tidy(session_id, 80))
        show = button("Show", PICK, session_id, label=f"Show the call number {number + 1}")
        blocks.append(section(shown, accessory=show, block_id=block_id(thread_ts, number=number)))
    blocks += [context(escaped(more))] if more else []
    text = [as_text(made or [Words(tidy(session_id, 80))]) for session_id, made in offered]
    lines = [title, *(f"{number}. {each}" for number, each in enumerate(text, 1)), escaped_text(more)]
    return message("\n".join(line for line in lines if line), blocks)


def _made(session_id: SessionId) -> Line | None:
    """Return when and where CometChat made the id, None for one that an app chose."""
    home, stamp = app_of(session_id), _STAMP.fullmatch(session_id)
    if home is None or stamp is None:
        return None
    return [Moment(int(stamp["stamp"])), Words(f" · region {home.region} · …{session_id[-6:]}")]
