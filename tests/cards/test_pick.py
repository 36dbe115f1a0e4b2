"""The list to pick a call from."""

from hypothesis import given
from hypothesis import strategies as st

from bot.cards.pick import pick
from bot.cometchat import SessionId
from tests.cards.hostile import NASTY, assert_sound

THREAD = "1763812800.000100"


@given(
    st.lists(
        st.sampled_from([text for text in NASTY if text]) | st.text(min_size=1, max_size=255),
        min_size=2,
        max_size=40,
        unique=True,
    )
)
def test_no_ids_break_the_list(ids: list[str]) -> None:
    safe = [SessionId(each.encode(errors="replace").decode()[:255]) for each in ids]
    assert_sound(pick(safe, thread_ts=THREAD))
    assert_sound(pick(safe))


def test_a_screen_reader_tells_the_choices_apart() -> None:
    blocks = pick([SessionId("standup"), SessionId("retro")]).blocks
    labels = [block["accessory"]["accessibility_label"] for block in blocks if "accessory" in block]
    assert labels == ["Show the call number 1", "Show the call number 2"]
