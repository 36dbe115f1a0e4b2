"""Problems as messages, modals and sentences."""

import pytest

from bot.calls.call_ref import CallRef, TranscriptRef
from bot.calls.cursor import PageRequest
from bot.calls.problems import (
    Problem,
    crashed,
    did_you_mean,
    from_cometchat,
    identity_unavailable,
    no_such_call,
    not_linked,
    recent_not_understood,
)
from bot.cards.kit.limits import violations
from bot.cards.kit.lines import as_text
from bot.cards.problem_card import Contacts, problem_card, problem_modal, problem_sentence, whom_to_ask
from bot.cometchat import NoAnswerInTimeError, SessionId, UnavailableError
from bot.identity.requests import LastRequest, RequestResult
from bot.links.problems import JUST_DECLINED, nothing_to_unlink
from tests.cards.hostile import assert_known_to_the_sdk, assert_sound


def test_a_problem_says_what_happened_what_to_do_and_no_reference_that_nobody_needs() -> None:
    card = problem_card(no_such_call(hint="A hint."), "REF12345", Contacts())
    assert_sound(card)
    assert card.text == "No call of yours has this session id.\nA hint."
    assert "REF12345" not in str(card.blocks)
    assert "recent_calls" in str(card.blocks)


@pytest.mark.parametrize(
    ("contacts", "ask", "send"),
    [
        (Contacts(), "Ask the person who set up callinfo.", "the person who set up callinfo"),
        (Contacts(admins=["U1"]), "Ask <@U1>.", "<@U1>"),
        (
            Contacts(["U1", "U2"], "#help"),
            "Ask <@U1>, <@U2>, or contact #\u2060help.",
            "<@U1>, <@U2> or #\u2060help",
        ),
        (Contacts(support="help@x.com"), "Contact help@\u2060x.com.", "help@\u2060x.com"),
    ],
)
def test_who_can_t_go_on_alone_is_told_whom_to_turn_to(contacts: Contacts, ask: str, send: str) -> None:
    assert problem_card(JUST_DECLINED, "REF12345", contacts).text.endswith(f"Can’t wait? {ask}")
    words = f"If it keeps happening, send this reference to {send}: REF12345"
    assert problem_card(crashed(), "REF12345", contacts).text.endswith(words)


@pytest.mark.parametrize(
    ("contacts", "words"),
    [
        (Contacts(admins=["U1"]), "Ask the person who set up callinfo."),
        (Contacts(admins=["U1", "U2"]), "Ask <@U2>."),
        (Contacts(admins=["U1"], support="#help"), "Contact #\u2060help."),
    ],
)
def test_an_admin_is_not_sent_to_themself(contacts: Contacts, words: str) -> None:
    assert as_text(whom_to_ask(contacts.besides("U1"))) == words


@pytest.mark.parametrize("problem", [not_linked(), no_such_call(hint="A hint."), crashed()])
def test_a_problem_reads_the_same_in_a_modal(problem: Problem) -> None:
    contacts = Contacts(admins=["U0ALEX"])
    view = problem_modal(problem, "REF12345", contacts)
    assert violations(view, "modal") == []
    assert view["blocks"] == list(problem_card(problem, "REF12345", contacts).blocks)


CALL, PAGE = CallRef(SessionId("standup"), began_at=5), PageRequest()


@pytest.mark.parametrize(
    ("problem", "thread", "shown"),
    [
        (from_cometchat(UnavailableError()).looking_at(CallRef(SessionId("standup"))), None, None),
        (identity_unavailable().looking_at(CALL), "1763812800.000100", "callinfo_call:1763812800.000100:@5"),
        (from_cometchat(NoAnswerInTimeError()).looking_at(CALL), None, "callinfo_call:@5"),
        (
            from_cometchat(UnavailableError()).looking_at(TranscriptRef(CALL)),
            "1763812800.000100",
            "callinfo_transcript::@5",
        ),
    ],
)
def test_a_call_that_may_be_had_in_a_minute_is_tried_again_with_a_button(
    problem: Problem, thread: str | None, shown: str | None
) -> None:
    card = problem_card(problem, "REF12345", Contacts(), thread_ts=thread)
    assert_sound(card)
    assert card.text == problem.happened
    block = card.blocks[-1]
    assert block.get("block_id") == shown
    assert [(each["action_id"], each["value"]) for each in block["elements"]] == [("retry_call", "standup")]
    assert "retry_call" in str(problem_modal(problem, "REF12345", Contacts()))


