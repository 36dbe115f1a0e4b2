"""Which call a message's text asks for, through the front door: never another one, whose id is a piece of it."""

from typing import Any
from urllib.parse import unquote

import pytest

from bot.playground.run import Playground
from bot.playground.samples import call_json

TONY, STEVE = "U0TONY", "U0STEVE"
OURS = "v1.eu.2574867aa2e6e417."
WHOLE = [
    "standup:2024-05-16",
    "team:standup-1",
    "room@5",
    "a+b=c",
    "x!y",
    "deal,42",
    "räume",
    f"{OURS}team:standup",
]
PIECES = ["standup", "team", "room", "a", "x", "deal", "r", f"{OURS}team", "expired", "Introduction", "837"]


def serve(ground: Playground) -> None:
    """Make a call of each id, and of each piece that could be taken for one: the person had a part in all of them."""
    for session_id in (*WHOLE, *PIECES, f"{OURS}standup", f"{OURS}deal", f"{OURS}r", "_standup_"):
        ground.cometchat.serve(session_id, [call_json(sessionId=session_id)])


def asked_for(ground: Playground) -> list[str]:
    """Return the session ids that CometChat was asked for."""
    return [unquote(each.raw_path.partition("/calls/")[2]) for each in ground.cometchat.requests]


async def answer(ground: Playground, message: dict[str, Any]) -> str:
    """Use the shortcut on a message; return the card's blocks, or what stands in the window that asks, after "?"."""
    await ground.slack.shortcut(TONY, ground.slack.post(None, **{"text": "", **message}))

    def seen() -> str:
        cards = [
            str(each.blocks) for each in ground.slack.seen_by(TONY) if each.sender == "app" and each.ephemeral
        ]
        inputs = [
            block["element"].get("initial_value", "")
            for modal in ground.slack.modals(TONY)
            for block in modal.view["blocks"]
            if block["type"] == "input"
        ]
        return cards[-1] if cards else f"?{inputs[0]}" if inputs else ""

    return await ground.slack.wait_for(seen)


@pytest.mark.parametrize("session_id", WHOLE)
@pytest.mark.parametrize(
    "message",
    [
        lambda sid: {"text": f'{{"sessionId": "{sid}"}}'},
        lambda sid: {"text": f"session `{sid}` failed"},
        lambda sid: {"attachments": [{"fields": [{"title": "Session ID", "value": f"`{sid}`"}]}]},
        lambda sid: {"blocks": [line(words("Session ID: "), words(sid, code=True))]},
    ],
    ids=["JSON", "code", "field", "rich text"],
)
async def test_the_whole_value_is_looked_up(ground: Playground, message: Any, session_id: str) -> None:
    serve(ground)
    assert f"`{session_id}`" in await answer(ground, message(session_id))
    assert asked_for(ground) == [session_id]
    assert ground.slack.refusals == []


def words(text: str, **style: bool) -> Any:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def line(*elements: Any) -> Any:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


LINKED = {"type": "link", "url": "http://v1.eu", "text": "v1.eu"}


@pytest.mark.parametrize(
    ("message", "unsure"),
    [
        ({"text": f"see {OURS}team:standup, please"}, f"{OURS}team:standup"),
        ({"text": f"{OURS}räume"}, f"{OURS}räume"),
        ({"text": f"{OURS}deal,42"}, f"{OURS}deal,42"),
        ({"text": f"https://app.example/calls/{OURS}team:standup"}, f"{OURS}team:standup"),
        ({"blocks": [line(words(f"{OURS}team"), words(":standup", bold=True))]}, f"{OURS}team:standup"),
        ({"text": f"<http://{OURS}team|{OURS}team>:standup"}, f"{OURS}team:standup"),
        ({"text": "Session: Introduction to CometChat"}, ""),
        ({"text": "Meeting ID: 837 1234 5678"}, ""),
        ({"text": "session=expired"}, "expired"),
        ({"text": "*Session:* room@5"}, "room@5"),
        ({"attachments": [{"fields": [{"title": "Session", "value": "room@5"}]}]}, "room@5"),
        ({"text": f"{OURS}stand…"}, ""),
        ({"text": 'session_id="stand up"'}, ""),
        ({"text": '{"sessionId": "deal, 42"}'}, ""),
        ({"text": "session_id='837 1234 5678'"}, ""),
        ({"blocks": [line(words("session_id="), words("stand up", code=True))]}, ""),
        ({"text": "meeting_id=837 1234 5678"}, ""),
        ({"text": "sessionId=Introduction to CometChat"}, ""),
        ({"text": "roomId: Berlin, 3rd floor"}, ""),
        ({"text": "session_id=expired"}, "expired"),
        ({"text": "session `standup`:2"}, ""),
        ({"blocks": [line(words("Session ID: "), words("standup", code=True), words(":2024"))]}, ""),
    ],
)
async def test_what_is_not_clear_is_asked_for_and_nothing_looked_up(
    ground: Playground, message: dict[str, Any], unsure: str
) -> None:
    serve(ground)
    assert await answer(ground, message) == f"?{unsure}"
    assert ground.cometchat.requests == []
    asks = (
        "not sure where the session id in this message begins and ends"
        if unsure
        else "There’s no session id in this message"
    )
    assert asks in str(ground.slack.modals(TONY)[-1].view)
    assert ground.slack.refusals == []


