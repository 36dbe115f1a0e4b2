"""The session ids that a message mentions (pure).

A piece of an id may be the id of another call, so an id counts only where it is clear where it begins and ends:
between quotes or code marks, as a value in an address, or as a word of nothing but letters, digits and `. _ -`. What
may be an id, but may be a piece of one as well, is `unsure`: a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from bot.calls.markup import (
    LINK,
    NO_TEXT,
    OPENING,
    QUOTED,
    WORD_ENDS,
    as_code,
    peeled,
    quoted,
    unescaped,
    without_invisible,
    without_scheme,
    without_styles,
)
from bot.cometchat import InvalidSessionIdError, SessionId, parse_session_id

_MOST_READ = 50_000
"""How many characters of a message are searched; people's messages are shorter, an attacker's are not."""

# Every repetition below is bounded or can't overlap with what follows: no text takes more than linear time
_V1 = re.compile(r"v1\.[a-z]{2,8}\.[0-9A-Za-z]{4,40}\.(?=[^\s.])")
_WORD = re.compile(_V1.pattern + r"[0-9A-Za-z_.-]*[0-9A-Za-z-]")  # a _ at its end may be of italics
_SERVER_MADE = r"v1\.[a-z]{2,8}\.[0-9A-Za-z]{4,40}\.[0-9]{10}[0-9a-f]{40}"
_SERVER_MADE_ONES = re.compile(rf"{_SERVER_MADE}(?:[,;|]{_SERVER_MADE})+")
# As CometChat names a recording's file; a server-made id has a known length, so that _ and the ending are not its own
_FILE = re.compile(
    rf"[*_~]*(?P<id>{_SERVER_MADE})(?:[*_~]*|(?:_[0-9]{{4}}(?:-[0-9]{{2}}){{5}})?\.(?:mp4|webm|json|vtt|txt|html))"
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

_LABEL = r"(?:session(?:[ _-]?id)?|(?:call|meeting|room)[ _-]?id)"
_LABELLED = re.compile(
    rf"(?<![0-9A-Za-z])(?P<label>{_LABEL})(?![0-9A-Za-z])"
    r"""["'”’`]{0,2}\s{0,3}(?:(?P<says_so>=>|[:=\#])|is\s)?\s{0,3}[(\[<]{0,2}""",
    re.IGNORECASE,
)
# What such a word says to be an id, in quotes or code, with a space in it: its first word is a piece
_CUT_VALUE = re.compile(rf"(?>{_LABELLED.pattern})(?!{QUOTED.pattern}){OPENING}", re.IGNORECASE)
_OPENED = re.compile(OPENING)
_BEFORE_AN_ID = re.compile(rf"(?:{_LABEL}|call|meeting|room|id|sid)[:=]", re.IGNORECASE)
_KEY = re.compile(rf"(?:{_LABEL})", re.IGNORECASE)
_IN_A_QUERY = re.compile(rf"[?&#]{_LABEL}=", re.IGNORECASE)
_ENCODED = re.compile(r"[0-9A-Za-z_.~!'()*%-]+")  # as encodeURIComponent writes a value
_PARTS = re.compile("[/?#&=]")
_OPEN_END = re.compile(r"'\w*\Z|[*_~]\Z")  # which may be the sentence's
_DELIMITERS = frozenset("/?#%")  # what an address has and an id can't have
_NO_VALUES = frozenset({"null", "none", "nil", "undefined", "unknown", "true", "false"})
# Letters and digits: `timed_out` is a word, `837` the beginning of a telephone number
_NO_WORD = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])[0-9A-Za-z](?:[0-9A-Za-z_.-]*[0-9A-Za-z-])?")
_STYLED = re.compile(r"\W?[*_~]")  # in code, where a mark may be the id's own
_TOKEN = re.compile(r"\S{1,300}")
_CODE_BLOCK = re.compile(r"```(.*?)```", re.DOTALL)
_QUOTE_MARK = re.compile(r"\A\s{0,9}>{1,3}")
# The quote that opens a value in which there is another: `"a\",b"` is not `a`
_CUT_BY_AN_ESCAPE = re.compile(rf"""(?<!\\)"(?![^\s"\\]*{_SERVER_MADE})(?=[^\s"\\]+\\{{1,9}}")""")
_LINE_ENDS = re.compile(r"[ `]{0,9}(?:\n|\Z)")
_DEEPEST = 3  # addresses within addresses


@dataclass(frozen=True, slots=True)
class Mentioned:
    """The ids of a message, in order, without repeats; and what else may be one, None for nothing."""

    ids: tuple[SessionId, ...]
    unsure: str | None = None


class Hit(NamedTuple):
    """Something that looks like an id: where it stands, what it is, and whether it is surely all of it."""

    at: int
    value: str
    sure: bool


