import pytest

from bot.calls import problems
from bot.calls.problems import Problem, ProblemKind, Whom
from bot.cometchat import (
    BadAnswerError,
    CallProblemError,
    MisconfiguredError,
    NoAnswerInTimeError,
    NoSuchCallError,
    PlanRestrictedError,
    RateLimitedError,
    Uid,
    UnavailableError,
    UnknownUidError,
)
from bot.links import problems as link_problems
from bot.subscriptions import problems as subscription_problems
from bot.throttling.rate_limiter import LimitReached


def everything() -> list[Problem]:
    errors: list[CallProblemError] = [
        NoSuchCallError(),
        UnknownUidError(),
        MisconfiguredError("key"),
        RateLimitedError(5),
        PlanRestrictedError(),
        UnavailableError(),
        NoAnswerInTimeError(),
        BadAnswerError(),
    ]
    own = [problems.not_a_session_id("it is empty"), problems.not_linked(), problems.identity_unavailable()]
    slack = [
        problems.slack_refused(),
        problems.share_unconfirmed("x"),
        problems.share_under_way(),
        problems.modal_refused("expired_trigger_id"),
    ]
    cut_short = [problems.cut_short(), problems.cut_short_while_answering()]
    flood = [
        problems.too_many_look_ups(LimitReached(30, 60, 17)),
        problems.too_much_under_way(),
        problems.busy(),
    ]
    lists = [
        problems.mentioned_unavailable(),
        problems.mentioned_not_linked(),
        problems.recent_not_understood(),
        problems.days_upside_down(),
        problems.list_button_not_understood(),
    ]
    ours = [*lists, *own, *slack, *flood, problems.restarting(), *cut_short, problems.crashed()]
    return [*(problems.from_cometchat(error) for error in errors), *ours, *about_links(), *about_others()]


def about_links() -> list[Problem]:
    return [
        link_problems.NOT_AN_ADMIN,
        link_problems.ADMIN_UNKNOWN,
        link_problems.LINKS_UNAVAILABLE,
        problems.call_gone(status=200),
        link_problems.BUTTON_NOT_UNDERSTOOD,
        link_problems.LINK_NOT_UNDERSTOOD,
        link_problems.UNLINK_NOT_UNDERSTOOD,
        link_problems.LINKS_NOT_UNDERSTOOD,
        link_problems.not_a_mention(),
        link_problems.NOT_A_UID,
        link_problems.no_such_uid(Uid("superhero9")),
        link_problems.NOBODY_OF_THAT_ID,
        link_problems.OF_ANOTHER_WORKSPACE,
        link_problems.A_BOT,
        link_problems.deactivated(had_a_link=True),
        link_problems.deactivated(had_a_link=False),
        link_problems.nothing_to_unlink("U0ROBIN"),
        link_problems.ALREADY_ASKED,
        link_problems.JUST_DECLINED,
        link_problems.NOBODY_TO_ASK,
        link_problems.ALREADY_SETTLED,
    ]


def about_others() -> list[Problem]:
    return [
        problems.no_transcript(expected=True, over=True),
        problems.no_transcript(expected=False, over=True),
        problems.no_transcript(expected=False, over=False),
        problems.not_there(),
        subscription_problems.UNAVAILABLE,
        subscription_problems.NO_SUCH_SUBSCRIPTION,
        subscription_problems.TOO_MANY,
        subscription_problems.NOTHING_WANTED,
        subscription_problems.NOT_IN_CHANNEL,
        subscription_problems.YOU_NOT_IN_CHANNEL,
    ]


def test_every_kind_of_problem_has_words_of_its_own() -> None:
    kinds = {problem.kind for problem in everything()}
    assert kinds == set(ProblemKind) - {ProblemKind.TRANSCRIPT_UNREADABLE}  # which has the link instead
    assert len({f"{problem.happened} {problem.advice}" for problem in everything()}) == len(everything())


@pytest.mark.parametrize("problem", everything(), ids=lambda problem: problem.kind)
def test_the_words_are_sentences_that_say_what_happened_and_what_to_do(problem: Problem) -> None:
    happened = f"{problem.happened}…" if problem.whom else problem.happened
    for sentence in (happened, problem.advice):
        says_how = sentence.endswith("`") or ": /callinfo " in sentence  # a command ends without
        assert not sentence or sentence.endswith((".", "?", "…")) or says_how
        assert "'" not in sentence, "people read typographic apostrophes"
    assert len(problem.happened) <= 160


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "in a minute"),
        (0, "in a moment"),
        (1, "in 1 s"),
        (120, "in 120 s"),
        (121, "in about 3 minutes"),
    ],
)
def test_the_pause_is_told_as_people_count(seconds: int | None, words: str) -> None:
    assert words in problems.from_cometchat(RateLimitedError(seconds)).advice


@pytest.mark.parametrize(
    ("reached", "limit", "pause"),
    [
        (LimitReached(30, 60, 17), "30 look-ups a minute.", "in 17 s."),
        (LimitReached(1, 3_600, 3_599), "1 look-up an hour.", "in about 60 minutes."),
        (LimitReached(500, 86_400, 7_201), "500 look-ups a day.", "in about 3 hours."),
        (LimitReached(5, 10, 120), "5 look-ups every 10 seconds.", "in 120 s."),
        (LimitReached(9, 2_592_000, 172_801), "9 look-ups every 30 days.", "in about 3 days."),
    ],
)
def test_a_limit_is_named_and_so_is_when_to_try_again(reached: LimitReached, limit: str, pause: str) -> None:
    problem = problems.too_many_look_ups(reached)
    assert limit in problem.happened
    assert problem.advice == f"Try again {pause}"


@pytest.mark.parametrize(("what", "word"), [("key", "API key"), ("app", "app id"), ("base URL", "address")])
def test_what_is_misconfigured_is_named(what: str, word: str) -> None:
    problem = problems.from_cometchat(MisconfiguredError(what))  # type: ignore[arg-type] # one of the three
    assert word in problem.happened
    assert problem.ask is Whom.ADMIN


def test_an_error_of_a_kind_unknown_to_this_module_still_has_words() -> None:
    class NewError(CallProblemError):
        pass

    assert problems.from_cometchat(NewError(status=418)).kind is ProblemKind.BAD_ANSWER


def test_the_log_gets_the_status_and_the_code_or_the_reason() -> None:
    by_code = problems.from_cometchat(UnavailableError(status=500, code="ERR_EXCEPTION"))
    by_reason = problems.from_cometchat(UnavailableError("ClientConnectorError"))
    assert (by_code.upstream_status, by_code.upstream_code) == (500, "ERR_EXCEPTION")
    assert (by_reason.upstream_status, by_reason.upstream_code) == (None, "ClientConnectorError")
