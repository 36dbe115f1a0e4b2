"""The cards about links: within Slack's limits and sound, whatever people call themselves."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.kit.limits import violations
from bot.cards.kit.message import Message
from bot.cards.link_request import (
    Approval,
    approve,
    declined_by_you,
    declined_notice,
    request_notice,
    request_sent,
    user_from_text,
    user_text,
)
from bot.cards.links import (
    LinkAnyway,
    LinksQuery,
    linked,
    linked_notice,
    links,
    uid_taken,
    unlinked,
)
from bot.cards.problem_card import Contacts
from bot.cards.whoami import whoami
from bot.cometchat import Uid
from bot.identity import Identified, SlackUser
from bot.identity.links import Link, LinksPage, UidConflict
from bot.links.results import ActingAs, Linked, LinkList, RequestSent, UidTaken, Unlinked
from bot.links.service import PAGE
from bot.slack.users import Profile
from tests.cards.hostile import NASTY, assert_known_to_the_sdk, assert_sound

NOW = 1_763_812_800
LONG = Uid("u" * 100)
ROBIN = SlackUser("E01", "T01", "U" + "0" * 30)
LINK = Link(ROBIN, LONG, "U0ALEX", NOW, "admin")
CONTACTS = Contacts(("U0ALEX",))
BY_CLI = Link(ROBIN, LONG, "cli", NOW, "import")
words = st.sampled_from(NASTY) | st.text(max_size=200)


def assert_only_mentions(message: Message, *user_ids: str) -> None:
    """Hold the message against Slack's limits; it mentions those people and nobody else."""
    mentions = [f"<@{user_id}>" for user_id in user_ids]
    text = message.text
    for mention in mentions:
        assert mention in text
        text = text.replace(mention, "")
    assert_sound(Message(text, message.blocks))


@given(words, words, words)
def test_no_profile_breaks_the_request_or_mentions_anybody(name: str, title: str, email: str) -> None:
    profile = Profile("U0ROBIN", frozenset({"T01"}), name, title, email)
    assert_only_mentions(request_notice(SlackUser(None, "T01", "U0ROBIN"), profile), "U0ROBIN")


@given(words)
def test_no_search_breaks_the_list(prefix: str) -> None:
    listed = LinkList(LinksPage((LINK,) * PAGE, 10**6), prefix[:100], 10, (ROBIN,))
    assert_only_mentions(links(listed), ROBIN.user_id, "U0ALEX")


@pytest.mark.parametrize(
    "message",
    [
        linked(Linked(LINK, LINK, checked=False, notified=False)),
        linked(Linked(LINK, Link(ROBIN, Uid("x"), "cli", NOW, "import"), checked=True, notified=True)),
        uid_taken(UidTaken(ROBIN, LONG, UidConflict((ROBIN,) * 300, LONG), requested=True)),
        unlinked(Unlinked(LINK, None)),
        unlinked(Unlinked(LINK, Identified(LONG, "slack-id"))),
        linked_notice(LINK),
        whoami(ActingAs(Identified(LONG, "link", BY_CLI)), CONTACTS),
        whoami(ActingAs(Identified(LONG, "map")), CONTACTS),
        whoami(ActingAs(Identified(LONG, "map"), admin=True), CONTACTS),
        links(LinkList(LinksPage((), 0), "", 0, (ROBIN,))),
        links(LinkList(LinksPage((BY_CLI,), 1), "", 0, ())),
        request_sent(RequestSent(("U0ALEX",) * 9)),
        declined_by_you(ROBIN),
        declined_notice(),
        request_notice(ROBIN, None),
    ],
)
def test_every_card_about_links_is_within_slack_s_limits(message: Message) -> None:
    assert violations(message.as_json()) == []
    assert_known_to_the_sdk(message.blocks)
    assert "'" not in message.text, "people read typographic apostrophes"


def test_others_of_the_same_uid_are_named_up_to_five() -> None:
    others = tuple(SlackUser(None, "T01", f"U{number}") for number in range(7))
    assert "belongs to <@U0>, <@U1>, <@U2>, <@U3>, <@U4> and 2 more." in (
        uid_taken(UidTaken(ROBIN, Uid("superhero1"), UidConflict(others, None), requested=False)).text
    )


def test_the_modal_of_an_approval_is_sound_and_its_metadata_come_back() -> None:
    approval = Approval(ROBIN, "https://hooks.slack.com/" + "x" * 200)
    view = approve(approval)
    assert violations(view, "modal") == []
    assert_known_to_the_sdk(view["blocks"])
    assert Approval.from_text(view["private_metadata"]) == approval


@pytest.mark.parametrize("user", [ROBIN, SlackUser(None, "T01", "W1")])
def test_what_a_button_says_comes_back(user: SlackUser) -> None:
    assert user_from_text(user_text(user)) == user
    for requested in (True, False):
        anyway = LinkAnyway(user, LONG, requested, UidConflict((), None).fingerprint())
        assert LinkAnyway.from_text(anyway.to_text()) == anyway
        assert len(anyway.to_text()) <= 2000
    place = LinksQuery(20, "a:b")
    assert LinksQuery.from_text(place.to_text()) == place


@pytest.mark.parametrize("text", ["", "x", "::", ":T01:", ":T01:U01:u:requested:more", "[]", '"x"', "-1:x"])
@pytest.mark.parametrize("read", [user_from_text, LinkAnyway.from_text, Approval.from_text])
def test_what_we_never_wrote_is_refused(text: str, read: Any) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read(text)


@pytest.mark.parametrize("text", ["", "x:y", "-1:x", "12345678:x", "0:a\0b", "0:\ud800"])
def test_a_place_we_never_wrote_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        LinksQuery.from_text(text)


def test_who_is_linked_reads_how_to_find_a_call_without_its_id() -> None:
    text = linked_notice(LINK).text
    assert "Type /callinfo in any conversation to see your calls." in text