def found_in(texts: Iterable[str]) -> Mentioned:
    """Return the session ids that a message's texts and addresses, in Slack's markup, mention.

    A `v1.…` id counts anywhere, another form only where a word like "session" says what it is.
    """
    left, found, unsure = _MOST_READ, dict[SessionId, None](), None
    for text in dict.fromkeys(texts):
        read = text if len(text) <= left else f"{text[:left]}…"
        left -= min(left, len(text))
        for hit in sorted(_hits(read), key=lambda hit: hit.at):
            if not _is_id(hit.value):
                continue
            if hit.sure:
                found[parse_session_id(hit.value)] = None
            elif not is_cut(hit.value):
                unsure = unsure or hit.value
    return Mentioned(tuple(found), None if found else unsure)


def in_word(word: str, at: int = 0, depth: int = 0) -> Iterator[Hit]:
    """Yield the `v1.…` ids in a text without spaces."""
    done = 0
    for match in QUOTED.finditer(word):
        yield from _beside(word[done : match.start()], at + done, depth)
        yield from _enclosed(quoted(match), at + match.start(), depth)
        done = match.end()
    yield from (_beside if done else _bare)(word[done:], at + done, depth)


def is_server_made(text: str) -> bool:
    """Whether that is an id as CometChat makes them, whose end is known by its length."""
    return re.fullmatch(_SERVER_MADE, text) is not None


def is_cut(text: str) -> bool:
    """Whether a part of the text is left out."""
    return "…" in text or NO_TEXT in text or text.endswith("..")


def _hits(text: str) -> Iterator[Hit]:
    plain, addresses = _seen(text)
    plain = _CUT_VALUE.sub(rf"\g<0>{NO_TEXT}", plain)
    for at, address in addresses:
        yield from _in_address(address, at, 0, exact=True)
    for word in re.finditer(r"\S+", plain):
        if _promises(word[0]):
            yield from in_word(word[0], word.start())
    yield from _named(plain)


def _promises(word: str) -> bool:
    return bool(_V1.search(word) or _IN_A_QUERY.search(word))


def _seen(text: str) -> tuple[str, list[tuple[int, str]]]:
    """Return what a person sees of a text, and the addresses that don't show, with their places.

    What Slack has made a link of by itself is a part of the word that it stands in.
    """
    parts: list[str] = []
    addresses: list[tuple[int, str]] = []
    length = done = 0
    for link in LINK.finditer(text):
        address, label = link[1], link[2]
        before = text[done : link.start()]
        if address.startswith(("@", "#", "!")):
            seen = NO_TEXT
        elif label and label.casefold() in {address.casefold(), without_scheme(address).casefold()}:
            seen = label
        elif label or WORD_ENDS.match(text, link.end()):
            seen = label or " "
            addresses.append((length + len(before), _plain(address)))
        else:
            seen = address
        parts += [before, seen]
        length += len(before) + len(seen)
        done = link.end()
    return _plain("".join([*parts, text[done:]])), addresses


def _plain(text: str) -> str:
    r"""Return the text unescaped, without what can't be seen; `\"` and `\n` are quotes and ends of lines in a log."""
    marked = re.sub(
        "`{2,}", "`", _CODE_BLOCK.sub(lambda block: as_code(block[1], block=True), unescaped(text))
    )
    lines = (_QUOTE_MARK.sub("", line) for line in marked.split("\n"))
    plain = "\n".join(without_styles(without_invisible(line)) for line in lines)
    if "\\" in plain:
        plain = _CUT_BY_AN_ESCAPE.sub(rf"\g<0>{NO_TEXT}", plain)
        plain = re.sub(r"\\{1,9}\"(?=\")", '" ', plain)  # the second one ends the whole line of the log
        plain = re.sub(r"\\{1,9}[nrt]", " ", re.sub(r"\\{1,9}([\"'/])", r"\1", plain))
    return plain


def _enclosed(value: str, at: int, depth: int) -> Iterator[Hit]:
    """Yield what a value is, all of which is known: an id, else an address, or a text with ids."""
    if _V1.match(value) and _is_id(value) and not _SERVER_MADE_ONES.fullmatch(value):
        yield Hit(at, value, not is_cut(value))
    elif QUOTED.search(value):
        yield from in_word(value, at, depth)
    elif not _DELIMITERS.isdisjoint(value):
        yield from _in_address(value, at, depth, exact=True)
    else:
        yield from _alone(value, at)


def _bare(text: str, at: int, depth: int) -> Iterator[Hit]:
    if not _promises(text):
        return
    core, exact = peeled(text)
    if exact:
        yield from _enclosed(core, at, depth)
    elif not _DELIMITERS.isdisjoint(core):
        yield from _in_address(core, at, depth, exact=False)
    else:
        # The first word of several in quotes may be a piece of an id; one that the server made is known whole
        is_first = _OPENED.match(text) is not None
        for hit in _alone(core, at):
            yield hit._replace(sure=hit.sure and (not is_first or is_server_made(hit.value)))


