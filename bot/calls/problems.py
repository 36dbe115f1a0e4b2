"""Everything that can go wrong with calls, and the words for it: what happened, and what to do where no button says it.

"No such call" has one wording for every reason, so that nobody can probe for calls. No wording repeats CometChat's own,
which may echo parts of the key. The words about links are in links/problems.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from bot.calls.call_ref import CallRef, TranscriptRef
from bot.calls.cursor import PageRequest
from bot.cometchat import (
    BadAnswerError,
    CallProblemError,
    CallsApp,
    MisconfiguredError,
    NoAnswerInTimeError,
    NoSuchCallError,
    PlanRestrictedError,
    RateLimitedError,
    Uid,
    UnavailableError,
    UnknownUidError,
)
from bot.identity.requests import LastRequest, RequestResult
from bot.throttling.concurrency import TooBusyError
from bot.throttling.rate_limiter import LimitReached


class Whom(StrEnum):
    """Whom a person is told to turn to: nobody, an admin, or an admin who gets the reference if it happens again."""

    NOBODY = "nobody"
    ADMIN = "admin"
    REPORT = "report"


class ProblemKind(StrEnum):
    """The outcome, as logs and metrics name it."""

    NO_SUCH_CALL = "no_such_call"
    CALL_GONE = "call_gone"
    NOT_A_SESSION_ID = "not_a_session_id"
    NOT_LINKED = "not_linked"
    UNKNOWN_UID = "unknown_uid"
    MISCONFIGURED = "misconfigured"
    RATE_LIMITED = "rate_limited"
    TOO_MANY_LOOK_UPS = "too_many_look_ups"
    TOO_MUCH_UNDER_WAY = "too_much_under_way"
    BUSY = "busy"
    PLAN_RESTRICTED = "plan_restricted"
    COMETCHAT_IN_TROUBLE = "cometchat_in_trouble"
    NO_ANSWER_IN_TIME = "no_answer_in_time"
    BAD_ANSWER = "bad_answer"
    IDENTITY_UNAVAILABLE = "identity_unavailable"
    MENTIONED_NOT_LINKED = "mentioned_not_linked"
    RESTARTING = "restarting"
    CUT_SHORT = "cut_short"
    SLACK_REFUSED = "slack_refused"
    SHARE_UNCONFIRMED = "share_unconfirmed"
    SHARE_UNDER_WAY = "share_under_way"
    MODAL_REFUSED = "modal_refused"
    CRASHED = "crashed"
    NO_TRANSCRIPT = "no_transcript"
    TRANSCRIPT_UNREADABLE = "transcript_unreadable"
    NOT_THERE = "not_there"
    # About links: links/problems.py has the words
    NOT_AN_ADMIN = "not_an_admin"
    ADMIN_UNKNOWN = "admin_unknown"
    LINKS_UNAVAILABLE = "links_unavailable"
    NOT_UNDERSTOOD = "not_understood"
    NOT_A_MENTION = "not_a_mention"
    NOT_A_UID = "not_a_uid"
    NO_SUCH_UID = "no_such_uid"
    NOT_LINKABLE = "not_linkable"
    DEACTIVATED = "deactivated"
    NOTHING_TO_UNLINK = "nothing_to_unlink"
    ALREADY_ASKED = "already_asked"
    JUST_DECLINED = "just_declined"
    NOBODY_TO_ASK = "nobody_to_ask"
    ALREADY_SETTLED = "already_settled"
    # About subscriptions: subscriptions/problems.py has the words
    SUBSCRIPTIONS_UNAVAILABLE = "subscriptions_unavailable"
    NO_SUCH_SUBSCRIPTION = "no_such_subscription"
    TOO_MANY_SUBSCRIPTIONS = "too_many_subscriptions"
    NOT_IN_CHANNEL = "not_in_channel"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a person reads instead of a call: what happened, what to do about it, and sometimes a `hint`.

    In `advice` and `hint`, backticks mark what a person may type. `uid`: on whose behalf CometChat was asked, for the audit
    only. `quiet`: there may be thousands of it, so it is counted (throttling/refusals.py) but neither logged nor audited.
    `asked`: the last request of a person who is not linked. `may_pass`: it may work in a minute; `again` is then the call,
    the transcript or the list to try again, where it is a look at those. `whom`: the Slack user whom it is about, named after what happened.
    """

    kind: ProblemKind
    happened: str
    advice: str = ""
    ask: Whom = Whom.NOBODY
    hint: str | None = None
    upstream_status: int | None = None
    upstream_code: str | None = None
    uid: Uid | None = None
    quiet: bool = False
    asked: LastRequest | None = None
    may_pass: bool = False
    again: CallRef | TranscriptRef | PageRequest | None = None
    whom: str = ""

    def looking_at(self, again: CallRef | TranscriptRef | PageRequest) -> Problem:
        """Return the problem of a look at that, so that a person can try it again if that may help."""
        return replace(self, again=again) if self.may_pass else self


