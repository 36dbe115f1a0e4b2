"""Each Block Kit limit once, held against slackblocks' numbers; never an exception; quick."""

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slackblocks import _limits as theirs

from bot.cards.kit.limits import Surface, numbers, violations

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": list(elements)}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def header(text: Json) -> Json:
    return {"type": "header", "text": text}


def table(*rows: list[Json], **more: Any) -> Json:
    return {"type": "table", "rows": list(rows), **more}


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def rich(*leaves: Json, kind: str = "rich_text_section") -> Json:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(leaves)}]}


def choice(kind: str = "static_select", **more: Any) -> Json:
    return {"type": kind, "options": [option()], **more}


def option(**more: Any) -> Json:
    return {"text": plain(), "value": "x", **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": list(blocks), **more}


def asked(element: Any = None, **more: Any) -> Json:
    """Return an input in a modal that can be submitted."""
    return modal({"type": "input", "label": plain(), "element": element, **more}, submit=plain())


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


def confirm(**more: Any) -> Json:
    return {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain(), **more}


TYPED: Json = {"type": "plain_text_input"}
DATE: Json = {"type": "date", "timestamp": 1_763_812_800, "format": "{time}"}
DAY: Json = {"type": "datepicker"}
WORD: Json = {"type": "text", "text": "x"}
LINK: Json = {"type": "link", "url": "https://a.example"}
CONVERSATION: Json = {"type": "conversations_select"}
ANSWERED: Json = {**CONVERSATION, "response_url_enabled": True}

GOOD_BLOCKS = [
    [section() for _ in range(50)],
    [section(text=mrkdwn("x" * 3_000))],
    [header(plain("x" * 150)), {"type": "divider"}],
    [context(*[mrkdwn()] * 10)],
    [actions(*(button(action_id=str(n)) for n in range(25)))],
    [section(accessory=button(action_id="a")), section(accessory=button(action_id="a"))],
    [actions(button(value="x" * 2_000, style="danger", accessibility_label="x" * 75, confirm=confirm()))],
    [actions(choice(), choice("radio_buttons", options=[option(text=mrkdwn())]), CONVERSATION, DAY)],
    [table([cell()], column_settings=[{}] * 20)],
    [table(*[[cell()] * 20] * 100), section(accessory=button())],
    [table([cell(), rich(DATE)]), rich(WORD, LINK, {"type": "user", "user_id": "U1"})],
    [rich(WORD, kind="rich_text_preformatted")],
]

GOOD: list[tuple[Surface, Json]] = [
    ("message", {}),
    ("message", {"text": "x" * 40_000}),
    *(("message", {"blocks": blocks}) for blocks in GOOD_BLOCKS),
    ("modal", modal(*[section()] * 100, private_metadata="x" * 3_000)),
    ("modal", asked(TYPED, hint=plain())),
    ("modal", asked({**TYPED, "min_length": 0, "max_length": 3_000})),
    ("modal", asked(choice(initial_option=option()))),
    ("modal", asked(choice("checkboxes", initial_options=[option()]))),
    ("home", home(section(accessory=choice("overflow")))),
    ("modal", asked({**DAY, "initial_date": "2026-01-31"})),
    ("modal", asked(ANSWERED)),
    ("home", home(section(), table([cell()]))),
]

BAD_BLOCKS: list[tuple[Any, str]] = [
    ("x", ": must be an object"),
    ({"type": "data_table", "rows": []}, ".type: unknown block type 'data_table'"),
    (section(text=mrkdwn("x" * 3_001)), ".text.text: 3,001 characters, at most 3,000"),
    (section(text=mrkdwn("")), ".text.text: empty"),
    (section(text={"text": "x"}), ".text.type: must be mrkdwn or plain_text, not None"),
    (section(text={"type": "mrkdwn", "text": 5}), ".text.text: missing or not a string"),
    (section(block_id=1), ".block_id: missing or not a string"),
    ({"type": "section"}, ".text: missing or not a text object"),
    (header(plain("x" * 151)), ".text.text: 151 characters, at most 150"),
    (header(mrkdwn()), ".text.type: must be plain_text, not 'mrkdwn'"),
    (context(*[mrkdwn()] * 11), ".elements: 11 elements, at most 10"),
    (context(), ".elements: no elements"),
    (actions(), ".elements: no elements"),
    (actions(*[button()] * 26), ".elements: 26 elements, at most 25"),
    (actions(TYPED), ".elements[0].type: 'plain_text_input' does not work here"),
    (actions(button(text=plain("x" * 76))), ".elements[0].text.text: 76 characters, at most 75"),
    (actions(button(value="x" * 2_001)), ".elements[0].value: 2,001 characters, at most 2,000"),
    (actions(button(action_id="x" * 256)), ".elements[0].action_id: 256 characters, at most 255"),
    (actions(button(action_id="a"), button(action_id="a")), ".elements[1].action_id: 'a' is used twice"),
    (actions(button(style="pink")), ".elements[0].style: must be primary or danger"),
    (actions(button(confirm="sure?")), ".elements[0].confirm: must be an object"),
    *(
        (
            actions(button(confirm=confirm(**{name: plain("x" * (most + 1))}))),
            f".elements[0].confirm.{name}.text: {most + 1} characters, at most {most}",
        )
        for name, most in (("title", 100), ("text", 300), ("deny", 30))
    ),
    (
        actions(choice(options=[option(value="x" * 151)])),
        ".elements[0].options[0].value: 151 characters, at most 150",
    ),
    (actions(choice(options=[option()] * 101)), ".elements[0].options: 101 options, at most 100"),
    (
        actions(choice(options=[option(text=mrkdwn())])),
        ".elements[0].options[0].text.type: must be plain_text, not 'mrkdwn'",
    ),
    (actions(ANSWERED), ".elements[0].response_url_enabled: works in an input of a modal only"),
    (table(*[[cell()]] * 101), ".rows: 101 rows, at most 100"),
    (table([cell()] * 21), ".rows[0]: 21 cells, at most 20"),
    (
        table([cell("x" * 5_000), cell("x" * 5_001)]),
        ": 10,001 characters in all cells, at most 10,000",
    ),
    (table([cell()], [cell("")]), ".rows[1][0]: an empty cell"),
    (table([{"type": "raw_text"}]), ".rows[0][0]: an empty cell"),
    (table([{"type": "rich_text", "elements": []}]), ".rows[0][0]: an empty cell"),
    (table([plain()]), ".rows[0][0].type: unknown cell type 'plain_text'"),
    (table([cell()], column_settings=[{}] * 21), ".column_settings: 21 columns, at most 20"),
    (rich({"type": "song"}), ".elements[0].elements[0].type: unknown rich text element 'song'"),
    (rich(kind="song"), ".elements[0].type: unknown rich text element 'song'"),
    (rich({**WORD, "text": ""}), ".elements[0].elements[0].text: missing or empty"),
    (rich({"type": "date", "timestamp": 1}), ".elements[0].elements[0].format: missing or empty"),
    (
        rich({**DATE, "timestamp": 1.5}),
        ".elements[0].elements[0].timestamp: must be whole seconds since 1970",
    ),
]

BAD: list[tuple[Surface, Json, str]] = [
    *(("message", {"blocks": [block]}, f"blocks[0]{said}") for block, said in BAD_BLOCKS),
    ("message", {"text": "x" * 40_001}, "text: 40,001 characters, at most 40,000"),
    ("message", {"blocks": "x"}, "blocks: missing or not a list"),
    ("message", {"blocks": [section()] * 51}, "blocks: 51 blocks, at most 50"),
    ("modal", modal(*[section()] * 101), "blocks: 101 blocks, at most 100"),
    ("home", home(*[section()] * 101), "blocks: 101 blocks, at most 100"),
    ("message", {"blocks": [section(block_id="b")] * 2}, "blocks[1].block_id: 'b' is used twice"),
    (
        "message",
        {"blocks": [section(text=plain("x" * 2_700))] * 3},
        "blocks: 8,100 characters of text in all, at most 8,000",
    ),
    ("modal", modal(table([cell()])), "blocks[0].type: table does not work in a modal"),
    ("modal", modal(title=plain("x" * 25)), "title.text: 25 characters, at most 24"),
    ("modal", modal(submit=plain("x" * 25)), "submit.text: 25 characters, at most 24"),
    ("modal", modal(close=plain("x" * 25)), "close.text: 25 characters, at most 24"),
    ("modal", {"type": "modal"}, "title: missing or not a text object"),
    ("modal", {"type": "modal", "title": plain()}, "blocks: missing"),
    ("modal", modal(type="home"), "type: must be modal"),
    ("modal", modal(private_metadata="x" * 3_001), "private_metadata: 3,001 characters, at most 3,000"),
    ("modal", {**asked(TYPED), "submit": None}, "submit: missing, and there is an input block"),
    ("modal", asked(), "blocks[0].element: missing or not an object"),
    (
        "modal",
        asked({**TYPED, "max_length": 3_001}),
        "blocks[0].element.max_length: must be a whole number from 1 to 3,000",
    ),
    (
        "modal",
        asked(choice(initial_option=option(value="other"))),
        "blocks[0].element.initial_option: is none of the options",
    ),
    (
        "modal",
        asked(choice("checkboxes", initial_options=[option(value="other")])),
        "blocks[0].element.initial_options[0]: is none of the options",
    ),
    ("modal", asked(choice("overflow")), "blocks[0].element.type: 'overflow' does not work here"),
    *(
        (
            "modal",
            asked({**DAY, "initial_date": day}),
            "blocks[0].element.initial_date: must be a date such as 2026-01-31",
        )
        for day in ("2026-02-30", "20260131")
    ),
    ("home", home(section(), title=plain()), "title: a home tab has none"),
    (
        "home",
        {**asked(ANSWERED), "type": "home"},
        "blocks[0].element.response_url_enabled: works in an input of a modal only",
    ),
]


@pytest.mark.parametrize(("surface", "message"), GOOD)
def test_what_slack_takes_breaks_nothing(surface: Surface, message: Json) -> None:
    assert violations(message, surface) == []


@pytest.mark.parametrize(
    ("surface", "message", "said"), [pytest.param(*row, id=f"{row[0]}-{row[2]}") for row in BAD]
)
def test_what_slack_refuses_is_said_with_its_path(surface: Surface, message: Json, said: str) -> None:
    assert said in violations(message, surface)


def test_tables_too_many_are_said_once() -> None:
    message = {"blocks": [table([cell()])] * 3}

    assert violations(message) == ["blocks[1]: a second table, at most 1 a message"]


def test_a_link_counts_by_the_text_that_is_seen() -> None:
    link = {"type": "link", "url": "https://a.example/" + "x" * 5_000}
    hidden, seen = rich({**link, "text": "x"}, {**link, "text": "y"}), rich(link, link)

    assert violations({"blocks": [hidden]}) == []
    assert violations({"blocks": [seen]}) == ["blocks: 10,036 characters of text in all, at most 8,000"]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "text", "elements", "rows", "accessory", "options", "confirm", "action_id"]
            ),
            inner
            | st.sampled_from(["section", "table", "rich_text", "actions", "button", "raw_text", "input"]),
            max_size=5,
        )
    ),
    max_leaves=20,
)


