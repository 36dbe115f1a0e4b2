"""Problems as messages, modals and sentences."""

from typing import Any

import pytest

from bot.calls.problems import crashed, no_such_call, not_linked, recent_not_understood
from bot.cards.kit.limits import violations
from bot.cards.kit.lines import as_text
from bot.cards.problem import Contacts, problem_card, problem_modal, problem_sentence, whom_to_ask
from bot.identity.requests import LastRequest, RequestResult
from tests.cards.hostile import assert_known_to_the_sdk, assert_sound


def test_a_problem_says_what_happened_what_to_do_and_its_reference() -> None:
    card = problem_card(no_such_call(hint="A hint."), "REF12345", Contacts())
    assert_sound(card)
    for words in ("no call with this session id", "Check the id", "A hint.", "REF12345"):
        assert words in card.text
        assert words in str(card.blocks)


@pytest.mark.parametrize(
    ("contacts", "words"),
    [
        (Contacts(), "Ask whoever set up callinfo"),
        (Contacts(admins=["U1"]), "Ask <@U1>."),
        (Contacts(admins=["U1", "U2"], support="#help"), "Ask <@U1>, <@U2>, or turn to #\u2060help."),
        (Contacts(support="help@example.com"), "Turn to help@\u2060example.com."),
    ],
)
def test_who_can_t_go_on_alone_is_told_whom_to_ask(contacts: Contacts, words: str) -> None:
    assert words in problem_card(not_linked(), "REF12345", contacts).text
    assert words in problem_card(crashed(), "REF12345", contacts).text


@pytest.mark.parametrize(
    ("contacts", "words"),
    [
        (Contacts(), "You are an admin of callinfo: others ask you."),
        (Contacts(admins=["U1"]), "You are an admin of callinfo: others ask you."),
        (Contacts(admins=["U1", "U2"]), "Ask <@U2>."),
        (Contacts(admins=["U1"], support="#help"), "Turn to #\u2060help."),
    ],
)
def test_an_admin_is_not_sent_to_themself(contacts: Contacts, words: str) -> None:
    assert as_text(whom_to_ask(contacts, "U1")) == words


@pytest.mark.parametrize("problem", [not_linked(), no_such_call(hint="A hint.")])
def test_a_problem_reads_the_same_in_a_modal(problem: Any) -> None:
    contacts = Contacts(admins=["U0ALEX"])
    view = problem_modal(problem, "REF12345", contacts)
    assert violations(view, "modal") == []
    for words in (problem.happened, problem.advice, "REF12345"):
        assert words in str(view)
        assert words in problem_card(problem, "REF12345", contacts).text


@pytest.mark.parametrize(
    ("delivered", "repeated", "words", "offered"),
    [
        (
            True,
            RequestResult.OPEN,
            "You asked to be linked <!date^1^{at}.\nAn admin has been told, and",
            False,
        ),
        (False, RequestResult.OPEN, "You asked to be linked <!date^1^{at}.\nAn admin is being told;", False),
        (
            True,
            RequestResult.RECORDED,
            "You asked to be linked <!date^1^{at}.\nNobody has answered yet.",
            True,
        ),
        (True, RequestResult.DECLINED, "declined your request <!date^1^{at}.\ncallinfo takes a new", False),
    ],
)
def test_who_is_not_linked_reads_what_has_become_of_their_request(
    *, delivered: bool, repeated: RequestResult, words: str, offered: bool
) -> None:
    problem = not_linked(LastRequest(1, delivered=delivered, if_repeated=repeated))
    card = problem_card(problem, "REF12345", Contacts(admins=["U0ALEX"]))
    at = "{date_short_pretty} at {time}|Jan 1, 1970 at 00:00 UTC>"
    assert words.replace("{at}", at) in card.text
    assert ("ask_admin" in str(card.blocks)) is offered
    assert_known_to_the_sdk(card.blocks)
    view = problem_modal(problem, "REF12345", Contacts())
    assert violations(view, "modal") == []
    assert ("ask_admin" in str(view)) is offered


def test_a_problem_beside_an_input_says_whom_to_ask_and_the_hint() -> None:
    assert problem_sentence(not_linked(), "REF12345", Contacts()).endswith(
        "Ask an admin of callinfo. Reference: REF12345"
    )
    sentence = problem_sentence(
        no_such_call(hint="A hint."), "REF12345", Contacts(support="help@example.com")
    )
    assert "A hint. Reference" in sentence
    assert "Turn to help@example.com." in problem_sentence(
        not_linked(), "R", Contacts(support="help@example.com")
    )


def test_what_a_person_may_type_is_code_where_it_can_be_and_plain_where_not() -> None:
    problem, typed = recent_not_understood(), "/callinfo recent missed video today with natasha"
    card = problem_card(problem, "REF12345", Contacts())
    assert f"'text': '{typed}', 'style': {{'code': True}}" in str(card.blocks)
    for plain in (card.text, problem_sentence(problem, "REF12345", Contacts())):
        assert typed in plain
        assert "`" not in plain
