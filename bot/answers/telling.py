"""Tells people what they subscribed to: posts messages, updates them, and replies in their threads.

Each message is a row, claimed by one process at a time. Who may be told is found out again before anything goes out.
What is posted has a key, by which Slack knows a repetition. So whatever may not have arrived, because the process died or
Slack gave no answer, is posted again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Literal

import structlog

from bot.answers.tasks import Tasks
from bot.calls.local_days import Zone
from bot.cards import told as cards
from bot.cards.kit.message import Message
from bot.cometchat import Uid
from bot.identity import SlackUser
from bot.identity.links import StoreUnavailableError
from bot.links.audit_entries import AuditEntries
from bot.observability.metrics import Metrics
from bot.slack.posts import DELETED, NotPostedError, Posted, PostRefusedError, Posts
from bot.subscriptions.outgoing import MessageStore, Outgoing, Sending, TellingOutcome, TellingPlace
from bot.subscriptions.quiet_hours import quiet_until
from bot.subscriptions.reasons import ended_because, is_out_of_channel, refused_because
from bot.subscriptions.standing import NotKnownNowError, Standing
from bot.subscriptions.subscription import Subscription
from bot.subscriptions.tellings import MessageKind, Why, over_at

log = structlog.get_logger()

CLAIM_SECONDS = 15.0
"""How long a claim holds: longer than Slack may take to say who is still there, and to take the message."""

TICK_SECONDS = 2.0
REFUSED_SECONDS = 3_600.0
"""When a message is posted again that Slack refused: somebody may have invited the bot."""
REFUSES_FOR_GOOD_SECONDS = 86_400
PRUNE_SECONDS = 3_600.0

_AT_ONCE = 8
_FIRST_RETRY_SECONDS, _LONGEST_RETRY_SECONDS = 5.0, 300.0
_UNKNOWN_SECONDS = 30.0


class Teller:
    """Sends what is due. `now` is the wall clock, in Unix seconds; without `quiet_hours` there are none for anybody."""

    def __init__(
        self,
        *,
        store: MessageStore,
        posts: Posts,
        standing: Standing,
        zone_of: Callable[[SlackUser], Awaitable[Zone]],
        audit: AuditEntries,
        metrics: Metrics,
        tasks: Tasks,
        now: Callable[[], float] = time.time,
        quiet_hours: bool = True,
    ) -> None:
        self._store = store
        self._posts = posts
        self._standing = standing
        self._zone_of = zone_of
        self._audit = audit
        self._metrics = metrics
        self._tasks = tasks
        self._now = now
        self._quiet_hours = quiet_hours
        self._awake = asyncio.Event()
        self._pruned_at = 0.0

    def wake(self) -> None:
        """Let the loop look at once whether anything is due."""
        self._awake.set()

    async def run(self) -> None:
        """Send what is due; go on until cancelled."""
        while True:
            self._awake.clear()
            with suppress(StoreUnavailableError):  # logged there
                while await self.round():
                    pass
                if self._now() >= self._pruned_at + PRUNE_SECONDS:
                    await self._store.prune(self._now())
                    self._pruned_at = self._now()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), TICK_SECONDS)

    async def round(self) -> int:
        """Send some of what is due; return how many messages these were. Raises StoreUnavailableError."""
        now = self._now()
        claimed = await self._store.claim(now, now + CLAIM_SECONDS, _AT_ONCE)
        if claimed:  # as tasks of their own, which a shutdown waits for
            await asyncio.wait([self._tasks.start(self._send(message)) for message in claimed])
        return len(claimed)

    async def _send(self, message: Outgoing) -> None:
        try:
            await self._step(message)
        except NotKnownNowError:
            with suppress(StoreUnavailableError):
                await self._store.retry(message, self._now() + _UNKNOWN_SECONDS)
        except StoreUnavailableError:
            pass  # logged there; the claim ends by itself
        except Exception:  # a bug; the others are sent all the same
            log.exception("not told", reason="crashed")

    async def _step(self, message: Outgoing) -> None:
        """Do the next thing that is due for the message."""
        subscription, now = message.subscription, self._now()
        if subscription is None or not (message.tellings or _is_word(message)):
            await self._store.drop(message)
        elif _is_word(message):
            await self._say(message, subscription)
        elif subscription.is_muted(now) and not message.ts:
            await self._store.drop(message)
        else:
            viewer = await self._standing.viewer(subscription, asking_slack=True)
            if isinstance(viewer, Why):
                await self._end(subscription, viewer)
            elif not (message.ts or message.sending or subscription.channel_id) and (
                until := await self._quiet_until(subscription, now)
            ):
                await self._store.hold(message, until)
                self._metrics.told(_place(subscription), "held")
            else:
                await self._tell(message, subscription, viewer)

    async def _tell(self, message: Outgoing, subscription: Subscription, viewer: Uid) -> None:
        """Post the message, update it, or reply in its thread."""
        card = self._card(message, subscription, viewer)
        shown = _digest(card)
        reply = _reply_due(message, subscription)
        if not message.ts:
            if await self._post(message, card, subscription.channel_id or subscription.owner.user_id):
                self._note_told(message, subscription, viewer)
        elif reply and subscription.is_muted(self._now()):
            # No reply, now or later; the message itself is updated, which notifies nobody
            await self._store.replied(message, reply)
        elif reply:
            await self._reply(message, subscription, reply)
        elif shown != message.shown:
            await self._update(message, card, subscription, shown)
        else:
            await self._store.updated(message, shown)

    async def _post(self, message: Outgoing, card: Message, channel: str) -> bool:
        """Post the message; return whether Slack took it."""
        if not await self._store.begin(message, "message"):
            return False
        try:
            posted = await self._posts.post(channel, card, key=_key(message, "message"))
        except NotPostedError as error:
            await self._retry(message, error)
        except PostRefusedError as error:
            await self._refused(message, str(error))
        else:
            # More may be due, such as a reply: it is claimed again until nothing is. What an earlier try may have posted
            # shows what was known then, and is updated
            shown = "" if message.sending else _digest(card)
            await self._store.posted(message, posted.channel, posted.ts, shown)
            return True
        return False

    async def _update(self, message: Outgoing, card: Message, subscription: Subscription, shown: str) -> None:
        try:
            await self._posts.update(Posted(message.channel, message.ts), card)
        except NotPostedError as error:
            await self._retry(message, error)
        except PostRefusedError as error:  # what is there stays as it is
            log.warning("not told", reason=str(error), message=message.id)
            self._note(message, "refused")
            await self._store.updated(message, shown)
        else:
            self._metrics.told(_place(subscription), "updated")
            await self._store.updated(message, shown)

    async def _reply(self, message: Outgoing, subscription: Subscription, what: Sending) -> None:
        """Post that a recording or a transcript is there, once."""
        if not await self._store.begin(message, what):
            return
        call = message.tellings[0].call
        make = cards.recording_ready if what == "recording" else cards.transcript_ready
        outcome: TellingOutcome = "posted"
        try:
            reply, key = make(subscription, call), _key(message, what)
            await self._posts.post(message.channel, reply, key=key, thread_ts=message.ts)
        except NotPostedError as error:
            await self._retry(message, error)
            return
        except PostRefusedError as error:
            if is_out_of_channel(str(error)):
                await self._refused(message, str(error))
                return
            log.warning("not told", reason=str(error), message=message.id)
            outcome = "refused"
        self._metrics.told("thread", outcome)
        await self._store.replied(message, what)

    async def _say(self, message: Outgoing, subscription: Subscription) -> None:
        """Send the owner a word about the subscription, once, outside their quiet hours; who can't be reached gets none."""
        if message.ts:
            await self._store.updated(message, message.shown)
            return
        if not message.sending and (until := await self._quiet_until(subscription, self._now())):
            await self._store.retry(message, until)
            return
        if message.kind is MessageKind.ENDED:
            card = cards.subscription_ended(subscription, ended_because(Why(message.detail)))
        else:
            card = cards.channel_refuses(subscription, refused_because(message.detail))
        await self._post(message, card, subscription.owner.user_id)

    async def _end(self, subscription: Subscription, why: Why) -> None:
        if await self._store.end(subscription, why, self._now()):
            self.note_end(subscription, why)
            self._awake.set()

    def note_end(self, subscription: Subscription, why: Why) -> None:
        """Audit that a subscription has ended by itself."""
        self._audit.record("unsubscribe", subscription.owner, why, "", uid=subscription.made_for)

    async def _retry(self, message: Outgoing, error: NotPostedError) -> None:
        log.warning("not told", reason=str(error), message=message.id, tries=message.tries + 1)
        self._note(message, "failed")
        pause = min(_FIRST_RETRY_SECONDS * 2**message.tries, _LONGEST_RETRY_SECONDS)
        await self._store.retry(message, self._now() + (error.retry_after or pause))

    async def _refused(self, message: Outgoing, word: str) -> None:
        """Try again every hour; after a day of that, a subscription to a channel ends."""
        subscription, now = message.subscription, self._now()
        log.warning("not told", reason=word, message=message.id)
        self._note(message, "refused")
        if _is_word(message) or subscription is None or word in DELETED:
            await self._store.drop(message)
            return
        in_channel, since = subscription.channel_id is not None, message.refused_since
        if in_channel and since and now - since >= REFUSES_FOR_GOOD_SECONDS:
            await self._end(subscription, Why.CHANNEL_REFUSES)
        else:
            tell = in_channel and not since
            await self._store.refused(message, word, now, now + REFUSED_SECONDS, tell=tell)
            self._awake.set()

    async def _quiet_until(self, subscription: Subscription, now: float) -> float | None:
        """Return when the owner's quiet hours end, None where there are none now."""
        if not (self._quiet_hours and subscription.quiet_hours):
            return None
        return quiet_until(now, (await self._zone_of(subscription.owner)).tz)

    def _card(self, message: Outgoing, subscription: Subscription, viewer: Uid) -> Message:
        calls, now = [each.call for each in message.tellings], int(self._now())
        if message.kind is MessageKind.CALLS:
            return cards.told(subscription, calls, viewer=viewer, now=now)
        why: Literal["morning", "catch_up"] = "morning" if message.kind is MessageKind.MORNING else "catch_up"
        return cards.told_together(subscription, calls, viewer=viewer, now=now, why=why)

    def _note_told(self, message: Outgoing, subscription: Subscription, viewer: Uid) -> None:
        """Count and audit a message that Slack took."""
        over = [at for each in message.tellings if (at := over_at(each.call)) is not None]
        prompt = message.kind is MessageKind.CALLS and not message.held and not message.refused_since
        lag = self._now() - max(over) if prompt and over else None
        self._metrics.told(_place(subscription), "posted", lag=lag)
        log.info("told", place=_place(subscription), kind=message.kind.value, calls=len(message.tellings))
        for each in message.tellings:
            columns = {"uid": viewer, "session_id": each.call.session_id or ""}
            self._audit.record("tell", subscription.owner, "told", "", **columns)

    def _note(self, message: Outgoing, outcome: TellingOutcome) -> None:
        if message.subscription:
            self._metrics.told(_place(message.subscription), outcome)


def _is_word(message: Outgoing) -> bool:
    """Whether it is about the subscription, and not about calls."""
    return message.kind in {MessageKind.ENDED, MessageKind.REFUSED}


def _key(message: Outgoing, what: Sending) -> str:
    """Return what tells this post from all others: the word that a channel refuses has its id again after a while."""
    return f"{message.id} {message.made_at} {what}"


def _place(subscription: Subscription) -> TellingPlace:
    return "channel" if subscription.channel_id else "direct_message"


def _reply_due(message: Outgoing, subscription: Subscription) -> Sending | None:
    """Return what is to be said in the thread of a call in a channel: in a direct message, the message says it."""
    if not subscription.channel_id or len(message.tellings) != 1:
        return None
    call = message.tellings[0].call
    if call.has_recording and "recording" not in message.replied:
        return "recording"
    return "transcript" if call.has_transcription and "transcript" not in message.replied else None


def _digest(card: Message) -> str:
    return hashlib.sha256(json.dumps(card.as_json(), sort_keys=True).encode()).hexdigest()[:32]
