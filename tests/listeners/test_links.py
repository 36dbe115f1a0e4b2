"""Managing links, through the front door: Alex is an admin, Tony and Steve are in the map, Robin is new."""

import json
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.cometchat import Uid
from bot.identity import IdentityUnavailableError, SlackUser
from bot.identity.links import Link, StoreUnavailableError
from bot.playground.cometchat import LIST
from bot.playground.run import Playground, playground
from bot.playground.slack import Message
from bot.storage.links import StoredLinks
from bot.storage.store import open_store
from tests.listeners import people
from tests.listeners.at_home import reads
from tests.listeners.people import ALEX, ROBIN, STEVE, TONY, answered, buttons, sample

STRANGER = "U0CROWD1"
LINK_ROBIN = "link <@U0ROBIN|robin> superhero4"


async def asked(ground: Playground, user: str, text: str) -> str:
    """Return what the person reads in the command's own answer."""
    delivery = await ground.slack.command(user, text)
    assert delivery.status == 200
    # Of those whom this Slack does not know, no Home tab is taken
    assert {each.where for each in ground.slack.refusals if each.problems} <= {"views.publish"}
    assert delivery.message is not None
    assert delivery.message["response_type"] == "ephemeral"
    return str(delivery.message["text"])


def direct(ground: Playground, user: str) -> list[Message]:
    """Return the direct messages that the person has got."""
    return [message for message in ground.slack.seen_by(user) if message.direct]


def audited(logs: Any, deed: str) -> list[tuple[str, str]]:
    return [(line["user_id"], line["outcome"]) for line in logs if line.get("deed") == deed]


async def test_an_admin_links_a_person_who_is_told_and_sees_their_calls_at_once(ground: Playground) -> None:
    with capture_logs() as logs:
        answer = await asked(ground, ALEX, LINK_ROBIN)
    assert "<@U0ROBIN> is now linked to superhero4 in CometChat." in answer
    assert "I’ve told them." in answer
    (told,) = direct(ground, ROBIN)
    assert "<@U0ALEX> connected you to CometChat as superhero4." in told.text
    assert "Only visible to you" not in told.text
    assert [each for each in ground.slack.seen_by(TONY) if each.direct] == []
    assert "Wolverine (you)" in await asked(ground, ROBIN, ground.samples[0].session_id)
    (line,) = [each for each in logs if each.get("deed") == "link"]
    assert (line["outcome"], line["user_id"]) == ("linked", ALEX)
    assert (line["uid"], line["subject"], line["team_id"]) == ("superhero4", ROBIN, "T0PLAYGROUND")
    assert line["reference"]


async def test_the_uid_is_tried_against_cometchat_on_behalf_of_itself(ground: Playground) -> None:
    await asked(ground, ALEX, "link <@U0ROBIN|robin> SuperHero4")
    request = ground.cometchat.requests[0]
    assert request.raw_path == "/v3.0/calls?uid=superhero4&perPage=1"
    assert {each.headers["onbehalfof"] for each in ground.cometchat.requests} == {"superhero4"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("link <@U0ROBIN|robin> nobody-at-all", "CometChat has no active user nobody-at-all"),
        ("link <@U0ROBIN|robin> a@b", "not a CometChat UID"),
        ("link <@U0NOBODY|x> superhero4", "Slack doesn’t know that person"),
        ("link <@U0NOBODY|x> nobody-at-all", "Slack doesn’t know that person"),
        ("link <@USLACKBOT|slackbot> superhero4", "Slack doesn’t know that person"),
        ("link @robin superhero4", "Slack doesn’t recognize that name"),
        ("link <@U0ROBIN|robin>", "/callinfo link @tony superhero1"),
        ("unlink @robin", "Slack doesn’t recognize that name"),
        ("unlink <@U0ROBIN|robin>", "No admin link to remove for <@U0ROBIN>."),
    ],
)
async def test_what_can_not_be_done_is_told_and_changes_nothing(
    ground: Playground, text: str, words: str
) -> None:
    assert words in (await asked(ground, ALEX, text)).replace("\u2060", "")
    assert direct(ground, ROBIN) == []
    assert "No links yet." in await asked(ground, ALEX, "links")