def no_such_call(*, hint: str | None, status: int | None = None, code: str | None = None) -> Problem:
    """There is no such call, or it is not theirs: the same words."""
    return Problem(
        ProblemKind.NO_SUCH_CALL,
        "No call of yours has this session id.",
        hint=hint,
        upstream_status=status,
        upstream_code=code,
    )


def did_you_mean(problem: Problem, command: str) -> Problem:
    """Return the problem of a session id that is like a subcommand, so that the person reads of both."""
    return replace(problem, hint=f"Did you mean `/callinfo {command}`?") if command else problem


def call_gone(*, status: int) -> Problem:
    """Say that the call that was chosen is not in its session any more."""
    return Problem(
        ProblemKind.CALL_GONE,
        "This call is no longer among your calls.",
        upstream_status=status,
    )


def no_transcript(*, expected: bool, over: bool) -> Problem:
    """Say that there is no transcript; `expected`: CometChat says that there is one."""
    if expected:
        advice = "CometChat may still be writing it. Try again in a few minutes."
    elif not over:
        advice = "It’s ready after the call, if someone started transcription."
    else:
        advice = "Transcription must be on in your CometChat app, and started during the call."
    return Problem(ProblemKind.NO_TRANSCRIPT, "This call has no transcript.", advice)


def not_there() -> Problem:
    """Say that a transcript is for those who were in the call."""
    return Problem(
        ProblemKind.NOT_THERE,
        "Only people who were in the call can read its transcript.",
        "CometChat says you didn’t join this one. Ask someone who did.",
    )


def not_a_session_id(reason: str) -> Problem:
    """Say that what was typed can't be a session id."""
    return Problem(
        ProblemKind.NOT_A_SESSION_ID,
        f"That’s not a session id: {reason}.",
        "Copy the whole id from CometChat. It looks like v1.eu.2574867aa2e6e417.1715845999…",
    )


def not_linked(asked: LastRequest | None = None) -> Problem:
    """Say that the person has no CometChat user; `asked` is their last request for one."""
    problem = Problem(
        ProblemKind.NOT_LINKED,
        "You’re not connected to CometChat yet.",
        "An admin needs to connect you first.",
        ask=Whom.ADMIN,
        asked=asked,
    )
    if asked is None:
        return problem
    match asked.if_repeated:
        case RequestResult.RECORDED:
            return replace(problem, advice="Nobody has answered yet. You can request access again.")
        case RequestResult.DECLINED:
            return replace(problem, advice="You can request access again an hour after that. Can’t wait?")
        case _:
            return replace(problem, advice="I’ll message you when it’s decided.", ask=Whom.NOBODY)


def not_linked_yourself() -> Problem:
    """Say the same to an admin, who needs to ask nobody."""
    return replace(
        not_linked(),
        advice="You’re an admin, so connect yourself: `/callinfo link @you <uid>`",
        ask=Whom.NOBODY,
    )


def yours_to_fix(unknown_uid: Problem) -> Problem:
    """Say to an admin that their own link is to a UID that CometChat does not know."""
    return replace(
        unknown_uid,
        advice="You’re an admin, so fix your connection yourself: `/callinfo link @you <uid>`",
        ask=Whom.NOBODY,
    )


def not_linked_for_good() -> Problem:
    """Say the same to a person whom no admin can link from Slack: of another workspace, or a bot."""
    return replace(
        not_linked(),
        advice="Only members of this workspace can get access.",
        ask=Whom.NOBODY,
    )


def identity_unavailable() -> Problem:
    """Say that who the person is in CometChat can't be found out now."""
    return Problem(
        ProblemKind.IDENTITY_UNAVAILABLE,
        "I can’t check who you are in CometChat right now.",
        may_pass=True,
    )


