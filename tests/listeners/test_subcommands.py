"""What a text after the command asks for (pure)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.cursor import PageRequest
from bot.calls.filters import MISSED, CallFilter
from bot.calls.problems import Problem, ProblemKind
from bot.listeners.subcommands import (
    ListCalls,
    ListLinks,
    ListSubscriptions,
    LookUp,
    MakeLink,
    NotUnderstood,
    OpenSubscribeForm,
    RemoveLink,
    Subcommand,
    Subscribe,
    Unsubscribe,
    Usage,
    WhoAmI,
    parse_subcommand,
)
from bot.subscriptions.subscription import Wanted
from bot.subscriptions.typed import TypedSubscription


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", ListCalls(CallFilter())),
        ("help", Usage()),
        ("help me", Usage()),
        ("recent", ListCalls(CallFilter())),
        ("  Recent ", ListCalls(CallFilter())),
        ("recent missed", ListCalls(CallFilter(ended=MISSED))),
        ("recent today VIDEO missed", ListCalls(CallFilter("video", MISSED, today=True))),
        ("recent audio", ListCalls(CallFilter("audio"))),
        ("recent with natasha", ListCalls(CallFilter(with_whom="natasha"))),
        ("recent With Natasha Romanoff", ListCalls(CallFilter(with_whom="Natasha Romanoff"))),
        (
            "recent with superhero2 missed today",
            ListCalls(CallFilter(None, MISSED, "superhero2", today=True)),
        ),
        ("recent today with with you", ListCalls(CallFilter(with_whom="with you", today=True))),
        (
            "recent video with <@U012AB3CD|tony stark> missed",
            ListCalls(CallFilter("video", MISSED, "<@U012AB3CD>")),
        ),
        ("recently", LookUp("recently", "recent")),  # type: ignore[arg-type] # a session id
        ("two words", NotUnderstood("two words")),
        ("whoami", WhoAmI()),
        ("  WhoAmI ", WhoAmI()),
        ("whoami <@U012AB3CD|tony>", NotUnderstood("whoami <@U012AB3CD|tony>", "whoami")),
        ("recnt  video", NotUnderstood("recnt  video", "recent video")),
        ("link <@U012AB3CD|tony> superhero1", MakeLink("U012AB3CD", "superhero1")),
        ("LINK  <@W012AB3CD>   SuperHero1 ", MakeLink("W012AB3CD", "SuperHero1")),
        ("link <@U012AB3CD|tony stark>\u00a0superhero1", MakeLink("U012AB3CD", "superhero1")),
        ("unlink <@U012AB3CD|tony>", RemoveLink("U012AB3CD")),
        ("links", ListLinks("")),
        ("links super", ListLinks("super")),
        ("links <@U012AB3CD|tony>", ListLinks("U012AB3CD")),
        ("recent with “superhero2”", ListCalls(CallFilter(with_whom="superhero2"))),
        *(
            (f"recent with {name}", ListCalls(CallFilter(with_whom=name)))
            for name in (
                "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f Team",
                "\u0d23\u0d4d\u200d",
            )
        ),
        ("recent with na\0ta\ud800sha\x0bR", ListCalls(CallFilter(with_whom="natasha R"))),
        ("links su\0per", ListLinks("super")),
        ("recent with «Natasha R» today", ListCalls(CallFilter(with_whom="Natasha R", today=True))),
        ('recent with "o\'brien"', ListCalls(CallFilter(with_whom="o'brien"))),
        ("subscribe", OpenSubscribeForm()),
        ("Subscribe missed here", Subscribe(TypedSubscription(Wanted(missed=True, ended=False), here=True))),
        ("unsubscribe", Unsubscribe(here=False)),
        ("unsubscribe HERE", Unsubscribe(here=True)),
        ("subscriptions", ListSubscriptions()),
        ("linked", LookUp("linked", "link")),  # type: ignore[arg-type] # a session id
        ("standup", LookUp("standup")),  # type: ignore[arg-type] # a session id
    ],
)
def test_a_text_asks_for_one_thing(text: str, asked: Subcommand) -> None:
    assert parse_subcommand(text) == asked


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("link", ProblemKind.NOT_UNDERSTOOD),
        ("link <@U012AB3CD|tony>", ProblemKind.NOT_UNDERSTOOD),
        ("link superhero1 <@U012AB3CD|tony>", ProblemKind.NOT_UNDERSTOOD),
        ("link <@U012AB3CD|tony> superhero1 superhero2", ProblemKind.NOT_UNDERSTOOD),
        ("link <@U012AB3CD|tony> <@U045EF6GH|steve> superhero1", ProblemKind.NOT_UNDERSTOOD),
        ("link @tony superhero1", ProblemKind.NOT_A_MENTION),
        ("unlink", ProblemKind.NOT_UNDERSTOOD),
        ("unlink tony", ProblemKind.NOT_UNDERSTOOD),
        ("unlink @tony", ProblemKind.NOT_A_MENTION),
        ("unlink <#C012AB3CD|support>", ProblemKind.NOT_UNDERSTOOD),
        ("links a b", ProblemKind.NOT_UNDERSTOOD),
        ("links " + "a" * 101, ProblemKind.NOT_UNDERSTOOD),
        ("subscribe mised", ProblemKind.NOT_UNDERSTOOD),
        ("subscribe as a@b", ProblemKind.NOT_A_UID),
        ("unsubscribe all", ProblemKind.NOT_UNDERSTOOD),
        ("subscriptions here", ProblemKind.NOT_UNDERSTOOD),
        ("recent with @steve", ProblemKind.NOT_A_MENTION),
        ("recent with “@steve rogers” today", ProblemKind.NOT_A_MENTION),
        ("recent calls", ProblemKind.NOT_UNDERSTOOD),
        ("recent natasha", ProblemKind.NOT_UNDERSTOOD),
        ("recent with", ProblemKind.NOT_UNDERSTOOD),
        ("recent with “”", ProblemKind.NOT_UNDERSTOOD),
        ("recent with missed", ProblemKind.NOT_UNDERSTOOD),
        ("recent audio video", ProblemKind.NOT_UNDERSTOOD),
        ("recent <@U012AB3CD|tony>", ProblemKind.NOT_UNDERSTOOD),
        ("recent with <@U012AB3CD|tony> <@U045EF6GH|steve>", ProblemKind.NOT_UNDERSTOOD),
        ("recent with <@U012AB3CD|tony> stark", ProblemKind.NOT_UNDERSTOOD),
        ("recent with <#C012AB3CD|support>", ProblemKind.NOT_UNDERSTOOD),
        ("recent with " + "a" * 81, ProblemKind.NOT_UNDERSTOOD),
        ("<@U012AB3CD|tony>", ProblemKind.NOT_A_SESSION_ID),
        ("a/b", ProblemKind.NOT_A_SESSION_ID),
    ],
)
def test_what_is_not_understood_gets_a_clear_answer(text: str, kind: ProblemKind) -> None:
    asked = parse_subcommand(text)
    assert isinstance(asked, Problem)
    assert asked.kind is kind


@given(st.text() | st.from_regex(r"(link|unlink|links|whoami|recent|subscribe|unsubscribe) .*"))
def test_no_text_breaks_it(text: str) -> None:
    assert isinstance(parse_subcommand(text), Subcommand | Problem)


@given(st.text(st.characters(categories=["Cc", "Cs", "Cf", "L"])))
def test_nothing_that_is_sought_or_looked_for_is_beyond_what_a_database_keeps(text: str) -> None:
    sought, links = parse_subcommand(f"recent with {text}"), parse_subcommand(f"links {text}")
    kept = (sought.filter.with_whom if isinstance(sought, ListCalls) else "") + (
        links.prefix if isinstance(links, ListLinks) else ""
    )
    assert b"\0" not in kept.encode()


@given(st.from_regex(r"recent( (missed|video|today|with|\S+))*") | st.text().map("recent with {}".format))
def test_whatever_is_sought_can_be_asked_for_again(text: str) -> None:
    asked = parse_subcommand(text)
    if isinstance(asked, ListCalls):
        assert PageRequest.from_text(PageRequest(asked.filter).to_text()) == PageRequest(asked.filter)
