"""Everything that can go wrong with calls, and the words for it: what happened, what to do.

"No such call" has one wording for every reason, so that nobody can probe for calls. No wording repeats CometChat's own,
which may echo parts of the key. The words about links are in links/problems.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

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
    """Whom a person should ask, if trying again is not enough."""

    NOBODY = "nobody"
    ADMIN = "admin"


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


@dataclass(frozen=True, slots=True)
class Problem:
    """What a person reads instead of a call: two sentences, and sometimes a `hint`.

    In the `advice`, backticks mark what a person may type. `uid`: on whose behalf CometChat was asked, for the audit only.
    `quiet`: there may be thousands of it, so it is counted (throttling/refusals.py) but neither logged nor audited, and has
    no reference. `asked`: the last request of a person who is not linked.
    """

    kind: ProblemKind
    happened: str
    advice: str
    ask: Whom = Whom.NOBODY
    hint: str | None = None
    upstream_status: int | None = None
    upstream_code: str | None = None
    uid: Uid | None = None
    quiet: bool = False
    asked: LastRequest | None = None


def no_such_call(*, hint: str | None, status: int | None = None, code: str | None = None) -> Problem:
    """There is no such call, or it is not theirs: the same words."""
    return Problem(
        ProblemKind.NO_SUCH_CALL,
        "There is no call with this session id that you took part in.",
        "Check the id, and that it is a call you were in or were invited to.",
        hint=hint,
        upstream_status=status,
        upstream_code=code,
    )


def call_gone(*, status: int) -> Problem:
    """Say that the call that was chosen is not in its session any more."""
    return Problem(
        ProblemKind.CALL_GONE,
        "The call that you chose is not among your calls of its session any more.",
        "Look at your calls anew, and choose again.",
        upstream_status=status,
    )


def no_transcript(*, expected: bool, over: bool) -> Problem:
    """Say that there is no transcript; `expected`: CometChat says that there is one."""
    if expected:
        advice = "CometChat may still be writing it. Try again in a few minutes."
    elif not over:
        advice = "CometChat writes it when the call is over, if transcription was started in the call."
    else:
        advice = "Transcription has to be on in your CometChat app, and started in the call."
    return Problem(ProblemKind.NO_TRANSCRIPT, "There is no transcript of this call.", advice)


def not_there() -> Problem:
    """Say that a transcript is for those who were in the call."""
    return Problem(
        ProblemKind.NOT_THERE,
        "A transcript is only for the people who were in the call.",
        "CometChat’s record of this call says that you did not join it. Ask somebody who did.",
    )


def not_a_session_id(reason: str) -> Problem:
    """Say that what was typed can't be a session id."""
    return Problem(
        ProblemKind.NOT_A_SESSION_ID,
        f"That can’t be a session id: {reason}.",
        "Copy the whole id from CometChat, for example v1.eu.2574867aa2e6e417.1715845999…, and try again.",
    )


def not_linked(asked: LastRequest | None = None) -> Problem:
    """Say that the person has no CometChat user; `asked` is their last request for one."""
    problem = Problem(
        ProblemKind.NOT_LINKED,
        "You are not linked to a CometChat user yet, so there are no calls to show you.",
        "An admin of callinfo has to link you first.",
        ask=Whom.ADMIN,
        asked=asked,
    )
    if asked is None:
        return problem
    match asked.if_repeated:
        case RequestResult.RECORDED:
            return replace(problem, advice="Nobody has answered yet. You can ask again.")
        case RequestResult.DECLINED:
            advice = "callinfo takes a new request an hour after that. Ask them yourself if it can’t wait."
            return replace(problem, advice=advice)
        case _:
            told = "An admin has been told, and" if asked.delivered else "An admin is being told;"
            advice = f"{told} callinfo will write to you as soon as one has decided."
            return replace(problem, advice=advice, ask=Whom.NOBODY)


def not_linked_yourself() -> Problem:
    """Say the same to an admin, who needs to ask nobody."""
    return replace(
        not_linked(),
        advice="You are an admin of callinfo, so link yourself: /callinfo link @you <uid>",
        ask=Whom.NOBODY,
    )


