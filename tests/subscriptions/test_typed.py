"""What a text after `/callinfo subscribe` asks for (pure)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.filters import LONGEST_NAME
from bot.calls.problems import Problem
from bot.cometchat import Uid
from bot.subscriptions.subscription import Wanted
from bot.subscriptions.typed import LONGEST_SECONDS, TypedSubscription, parse_typed

BOTH = Wanted(missed=True, ended=True)
MISSED, ENDED = Wanted(missed=True, ended=False), Wanted(missed=False, ended=True)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("missed", TypedSubscription(MISSED)),
        ("Ended HERE", TypedSubscription(ENDED, here=True)),
        ("here ended", TypedSubscription(ENDED, here=True)),
        ("missed ended", TypedSubscription(BOTH)),
        ("here", TypedSubscription(BOTH, here=True)),
        ("audio video missed", TypedSubscription(MISSED)),
        ("longer 10m", TypedSubscription(replace(ENDED, longer_seconds=600))),
        (
            "ended longer than 90 seconds",
            TypedSubscription(replace(ENDED, longer_seconds=90)),
        ),
        ("ended longer 2h", TypedSubscription(replace(ENDED, longer_seconds=7_200))),
        ("ended longer 5", TypedSubscription(replace(ENDED, longer_seconds=300))),
        (
            "ended longer 5 here",
            TypedSubscription(replace(ENDED, longer_seconds=300), here=True),
        ),
        ("missed as Support-Desk here", TypedSubscription(MISSED, here=True, uid=Uid("support-desk"))),
        (
            "ended video longer 10m with natasha here",
            TypedSubscription(
                replace(ENDED, kind="video", longer_seconds=600, with_whom="natasha"), here=True
            ),
        ),
        (
            "with Natasha Romanoff longer 1 min audio ended as superhero2",
            TypedSubscription(
                replace(ENDED, kind="audio", longer_seconds=60, with_whom="Natasha Romanoff"),
                uid=Uid("superhero2"),
            ),
        ),
        (
            "missed with “Natasha R” here",
            TypedSubscription(replace(MISSED, with_whom="Natasha R"), here=True),
        ),
        ("missed with Video Team", TypedSubscription(replace(MISSED, with_whom="Video Team"))),
        ("missed with with you", TypedSubscription(replace(MISSED, with_whom="with you"))),
        ("with <@U012AB3CD|tony> missed", TypedSubscription(replace(MISSED, with_whom="<@U012AB3CD>"))),
    ],
)
def test_words_in_any_order_ask_for_one_thing(text: str, asked: TypedSubscription) -> None:
    assert parse_typed(text) == asked


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mised", "“mised”"),
        ("missed today", "“today”"),
        ("missed natasha", "“natasha”"),
        ("missed " + "x" * 50, "“" + "x" * 40 + "…”"),
        ("ended with natasha here now", "“now”"),
        ("with <@U012AB3CD|tony> stark", "“stark”"),
        ("longer", "I need a length"),
        ("longer than", "I need a length"),
        ("longer soon", "I need a length"),
        ("longer 0m", "I need a length"),
        ("longer 25h", "I need a length"),
        ("ended with natasha longer 10x", "I need a length"),
        ("missed longer 10m", "Missed calls have no length."),
        ("as", "I need a CometChat UID"),
        ("as <@U012AB3CD|tony>", "I need a CometChat UID"),
        ("missed as a@b", "I need a CometChat UID"),
        ("with", "I need a name"),
        ("with here", "I need a name"),
        ("with “”", "I need a name"),
        ("with " + "x" * 81, "I need a name"),
        ("with tony <@U012AB3CD|tony>", "I need a name"),
        ("with <#C012AB3CD|support>", "I need a name"),
        ("with @tony", "recognize that name as a mention"),
    ],
)
def test_what_is_not_understood_is_named(text: str, words: str) -> None:
    asked = parse_typed(text)
    assert isinstance(asked, Problem)
    assert words in asked.happened


@given(st.text() | st.from_regex(r"((missed|ended|video|longer|10m|here|as|with|<@U012AB3CD>|\w+) ?)*"))
def test_no_text_breaks_it(text: str) -> None:
    asked = parse_typed(text)
    if isinstance(asked, TypedSubscription):
        assert asked.wanted.missed or asked.wanted.ended
        assert 0 <= asked.wanted.longer_seconds <= LONGEST_SECONDS
        assert len(asked.wanted.with_whom) <= LONGEST_NAME