def _beside(text: str, at: int, depth: int) -> Iterator[Hit]:
    """Yield that there is an id right beside a value in quotes: where it ends, nobody can tell."""
    yield from (hit._replace(value="", sure=False) for hit in _bare(text, at, depth))


def _alone(text: str, at: int) -> Iterator[Hit]:
    """Yield the id that the text is, with or without what may stand right before it; unsure where it is more."""
    label = _BEFORE_AN_ID.match(text)
    word = text[label.end() :] if label else text
    if _SERVER_MADE_ONES.fullmatch(word):
        yield from (Hit(at, each, sure=True) for each in re.split("[,;|]", word))
    elif file := _FILE.fullmatch(word):
        yield Hit(at, file["id"], sure=True)
    elif _V1.search(word):
        yield Hit(at, word, bool(_WORD.fullmatch(word)) and ".." not in word)


def _in_address(text: str, at: int, depth: int, *, exact: bool) -> Iterator[Hit]:
    """Yield the ids among the parts of an address; `exact`: the address ends where the text does."""
    if not exact:
        text = _without_an_end(text)
    path, *queries = re.split(r"[?#]", text)
    for segment in path.split("/"):
        yield from _in_segment(segment, at, depth, exact=exact)
    for query in queries:
        for pair in query.split("&"):
            key, is_pair, value = pair.partition("=")
            if is_pair and _KEY.fullmatch(key):
                yield from _in_pair(key, value, at, exact=exact or not text.endswith(pair))
            for segment in (value if is_pair else pair).split("/"):
                yield from _in_segment(segment, at, depth, exact=exact)


def _without_an_end(address: str) -> str:
    """Return an address without what the sentence has put behind it: a bracket, say."""
    last = _PARTS.split(address)[-1]
    core = peeled(last)[0]
    return address.removesuffix(last) + core if last.startswith(core) else address


def _in_pair(key: str, value: str, at: int, *, exact: bool) -> Iterator[Hit]:
    """Yield the id that a pair names; `exact`: what ends it is not of the sentence around it."""
    decoded = unquote(value)
    if _V1.search(decoded) or decoded.lower() in _NO_VALUES:  # the one is found anyway
        return
    named = key.lower().endswith("id") or _UUID.fullmatch(decoded)
    whole = _ENCODED.fullmatch(value) and (exact or not _OPEN_END.search(value)) and not is_cut(decoded)
    yield Hit(at, decoded, bool(named and whole))


def _in_segment(segment: str, at: int, depth: int, *, exact: bool) -> Iterator[Hit]:
    decoded = unquote(segment)
    if decoded == segment:
        yield from _alone(segment if exact else peeled(segment)[0], at)
    elif _V1.match(decoded):
        yield Hit(at, decoded, bool(_ENCODED.fullmatch(segment)) and not is_cut(decoded))
    elif depth < _DEEPEST:
        for word in decoded.split():
            yield from in_word(word, at, depth + 1)


def _named(text: str) -> Iterator[Hit]:
    """Yield what a word like "session" says is an id: in quotes, in code, a UUID, or after a key; a bare word is unsure."""
    for label in _LABELLED.finditer(text):
        at = label.end()
        if match := QUOTED.match(text, at):
            value = quoted(match)
            if value.lower() not in _NO_VALUES:
                yield Hit(at, value, not is_cut(value))
            continue
        token = _TOKEN.match(text, at)
        value = peeled(token[0])[0] if token else ""
        if token and (_UUID.fullmatch(value) or _is_pair(label, token[0], value, text)):
            yield Hit(at, value, sure=bool(_UUID.fullmatch(value)) or not _STYLED.match(token[0]))
        elif token and label["says_so"] and _is_word(value) and _LINE_ENDS.match(text, token.end()):
            yield Hit(at, value, sure=False)


def _is_pair(label: re.Match[str], token: str, value: str, text: str) -> bool:
    """Whether it is a program's own `session_id=standup-1`, or `sessionId: standup-1` with no more words behind."""
    if " " in label["label"] or not label["label"].lower().endswith("id") or value.lower() in _NO_VALUES:
        return False
    end = label.end() + len(token)
    alone = label["says_so"] == "=" or (
        label["says_so"] == ":" and (token[-1] in ",;)]}" or _LINE_ENDS.match(text, end))
    )
    return bool(alone and _NO_WORD.fullmatch(value)) and ".." not in value


def _is_word(value: str) -> bool:
    begins = value[:1].isalnum() and '"' not in value
    return begins and value.lower() not in _NO_VALUES and not _V1.search(value)


def _is_id(value: str) -> bool:
    try:
        parse_session_id(value)
    except InvalidSessionIdError:
        return False
    return True
