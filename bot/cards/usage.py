"""What `/callinfo` can do: the answer to `help`, and to what it does not understand."""

from __future__ import annotations

from bot.calls.typed_text import PERSON
from bot.cards.kit.escaping import isolated, tidy
from bot.cards.kit.lines import Line, Words, styled
from bot.cards.kit.message import Message, lines_message

_TYPED = 80
"""How much of what a person typed is repeated, in characters."""

_TITLE = "*See who was in a CometChat call, when, and how it ended*"
IN_SHORT = (
    "`/callinfo` – your latest calls",
    "`/callinfo recent missed` – only some of them: `missed`, `audio`, `video`, `today`, `with natasha`",
    "`/callinfo <session id>` – one call",
    "*⋮ › Get call info* on a message – the call that it mentions",
)
"""What most people need."""
_THE_REST = (
    "`/callinfo subscribe missed` – I message you when you miss a call; `/callinfo subscribe` for more, `/callinfo subscriptions` to stop",
    "*Find a call* in the message box’s `/` menu – search by person, day and outcome",
    "`/callinfo whoami` – which CometChat user you are",
    "For admins: `/callinfo link @user <uid>`, `/callinfo unlink @user`, `/callinfo links`",
)


def usage() -> Message:
    """Return the usage."""
    return lines_message([styled(_TITLE), *_commands()])


def not_understood(text: str, meant: str) -> Message:
    """Return that nobody understands the text that the person typed, what they may have `meant`, and the usage."""
    typed = isolated(tidy(PERSON.sub("@…", text), _TYPED))
    lines: list[Line] = [[Words(f"I don’t understand “{typed}”.", bold=True)]]
    if meant:
        command = Words(f"/callinfo {tidy(meant, _TYPED)}", code=True)
        lines.append([Words("Did you mean "), command, Words("?")])
    return lines_message([*lines, [Words("Here’s what you can do:")], *_commands()])


def _commands() -> list[Line]:
    return [styled(line) for line in (*IN_SHORT, *_THE_REST)]
