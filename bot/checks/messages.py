"""Would Slack show the bot's messages? Its own validator is asked, with a call that is made up.

https://docs.slack.dev/reference/methods/blocks.validate. It explains errors in words of its own, so only the name
of the message is shown.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from bot.calls.call_ref import CallRef
from bot.calls.cursor import Cursor, PageRequest
from bot.calls.history import HistoryPage
from bot.calls.lookup import LookupResult
from bot.calls.problems import not_linked
from bot.calls.search_form import SearchForm, SearchState
from bot.calls.transcript import Turn
from bot.calls.transcript_lookup import TranscriptResult
from bot.cards import subscriptions, told
from bot.cards.ask_session import Origin, ask_session
from bot.cards.call_buttons import Place
from bot.cards.details import details
from bot.cards.find import chosen, find_problem, form
from bot.cards.find import found as found_calls
from bot.cards.home import home
from bot.cards.kit.message import Message
from bot.cards.kit.modal import View
from bot.cards.link_request import (
    Approval,
    approve,
    declined_by_you,
    declined_notice,
    request_notice,
    request_sent,
)
from bot.cards.links import linked, linked_notice, links, uid_taken, unlinked
from bot.cards.pick import pick
from bot.cards.problem_card import Contacts, bare_card, bare_modal, problem_card, problem_modal
from bot.cards.recent import recent
from bot.cards.recordings import recordings
from bot.cards.share import shared_message, shared_modal, shared_summary
from bot.cards.summary import summary
from bot.cards.transcript import Shows, transcript
from bot.cards.usage import not_understood, usage
from bot.cards.waiting import (
    loading_details,
    loading_find,
    loading_recording,
    loading_transcript,
    looking_up,
)
from bot.cards.whoami import whoami
from bot.checks.context import Context, SlackRefusedError, SlackUnreachableError
from bot.checks.results import Result, failed, ok, skipped
from bot.cometchat import Call, SessionId, Uid
from bot.cometchat.models import Participant, Party, Recording
from bot.identity import Identified, SlackUser
from bot.identity.links import Link, LinksPage, UidConflict
from bot.identity.requests import OpenRequest, OpenRequests
from bot.links.home_tab import Absent, AdminSection, HomeTab, Switches
from bot.links.results import ActingAs, Linked, LinkList, RequestSent, UidTaken, Unlinked
from bot.slack.users import Profile
from bot.subscriptions.form import SubscribeForm
from bot.subscriptions.results import Listing, Subscribed
from bot.subscriptions.subscription import Subscription, Wanted

_INVALID = frozenset({"invalid_blocks", "invalid_message", "invalid_view"})
_SESSION = "v1.us.0123456789abcdef.1763805600"
_AT_ONCE = 4
_USER, _OTHER = SlackUser(None, "T012AB3CD", "U012AB3CD"), SlackUser(None, "T012AB3CD", "U045EF6GH")
_CONTACTS = Contacts((_OTHER.user_id,), "the help desk")
_REFERENCE = "ABCD-1234"
_PLACE, _HOSTS = Place("1763812800.000100", "general"), ("cometchat.io",)


async def check_messages(context: Context) -> Result:
    """Let Slack validate each kind of message and view; where it can't be asked, that is no failure."""
    payloads = sample_payloads(int(context.now()))
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def is_valid(kind: str, payload: Any) -> bool | Result:
        async with at_once:
            try:
                await context.ask_slack("blocks.validate", {kind: json.dumps(payload)})
            except SlackUnreachableError as error:
                return skipped(f"{error.sentence}.")
            except SlackRefusedError as error:
                if str(error) in _INVALID:
                    return False
                return skipped(f"Slack doesn't validate messages here ({error}).")
            return True

    found = await asyncio.gather(*(is_valid(*each) for each in payloads.values()))
    if invalid := [name for name, valid in zip(payloads, found, strict=True) if valid is False]:
        return failed(
            f"Slack wouldn't show: {', '.join(invalid)}.",
            "Slack has changed its rules. Update callinfo, or report it.",
        )
    for each in found:
        if isinstance(each, Result):
            return each
    return ok(f"Slack's validator accepts all {len(payloads)} sample messages.")


def sample_payloads(now: int) -> dict[str, tuple[str, Any]]:
    """Return payloads by name, each with the argument of blocks.validate that takes it. `now` is Unix time.

    There is one of every kind of message, modal and Home tab that the bot can send.
    """
    views = {**_views_of_calls(now), **_other_views(now)}
    return {
        **{
            name: ("message", message.as_json())
            for name, message in (_messages(now) | _about_subscriptions(now)).items()
        },
        **{name: ("view", view) for name, view in views.items()},
    }