@pytest.mark.parametrize("text", [LINK_ROBIN, "unlink <@U0ROBIN|robin>", "links", "links super"])
@pytest.mark.parametrize("user", [TONY, ROBIN])
async def test_who_is_no_admin_is_refused_plainly(ground: Playground, user: str, text: str) -> None:
    with capture_logs() as logs:
        answer = await asked(ground, user, text)
    assert "Only admins can manage links." in answer
    assert "superhero" not in answer
    assert ground.cometchat.requests == []
    assert direct(ground, ROBIN) == []
    assert {line["outcome"] for line in logs if line["event"] == "interaction"} == {"not_an_admin"}


async def test_an_admin_of_another_workspace_is_refused(ground: Playground) -> None:
    delivery = await ground.slack.command(ALEX, LINK_ROBIN, fields={"team_id": "T0ELSEWHERE"})
    assert "Only admins" in str(delivery.message)


async def test_an_admin_of_the_workspace_need_not_be_named() -> None:
    async with playground(callinfo_admins="U0TONY") as ground:
        assert "is now linked" in await asked(ground, ALEX, LINK_ROBIN)
        assert "is no longer linked" in await asked(ground, TONY, "unlink <@U0ROBIN>")


async def test_while_slack_can_not_say_who_is_admin_only_those_named_are() -> None:
    async with playground(callinfo_admins="U0TONY") as ground:
        ground.slack.fail("users.info", status=500, times=9)
        assert "whether you’re an admin" in await asked(ground, ALEX, LINK_ROBIN)
        assert "is now linked" in await asked(ground, TONY, LINK_ROBIN)


async def test_a_cometchat_that_is_down_is_a_warning(ground: Playground) -> None:
    ground.cometchat.answer(LIST, status=500, body={})
    answer = await asked(ground, ALEX, LINK_ROBIN)
    assert "is now linked" in answer
    assert "Careful: CometChat didn’t confirm that this user exists." in answer


async def test_a_cometchat_that_hangs_holds_nobody_up(ground: Playground) -> None:
    ground.cometchat.hang(LIST)
    delivery = await ground.slack.command(ALEX, LINK_ROBIN)
    assert (delivery.status, delivery.error) == (200, None)
    await answered(ground, ALEX, "Careful: CometChat didn’t confirm that this user exists.")


@pytest.mark.parametrize("body", [{"ok": False, "error": "messages_tab_disabled"}, "<html>"])
async def test_a_message_that_does_not_arrive_is_a_note_and_no_failure(
    ground: Playground, body: str | dict[str, object]
) -> None:
    ground.slack.fail("chat.postMessage", status=200, body=body)
    answer = await asked(ground, ALEX, LINK_ROBIN)
    assert "is now linked" in answer
    assert "couldn’t message them. Please tell them yourself" in answer


async def test_a_link_replaces_the_one_before(ground: Playground) -> None:
    await asked(ground, ALEX, LINK_ROBIN)
    answer = await asked(ground, ALEX, "link <@U0ROBIN|robin> superhero5")
    assert "superhero5" in answer
    assert "Before: superhero4." in answer


async def test_a_uid_that_another_has_is_linked_only_once_an_admin_confirms(ground: Playground) -> None:
    await asked(ground, ALEX, LINK_ROBIN)
    answer = await asked(ground, ALEX, "link <@U0STEVE|steve> superhero4")
    assert "<@U0STEVE> isn’t linked yet: superhero4 already belongs to <@U0ROBIN>." in answer
    assert direct(ground, STEVE) == []
    card = ground.slack.seen_by(ALEX)[-1]
    (block,) = [each for each in card.blocks or [] if each["type"] == "actions"]
    assert "Each of them will see every call" in block["elements"][0]["confirm"]["text"]["text"]
    await ground.slack.press(ALEX, card.ts, "link_anyway")
    await answered(ground, ALEX, "<@U0STEVE> is now linked to superhero4 in CometChat")
    assert len(direct(ground, STEVE)) == 1
    assert card.ts in [each.ts for each in ground.slack.seen_by(ALEX)], "the answer took its place"


