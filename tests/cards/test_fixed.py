"""The cards and modals that say the same to everybody."""

import pytest

from bot.cards.ask_session import Origin, ask_session
from bot.cards.kit.limits import violations
from bot.cards.kit.modal import View
from bot.cards.usage import usage
from bot.cards.waiting import loading_details, looking_up
from bot.cometchat import SessionId
from tests.cards.hostile import assert_known_to_the_sdk, assert_sound

THREAD = "1763812800.000100"


@pytest.mark.parametrize(
    "card", [usage(), looking_up(), looking_up(SessionId("my`room"))], ids=["usage", "waiting", "waiting for"]
)
def test_the_fixed_messages_are_sound(card: object) -> None:
    assert_sound(card)  # type: ignore[arg-type] # parametrize's values have no type


@pytest.mark.parametrize(
    "view", [loading_details(), ask_session(Origin("https://hooks.slack.com/x", "C1", THREAD))]
)
def test_the_fixed_modals_are_sound(view: View) -> None:
    assert violations(view, "modal") == []
    assert_known_to_the_sdk(view["blocks"])


def test_the_origin_survives_its_way_through_slack() -> None:
    origin = Origin("https://hooks.slack.com/x", "C1", None)
    assert Origin.from_text(origin.to_text()) == origin


@pytest.mark.parametrize("text", ["", "[]", "x", "5", "null", "{", '{"thread_ts": ""}'])
def test_metadata_that_is_not_ours_leads_nowhere(text: str) -> None:
    assert Origin.from_text(text) == Origin("", "", None)
