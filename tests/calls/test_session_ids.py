from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.session_ids import from_text, tidied
from bot.cometchat import InvalidSessionIdError

ID = "v1.eu.2574867aa2e6e417.17158459999d7fa95b1b4faea599f11eb5ecf07611b0b335c3"


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


@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing_more_unless_it_unescaped(typed: str) -> None:
    once = tidied(typed)
    if not set("&<>") & set(typed):
        assert tidied(once) == once