# Drawing nested junk is what is slow on a busy machine, not the check.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(message=st.dictionaries(st.sampled_from(["text", "blocks", "type", "title"]), JUNK))
def test_it_never_raises_whatever_it_is_given(message: Json) -> None:
    for surface in ("message", "modal", "home"):
        assert all(isinstance(problem, str) for problem in violations(message, surface))


def test_it_does_not_change_what_it_reads() -> None:
    message = {"blocks": [section(accessory=button())]}

    violations(message)

    assert message == {"blocks": [section(accessory=button())]}


def test_the_numbers_are_those_that_slackblocks_lists() -> None:
    pairs = [
        (numbers.BLOCKS["message"], theirs.MESSAGE_BLOCKS_MAX_ITEMS),
        (numbers.BLOCKS["modal"], theirs.VIEW_BLOCKS_MAX_ITEMS),
        (numbers.BLOCKS["home"], theirs.VIEW_BLOCKS_MAX_ITEMS),
        (numbers.TEXT, theirs.TEXT_MAX_LENGTH),
        (numbers.TEXT, theirs.SECTION_TEXT_MAX_LENGTH),
        (numbers.HEADER_TEXT, theirs.HEADER_TEXT_MAX_LENGTH),
        (numbers.CONTEXT_ELEMENTS, theirs.CONTEXT_ELEMENTS_MAX_ITEMS),
        (numbers.ACTIONS_ELEMENTS, theirs.ACTIONS_ELEMENTS_MAX_ITEMS),
        (numbers.BUTTON_TEXT, theirs.BUTTON_TEXT_MAX_LENGTH),
        (numbers.BUTTON_TEXT, theirs.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH),
        (numbers.BUTTON_VALUE, theirs.BUTTON_VALUE_MAX_LENGTH),
        (numbers.IDENTIFIER, theirs.ACTION_ID_MAX_LENGTH),
        (numbers.IDENTIFIER, theirs.BLOCK_ID_MAX_LENGTH),
        (numbers.IDENTIFIER, theirs.VIEW_CALLBACK_ID_MAX_LENGTH),
        (numbers.CONFIRM_TITLE, theirs.CONFIRMATION_TITLE_MAX_LENGTH),
        (numbers.CONFIRM_TEXT, theirs.CONFIRMATION_TEXT_MAX_LENGTH),
        (numbers.CONFIRM_BUTTON, theirs.CONFIRMATION_CONFIRM_MAX_LENGTH),
        (numbers.CONFIRM_BUTTON, theirs.CONFIRMATION_DENY_MAX_LENGTH),
        (numbers.VIEW_TITLE, theirs.VIEW_TITLE_MAX_LENGTH),
        (numbers.VIEW_SUBMIT, theirs.VIEW_SUBMIT_MAX_LENGTH),
        (numbers.VIEW_CLOSE, theirs.VIEW_CLOSE_MAX_LENGTH),
        (numbers.PRIVATE_METADATA, theirs.VIEW_PRIVATE_METADATA_MAX_LENGTH),
        (numbers.TABLE_ROWS, theirs.TABLE_ROWS_MAX_ITEMS),
        (numbers.TABLE_COLUMNS, theirs.TABLE_COLUMNS_MAX_ITEMS),
        (numbers.INPUT_LABEL, theirs.INPUT_LABEL_MAX_LENGTH),
        (numbers.INPUT_HINT, theirs.INPUT_HINT_MAX_LENGTH),
        (numbers.INPUT_LENGTH, theirs.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX),
        (numbers.OPTION_TEXT, theirs.OPTION_TEXT_MAX_LENGTH),
        (numbers.OPTION_VALUE, theirs.OPTION_VALUE_MAX_LENGTH),
        (numbers.OPTIONS["static_select"], theirs.SELECT_OPTIONS_MAX_ITEMS),
        (numbers.OPTIONS["checkboxes"], theirs.CHECKBOXES_OPTIONS_MAX_ITEMS),
        (numbers.OPTIONS["radio_buttons"], theirs.RADIO_BUTTONS_OPTIONS_MAX_ITEMS),
    ]
    assert [ours for ours, _ in pairs] == [other for _, other in pairs]


def test_twenty_blocks_take_well_under_a_millisecond() -> None:
    summary: Json = {
        "text": "x",
        "blocks": [
            *[section(accessory=button()) for _ in range(18)],
            table(*[[cell()] * 5] * 11),
            actions(button(action_id="a"), button(action_id="b")),
        ],
    }

    def once() -> float:
        start = time.thread_time()
        violations(summary)
        return time.thread_time() - start

    # The best of many, in time of this thread's own: what else the machine does is not the function's fault
    assert min(once() for _ in range(200)) < 0.001