def mentioned_unavailable() -> Problem:
    """Say that who a mentioned person is in CometChat can't be found out now."""
    return Problem(
        ProblemKind.IDENTITY_UNAVAILABLE,
        "I can’t check who that person is in CometChat right now.",
        "Try again in a minute, or use their name: `/callinfo recent with natasha`",
        may_pass=True,
    )


def mentioned_not_linked() -> Problem:
    """Say that a mentioned person has no CometChat user."""
    return Problem(
        ProblemKind.MENTIONED_NOT_LINKED,
        "That person isn’t connected to CometChat.",
        "Use their name or CometChat UID instead: `/callinfo recent with natasha`",
    )


def recent_not_understood() -> Problem:
    """Say that the text after `recent` makes no sense."""
    return Problem(
        ProblemKind.NOT_UNDERSTOOD,
        "I don’t understand what comes after “recent”.",
        "You can use `missed`, `audio` or `video`, and `today`, then `with` and a name. "
        "For example: `/callinfo recent missed video today with natasha`",
    )


def days_upside_down() -> Problem:
    """Say that the last day of a search is before the first."""
    return Problem(
        ProblemKind.NOT_UNDERSTOOD,
        "This day is before the first one.",
        "Choose a later day, or leave it empty.",
    )


def list_button_not_understood(how: str = "with `/callinfo recent`") -> Problem:
    """Say that a button of a list has a value of an earlier version, or a forged one; `how` to start again."""
    return Problem(ProblemKind.NOT_UNDERSTOOD, "This button no longer works.", f"Start again {how}.")


def arguments_not_understood(name: str, reason: str) -> Problem:
    """Say to a model what is wrong with that argument of a tool."""
    return Problem(
        ProblemKind.NOT_UNDERSTOOD,
        f"The argument {name} is invalid: {reason}.",
        "Correct it, and call the tool again.",
    )


def too_many_look_ups(limit: LimitReached) -> Problem:
    """Say that the person has made all the look-ups that the rate limit allows."""
    many = "1 look-up" if limit.amount == 1 else f"{limit.amount} look-ups"
    return Problem(
        ProblemKind.TOO_MANY_LOOK_UPS,
        f"You’ve reached your limit of {many} {_every(limit.seconds)}.",
        f"Try again in {_duration(limit.retry_after)}.",
        quiet=True,
        may_pass=True,
    )


def too_busy(error: TooBusyError) -> Problem:
    """Say that a concurrency limit is reached: the person's own, or the one for all."""
    return too_much_under_way() if error.own else busy()


def too_much_under_way() -> Problem:
    """Say that the person has as many look-ups in flight as one may have."""
    return Problem(
        ProblemKind.TOO_MUCH_UNDER_WAY,
        "I’m still looking up your other calls.",
        "Wait for those, then try again.",
        quiet=True,
        may_pass=True,
    )


def busy() -> Problem:
    """Say that there are as many look-ups in flight as there may be."""
    return Problem(
        ProblemKind.BUSY,
        "Too many people are looking up calls right now.",
        "Try again in a moment.",
        quiet=True,
        may_pass=True,
    )


def restarting() -> Problem:
    """Say that the bot is shutting down."""
    return Problem(ProblemKind.RESTARTING, "callinfo is restarting.", "Try again in a few seconds.")


def cut_short() -> Problem:
    """Say that the process ended before it had done what may not be done twice."""
    return Problem(
        ProblemKind.CUT_SHORT,
        "callinfo restarted before it finished.",
        "Check whether it worked. If not, try again.",
    )


def cut_short_while_answering() -> Problem:
    """Say that the process ended while it sent the answer, which may have arrived."""
    return Problem(
        ProblemKind.CUT_SHORT,
        "callinfo restarted while it was answering you.",
        "If there’s no answer above, try again.",
    )


def slack_refused(reason: str = "") -> Problem:
    """Say that Slack refused a message; `reason` is for the log."""
    return Problem(
        ProblemKind.SLACK_REFUSED,
        "Slack didn’t accept the message.",
        "Try again.",
        ask=Whom.REPORT,
        upstream_code=reason or None,
    )


def share_under_way() -> Problem:
    """Say that the same share is in progress, or was when its process died."""
    return Problem(
        ProblemKind.SHARE_UNDER_WAY,
        "This call is already being shared.",
        "If it isn’t in the channel in a minute, share it again.",
    )