def _messages(now: int) -> dict[str, Message]:
    found, listed = _found(now), _listed(now)
    link = _link(now)
    conflict = UidConflict((_OTHER,), None)
    links_page = LinkList(LinksPage((link,), 60), "", 25, (_OTHER,))
    return {
        "a call": summary(found, now=now, place=_PLACE),
        "a call that goes on": summary(_going_on(now), now=now),
        "a shared call": shared_summary(found, now=now, sharer=_USER.user_id),
        "a call was shared": shared_message(before=False),
        "latest calls": recent(replace(listed, calls=listed.calls * 2), now=now),
        "the only call": recent(listed, now=now),
        "calls to pick from": pick([SessionId(_SESSION), SessionId("standup")]),
        "a problem": problem_card(not_linked(), _REFERENCE, _CONTACTS),
        "a bug": bare_card(_REFERENCE),
        "waiting for a call": looking_up(SessionId(_SESSION)),
        "the usage": usage(),
        "the usage, for what is not understood": not_understood("recnet missed", "recent missed"),
        "whoami": whoami(ActingAs(Identified(link.uid, "link", link)), _CONTACTS),
        "a link": linked(Linked(link, link, checked=False, notified=False)),
        "a link's notice": linked_notice(link),
        "a UID that others have": uid_taken(UidTaken(_USER, link.uid, conflict, requested=True)),
        "a removed link": unlinked(Unlinked(link, Identified(link.uid, "map"))),
        "the links": links(links_page),
        "a request": request_notice(
            _USER, Profile("U012AB3CD", frozenset(), "Ada", "CTO", "ada@example.com")
        ),
        "a request was sent": request_sent(RequestSent((_OTHER.user_id,))),
        "a declined request": declined_by_you(_USER),
        "a declined request's notice": declined_notice(),
    }


def _about_subscriptions(now: int) -> dict[str, Message]:
    call, mine = _sample_call(now - 3600), _subscription(now, channel_id=None)
    there = _subscription(now, channel_id="C012AB3CD")
    reader, viewer = _USER.user_id, mine.made_for
    return {
        "a subscription": subscriptions.subscribed(Subscribed(there, new=False)),
        "a stopped subscription": subscriptions.unsubscribed((mine, there), reader),
        "a muted subscription": subscriptions.muted(replace(mine, muted_until=now + 60), reader),
        "the subscriptions": subscriptions.subscriptions(Listing((mine,), (there,)), reader, now=now),
        "told: a call": told.told(mine, [call], viewer=viewer, now=now),
        "told: a call, in a channel": told.told(there, [call], viewer=viewer, now=now),
        "told: missed calls": told.told(mine, [_missed_call(now)] * 2, viewer=viewer, now=now),
        "told: many calls": told.told_together(there, [call] * 9, viewer=viewer, now=now, why="morning"),
        "told: a recording": told.recording_ready(there, call),
        "told: a transcript": told.transcript_ready(there, call),
        "told: a subscription that has ended": told.subscription_ended(there, "Your link was removed."),
        "told: a channel that refuses": told.channel_refuses(there, "Type /invite @callinfo there."),
    }


def _views_of_calls(now: int) -> dict[str, View]:
    found, listed = _found(now), _listed(now)
    filled = SearchForm("video", "ended", "ada", date(2025, 1, 2), date(2025, 1, 3))
    state = SearchState(filled, page=PageRequest())
    return {
        "a call's details": details(found, now=now, recording_hosts=_HOSTS, ids=True, about=state),
        "a call's details, while they load": loading_details(),
        "a call's recordings": recordings(found, _HOSTS, now=now),
        "a call's recordings, while they load": loading_recording(),
        "a transcript": transcript(_transcript(now), Shows(None, "ada"), now=now),
        "a transcript, while it loads": loading_transcript(),
        "Find a call: the form": form(filled),
        "Find a call: the calls": found_calls(listed, filled, zone_known=False, now=now),
        "Find a call: a call": chosen(found, state, now=now, recording_hosts=_HOSTS),
        "Find a call: a problem": find_problem(not_linked(), _REFERENCE, _CONTACTS, state),
        "Find a call: shared": shared_modal(before=False),
        "Find a call, while it loads": loading_find(),
    }


