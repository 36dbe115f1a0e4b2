"""Each Block Kit limit once, held against slackblocks' numbers; never an exception; quick."""

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slackblocks import _limits as theirs

from bot.cards.kit import limits
from bot.cards.kit.limits import Surface, violations

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def table(*rows: list[Json]) -> Json:
    return {"type": "table", "rows": list(rows)}


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def rich(*leaves: Json) -> Json:
    return {"type": "rich_text", "elements": [line(*leaves)]}


def line(*leaves: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(leaves)}


def bullets(*items: Json, **more: Any) -> Json:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "elements": list(items), **more}],
    }


def choice(kind: str = "static_select", **more: Any) -> Json:
    return {"type": kind, "options": [option()], **more}


def option(**more: Any) -> Json:
    return {"text": plain(), "value": "x", **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": list(blocks), **more}


def asked(**more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": {"type": "plain_text_input"}, **more}


def confirm(**more: Any) -> Json:
    return {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain(), **more}


DATE: Json = {"type": "date", "timestamp": 1_763_812_800, "format": "{time}"}
WORD: Json = {"type": "text", "text": "x"}
CONVERSATION: Json = {"type": "conversations_select"}
IMAGE: Json = {"type": "image", "image_url": "https://a.example", "alt_text": "x"}

GOOD: list[tuple[Surface, Json]] = [
    ("message", {}),
    ("message", {"text": "x" * 40_000, "blocks": [section() for _ in range(50)]}),
    ("message", {"blocks": [section(text=mrkdwn("x" * 3_000), fields=[plain("x" * 200)] * 10)]}),
    ("message", {"blocks": [{"type": "header", "text": plain("x" * 150)}, {"type": "divider"}]}),
    ("message", {"blocks": [{"type": "context", "elements": [mrkdwn()] * 10}]}),
    ("message", {"blocks": [actions(*(button(action_id=str(n)) for n in range(25)))]}),
    (
        "message",
        {"blocks": [section(accessory=button(action_id="a")), section(accessory=button(action_id="a"))]},
    ),
    ("message", {"blocks": [actions(button(value="x" * 2_000, confirm=confirm()))]}),
    (
        "message",
        {"blocks": [actions(button(url="https://a.example", style="danger", accessibility_label="x" * 75))]},
    ),
    ("message", {"blocks": [IMAGE, {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "x"}]}),
    ("message", {"blocks": [section(accessory=IMAGE), {"type": "context", "elements": [IMAGE, mrkdwn()]}]}),
    ("message", {"blocks": [{"type": "section", "fields": [plain()]}]}),
    ("message", {"blocks": [actions(choice(placeholder=plain("x" * 150)), choice("overflow"))]}),
    (
        "message",
        {"blocks": [actions(choice("radio_buttons", options=[option(text=mrkdwn(), description=mrkdwn())]))]},
    ),
    ("message", {"blocks": [bullets(line(WORD), {"type": "rich_text_quote", "elements": [WORD]})]}),
    ("message", {"blocks": [{**table([cell()]), "column_settings": [{}] * 20}]}),
    ("message", {"blocks": [table(*[[cell()] * 20] * 100), section(accessory=button())]}),
    (
        "message",
        {"blocks": [table([cell(), {"type": "raw_number", "value": 1.5, "text": "1.5"}], [rich(DATE)])]},
    ),
    (
        "message",
        {"blocks": [rich({"type": "text", "text": "x"}, {"type": "link", "url": "https://a.example"})]},
    ),
    ("message", {"attachments": [{"blocks": [section()], "color": "#fff"}, {"text": "old"}]}),
    ("modal", modal(*[section()] * 100, private_metadata="x" * 3_000)),
    ("modal", modal({"type": "alert", "text": plain("x" * 200)}, asked(hint=plain()), submit=plain())),
    (
        "modal",
        modal(
            asked(element={"type": "plain_text_input", "min_length": 0, "max_length": 3_000}), submit=plain()
        ),
    ),
    ("home", {"type": "home", "blocks": [section()]}),
    (
        "modal",
        modal(
            asked(element=choice(initial_option=option())),
            asked(element={"type": "datepicker", "initial_date": "2026-01-31"}),
            asked(element={**CONVERSATION, "response_url_enabled": True, "filter": {"include": ["im"]}}),
            actions({**CONVERSATION, "filter": {"exclude_bot_users": True}}, {"type": "datepicker"}),
            submit=plain(),
        ),
    ),
]

BAD: list[tuple[str, Surface, Json, str]] = [
    ("51 blocks", "message", {"blocks": [section()] * 51}, "blocks: 51 blocks, at most 50"),
    ("101 in a modal", "modal", modal(*[section()] * 101), "blocks: 101 blocks, at most 100"),
    (
        "101 in a home",
        "home",
        {"type": "home", "blocks": [section()] * 101},
        "blocks: 101 blocks, at most 100",
    ),
    ("a long text", "message", {"text": "x" * 40_001}, "text: 40,001 characters, at most 40,000"),
    (
        "a long section",
        "message",
        {"blocks": [section(text=mrkdwn("x" * 3_001))]},
        "blocks[0].text.text: 3,001 characters, at most 3,000",
    ),
    ("an empty text", "message", {"blocks": [section(text=mrkdwn(""))]}, "blocks[0].text.text: empty"),
    (
        "a text without a type",
        "message",
        {"blocks": [section(text={"text": "x"})]},
        "blocks[0].text.type: must be mrkdwn or plain_text, not None",
    ),
    (
        "a text that is no string",
        "message",
        {"blocks": [section(text={"type": "mrkdwn", "text": 5})]},
        "blocks[0].text.text: missing or not a string",
    ),
    (
        "an empty section",
        "message",
        {"blocks": [{"type": "section"}]},
        "blocks[0]: a section needs text or fields",
    ),
    (
        "11 fields",
        "message",
        {"blocks": [section(fields=[plain()] * 11)]},
        "blocks[0].fields: 11 fields, at most 10",
    ),
    (
        "a long field",
        "message",
        {"blocks": [section(fields=[plain(), plain("x" * 2_001)])]},
        "blocks[0].fields[1].text: 2,001 characters, at most 2,000",
    ),
    (
        "a long header",
        "message",
        {"blocks": [{"type": "header", "text": plain("x" * 151)}]},
        "blocks[0].text.text: 151 characters, at most 150",
    ),
    (
        "mrkdwn in a header",
        "message",
        {"blocks": [{"type": "header", "text": mrkdwn()}]},
        "blocks[0].text.type: must be plain_text, not 'mrkdwn'",
    ),
    (
        "11 in a context",
        "message",
        {"blocks": [{"type": "context", "elements": [mrkdwn()] * 11}]},
        "blocks[0].elements: 11 elements, at most 10",
    ),
    (
        "an empty context",
        "message",
        {"blocks": [{"type": "context", "elements": []}]},
        "blocks[0].elements: no elements",
    ),
    ("empty actions", "message", {"blocks": [actions()]}, "blocks[0].elements: no elements"),
    (
        "26 actions",
        "message",
        {"blocks": [actions(*[button()] * 26)]},
        "blocks[0].elements: 26 elements, at most 25",
    ),
    (
        "a long button",
        "message",
        {"blocks": [actions(button(text=plain("x" * 76)))]},
        "blocks[0].elements[0].text.text: 76 characters, at most 75",
    ),
    (
        "a long value",
        "message",
        {"blocks": [section(), actions(button(value="x" * 2_001))]},
        "blocks[1].elements[0].value: 2,001 characters, at most 2,000",
    ),
    (
        "a long action id",
        "message",
        {"blocks": [actions(button(action_id="x" * 256))]},
        "blocks[0].elements[0].action_id: 256 characters, at most 255",
    ),
    (
        "an action id used in two blocks",
        "message",
        {"blocks": [actions(button(action_id="a"), button(action_id="a"))]},
        "blocks[0].elements[1].action_id: 'a' is used twice",
    ),
    (
        "a block id used twice",
        "message",
        {"blocks": [section(block_id="b"), section(block_id="b")]},
        "blocks[1].block_id: 'b' is used twice",
    ),
    (
        "a long confirm title",
        "message",
        {"blocks": [actions(button(confirm=confirm(title=plain("x" * 101))))]},
        "blocks[0].elements[0].confirm.title.text: 101 characters, at most 100",
    ),
    (
        "a long confirm text",
        "message",
        {"blocks": [actions(button(confirm=confirm(text=plain("x" * 301))))]},
        "blocks[0].elements[0].confirm.text.text: 301 characters, at most 300",
    ),
    (
        "a long confirm button",
        "message",
        {"blocks": [actions(button(confirm=confirm(deny=plain("x" * 31))))]},
        "blocks[0].elements[0].confirm.deny.text: 31 characters, at most 30",
    ),
    ("a long modal title", "modal", modal(title=plain("x" * 25)), "title.text: 25 characters, at most 24"),
    ("a long submit", "modal", modal(submit=plain("x" * 25)), "submit.text: 25 characters, at most 24"),
    ("a long close", "modal", modal(close=plain("x" * 25)), "close.text: 25 characters, at most 24"),
    ("an input without submit", "modal", modal(asked()), "submit: missing, and there is an input block"),
    (
        "long metadata",
        "modal",
        modal(private_metadata="x" * 3_001),
        "private_metadata: 3,001 characters, at most 3,000",
    ),
    ("a view of another type", "modal", modal(type="home"), "type: must be modal"),
    (
        "a long image url",
        "message",
        {"blocks": [{"type": "image", "image_url": "x" * 3_001, "alt_text": "x"}]},
        "blocks[0].image_url: 3,001 characters, at most 3,000",
    ),
    (
        "an image without alt text",
        "message",
        {"blocks": [{"type": "image", "image_url": "https://a.example"}]},
        "blocks[0].alt_text: missing or not a string",
    ),
    (
        "101 rows",
        "message",
        {"blocks": [table(*[[cell()]] * 101)]},
        "blocks[0].rows: 101 rows, at most 100",
    ),
    (
        "21 cells",
        "message",
        {"blocks": [table([cell()] * 21)]},
        "blocks[0].rows[0]: 21 cells, at most 20",
    ),
    (
        "a table with too much text",
        "message",
        {"blocks": [table([cell("x" * 5_000), cell("x" * 5_001)])]},
        "blocks[0]: 10,001 characters in all cells, at most 10,000",
    ),
    (
        "an empty cell",
        "message",
        {"blocks": [table([cell()], [cell("")])]},
        "blocks[0].rows[1][0]: an empty cell",
    ),
    (
        "an empty rich cell",
        "message",
        {"blocks": [table([{"type": "rich_text", "elements": []}])]},
        "blocks[0].rows[0][0]: an empty cell",
    ),
    (
        "an unknown cell",
        "message",
        {"blocks": [table([plain()])]},
        "blocks[0].rows[0][0].type: unknown cell type 'plain_text'",
    ),
    (
        "two tables",
        "message",
        {"blocks": [table([cell()]), table([cell()])]},
        "blocks[1]: a second table, at most 1 a message",
    ),
    ("a table in a modal", "modal", modal(table([cell()])), "blocks[0].type: table does not work in a modal"),
    (
        "an alert in a message",
        "message",
        {"blocks": [{"type": "alert", "text": plain()}]},
        "blocks[0].type: alert does not work in a message",
    ),
    (
        "a data_table",
        "message",
        {"blocks": [{"type": "data_table", "rows": []}]},
        "blocks[0].type: unknown block type 'data_table'",
    ),
    (
        "an unknown rich text element",
        "message",
        {"blocks": [rich({"type": "song", "text": "x"})]},
        "blocks[0].elements[0].elements[0].type: unknown rich text element 'song'",
    ),
    (
        "an empty rich text",
        "message",
        {"blocks": [rich({"type": "text", "text": ""})]},
        "blocks[0].elements[0].elements[0].text: missing or empty",
    ),
    (
        "a date without a format",
        "message",
        {"blocks": [rich({"type": "date", "timestamp": 1})]},
        "blocks[0].elements[0].elements[0].format: missing or empty",
    ),
    (
        "a date with a fraction",
        "message",
        {"blocks": [rich({**DATE, "timestamp": 1.5})]},
        "blocks[0].elements[0].elements[0].timestamp: must be whole seconds since 1970",
    ),
    (
        "too much text in all",
        "message",
        {"blocks": [section(text=plain("x" * 2_700)) for _ in range(3)]},
        "blocks: 8,100 characters of text in all, at most 8,000",
    ),
    (
        "an input that wants too much",
        "modal",
        modal(asked(element={"type": "plain_text_input", "max_length": 3_001}), submit=plain()),
        "blocks[0].element.max_length: must be a whole number from 1 to 3,000",
    ),
    (
        "a long option value",
        "message",
        {"blocks": [actions(choice(options=[option(value="x" * 151)]))]},
        "blocks[0].elements[0].options[0].value: 151 characters, at most 150",
    ),
    (
        "101 options",
        "message",
        {"blocks": [actions(choice(options=[option()] * 101))]},
        "blocks[0].elements[0].options: 101 options, at most 100",
    ),
    (
        "blocks in an attachment",
        "message",
        {"attachments": [{}, {"blocks": [section(text=mrkdwn(""))]}]},
        "attachments[1].blocks[0].text.text: empty",
    ),
    ("blocks that are no list", "message", {"blocks": "x"}, "blocks: missing or not a list"),
    (
        "attachments that are no list",
        "message",
        {"attachments": {"blocks": []}},
        "attachments: missing or not a list",
    ),
    (
        "an attachment that is no object",
        "message",
        {"attachments": ["x"]},
        "attachments[0]: must be an object",
    ),
    ("a block that is no object", "message", {"blocks": ["x"]}, "blocks[0]: must be an object"),
    ("a view without blocks", "modal", {"type": "modal", "title": plain()}, "blocks: missing"),
    ("a modal without a title", "modal", {"type": "modal"}, "title: missing or not a text object"),
    (
        "an image without alt text in a context",
        "message",
        {"blocks": [{"type": "context", "elements": [{**IMAGE, "alt_text": ""}]}]},
        "blocks[0].elements[0].alt_text: empty",
    ),
    (
        "an input without an element",
        "modal",
        modal(asked(element=None), submit=plain()),
        "blocks[0].element: missing or not an object",
    ),
    (
        "an input among the actions",
        "message",
        {"blocks": [actions({"type": "plain_text_input"})]},
        "blocks[0].elements[0].type: 'plain_text_input' does not work here",
    ),
    (
        "a confirm that is no object",
        "message",
        {"blocks": [actions(button(confirm="sure?"))]},
        "blocks[0].elements[0].confirm: must be an object",
    ),
    (
        "a style of one's own",
        "message",
        {"blocks": [actions(button(style="pink"))]},
        "blocks[0].elements[0].style: must be primary or danger",
    ),
    (
        "a long button url",
        "message",
        {"blocks": [actions(button(url="x" * 3_001))]},
        "blocks[0].elements[0].url: 3,001 characters, at most 3,000",
    ),
    (
        "an id that is no string",
        "message",
        {"blocks": [section(block_id=1)]},
        "blocks[0].block_id: missing or not a string",
    ),
    (
        "mrkdwn in a select's option",
        "message",
        {"blocks": [actions(choice(options=[option(text=mrkdwn())]))]},
        "blocks[0].elements[0].options[0].text.type: must be plain_text, not 'mrkdwn'",
    ),
    (
        "an option that is not offered",
        "modal",
        modal(asked(element=choice(initial_option=option(value="other"))), submit=plain()),
        "blocks[0].element.initial_option: is none of the options",
    ),
    (
        "a day that is none",
        "modal",
        modal(asked(element={"type": "datepicker", "initial_date": "2026-02-30"}), submit=plain()),
        "blocks[0].element.initial_date: must be a date such as 2026-01-31",
    ),
    (
        "a day in another notation",
        "modal",
        modal(asked(element={"type": "datepicker", "initial_date": "20260131"}), submit=plain()),
        "blocks[0].element.initial_date: must be a date such as 2026-01-31",
    ),
    (
        "a conversation of a kind that Slack has not",
        "modal",
        modal(asked(element={**CONVERSATION, "filter": {"include": ["secret"]}}), submit=plain()),
        "blocks[0].element.filter.include: may name im, mpim, private, public",
    ),
    (
        "a filter that lets nothing through",
        "modal",
        modal(asked(element={**CONVERSATION, "filter": {"include": []}}), submit=plain()),
        "blocks[0].element.filter.include: must name kinds of conversations",
    ),
    (
        "a filter that is no object",
        "modal",
        modal(asked(element={**CONVERSATION, "filter": "public"}), submit=plain()),
        "blocks[0].element.filter.include: must name kinds of conversations",
    ),
    (
        "a response URL from a message",
        "message",
        {"blocks": [actions({**CONVERSATION, "response_url_enabled": True})]},
        "blocks[0].elements[0].response_url_enabled: works in an input of a modal only",
    ),
    (
        "a response URL from a home tab",
        "home",
        {"type": "home", "blocks": [asked(element={**CONVERSATION, "response_url_enabled": True})]},
        "blocks[0].element.response_url_enabled: works in an input of a modal only",
    ),
    (
        "a home tab with a title",
        "home",
        {"type": "home", "blocks": [section()], "title": plain()},
        "title: a home tab has none",
    ),
    (
        "21 column settings",
        "message",
        {"blocks": [{**table([cell()]), "column_settings": [{}] * 21}]},
        "blocks[0].column_settings: 21 columns, at most 20",
    ),
    (
        "a number in words",
        "message",
        {"blocks": [table([{"type": "raw_number", "value": "five", "text": "5"}])]},
        "blocks[0].rows[0][0].value: must be a number",
    ),
    (
        "a cell without text",
        "message",
        {"blocks": [table([{"type": "raw_text"}])]},
        "blocks[0].rows[0][0]: an empty cell",
    ),
    (
        "a list without bullets",
        "message",
        {"blocks": [bullets(line(WORD), style=None)]},
        "blocks[0].elements[0].style: must be bullet or ordered",
    ),
    (
        "a list in a list",
        "message",
        {"blocks": [bullets(bullets(line(WORD))["elements"][0])]},
        "blocks[0].elements[0].elements[0].type: unknown rich text element 'rich_text_list'",
    ),
]


@pytest.mark.parametrize(("surface", "message"), GOOD)
def test_what_slack_takes_breaks_nothing(surface: Surface, message: Json) -> None:
    assert violations(message, surface) == []


@pytest.mark.parametrize(
    ("surface", "message", "said"), [row[1:] for row in BAD], ids=[row[0].replace(" ", "-") for row in BAD]
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
@given(message=st.dictionaries(st.sampled_from(["text", "blocks", "attachments", "type", "title"]), JUNK))
def test_it_never_raises_whatever_it_is_given(message: Json) -> None:
    for surface in ("message", "modal", "home"):
        assert all(isinstance(problem, str) for problem in violations(message, surface))


def test_it_does_not_change_what_it_reads() -> None:
    message = {"blocks": [section(fields=[plain()])]}

    violations(message)

    assert message == {"blocks": [section(fields=[plain()])]}


def test_the_numbers_are_those_that_slackblocks_lists() -> None:
    pairs = [
        (limits.BLOCKS["message"], theirs.MESSAGE_BLOCKS_MAX_ITEMS),
        (limits.BLOCKS["modal"], theirs.VIEW_BLOCKS_MAX_ITEMS),
        (limits.BLOCKS["home"], theirs.VIEW_BLOCKS_MAX_ITEMS),
        (limits.TEXT, theirs.TEXT_MAX_LENGTH),
        (limits.TEXT, theirs.SECTION_TEXT_MAX_LENGTH),
        (limits.SECTION_FIELDS, theirs.SECTION_FIELDS_MAX_ITEMS),
        (limits.SECTION_FIELD_TEXT, theirs.SECTION_FIELDS_ITEM_MAX_LENGTH),
        (limits.HEADER_TEXT, theirs.HEADER_TEXT_MAX_LENGTH),
        (limits.CONTEXT_ELEMENTS, theirs.CONTEXT_ELEMENTS_MAX_ITEMS),
        (limits.ACTIONS_ELEMENTS, theirs.ACTIONS_ELEMENTS_MAX_ITEMS),
        (limits.BUTTON_TEXT, theirs.BUTTON_TEXT_MAX_LENGTH),
        (limits.BUTTON_TEXT, theirs.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH),
        (limits.BUTTON_VALUE, theirs.BUTTON_VALUE_MAX_LENGTH),
        (limits.URL, theirs.BUTTON_URL_MAX_LENGTH),
        (limits.IDENTIFIER, theirs.ACTION_ID_MAX_LENGTH),
        (limits.IDENTIFIER, theirs.BLOCK_ID_MAX_LENGTH),
        (limits.IDENTIFIER, theirs.VIEW_CALLBACK_ID_MAX_LENGTH),
        (limits.CONFIRM_TITLE, theirs.CONFIRMATION_TITLE_MAX_LENGTH),
        (limits.CONFIRM_TEXT, theirs.CONFIRMATION_TEXT_MAX_LENGTH),
        (limits.CONFIRM_BUTTON, theirs.CONFIRMATION_CONFIRM_MAX_LENGTH),
        (limits.CONFIRM_BUTTON, theirs.CONFIRMATION_DENY_MAX_LENGTH),
        (limits.IMAGE_URL, theirs.IMAGE_IMAGE_URL_MAX_LENGTH),
        (limits.IMAGE_ALT_TEXT, theirs.IMAGE_ALT_TEXT_MAX_LENGTH),
        (limits.IMAGE_TITLE, theirs.IMAGE_TITLE_MAX_LENGTH),
        (limits.ALERT_TEXT, theirs.ALERT_TEXT_MAX_LENGTH),
        (limits.VIEW_TITLE, theirs.VIEW_TITLE_MAX_LENGTH),
        (limits.VIEW_SUBMIT, theirs.VIEW_SUBMIT_MAX_LENGTH),
        (limits.VIEW_CLOSE, theirs.VIEW_CLOSE_MAX_LENGTH),
        (limits.PRIVATE_METADATA, theirs.VIEW_PRIVATE_METADATA_MAX_LENGTH),
        (limits.TABLE_ROWS, theirs.TABLE_ROWS_MAX_ITEMS),
        (limits.TABLE_COLUMNS, theirs.TABLE_COLUMNS_MAX_ITEMS),
        (limits.INPUT_LABEL, theirs.INPUT_LABEL_MAX_LENGTH),
        (limits.INPUT_HINT, theirs.INPUT_HINT_MAX_LENGTH),
        (limits.INPUT_LENGTH, theirs.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX),
        (limits.PLACEHOLDER, theirs.SELECT_PLACEHOLDER_MAX_LENGTH),
        (limits.OPTION_TEXT, theirs.OPTION_TEXT_MAX_LENGTH),
        (limits.OPTION_VALUE, theirs.OPTION_VALUE_MAX_LENGTH),
        (limits.OPTION_DESCRIPTION, theirs.OPTION_DESCRIPTION_MAX_LENGTH),
        (limits.SELECT_OPTIONS, theirs.SELECT_OPTIONS_MAX_ITEMS),
        (limits.OVERFLOW_OPTIONS, theirs.OVERFLOW_OPTIONS_MAX_ITEMS),
        (limits.CHECKBOX_OPTIONS, theirs.CHECKBOXES_OPTIONS_MAX_ITEMS),
        (limits.RADIO_OPTIONS, theirs.RADIO_BUTTONS_OPTIONS_MAX_ITEMS),
    ]
    assert [ours for ours, _ in pairs] == [other for _, other in pairs]


def test_twenty_blocks_take_well_under_a_millisecond() -> None:
    summary: Json = {
        "text": "x",
        "blocks": [
            *[section(fields=[mrkdwn(), mrkdwn()]) for _ in range(18)],
            table(*[[cell()] * 5] * 11),
            actions(button(action_id="a"), button(action_id="b")),
        ],
    }

    def once() -> float:
        start = time.perf_counter()
        violations(summary)
        return time.perf_counter() - start

    # The best of many: what else the machine does is not the function's fault.
    assert min(once() for _ in range(200)) < 0.001