async def test_a_confirmation_that_is_out_of_date_is_asked_for_anew(ground: Playground) -> None:
    await asked(ground, ALEX, LINK_ROBIN)
    await asked(ground, ALEX, "link <@U0STEVE|steve> superhero4")
    card = ground.slack.seen_by(ALEX)[-1]
    await asked(ground, ALEX, "unlink <@U0ROBIN>")
    await asked(ground, ALEX, "link <@U0TONY|tony> superhero4")
    await asked(ground, ALEX, "link <@U0STEVE|steve> superhero5")
    await ground.slack.press(ALEX, card.ts, "link_anyway")
    words = "<@U0STEVE> is still linked to superhero5: superhero4 already belongs to <@U0TONY>."
    again = await answered(ground, ALEX, words)
    assert "You are superhero5" in await asked(ground, STEVE, "whoami")
    with capture_logs() as logs:
        await ground.slack.press(ALEX, again.ts, "link_anyway")
        await answered(ground, ALEX, "<@U0STEVE> is now linked to superhero4 in CometChat")
        (line,) = [each for each in logs if each.get("deed") == "link"]
    assert (line["uid"], line["replaced"]) == ("superhero4", "superhero5")


async def test_the_confirmation_of_who_is_no_admin_any_more_counts_for_nothing() -> None:
    async with playground(callinfo_admins="") as ground:
        await asked(ground, ALEX, LINK_ROBIN)
        await asked(ground, ALEX, "link <@U0STEVE|steve> superhero4")
        delivery = await ground.slack.press(ALEX, ground.slack.seen_by(ALEX)[-1].ts, "link_anyway")
        await answered(ground, ALEX, "<@U0STEVE> is now linked")
        await asked(ground, ALEX, "unlink <@U0STEVE>")
        forged = json.loads(json.dumps(delivery.payload))
        forged["user"]["id"] = TONY
        await ground.slack.interact(TONY, forged)
        await ground.slack.wait_for(
            lambda: any("Only admins" in str(each.body) for each in ground.slack.received)
        )
        assert (await asked(ground, ALEX, "links")).count(" → ") == 1


async def test_unlinking_takes_the_calls_away_at_once(ground: Playground) -> None:
    await asked(ground, ALEX, LINK_ROBIN)
    assert "<@U0ROBIN> is no longer linked to superhero4." in await asked(ground, ALEX, "unlink <@U0ROBIN|r>")
    assert "not connected" in await asked(ground, ROBIN, ground.samples[0].session_id)


async def test_an_unlinked_person_of_the_map_is_told_to_be_in_it(ground: Playground) -> None:
    await asked(ground, ALEX, "link <@U0TONY|tony> superhero5")
    answer = await asked(ground, ALEX, "unlink <@U0TONY|tony>")
    assert "they are still superhero1, by CALLINFO_USER_MAP" in answer


async def test_whoami_says_who_and_by_what_rule() -> None:
    async with playground(callinfo_uid_rule="slack-id") as ground:
        tony = await asked(ground, TONY, "whoami")
        assert "You are superhero1 in CometChat." in tony
        assert "CALLINFO_USER_MAP" in tony
        assert "configuration.\nNot you? Ask <@U0ALEX>." in tony
        robin = await asked(ground, ROBIN, "whoami")
        assert "You are u0robin in CometChat." in robin
        assert "CALLINFO_UID_RULE" in robin
        await asked(ground, ALEX, "link <@U0TONY|tony> superhero5")
        tony = await asked(ground, TONY, "whoami")
        assert "You are superhero5" in tony
        assert "Linked by <@U0ALEX>, <!date^" in tony
        assert "Not you? Ask <@U0ALEX>." in tony


