"""The card that Share posts: sound for whatever the data."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.calls.lookup import LookupResult
from bot.cards.share import shared_summary
from bot.cometchat import SessionId, Uid
from bot.cometchat.parsing import parse_call
from tests.cards.hostile import assert_sound, hostile_calls

NOW = 1_763_812_800


def found(raw: dict[str, Any], of: int = 1) -> LookupResult:
    return LookupResult(SessionId("standup"), Uid("superhero1"), parse_call(raw), of, None, 200)


@given(hostile_calls, st.integers(1, 3))
def test_no_call_data_breaks_the_shared_card_and_its_one_mention_is_the_sharer(
    raw: dict[str, Any], of: int
) -> None:
    message = shared_summary(found(raw, of), now=NOW, sharer="U0TONY")
    assert_sound(message, mentions="<@U0TONY>")
    assert str(message.blocks).count("<@U0TONY>") == 1
    assert "'user_id'" not in str(message.blocks)
    assert set(re.findall(r"'action_id': '(\w+)'", str(message.blocks))) == {"call_details"}