def share_unconfirmed(reason: str) -> Problem:
    """Say that it is not known whether the call was shared: it is never shared again unasked."""
    return Problem(
        ProblemKind.SHARE_UNCONFIRMED,
        "Slack didn’t confirm that the call was shared.",
        "Check the channel. If it isn’t there, look the call up again and share it.",
        upstream_code=reason,
    )


def modal_refused(reason: str) -> Problem:
    """Say that Slack did not open a modal, mostly since it was asked later than 3 s after the press."""
    return Problem(
        ProblemKind.MODAL_REFUSED,
        "Slack couldn’t open the window.",
        "Press the button again.",
        upstream_code=reason,
    )


def crashed() -> Problem:
    """Say that we have a bug."""
    return Problem(
        ProblemKind.CRASHED,
        "Something went wrong in callinfo. It’s not your fault.",
        "Try again.",
        ask=Whom.REPORT,
    )


def from_cometchat(error: CallProblemError, *, hint: str | None = None) -> Problem:
    """Say how CometChat failed; `hint` is about the session id."""
    match error:
        case NoSuchCallError():
            return no_such_call(hint=hint, status=error.status, code=error.code)
        case MisconfiguredError():
            problem = _misconfigured(error.what)
        case RateLimitedError():
            problem = _rate_limited(error.retry_after)
        case _:
            problem = _COMETCHAT.get(type(error), _BAD_ANSWER)
    return replace(problem, hint=hint, upstream_status=error.status, upstream_code=error.code or str(error))


def other_app_hint(app: CallsApp, ours: CallsApp) -> str:
    """Return that a session id belongs to another CometChat app."""
    return (
        f"This id is from CometChat app {app.app_id} ({app.region}). "
        f"callinfo is connected to app {ours.app_id} ({ours.region})."
    )


def _misconfigured(what: Literal["key", "app", "base URL"]) -> Problem:
    setting = {"key": "API key", "app": "app id", "base URL": "address"}[what]
    return Problem(
        ProblemKind.MISCONFIGURED,
        f"callinfo isn’t set up correctly: CometChat rejects its {setting}.",
        "Only the person who runs callinfo can fix this.",
        ask=Whom.ADMIN,
    )


def _rate_limited(seconds: int | None) -> Problem:
    if not seconds:
        pause = "in a minute" if seconds is None else "in a moment"
    else:
        pause = f"in {_duration(seconds)}"
    return Problem(
        ProblemKind.RATE_LIMITED, "Too many requests to CometChat.", f"Try again {pause}.", may_pass=True
    )


def _every(seconds: int) -> str:
    """Return "a minute", "every 10 seconds"."""
    size, unit = next(each for each in _UNITS if seconds % each[0] == 0)
    many = seconds // size
    return f"{'an' if unit == 'hour' else 'a'} {unit}" if many == 1 else f"every {many} {unit}s"


def _duration(seconds: int) -> str:
    """Return a duration as exactly as people count, rounded up."""
    if seconds <= _SECONDS_PEOPLE_COUNT:
        return f"{seconds} s"
    size, unit = next(each for each in _UNITS if seconds > 2 * each[0])
    return f"about {math.ceil(seconds / size)} {unit}s"


_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_SECONDS_PEOPLE_COUNT = 120
_BAD_ANSWER = Problem(
    ProblemKind.BAD_ANSWER,
    "CometChat sent an answer that callinfo doesn’t understand.",
    ask=Whom.REPORT,
    may_pass=True,
)
_COMETCHAT: dict[type[CallProblemError], Problem] = {
    UnknownUidError: Problem(
        ProblemKind.UNKNOWN_UID,
        "CometChat doesn’t know the user you’re connected to, or has deactivated it.",
        "An admin needs to fix your connection.",
        ask=Whom.ADMIN,
    ),
    PlanRestrictedError: Problem(
        ProblemKind.PLAN_RESTRICTED,
        "This CometChat plan doesn’t include call details, or has expired.",
        "Only the person who pays for CometChat can change this.",
        ask=Whom.ADMIN,
    ),
    NoAnswerInTimeError: Problem(
        ProblemKind.NO_ANSWER_IN_TIME, "CometChat took too long to answer.", may_pass=True
    ),
    UnavailableError: Problem(
        ProblemKind.COMETCHAT_IN_TROUBLE, "CometChat isn’t responding right now.", may_pass=True
    ),
    BadAnswerError: _BAD_ANSWER,
}