def not_linked_for_good() -> Problem:
    """Say the same to a person whom no admin can link from Slack: of another workspace, or a bot."""
    return replace(
        not_linked(),
        advice="Only members of this workspace can be linked from Slack.",
        ask=Whom.NOBODY,
    )


def identity_unavailable() -> Problem:
    """Say that who the person is in CometChat can't be found out now."""
    return Problem(
        ProblemKind.IDENTITY_UNAVAILABLE,
        "callinfo can’t find out right now which CometChat user you are.",
        "Try again in a minute.",
    )


def mentioned_unavailable() -> Problem:
    """Say that who a mentioned person is in CometChat can't be found out now."""
    return Problem(
        ProblemKind.IDENTITY_UNAVAILABLE,
        "callinfo can’t find out right now which CometChat user that person is.",
        "Try again in a minute, or give their name: `/callinfo recent with natasha`.",
    )


def mentioned_not_linked() -> Problem:
    """Say that a mentioned person has no CometChat user."""
    return Problem(
        ProblemKind.MENTIONED_NOT_LINKED,
        "The person you mention is not linked to a CometChat user, so callinfo can’t tell which calls were with them.",
        "Give their name or their CometChat UID instead: `/callinfo recent with natasha`.",
    )


def recent_not_understood() -> Problem:
    """Say that the text after `recent` makes no sense."""
    return Problem(
        ProblemKind.NOT_UNDERSTOOD,
        "callinfo doesn’t understand what you wrote after “recent”.",
        "Narrow the list by any of `missed`, `audio` or `video`, and `today`; a name comes last, after `with`. For example: "
        "`/callinfo recent missed video today with natasha`.",
    )


def days_upside_down() -> Problem:
    """Say that the last day of a search is before the first."""
    return Problem(
        ProblemKind.NOT_UNDERSTOOD,
        "That day lies before the first one.",
        "Choose a later day, or leave it open.",
    )


def list_button_not_understood(how: str = "with /callinfo recent") -> Problem:
    """Say that a button of a list has a value of an earlier version, or a forged one; `how` to start again."""
    return Problem(
        ProblemKind.NOT_UNDERSTOOD,
        "callinfo doesn’t understand what that button of the list stands for.",
        f"Begin anew {how}.",
    )


def arguments_not_understood(name: str, reason: str) -> Problem:
    """Say to a model what is wrong with that argument of a tool."""
    return Problem(
        ProblemKind.NOT_UNDERSTOOD,
        f"The argument {name} is not as this tool takes it: {reason}.",
        "Correct it, and call the tool again.",
    )


def too_many_look_ups(limit: LimitReached) -> Problem:
    """Say that the person has made all the look-ups that the rate limit allows."""
    many = "1 look-up" if limit.amount == 1 else f"{limit.amount} look-ups"
    return Problem(
        ProblemKind.TOO_MANY_LOOK_UPS,
        f"You have reached callinfo’s limit of {many} {_every(limit.seconds)} for each person.",
        f"Try again in {_duration(limit.retry_after)}.",
        quiet=True,
    )


def too_busy(error: TooBusyError) -> Problem:
    """Say that a concurrency limit is reached: the person's own, or the one for all."""
    return too_much_under_way() if error.own else busy()


def too_much_under_way() -> Problem:
    """Say that the person has as many look-ups in flight as one may have."""
    return Problem(
        ProblemKind.TOO_MUCH_UNDER_WAY,
        "callinfo is still looking up the other calls that you have asked for.",
        "Wait for their answers, then try again.",
        quiet=True,
    )


def busy() -> Problem:
    """Say that there are as many look-ups in flight as there may be."""
    return Problem(
        ProblemKind.BUSY,
        "callinfo is busy: very many calls are being looked up right now.",
        "Try again in a moment.",
        quiet=True,
    )


def restarting() -> Problem:
    """Say that the bot is shutting down."""
    return Problem(
        ProblemKind.RESTARTING, "callinfo is just restarting.", "Send the same again in a few seconds."
    )


def cut_short() -> Problem:
    """Say that the process ended before it had done what may not be done twice."""
    return Problem(
        ProblemKind.CUT_SHORT,
        "callinfo was restarted before it was done.",
        "Look whether it was done all the same; if not, do it again.",
    )


