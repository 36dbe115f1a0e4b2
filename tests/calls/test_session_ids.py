import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.markup import peeled
from bot.calls.mentioned_ids import is_cut
from bot.calls.session_ids import from_text, tidied
from bot.cards.kit.escaping import escaped
from bot.cometchat import InvalidSessionIdError, parse_session_id

ID = "v1.eu.2574867aa2e6e417.17158459999d7fa95b1b4faea599f11eb5ecf07611b0b335c3"
_MENTIONED = re.compile("<[@#!]")


def is_id(text: str) -> bool:
    try:
        return bool(parse_session_id(text))
    except InvalidSessionIdError:
        return False


@pytest.mark.parametrize(
    "typed",
    [
        ID,
        f"  {ID}  ",
        f"`{ID}`",
        f"` {ID} `",
        f'"{ID}"',
        f"'{ID}'",
        f"“{ID}”",
        f"‘{ID}’.",
        f"„{ID}“",
        f"«{ID}»",
        f"({ID}),",
        f"{ID}.",
        f"{ID}!",
        f"<https://{ID}|{ID}>",
        f"<http://{ID}|{ID}>",
        f"<https://{ID}>",
        f"<https://{ID}/>",
        f"`<https://{ID}|{ID}>`",
        f"<https://{ID}|{ID}>.",
        f"\u00a0{ID}\u202f",
        f"\u200b{ID}\ufeff",
        ID[:20] + "\u200b" + ID[20:],
        f"{ID}\n",
        f"\0{ID[:20]}\0{ID[20:]}\ud800",
        f"https://app.example.com/calls/{ID}?tab=log",
        f"<https://app.example.com/calls/{ID}>",
        f"*{ID}*",
        f"_{ID}_",
        f"~{ID}~",
        f"*_{ID}_*",
        f"_`{ID}`_",
        f"(*{ID}*).",
        f'`"{ID}"`',
        f"<http://v1.eu|v1.eu>{ID[5:]}",
    ],
)
def test_the_id_is_found_however_it_was_typed_or_pasted(typed: str) -> None:
    assert from_text(typed) == ID


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("standup", "standup"),
        ("Team-Room_7", "Team-Room_7"),
        ("b7683aaf-090a-4204-8f84-7ddd652923aa", "b7683aaf-090a-4204-8f84-7ddd652923aa"),
        ("r&amp;d", "r&d"),
        ("<http://group.name|group.name>", "group.name"),
        ("café", "café"),
        ("&lt;standup&gt;", "standup"),
        (f"&lt;{ID}&gt;", ID),
        ("standup?", "standup"),
        ("“standup”?", "standup"),
        ("team(1)", "team(1)"),
        ("room[2].", "room[2]"),
        ("(team(1))", "team(1)"),
        ("r&amp;amp;d", "r&amp;d"),
        ("*standup*", "standup"),
        ("_standup_", "standup"),
        ("~standup~", "standup"),
        ("_snake_case_", "snake_case"),
        ("_private", "_private"),
        ("__init__", "__init__"),
        ("`_standup_`", "_standup_"),
        ("`*`", "*"),
        ('"x!"', "x!"),
        ("“deal,42.”", "deal,42."),
        ("`(room)`", "(room)"),
        ("team:standup-1", "team:standup-1"),
        ("room@5", "room@5"),
        ("<mailto:room@5.example|room@5.example>", "room@5.example"),
        ("a+b=c", "a+b=c"),
        ("x!y", "x!y"),
        ("deal,42", "deal,42"),
        ("it's", "it's"),
        ('a"b', 'a"b'),
        ("(a)(b)", "(a)(b)"),
        ("(standup", "standup"),
        ("standup)", "standup"),
    ],
)
def test_ids_of_one_s_own_making_are_taken_as_they_are(typed: str, found: str) -> None:
    assert from_text(typed) == found


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "..",
        "a/b",
        "../admin",
        "a?x=1",
        "a#b",
        "50%",
        "&lt;x&gt;/",
        "<@U012AB3CD>/",
        "<@U0STEVE|steve>",
        "<#C0SUPPORT|support>",
        "<!here>",
        f"{ID}/x/{ID}2",
        "team<@U0TONY>",
        f"{ID[:40]}…",
        f"{ID[:40]}...",
        f"{ID[:20]}…{ID[-6:]}",
        f"`{ID[:40]}…`",
        f"https://app.example/calls/{ID}:2",
        f"https://app.example/calls/{ID}%20b",
        "https://app.example/calls/v1.eu.2574867aa2e6e417.r%C3%A4ume%2F2",
        "''",
    ],
)
def test_what_can_not_be_an_id_is_refused(typed: str) -> None:
    with pytest.raises(InvalidSessionIdError):
        from_text(typed)


@given(st.text(max_size=60))
def test_whatever_is_typed_the_id_is_one_path_segment_or_refused(typed: str) -> None:
    try:
        found = from_text(typed)
    except InvalidSessionIdError:
        return
    assert "/" not in quote(found, safe="")
    assert found.strip(".")
    assert found == found.strip()


any_id = st.text(min_size=1, max_size=60).filter(is_id).filter(lambda text: not is_cut(text))
# Whether marks at the ends of a word are its own, only code marks and quotes say
_LOOSE = "\"'`´‘’‚“”„«»‹›()[]{}<>*_~.,;:!?"


@given(any_id, st.sampled_from(["`{}`", '"{}"', "“{}”", "'{}'", " `{}` ", '"{}".', "*`{}`*", "_“{}”_,"]))
def test_what_is_in_quotes_or_code_is_the_whole_id_or_none(session_id: str, around: str) -> None:
    if peeled(session_id)[1] or _MENTIONED.search(session_id):
        return  # "'x'" in quotes again, and what Slack would have marked up
    try:
        found = from_text(around.format(escaped(session_id)))
    except InvalidSessionIdError:
        return
    assert found == session_id


@given(any_id.filter(lambda text: text.strip(_LOOSE) == text))
def test_a_word_is_the_whole_id_or_none(session_id: str) -> None:
    assert from_text(escaped(session_id)) == session_id


@pytest.mark.parametrize("piece", ["(", ")", "()", "([{", "}])", '"', "'\"", "*", "_~", ".", ",", " ", "(x"])
def test_marks_without_end_are_taken_off_in_one_pass(piece: str) -> None:
    """Taken off one by one, each with a look at all the others, they would take hours."""
    marks = piece * (400_000 // len(piece))
    assert len(tidied(f"{marks}standup{marks}")) <= 2 * len(marks) + 7