@pytest.mark.parametrize(
    ("message", "offered"),
    [
        ({"text": f"{OURS}team:standup"}, f"{OURS}team:standup"),
        ({"text": f"`({OURS}a)`"}, f"({OURS}a)"),
        ({"text": f'"_{OURS}a_"'}, f"_{OURS}a_"),
        ({"text": f"<https://app.example/calls/{OURS}a)|the call>"}, f"{OURS}a)"),
        ({"text": f"<https://app.example/calls/{OURS}x!|the call>"}, f"{OURS}x!"),
        ({"text": f"{OURS}{'🟢' * 200}"}, f"{OURS}{'🟢' * 200}"),
    ],
)
async def test_what_stands_in_the_window_is_looked_up_as_it_is(
    ground: Playground, message: dict[str, Any], offered: str
) -> None:
    ground.cometchat.serve(offered, [call_json(sessionId=offered)])
    assert await answer(ground, message) == f"?{offered}"
    modal = ground.slack.modals(TONY)[-1]
    assert (await ground.slack.submit(TONY, modal.view_id, {})).ok
    await ground.slack.wait_for(lambda: asked_for(ground))
    assert asked_for(ground) == [offered]
    assert ground.slack.refusals == []


@pytest.mark.parametrize(
    "message",
    [
        {"text": f"_{OURS}standup_"},
        {"text": f"*see {OURS}standup*", "blocks": [line(words(f"see {OURS}standup", bold=True))]},
        {"text": f"_see {OURS}standup_", "blocks": [line(words(f"see {OURS}standup", italic=True))]},
        {"text": f"<http://v1.eu|v1.eu>.{OURS[6:]}standup"},
        {
            "text": f"<http://v1.eu|v1.eu>.{OURS[6:]}standup",
            "blocks": [line(LINKED, words(f".{OURS[6:]}standup"))],
        },
        {"blocks": [line(words(f"see {OURS}"), words("stand", bold=True), words("up"))]},
    ],
)
async def test_an_id_is_one_however_it_is_set(ground: Playground, message: dict[str, Any]) -> None:
    serve(ground)
    assert f"`{OURS}standup`" in await answer(ground, message)
    assert asked_for(ground) == [f"{OURS}standup"]


@pytest.mark.parametrize(
    ("typed", "session_id"),
    [
        ("*standup*", "standup"),
        ("_standup_", "standup"),
        ("~standup~", "standup"),
        ("`_standup_`", "_standup_"),
        ('"team:standup-1"', "team:standup-1"),
        ("“x!y”", "x!y"),
        ("deal,42", "deal,42"),
        (f"*{OURS}team:standup*", f"{OURS}team:standup"),
        (f"<http://v1.eu|v1.eu>.{OURS[6:]}team:standup", f"{OURS}team:standup"),
    ],
)
async def test_a_typed_id_finds_its_call_with_marks_around_it(
    ground: Playground, typed: str, session_id: str
) -> None:
    serve(ground)
    await ground.slack.command(TONY, typed)
    assert f"`{session_id}`" in str(ground.slack.seen_by(TONY)[-1].blocks)
    assert asked_for(ground) == [session_id]


@pytest.mark.parametrize(
    "typed", [f"{OURS}stand…", f"{OURS}stand...", "room<@U0STEVE>", f"https://x.example/{OURS}a:b"]
)
async def test_a_piece_that_is_typed_is_refused(ground: Playground, typed: str) -> None:
    serve(ground)
    await ground.slack.command(TONY, typed)
    assert "That’s not a session id" in ground.slack.seen_by(TONY)[-1].text
    assert ground.cometchat.requests == []