def cut_short_while_answering() -> Problem:
    """Say that the process ended while it sent the answer, which may have arrived."""
    return Problem(
        ProblemKind.CUT_SHORT,
        "callinfo was restarted while it was answering you.",
        "If you don’t see the answer above, do the same again.",
    )


def slack_refused(reason: str = "") -> Problem:
    """Say that Slack refused a message; `reason` is for the log."""
    return Problem(
        ProblemKind.SLACK_REFUSED,
        "Slack didn’t take callinfo’s message.",
        "Do the same again; if it stays like this, pass on the reference below.",
        ask=Whom.ADMIN,
        upstream_code=reason or None,
    )


def share_under_way() -> Problem:
    """Say that the same share is in progress, or was when its process died."""
    return Problem(
        ProblemKind.SHARE_UNDER_WAY,
        "This call is being shared already.",
        "If it isn’t in the channel in a minute, press Share again.",
    )


def share_unconfirmed(reason: str) -> Problem:
    """Say that it is not known whether the call was shared: it is never shared again unasked."""
    return Problem(
        ProblemKind.SHARE_UNCONFIRMED,
        "Slack didn’t confirm that the call was shared.",
        "Look in the channel first; if it isn’t there, ask for the call again and share that.",
        upstream_code=reason,
    )


def modal_refused(reason: str) -> Problem:
    """Say that Slack did not open a modal, mostly since it was asked later than 3 s after the press."""
    return Problem(
        ProblemKind.MODAL_REFUSED,
        "Slack didn’t let callinfo open its window.",
        "Press the same again.",
        upstream_code=reason,
    )


def crashed() -> Problem:
    """Say that we have a bug."""
    return Problem(
        ProblemKind.CRASHED,
        "Something went wrong inside callinfo. It is not your fault.",
        "Try again; if it happens once more, pass on the reference below.",
        ask=Whom.ADMIN,
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
        f"This id belongs to CometChat app {app.app_id} in region {app.region}; "
        f"callinfo is connected to app {ours.app_id} in region {ours.region}."
    )


def _misconfigured(what: Literal["key", "app", "base URL"]) -> Problem:
    setting = {"key": "API key", "app": "app id", "base URL": "address"}[what]
    return Problem(
        ProblemKind.MISCONFIGURED,
        f"callinfo isn’t set up correctly: CometChat doesn’t accept its {setting}.",
        "Only whoever runs callinfo can mend this.",
        ask=Whom.ADMIN,
    )


def _rate_limited(seconds: int | None) -> Problem:
    if not seconds:
        pause = "in a minute" if seconds is None else "in a moment"
    else:
        pause = f"in {_duration(seconds)}"
    return Problem(
        ProblemKind.RATE_LIMITED,
        "CometChat has had too many requests from this app and asks for a pause.",
        f"Try again {pause}.",
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
    "CometChat gave an answer that callinfo doesn’t understand.",
    "Try again; if it stays like this, pass on the reference below.",
    ask=Whom.ADMIN,
)
_COMETCHAT: dict[type[CallProblemError], Problem] = {
    UnknownUidError: Problem(
        ProblemKind.UNKNOWN_UID,
        "CometChat doesn’t know the user that you are linked to, or has deactivated it.",
        "An admin of callinfo has to mend your link.",
        ask=Whom.ADMIN,
    ),
    PlanRestrictedError: Problem(
        ProblemKind.PLAN_RESTRICTED,
        "The plan of this CometChat app doesn’t include call details, or has run out.",
        "Only whoever pays for CometChat can change this.",
        ask=Whom.ADMIN,
    ),
    NoAnswerInTimeError: Problem(
        ProblemKind.NO_ANSWER_IN_TIME,
        "CometChat didn’t answer in time.",
        "Try again in a moment.",
    ),
    UnavailableError: Problem(
        ProblemKind.COMETCHAT_IN_TROUBLE,
        "CometChat is in trouble right now, or can’t be reached.",
        "Try again in a minute.",
    ),
    BadAnswerError: _BAD_ANSWER,
}