async def test_whoami_of_whose_link_is_changed_while_it_is_read_says_what_was_one_link(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    get = StoredLinks.get

    async def changed_after(self: StoredLinks, user: SlackUser) -> Link | None:
        link = await get(self, user)
        await self.remove(user)
        return link

    await asked(ground, ALEX, LINK_ROBIN)
    await reads(ground, ROBIN, "Design guild")  # what is read for the Home tab is read by then
    monkeypatch.setattr(StoredLinks, "get", changed_after)
    robin = await asked(ground, ROBIN, "whoami")
    assert "You are superhero4 in CometChat.\nLinked by <@U0ALEX>, <!date^" in robin
    assert "configuration" not in robin
    assert "not connected" in await asked(ground, ROBIN, "whoami")


async def test_whoami_of_who_is_not_linked_offers_to_ask(ground: Playground) -> None:
    assert "not connected" in await asked(ground, ROBIN, "whoami")
    assert buttons(ground.slack.seen_by(ROBIN)[-1]) == ["ask_admin"]


async def test_whoami_of_who_has_asked_says_so(ground: Playground, monkeypatch: pytest.MonkeyPatch) -> None:
    await asked(ground, ROBIN, "whoami")
    await ground.slack.press(ROBIN, ground.slack.seen_by(ROBIN)[-1].ts, "ask_admin")
    await answered(ground, ROBIN, "Request sent")
    robin = await asked(ground, ROBIN, "whoami")
    assert "You requested access <!date^" in robin
    assert "I’ll message you when it’s decided." in robin
    assert buttons(ground.slack.seen_by(ROBIN)[-1]) == []

    async def away(*_: object) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr("bot.storage.link_requests.StoredRequests.last_request", away)
    assert "An admin needs to connect you first." in await asked(ground, ROBIN, "whoami")


async def test_whoami_sends_no_admin_to_themself(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*_: object) -> bool:
        raise IdentityUnavailableError

    async with playground(callinfo_user_map={}) as ground:
        alex = await asked(ground, ALEX, "whoami")
        assert "so connect yourself: /callinfo link @\u2060you &lt;uid&gt;" in alex
        assert "Ask" not in alex
        assert buttons(ground.slack.seen_by(ALEX)[-1]) == []
        linked = await asked(ground, ALEX, "link <@U0ALEX|alex> superhero4")
        assert "is now linked to superhero4" in linked
        assert "tell" not in linked
        assert "told" not in linked
        assert [each.text for each in ground.slack.seen_by(ALEX) if "connected you" in each.text] == []
        alex = await asked(ground, ALEX, "whoami")
        assert "Not you? Link yourself: /callinfo link" in alex
        assert "Ask" not in alex
        monkeypatch.setattr("bot.links.admins.Admins.is_member", unknown)
        alex = await asked(ground, ALEX, "whoami")
        assert "Not you? Ask the person who set up callinfo." in alex


async def test_whoami_tells_an_admin_of_the_workspace_who_is_not_linked_to_link_themself() -> None:
    async with playground(callinfo_admins="", callinfo_user_map={}) as ground:
        assert "so connect yourself" in await asked(ground, ALEX, "whoami")
        assert "An admin needs to connect you first." in await asked(ground, ROBIN, "whoami")
        ground.slack.fail("users.info", times=10)
        assert "An admin needs to connect you first." in await asked(ground, STRANGER, "whoami")


async def many_links(ground: Playground, number: int) -> None:
    """Link people whom Slack can't say anything of just now."""
    ground.slack.fail("users.info", status=500, times=10 * number)
    ground.cometchat.uids.update(f"user{each:02}" for each in range(number))
    for each in range(number):
        assert "is now linked" in await asked(ground, ALEX, f"link <@U0PERSON{each:02}|x> user{each:02}")


async def test_the_list_has_pages_of_ten(ground: Playground) -> None:
    await many_links(ground, 23)
    first = await asked(ground, ALEX, "links")
    assert "Linked people: 1–10 of 23" in first
    assert "<@U0PERSON00> → user00 · by <@U0ALEX>, <!date^" in first
    assert "To search, add the first letters" in first
    card = ground.slack.seen_by(ALEX)[-1]
    assert buttons(card) == ["links_next"]
    await ground.slack.press(ALEX, card.ts, "links_next")
    middle = await answered(ground, ALEX, "Linked people: 11–20 of 23")
    assert buttons(middle) == ["links_previous", "links_next"]
    assert middle.ts == card.ts, "it took the place of the page before"
    await ground.slack.press(ALEX, card.ts, "links_next")
    last = await answered(ground, ALEX, "Linked people: 21–23 of 23")
    assert buttons(last) == ["links_previous"]
    await ground.slack.press(ALEX, card.ts, "links_previous")
    await answered(ground, ALEX, "Linked people: 11–20 of 23")
    assert {each.where for each in ground.slack.refusals if each.problems} <= {"views.publish"}


async def test_the_list_is_searched_by_first_letters(ground: Playground) -> None:
    await many_links(ground, 13)
    assert "Linked people starting with “user1”" in await asked(ground, ALEX, "links user1")
    assert "Linked people starting with “u0person”: 1–10 of 13" in await asked(ground, ALEX, "links u0person")
    await ground.slack.press(ALEX, ground.slack.seen_by(ALEX)[-1].ts, "links_next")
    await answered(ground, ALEX, "Linked people starting with “u0person”: 11–13 of 13")
    assert "No links starting with “%”." in await asked(ground, ALEX, "links %")


async def test_a_page_that_has_gone_shows_the_last_there_is(ground: Playground) -> None:
    await many_links(ground, 21)
    await asked(ground, ALEX, "links")
    card = ground.slack.seen_by(ALEX)[-1]
    await ground.slack.press(ALEX, card.ts, "links_next")
    await answered(ground, ALEX, "Linked people: 11–20 of 21")
    assert "is no longer linked" in await asked(ground, ALEX, "unlink <@U0PERSON00>")
    await ground.slack.press(ALEX, card.ts, "links_next")
    await answered(ground, ALEX, "Linked people: 11–20 of 20")


async def test_who_has_left_loses_the_link_as_the_list_learns_of_it() -> None:
    async with playground() as ground:
        await asked(ground, ALEX, "link <@U0STEVE|steve> superhero2")
        ground.slack.deactivated.add(STEVE)
        assert "<@U0STEVE> → superhero2" in await asked(ground, ALEX, "links"), "Slack was asked a moment ago"
    async with playground() as ground:
        ground.slack.fail("users.info", status=500, times=2)
        await asked(ground, ALEX, "link <@U0STEVE|steve> superhero2")
        ground.slack.recover()
        ground.slack.deactivated.add(STEVE)
        with capture_logs() as logs:
            answer = await asked(ground, ALEX, "links")
        assert "No links yet." in answer
        assert "<@U0STEVE> has left Slack, so I removed their link." in answer
        assert audited(logs, "unlink") == [(ALEX, "deactivated")]


@pytest.mark.parametrize("way", ["links", "link <@U0STEVE|steve> superhero5"])
async def test_who_has_come_back_within_the_minute_keeps_the_link(ground: Playground, way: str) -> None:
    ground.slack.deactivated.add(STEVE)
    assert "account is deactivated" in await asked(ground, ALEX, "link <@U0STEVE|steve> superhero2")
    ground.slack.deactivated.remove(STEVE)
    assert "is now linked" in await asked(ground, ALEX, "link <@U0STEVE|steve> superhero2")
    assert "<@U0STEVE>" in await asked(ground, ALEX, way)
    assert "You are superhero" in await asked(ground, STEVE, "whoami")


async def test_who_has_come_back_and_is_linked_on_the_command_line_keeps_the_link(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/links.db"
    async with playground(database_url=url) as ground, open_store(url) as store:
        ground.slack.deactivated.add(STEVE)
        assert "account is deactivated" in await asked(ground, ALEX, "link <@U0STEVE|steve> superhero2")
        ground.slack.deactivated.remove(STEVE)
        steve = SlackUser(None, "T0PLAYGROUND", STEVE)
        await store.links.put(Link(steve, Uid("superhero2"), made_by="cli", made_at=1, how="import"))
        assert "<@U0STEVE> → superhero2" in await asked(ground, ALEX, "links")


async def test_a_uid_of_somebody_who_has_left_is_free(ground: Playground) -> None:
    await asked(ground, ALEX, LINK_ROBIN)
    ground.slack.deactivated.add(ROBIN)
    with capture_logs() as logs:
        answer = await asked(ground, ALEX, "link <@U0STEVE|steve> superhero4")
    assert "<@U0STEVE> is now linked to superhero4 in CometChat" in answer
    assert audited(logs, "unlink") == [(ALEX, "deactivated")]


@pytest.mark.usefixtures("no_profiles_kept")
async def test_who_has_left_is_not_linked_and_loses_the_link(ground: Playground) -> None:
    ground.slack.fail("users.info", status=500)
    await asked(ground, ALEX, LINK_ROBIN)
    ground.slack.deactivated.add(ROBIN)
    answer = await asked(ground, ALEX, "link <@U0ROBIN|robin> superhero5")
    assert "account is deactivated, so I removed their link" in answer
    assert "No links yet." in await asked(ground, ALEX, "links")


async def test_without_the_store_the_map_works_and_everything_else_is_try_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise StoreUnavailableError

    async with playground(callinfo_uid_rule="slack-id") as ground:
        for name in ("get", "put", "remove", "page"):
            monkeypatch.setattr(f"bot.storage.links.StoredLinks.{name}", away)
        for name in ("request", "decline_request"):
            monkeypatch.setattr(f"bot.storage.link_requests.StoredRequests.{name}", away)
        assert "32 min" in await asked(ground, TONY, ground.samples[0].session_id)
        assert "I can’t check who you are in CometChat right now" in await asked(ground, ROBIN, "standup")
        assert "I can’t check who you are in CometChat right now" in await asked(ground, ROBIN, "whoami")
        for text in (LINK_ROBIN, "unlink <@U0ROBIN>", "links"):
            assert "list of links isn’t available right now" in await asked(ground, ALEX, text)
        assert direct(ground, ROBIN) == []


async def test_every_look_up_and_share_is_audited_with_on_whose_behalf(ground: Playground) -> None:
    with capture_logs() as logs:
        await asked(ground, TONY, ground.samples[0].session_id)
        await asked(ground, TONY, sample(ground, "Somebody else’s call").session_id)
        await asked(ground, ROBIN, "standup")
        await ground.slack.press(TONY, ground.slack.seen_by(TONY)[0].ts, "share_call")
        await answered(ground, STEVE, "Shared by")
        await people.audited(logs, "share")
    lines = [line for line in logs if line["event"] == "audit"]
    assert [(each["deed"], each["user_id"], each["outcome"], each.get("uid")) for each in lines] == [
        ("look_up", TONY, "found", "superhero1"),
        ("look_up", TONY, "no_such_call", "superhero1"),
        ("look_up", ROBIN, "not_linked", None),
        ("look_up", TONY, "found", "superhero1"),
        ("share", TONY, "shared", "superhero1"),
    ]
    assert all(each["session_id"] and each["reference"] and each["at"] for each in lines)
    assert "Iron Man" not in str(lines)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"team_id": "T0PLAYGROUND", "is_bot": True}, "bots don’t look up calls"),
        ({"team_id": "T0ELSEWHERE"}, "Only members of this workspace can be linked from Slack"),
    ],
)
async def test_a_bot_and_a_member_of_another_workspace_are_not_linked(
    ground: Playground, facts: dict[str, object], words: str
) -> None:
    ground.slack.fail("users.info", status=200, body={"ok": True, "user": {"id": ROBIN, **facts}})
    assert words in await asked(ground, ALEX, LINK_ROBIN)
    assert "No links yet." in await asked(ground, ALEX, "links")


async def test_unlinking_works_while_nobody_can_say_what_else_holds(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unavailable(*_: object) -> None:
        raise IdentityUnavailableError

    await asked(ground, ALEX, LINK_ROBIN)
    monkeypatch.setattr("bot.identity.rules.Chain.identify", unavailable)
    assert "is no longer linked to superhero4" in await asked(ground, ALEX, "unlink <@U0ROBIN>")