def _other_views(now: int) -> dict[str, View]:
    link = _link(now)
    section = AdminSection(
        OpenRequests((OpenRequest(_OTHER, now),), 9), LinkList(LinksPage((link,), 1), "", 0, ())
    )
    acting = ActingAs(Identified(link.uid, "link", link), admin=True)
    tab = HomeTab(acting, _listed(now), section, Switches(missed=True))
    own = partial(home, reader=_USER.user_id, contacts=_CONTACTS, reference=_REFERENCE, now=now)
    return {
        "the Home tab": own(HomeTab(not_linked(), Absent.NOT_THEIRS, Absent.NOT_THEIRS)),
        "the Home tab of an admin": own(tab, notices=[usage()]),
        "the Home tab, while it loads": own(HomeTab()),
        "the question for a session id": ask_session(
            Origin("https://hooks.slack.com/actions/T/1/x", "C012AB3CD", None), unsure=_SESSION
        ),
        "the form that subscribes": subscriptions.form(
            SubscribeForm(Wanted(missed=True, ended=True, kind="video"), "C012AB3CD"), Origin("", "", None)
        ),
        "the approval of a request": approve(Approval(_USER, "https://hooks.slack.com/actions/T/1/x")),
        "a problem in a modal": problem_modal(not_linked(), _REFERENCE, _CONTACTS),
        "a bug in a modal": bare_modal(_REFERENCE),
    }


def _found(now: int) -> LookupResult:
    """Return a call between two others of its session."""
    found = LookupResult(SessionId(_SESSION), Uid("ada"), _sample_call(now - 3600), 3, None, 200, newer=1)
    beside = (CallRef(found.session_id, began_at=now - 7200), CallRef(found.session_id, began_at=now - 60))
    return replace(found, earlier=beside[0], later=beside[1])


def _going_on(now: int) -> LookupResult:
    """Return a call that is not over, of more people than a card shows."""
    found, start = _found(now), now - 600
    people = [
        Participant(f"u{number}", joined=True, state="ongoing", joined_at=start + 9 * number)
        for number in range(12)
    ]
    call = replace(
        found.call,
        status="ongoing",
        started_at=start,
        ended_at=None,
        minutes=None,
        participants=tuple(people),
    )
    return replace(found, call=call)


def _transcript(now: int) -> TranscriptResult:
    turns = (Turn("Ada", "ada", now - 3500, "Good morning."), Turn("Bilal", "bilal", now - 3490, "Hello."))
    return TranscriptResult(_found(now), turns, ("https://transcripts.cometchat.io/a/t1.json",))


def _listed(now: int) -> HistoryPage:
    on = PageRequest(cursor=Cursor(2, 3, number=2))
    return HistoryPage(Uid("ada"), (_sample_call(now - 3600),), PageRequest(), on, None, None, None, 200)


def _subscription(now: int, *, channel_id: str | None) -> Subscription:
    """Return an admin's subscription to another's calls where it is to a channel, so that what is told names both."""
    wanted = Wanted(missed=True, ended=True, longer_seconds=600, with_whom=f"<@{_OTHER.user_id}>")
    uid = Uid("support-desk")
    return Subscription("0123456789abcdef", _USER, uid, uid if channel_id else None, channel_id, wanted, now)


def _missed_call(now: int) -> Call:
    return Call(
        session_id=_SESSION,
        type="audio",
        status="unanswered",
        initiator=Party("ada", "Ada"),
        receiver=Party("support-desk"),
        initiated_at=now - 60,
    )


def _link(now: int) -> Link:
    return Link(_USER, Uid("ada"), _OTHER.user_id, now, "admin")


def _sample_call(start: int) -> Call:
    """Return a recorded group call in which some came late, twice or not at all: it has all blocks that a card may have."""
    end = start + 1920
    return Call(
        session_id=_SESSION,
        type="video",
        mode="call",
        status="ended",
        initiator=Party("ada", "Ada"),
        receiver=Party("stand-up", "Stand-up", group=True),
        receiver_type="group",
        initiated_at=start - 12,
        started_at=start,
        ended_at=end,
        minutes=32.0,
        joined_count=4,
        participants=(
            _present("ada", "Ada", start, end),
            _present("bilal", "Bilal", start + 40, start + 700),
            _present("bilal", "Bilal", start + 1025, end),
            _present("chen", "Chen", start + 380, end),
            Participant("daria", "Daria", state="rejected"),
            Participant("emeka", "Emeka", state="unanswered"),
        ),
        has_recording=True,
        recordings=(Recording("r1", start + 60, end, "https://recordings-us.cometchat.io/r1.mp4"),),
        has_transcription=True,
    )


def _present(uid: str, name: str, joined_at: int, left_at: int) -> Participant:
    return Participant(
        uid,
        name,
        joined=True,
        state="ended",
        joined_at=joined_at,
        left_at=left_at,
        minutes=(left_at - joined_at) / 60,
        video_minutes=(left_at - joined_at) / 60,
        device_id=f"{uid}-{joined_at}",
    )