def test_a_list_is_tried_again_by_its_own_button_and_in_a_modal_by_those_of_the_modal() -> None:
    problem = from_cometchat(UnavailableError()).looking_at(PAGE)
    card = problem_card(problem, "REF12345", Contacts())
    (button,) = card.blocks[-1]["elements"]
    assert (button["text"]["text"], button["action_id"]) == ("Try again", "recent_newer")
    assert PageRequest.from_text(button["value"]) == PAGE
    modal = problem_modal(problem, "REF12345", Contacts())
    assert "recent_newer" not in str(modal)
    assert "Try again in a minute." in str(modal)


def test_what_does_not_pass_has_no_such_button() -> None:
    assert no_such_call(hint=None).looking_at(CALL).again is None
    assert "Try again in a minute." in problem_card(identity_unavailable(), "R", Contacts()).text


@pytest.mark.parametrize(
    ("repeated", "words", "offered"),
    [
        (
            RequestResult.OPEN,
            "You requested access <!date^1^{at}.\nI’ll message you when it’s decided.",
            False,
        ),
        (RequestResult.RECORDED, "You requested access <!date^1^{at}.\nNobody has answered yet.", True),
        (
            RequestResult.DECLINED,
            (
                "An admin declined your request <!date^1^{at}.\n"
                "You can request access again an hour after that. Can’t wait? Ask <@U0ALEX>."
            ),
            False,
        ),
    ],
)
def test_who_is_not_linked_reads_what_has_become_of_their_request(
    *, repeated: RequestResult, words: str, offered: bool
) -> None:
    problem = not_linked(LastRequest(1, delivered=True, if_repeated=repeated))
    card = problem_card(problem, "REF12345", Contacts(admins=["U0ALEX"]))
    at = "{date_short_pretty} at {time}|Jan 1, 1970 at 00:00 UTC>"
    assert words.replace("{at}", at) in card.text
    assert ("ask_admin" in str(card.blocks)) is offered
    assert_known_to_the_sdk(card.blocks)
    view = problem_modal(problem, "REF12345", Contacts())
    assert violations(view, "modal") == []
    assert ("ask_admin" in str(view)) is offered


def test_a_problem_about_a_person_names_them() -> None:
    card = problem_card(nothing_to_unlink("U0ROBIN"), "REF12345", Contacts())
    assert card.text.startswith("No admin link to remove for <@U0ROBIN>.\n")


@pytest.mark.parametrize(
    ("problem", "contacts", "sentence"),
    [
        (
            not_linked(),
            Contacts(),
            "You’re not connected to CometChat yet. An admin needs to connect you first. Ask an admin.",
        ),
        (
            not_linked(),
            Contacts(support="help@x.com"),
            "You’re not connected to CometChat yet. An admin needs to connect you first. Contact help@x.com.",
        ),
        (
            did_you_mean(no_such_call(hint=None), "recent"),
            Contacts(),
            "No call of yours has this session id. Did you mean /callinfo recent?",
        ),
        (
            from_cometchat(UnavailableError()).looking_at(CALL),
            Contacts(),
            "CometChat isn’t responding right now. Try again in a minute.",
        ),
        (
            crashed(),
            Contacts(support="help@x.com"),
            (
                "Something went wrong in callinfo. It’s not your fault. Try again. "
                "If it keeps happening, send this reference to help@x.com: REF12345"
            ),
        ),
    ],
)
def test_a_problem_beside_an_input_is_one_plain_text(
    problem: Problem, contacts: Contacts, sentence: str
) -> None:
    assert problem_sentence(problem, "REF12345", contacts) == sentence


def test_what_a_person_may_type_is_code_where_it_can_be_and_plain_where_not() -> None:
    problem, typed = recent_not_understood(), "/callinfo recent missed video today with natasha"
    card = problem_card(problem, "REF12345", Contacts())
    assert f"'text': '{typed}', 'style': {{'code': True}}" in str(card.blocks)
    for plain in (card.text, problem_sentence(problem, "REF12345", Contacts())):
        assert typed in plain
        assert "`" not in plain
