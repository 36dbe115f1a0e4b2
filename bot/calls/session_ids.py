"""The session id that a person typed or pasted (pure). What an id may be is `cometchat.ids`' to say.

People bring quotes, code marks, links and the full stop of the sentence that they copied from. Only these are taken
off: a piece of an id may be the id of another call.
"""

from __future__ import annotations

from bot.calls.markup import LINK, MENTION, peeled, shown, unescaped, without_invisible
from bot.calls.mentioned_ids import in_word, is_cut
from bot.cometchat import InvalidSessionIdError, SessionId, parse_session_id


def tidied(text: str) -> str:
    """Return what is left of `text` without markup, quotes and punctuation around it; white space inside stays.

    A mention of a person or a channel stays as Slack marks it up, so that it is never taken for an id.
    """
    text = without_invisible(text)
    if MENTION.search(text):
        return text.strip()
    return peeled(unescaped(LINK.sub(shown, text)))[0]


def from_text(text: str) -> SessionId:
    """Return the session id in `text`; raises InvalidSessionIdError, whose message says what is wrong."""
    return from_tidied(tidied(text))


def from_tidied(text: str) -> SessionId:
    """Return the session id that is all of `text`, else the one server-made id within (a pasted address, say).

    Raises InvalidSessionIdError, whose message says what is wrong.
    """
    if MENTION.search(text):
        raise InvalidSessionIdError("a person or a channel is in it")
    if is_cut(text):
        raise InvalidSessionIdError("a part of it is left out")
    try:
        return parse_session_id(text)
    except InvalidSessionIdError:
        hits = [hit for word in text.split() for hit in in_word(word)]
        if len({hit.value for hit in hits}) != 1 or not all(hit.sure for hit in hits):
            raise
        return parse_session_id(hits[0].value)
