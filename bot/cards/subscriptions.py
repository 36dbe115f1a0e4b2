"""Subscriptions as people read them (pure): what one promises, the form, the list, and what comes of a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.calls.filters import KINDS, LONGEST_NAME, MISSED
from bot.cards.ask_session import Origin
from bot.cards.durations import duration
from bot.cards.kit.blocks import Block, Button, actions, button, section
from bot.cards.kit.escaping import isolated, tidy
from bot.cards.kit.inputs import boxes, channel_select, select, text_input
from bot.cards.kit.limits.numbers import BUTTON_TEXT
from bot.cards.kit.lines import Channel, Line, Mention, Moment, Part, Words, as_text, rich
from bot.cards.kit.message import Message, lines_message, message
from bot.cards.kit.modal import View, modal
from bot.subscriptions import problems
from bot.subscriptions.form import ANY, LENGTHS, QUIET, SubscribeForm
from bot.subscriptions.quiet_hours import HOURS
from bot.subscriptions.results import Listing, Subscribed
from bot.subscriptions.subscription import Subscription, Wanted
from bot.subscriptions.typed import ENDED

VIEW = "callinfo_subscribe"
UNSUBSCRIBE = "unsubscribe"
OPEN_FORM = "subscribe"
WHICH = "subscribe_which"
KIND = "subscribe_kind"
LONGER = "subscribe_longer"
WITH_WHOM = "subscribe_with"
CHANNEL = "subscribe_channel"
QUIET_HOURS = "subscribe_quiet"
LIST_BLOCK, SUBSCRIBED_BLOCK = "callinfo_subscriptions", "callinfo_subscribed"

_QUIET = f"I stay quiet from {HOURS} your time, and catch you up in the morning."
_IN_A_CHANNEL = "Everyone there will see who took part and how it ended. Recordings stay private."
_NAME = 40
_MOST_TEXT = 6_500
"""Characters of rows in a list; https://docs.slack.dev gives no limit, but Slack refused 11,000."""


def promise(
    wanted: Wanted, *, channel_id: str | None, uid: str | None, owner: str = "", kept: bool = True
) -> Line:
    """Return in one sentence what is told, and where. `owner` is "" where the reader is the owner.

    Not `kept`: it is told no more.
    """
    will = "I’ll " if kept else "I’ll no longer "
    if channel_id:
        where: Line = [Words(f"{will}post in "), Channel(channel_id), Words(" ")]
    else:
        whom: Part = Mention(owner) if owner else Words("you")
        where = [Words(f"{will}message "), whom, Words(" ")]
    they = bool(owner) and not (channel_id or uid)  # who is named already
    return _joined([*where, *_when(wanted, uid, owner, they=they), Words(".")])


def subscribed(result: Subscribed) -> Message:
    """Return what the person reads who has subscribed."""
    lines = subscribed_lines(result)
    stop = button("Stop", UNSUBSCRIBE, result.subscription.id)
    return lines_message(lines, [actions([stop], block_id=SUBSCRIBED_BLOCK)])


def subscribed_lines(result: Subscribed) -> list[Line]:
    """Return the same without the button."""
    made = result.subscription
    said = promise(made.wanted, channel_id=made.channel_id, uid=made.uid)
    lines: list[Line] = [[Words("🔔 "), *said]]
    if not result.new:
        lines.append([Words("You already had this subscription.")])
    return [*lines, *_and(made.channel_id, quiet_hours=made.quiet_hours)]


def unsubscribed(ended: Sequence[Subscription], reader: str) -> Message:
    """Return what the person reads who has ended these; `reader` is their Slack user id."""
    return lines_message(unsubscribed_lines(ended, reader))


def unsubscribed_lines(ended: Sequence[Subscription], reader: str) -> list[Line]:
    """Return the same as lines."""
    if not ended:
        return [[Words("There’s nothing to stop.")]]
    return [[Words("🔕 "), *_promise_to(each, reader, kept=False)] for each in ended]


