"""Short ways to look at transcripts: a card with the button, the modal, and what one reads in it."""

from __future__ import annotations

from typing import Any

from bot.calls.call_ref import CallRef
from bot.cards.call_buttons import TRANSCRIPT
from bot.cards.kit.blocks import actions, button
from bot.cards.transcript import transcript_id, transcript_page
from bot.cometchat import SessionId
from bot.playground.run import Playground
from bot.playground.slack.modals import Modal
from tests.faults.scene import words_in
from tests.listeners.people import TONY


async def press_transcript(ground: Playground, session_id: str, user: str = TONY, which: str = "") -> None:
    """Press the button below a card that everybody sees."""
    row = actions([button("Transcript", TRANSCRIPT, session_id)], block_id=transcript_id(which))
    ts = ground.slack.post(None, "a card", [row], bot=True)
    await ground.slack.press(user, ts, TRANSCRIPT)


async def transcript_of(
    ground: Playground, session_id: str, user: str = TONY, which: str = "", words: str = ""
) -> Modal:
    """Press the button, and return the modal once it is filled, with those words."""
    before = {each.view_id for each in ground.slack.modals(user)}
    await press_transcript(ground, session_id, user, which)
    await ground.slack.wait_for(
        lambda: [each for each in ground.slack.modals(user) if each.view_id not in before]
    )
    return await filled(ground, words, user)


async def filled(ground: Playground, words: str = "", user: str = TONY) -> Modal:
    """Wait until the person's modal has its answer, with those words."""

    def is_it() -> bool:
        modals = ground.slack.modals(user)
        read = read_in(modals[-1]) if modals else "Loading…"
        return "Loading…" not in read and words in read

    await ground.slack.wait_for(is_it)
    return ground.slack.modals(user)[-1]


async def search(ground: Playground, modal: Modal, query: str, words: str, user: str = TONY) -> Modal:
    """Search in the modal, and return it once it shows those words."""
    block = search_input(modal)["block_id"]
    delivery = await ground.slack.submit(user, modal.view_id, {block: {block: query}})
    assert (delivery.status, delivery.error, delivery.errors) == (200, None, {})
    return await filled(ground, words, user)


def search_input(modal: Modal) -> dict[str, Any]:
    """Return the block to search with."""
    return next(block for block in modal.blocks if block["type"] == "input")


async def turn_to(ground: Playground, modal: Modal, page: int | None, words: str, user: str = TONY) -> Modal:
    """Press the button that leads to that page (None: the whole transcript), and return the modal."""
    ids = [block["block_id"] for block in modal.blocks if block["type"] == "actions"]
    block_id = next(
        each for each in ids if each.startswith("callinfo_transcript:") and transcript_page(each) == page
    )
    await ground.slack.press(user, modal.view_id, TRANSCRIPT, block_id=block_id)
    return await filled(ground, words, user)


def read_in(modal: Modal) -> str:
    """Return all that one reads in a modal."""
    return " ".join(" ".join(words_in(modal.view)).split())


def turns_in(modal: Modal) -> list[tuple[str, str]]:
    """Return who speaks, and what is said, turn by turn."""
    lines = [block["elements"] for block in modal.blocks if block["type"] == "rich_text"][1:]
    return [
        (pair[0]["elements"][0]["text"], "".join(each["text"] for each in pair[1]["elements"]))
        for pair in lines
        if len(pair) == 2 and "style" in pair[0]["elements"][0]
    ]


def which_of(session_id: str, mark: str, began_at: int) -> str:
    """Return what says which call of a session is meant."""
    return CallRef(SessionId(session_id), mark, began_at).which