def cut_short_lines() -> list[Line]:
    """Return that a process ended before it had answered; the list follows, as it is now."""
    return [[Words("callinfo restarted before it finished. Here’s what you have now.")]]


def muted(subscription: Subscription, reader: str) -> Message:
    """Return what the person reads who has muted it."""
    until: Line = [Words("🔕 Muted until "), Moment(subscription.muted_until), Words(". After that: ")]
    return lines_message(
        [
            [*until, *_promise_to(subscription, reader)],
            [Words("I won’t catch you up on calls before then.")],
        ]
    )


def subscriptions(listing: Listing, reader: str, *, now: int, news: Sequence[Line] = ()) -> Message:
    """Return the list, each with Stop; `news` are lines above it. `now` is Unix time."""
    own = "Your subscriptions" if listing.own else "You have no subscriptions."
    lines: list[Line] = [*news, [Words(own, bold=True)]]
    blocks: list[Block] = [rich(lines)]
    text = [as_text(line) for line in lines]
    room = _MOST_TEXT
    for title, listed in (("", listing.own), ("By others", listing.others)):
        if title and listed:
            blocks.append(rich([[Words(title, bold=True)]]))
            text.append(title)
        shown = 0
        for each in listed:
            row = _row(each, reader, now=now)
            said = as_text(row)
            room -= len(said)
            if room < 0 or len(blocks) > _MOST_ROWS:
                break
            blocks.append(_row_block(said, each, len(blocks), row))
            text.append(f"• {said}")
            shown += 1
        if more := len(listed) - shown:
            line: Line = [Words(f"and {more} more. To see them, stop some of these.")]
            blocks.append(rich([line]))
            text.append(as_text(line))
    blocks.append(actions([open_button("Add a subscription" if listing.own else "Subscribe")]))
    return message("\n".join(text), blocks)


_MOST_ROWS = 44  # of 50 blocks: the rest are the headings, notes and the button


def open_button(text: str = "Subscribe") -> Button:
    """Return the button that opens the form."""
    return button(text, OPEN_FORM, "form")


def form(filled: SubscribeForm, origin: Origin) -> View:
    """Return the form, which was opened at the `origin`; the sentence at its top says what the choices mean."""
    wanted = filled.wanted
    lengths = {ANY: "Any length", **{str(each): f"{duration(each)} or longer" for each in LENGTHS}}
    kinds = {ANY: "Audio and video", **{kind: kind.capitalize() for kind in KINDS}}
    blocks = [
        rich(form_lines(filled)),
        boxes(
            WHICH,
            "Tell me",
            {MISSED: "when I miss a call", ENDED: "when one of my calls ends"},
            ticked=[name for name, on in ((MISSED, wanted.missed), (ENDED, wanted.ended)) if on],
            optional=False,
        ),
        select(KIND, "Kind", kinds, chosen=wanted.kind or ANY, dispatch=True),
        select(
            LONGER,
            "Minimum length (ended calls)",
            lengths,
            chosen=str(wanted.longer_seconds or ANY),
            dispatch=True,
        ),
        text_input(
            WITH_WHOM,
            "With whom",
            hint="The start of a name, or a CometChat UID.",
            max_length=LONGEST_NAME,
            initial=wanted.with_whom,
            dispatch=True,
        ),
        channel_select(
            CHANNEL,
            "Post to a channel",
            hint="Leave empty to get a direct message.",
            chosen=filled.channel_id,
        ),
        boxes(
            QUIET_HOURS,
            "Quiet hours",
            {QUIET: f"No direct messages from {HOURS}, my time"},
            ticked=[QUIET] if filled.quiet_hours else [],
        ),
    ]
    return modal(
        "Subscribe to calls",
        blocks,
        callback_id=VIEW,
        close="Cancel",
        submit="Subscribe",
        private_metadata=origin.to_text(),
    )


def form_lines(filled: SubscribeForm) -> list[Line]:
    """Return in one sentence what the person will get, and what follows from that."""
    wanted = filled.wanted
    if not (wanted.missed or wanted.ended):
        return [[Words(problems.NOTHING_WANTED.happened)]]
    said = promise(wanted, channel_id=filled.channel_id or None, uid=None)
    return [said, *_and(filled.channel_id, quiet_hours=filled.quiet_hours)]


def _and(channel_id: str | None, *, quiet_hours: bool) -> list[Line]:
    """Return what else follows from a subscription. A channel has no quiet hours: it has no zone."""
    if channel_id:
        return [[Words(_IN_A_CHANNEL)]]
    return [[Words(_QUIET)]] if quiet_hours else []


def _promise_to(subscription: Subscription, reader: str, *, kept: bool = True) -> Line:
    owner = subscription.owner.user_id
    return promise(
        subscription.wanted,
        channel_id=subscription.channel_id,
        uid=subscription.uid,
        owner="" if owner == reader else owner,
        kept=kept,
    )


def _when(
    wanted: Wanted, uid: str | None, owner: str, *, they: bool = False, opening: str = "when "
) -> Iterator[Part]:
    """Yield when something is told: "when you miss a call, and when one of your video calls ends"."""
    subject = None if they else _subject(uid, owner)
    if wanted.missed:
        yield Words(opening)
        yield subject or Words("they" if they else "you")
        yield Words(f" {'misses' if subject else 'miss'} {_a_call(wanted)}")
        yield from _with(wanted)
    if wanted.ended:
        yield Words(f"{', and when ' if wanted.missed else opening}one of ")
        yield from (subject, Words("’s")) if subject else [Words("their" if they else "your")]
        yield Words(f" {f'{wanted.kind} ' if wanted.kind else ''}calls")
        yield from _with(wanted)
        after = f" after {duration(wanted.longer_seconds)} or more" if wanted.longer_seconds else ""
        yield Words(f" ends{after}")


def _joined(parts: Iterable[Part]) -> Line:
    """Return the parts with plain words beside each other as one."""
    line: list[Part] = []
    for part in parts:
        before = line[-1] if line else None
        if isinstance(part, Words) and isinstance(before, Words) and not (part.code or before.code):
            line[-1] = Words(before.text + part.text)
        else:
            line.append(part)
    return line


def _subject(uid: str | None, owner: str) -> Part | None:
    """Return whose calls they are, None for the reader's."""
    if uid:
        return Words(uid, code=True)
    return Mention(owner) if owner else None


def _a_call(wanted: Wanted) -> str:
    return {"audio": "an audio call", "video": "a video call"}.get(wanted.kind or "", "a call")


def _with(wanted: Wanted) -> Iterator[Part]:
    if wanted.mentioned:
        yield from (Words(" with "), Mention(wanted.mentioned))
    elif wanted.with_whom:
        yield Words(f" with “{isolated(tidy(wanted.with_whom, _NAME))}”")


def _row(subscription: Subscription, reader: str, *, now: int) -> Line:
    owner = subscription.owner.user_id
    others = "" if owner == reader else owner
    when = _joined(_when(subscription.wanted, subscription.uid, others, opening="When "))
    row: list[Part] = [*when, Words(" · ")]
    row += [Channel(subscription.channel_id)] if subscription.channel_id else [Words("direct message")]
    if subscription.uid and others:
        row += [Words(" · by "), Mention(others)]
    if not (subscription.quiet_hours or subscription.channel_id):
        row.append(Words(" · at night too"))
    if subscription.is_muted(now):
        row += [Words(" · muted until "), Moment(subscription.muted_until)]
    return row


def _row_block(said: str, subscription: Subscription, number: int, row: Line) -> Block:
    words = "".join(part.text for part in row if isinstance(part, Words))
    stop = button("Stop", UNSUBSCRIBE, subscription.id, label=tidy(f"Stop: {words}", BUTTON_TEXT))
    return section(said, accessory=stop, block_id=f"{LIST_BLOCK}:{number}")
