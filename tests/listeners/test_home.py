"""The Home tab, through the front door: what each person reads there, and what their presses do."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.answers.home import Notices
from bot.app import Limits
from bot.cometchat import CallPage, CometChat
from bot.identity.links import StoreUnavailableError
from bot.links import home_tab
from bot.links.requests import LinkRequests
from bot.links.service import LinkService
from bot.links.whoami import Whoami
from bot.playground.cometchat import LIST
from bot.playground.run import Playground, playground
from bot.playground.samples import call_json, calls_in, participant_json
from bot.playground.scripted import Answer
from bot.playground.slack import Home
from bot.storage.links import StoredLinks
from tests.listeners.at_home import action_ids, forged, opened, pressed, read, reads, texts, values
from tests.listeners.people import ALEX, ROBIN, STEVE, TONY, answered, logged

UID = {"uid": {"uid": "superhero4"}}
LINK_ROBIN = "link <@U0ROBIN|robin> superhero4"


def broken(*_: object, **__: object) -> None:
    raise RuntimeError("a bug")


async def away(*_: object, **__: object) -> None:
    raise StoreUnavailableError("gone")


def published(ground: Playground) -> int:
    """Return how often the bot has asked Slack to show a Home tab."""
    return [each.target for each in ground.slack.received].count("views.publish")


def drawn(ground: Playground) -> int:
    """Return how often it has asked for a whole tab: on a slow machine a part of it may come before."""
    published = [each for each in ground.slack.received if each.target == "views.publish"]
    return sum("Loading…" not in texts(each.body["view"]["blocks"]) for each in published)


async def published_more(ground: Playground, before: int) -> None:
    """Wait until it has done so more often."""
    await ground.slack.wait_for(lambda: published(ground) > before)


async def request(ground: Playground) -> None:
    """Let Robin ask for a link in the Home tab."""
    await opened(ground, ROBIN, "not connected")
    await pressed(ground, ROBIN, "ask_admin")
    await reads(ground, ROBIN, "Request sent to <@U0ALEX>.")


async def request_elsewhere(ground: Playground) -> None:
    """Let Robin open the Home tab, and then ask for a link in the channel."""
    await opened(ground, ROBIN, "not connected")
    await ground.slack.command(ROBIN, "standup")
    await ground.slack.press(ROBIN, ground.slack.seen_by(ROBIN)[-1].ts, "ask_admin")
    await answered(ground, ROBIN, "Request sent")


async def approving(ground: Playground) -> str:
    """Let Alex press Approve in the Home tab; return the id of the modal that opens."""
    await opened(ground, ALEX, "<@U0ROBIN> requested access")
    await pressed(ground, ALEX, "approve_link")
    return (await ground.slack.wait_for(lambda: ground.slack.modals(ALEX)))[-1].view_id


async def test_a_linked_person_reads_who_they_are_and_their_latest_calls(ground: Playground) -> None:
    with capture_logs() as logs:
        home = await opened(ground, TONY, "Release stand-up")
        line = await logged(logs, "interaction", "home")
    assert "You are Iron Man (superhero1). Not you? Ask <@U0ALEX>." in read(ground, TONY)
    assert action_ids(home) == [*["found_call"] * 5, "find_call", "recent_calls", "subscribe"]
    assert "CALLINFO_USER_MAP" not in read(ground, TONY)
    assert "Access requests" not in read(ground, TONY)
    assert ground.slack.refusals == []
    assert (line["outcome"], line["user"]) == ("home", TONY)
    audited = [each for each in logs if each["event"] == "audit"]
    assert [(each["deed"], each["outcome"], each["uid"]) for each in audited] == [
        ("list", "listed", "superhero1")
    ]
    assert drawn(ground) == 1


async def test_no_admin_is_sent_to_themself(ground: Playground) -> None:
    await opened(ground, ALEX, "Not you? Link yourself: /callinfo link @you <uid>")
    assert "<@U0ALEX>" not in read(ground, ALEX)
    assert "(superhero3), by CALLINFO_USER_MAP in callinfo’s configuration." in read(ground, ALEX)
    async with playground(callinfo_user_map={}) as without_map:
        home = await opened(without_map, ALEX, "so connect yourself: /callinfo link @you <uid>")
        assert "<@U0ALEX>" not in read(without_map, ALEX)
        assert "ask_admin" not in action_ids(home)


async def test_who_is_not_linked_asks_an_admin_there_and_cometchat_is_not_asked(ground: Playground) -> None:
    with capture_logs() as logs:
        await request(ground)
        line = await logged(logs, "interaction", "ask_admin")
    assert line["outcome"] == "asked"
    assert "Your latest calls" not in read(ground, ROBIN)
    assert ground.cometchat.requests == []
    await answered(ground, ALEX, "<@U0ROBIN> requested access")


async def test_who_has_asked_elsewhere_since_reads_that_they_have(ground: Playground) -> None:
    await request_elsewhere(ground)
    await pressed(ground, ROBIN, "ask_admin")
    home = await reads(ground, ROBIN, "You’ve already requested access")
    assert "ask_admin" not in action_ids(home)


async def test_who_has_asked_reads_since_when_and_asks_again_when_that_may_help(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ask_admin" in action_ids(await opened(ground, ROBIN, "An admin needs to connect you first."))
    await request(ground)
    home = await opened(ground, ROBIN, "You requested access")
    assert "I’ll message you when it’s decided." in read(ground, ROBIN)
    assert "ask_admin" not in action_ids(home)
    monkeypatch.setattr("bot.storage.link_requests.REQUEST_SECONDS", 0)
    home = await opened(ground, ROBIN, "Nobody has answered yet. You can request access again.")
    assert "ask_admin" in action_ids(home)


async def test_who_was_declined_reads_it_and_that_they_can_ask_again_later(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    await request(ground)
    await opened(ground, ALEX, "<@U0ROBIN> requested access")
    await pressed(ground, ALEX, "decline_link")
    home = await reads(ground, ROBIN, "An admin declined your request")  # though they do not look again
    assert "You can request access again an hour after that." in read(ground, ROBIN)
    assert "You requested" not in read(ground, ROBIN)
    assert "ask_admin" not in action_ids(home)
    monkeypatch.setattr("bot.storage.link_requests.DECLINED_SECONDS", 0)
    home = await opened(ground, ROBIN, "An admin needs to connect you first.")
    assert "declined" not in read(ground, ROBIN)
    assert "ask_admin" in action_ids(home)


async def test_an_admin_approves_a_request_there(ground: Playground, monkeypatch: pytest.MonkeyPatch) -> None:
    await request(ground)
    view_id = await approving(ground)
    with capture_logs() as logs:
        assert (await ground.slack.submit(ALEX, view_id, {"uid": {"uid": "a b"}})).errors.keys() == {"uid"}
        assert (await ground.slack.submit(ALEX, view_id, UID)).ok
        await reads(ground, ALEX, "<@U0ROBIN> is now linked to superhero4 in CometChat.")
        await logged(logs, "interaction", "approval")
    assert "No open requests." in read(ground, ALEX)
    assert "Linked people" in read(ground, ALEX)
    await opened(ground, ROBIN, "(superhero4)")
    assert ground.slack.refusals == []
    monkeypatch.setattr(Notices, "of", lambda *_: ())  # and a while later
    await opened(ground, ALEX)
    await ground.slack.wait_for(lambda: "is now linked to" not in read(ground, ALEX))


async def has_a_home_of_superhero4(ground: Playground) -> Home:
    """Let Robin, who is linked to that, look at their Home tab; return it."""
    await ground.slack.command(ALEX, LINK_ROBIN)
    await reads(ground, ROBIN, "Design guild")
    with capture_logs() as logs:
        await ground.slack.open_home(ROBIN)
        await logged(logs, "interaction", "home")
    return await reads(ground, ROBIN, "(superhero4)")


def is_left_with_nothing_of_superhero4(ground: Playground) -> bool:
    """Whether Robin's tab says nothing of that, nor has a call that superhero5 has no part in."""
    shown = read(ground, ROBIN)
    return "Design guild" not in shown and "superhero4" not in shown


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("unlink <@U0ROBIN|robin>", ["You’re not connected"]),
        ("link <@U0ROBIN|robin> superhero5", ["(superhero5)", "Incident desk"]),
    ],
)
async def test_whose_link_is_changed_is_left_with_nothing_of_the_one_before(
    ground: Playground, command: str, words: list[str]
) -> None:
    await has_a_home_of_superhero4(ground)
    with capture_logs() as logs:
        await ground.slack.command(ALEX, command)
        await logged(logs, "interaction", "command")
        for each in words:
            await reads(ground, ROBIN, each)
    assert is_left_with_nothing_of_superhero4(ground)
    assert [line["kind"] for line in logs if line["event"] == "interaction"] == ["command"]
    audited = {each["deed"]: each for each in logs if each["event"] == "audit"}
    if "list" in audited:
        assert (audited["list"]["user_id"], audited["list"]["uid"]) == (ROBIN, "superhero5")
        assert audited["list"]["reference"] == audited["link"]["reference"]


async def test_a_link_that_is_made_anyway_or_on_request_is_in_the_person_s_tab_at_once(
    ground: Playground,
) -> None:
    await ground.slack.command(ALEX, "link <@U0STEVE|steve> superhero4")
    await request(ground)
    assert (await ground.slack.submit(ALEX, await approving(ground), UID)).ok
    await reads(ground, ALEX, "superhero4 already belongs to <@U0STEVE>")
    assert "not connected" in read(ground, ROBIN)
    await pressed(ground, ALEX, "link_anyway")
    await reads(ground, ALEX, "<@U0ROBIN> is now linked to superhero4 in CometChat.")
    await reads(ground, ROBIN, "(superhero4)")
    await ground.slack.command(ALEX, "unlink <@U0ROBIN|robin>")
    await ground.slack.command(ALEX, "unlink <@U0STEVE|steve>")
    await request(ground)
    assert (await ground.slack.submit(ALEX, await approving(ground), UID)).ok
    await reads(ground, ROBIN, "(superhero4)")


async def test_what_was_said_in_a_tab_goes_when_an_admin_changes_what_is_in_it(ground: Playground) -> None:
    await request(ground)
    await ground.slack.command(ALEX, LINK_ROBIN)
    await reads(ground, ROBIN, "(superhero4)")
    assert "Request sent" not in read(ground, ROBIN)


@pytest.mark.usefixtures("no_profiles_kept")
async def test_for_who_loses_the_link_for_having_left_no_tab_is_drawn_for_they_see_none(
    ground: Playground,
) -> None:
    await has_a_home_of_superhero4(ground)
    ground.slack.deactivated.add(ROBIN)
    drawn = len([each for each in ground.slack.received if each.target == "views.publish"])
    await ground.slack.command(ALEX, "links")
    await asyncio.sleep(0.1)
    assert len([each for each in ground.slack.received if each.target == "views.publish"]) == drawn


async def test_whose_tab_was_never_opened_gets_one_too_for_another_process_may_have_shown_theirs(
    ground: Playground,
) -> None:
    await ground.slack.command(ALEX, LINK_ROBIN)
    await reads(ground, ROBIN, "(superhero4)")
    assert ground.slack.refusals == []


async def test_a_change_that_may_have_been_made_draws_the_tab_anew_as_well(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove = StoredLinks.remove

    async def slow(self: StoredLinks, *arguments: Any, **named: Any) -> None:
        await remove(self, *arguments, **named)
        raise StoreUnavailableError("too slow")

    await has_a_home_of_superhero4(ground)
    monkeypatch.setattr(StoredLinks, "remove", slow)
    answer = await ground.slack.command(ALEX, "unlink <@U0ROBIN|robin>")
    assert "The list of links isn’t available" in str(answer.message)
    await reads(ground, ROBIN, "You’re not connected")
    assert is_left_with_nothing_of_superhero4(ground)


@pytest.mark.parametrize("bug", [False, True])
async def test_an_admin_is_answered_though_the_person_s_tab_can_t_be_drawn(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, *, bug: bool
) -> None:
    if bug:
        monkeypatch.setattr("bot.answers.home.home", broken)
    else:
        ground.slack.fail("views.publish", times=2)
    with capture_logs() as logs:
        answer = await ground.slack.command(ALEX, LINK_ROBIN)
        line = await logged(logs, "crashed" if bug else "home not renewed")
    assert "<@U0ROBIN> is now linked to superhero4 in CometChat." in str(answer.message)
    linking = next(each for each in logs if each["event"] == "audit")
    assert line["reference"] == linking["reference"]


async def test_an_admin_does_not_wait_for_the_person_s_calls(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    await has_a_home_of_superhero4(ground)
    go_on = asyncio.Event()
    list_calls = CometChat.list_calls

    async def held_up(*arguments: Any) -> CallPage:
        await go_on.wait()
        return await list_calls(*arguments)

    monkeypatch.setattr(CometChat, "list_calls", held_up)
    answer = await ground.slack.command(ALEX, "link <@U0ROBIN|robin> superhero5")
    assert "superhero5" in str(answer.message)
    await reads(ground, ROBIN, "Loading…")
    assert is_left_with_nothing_of_superhero4(ground)
    go_on.set()
    await reads(ground, ROBIN, "Incident desk")
    assert is_left_with_nothing_of_superhero4(ground)


async def test_a_press_in_a_tab_that_shows_what_the_person_has_no_more_draws_it_anew(
    ground: Playground,
) -> None:
    """As where somebody was unlinked on the command line, which has no way to Slack."""
    home = await has_a_home_of_superhero4(ground)
    value = values(home)[0]
    await ground.slack.command(ALEX, "unlink <@U0ROBIN|robin>")
    await reads(ground, ROBIN, "You’re not connected")
    ground.slack._state.homes.publish(ROBIN, {"type": "home", "blocks": home.blocks})
    await pressed(ground, ROBIN, "found_call", value)
    await ground.slack.wait_for(lambda: "You’re not connected" in str(ground.slack.modals(ROBIN)))
    (modal,) = ground.slack.modals(ROBIN)
    buttons = [
        each["action_id"] for block in modal.blocks for each in block.get("elements", []) if "value" in each
    ]
    assert buttons == ["ask_admin"]
    await reads(ground, ROBIN, "You’re not connected")
    assert is_left_with_nothing_of_superhero4(ground)


async def test_what_came_of_a_press_stays_for_a_while_whatever_is_done_or_looked_at_next(
    ground: Playground,
) -> None:
    await request(ground)
    home = await opened(ground, ALEX, "<@U0ROBIN> requested access")
    delivery = await ground.slack.press(ALEX, home.view_id, "decline_link")
    declined = "You declined the request from <@U0ROBIN>."
    await reads(ground, ALEX, declined)
    before = published(ground)
    await ground.slack.open_home(ALEX)
    await published_more(ground, before)
    assert declined in read(ground, ALEX)
    again = "This request is no longer open"
    await ground.slack.interact(ALEX, {**delivery.payload, "trigger_id": "again"})
    await reads(ground, ALEX, again)
    assert read(ground, ALEX).index(again) < read(ground, ALEX).index(declined)


async def test_an_admin_declines_a_request_there(ground: Playground) -> None:
    await request(ground)
    await opened(ground, ALEX, "<@U0ROBIN> requested access")
    await pressed(ground, ALEX, "decline_link")
    await reads(ground, ALEX, "You declined the request from <@U0ROBIN>.")
    assert "No open requests." in read(ground, ALEX)
    await answered(ground, ROBIN, "declined your request")


async def told_in_a_modal(ground: Playground, user: str) -> str:
    """Wait for a modal, and return what it says."""
    modals = await ground.slack.wait_for(lambda: ground.slack.modals(user))
    assert ground.slack.refusals == []
    return texts(modals[-1].blocks)


@pytest.mark.parametrize("bug", [False, True])
async def test_what_was_decided_is_told_in_a_modal_where_the_tab_can_t_be_drawn(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, *, bug: bool
) -> None:
    await request(ground)
    before = texts((await opened(ground, ALEX, "<@U0ROBIN> requested access")).blocks)
    if bug:
        monkeypatch.setattr("bot.answers.home.home", broken)
    else:
        ground.slack.fail("views.publish", times=4)  # and neither can Robin's
    with capture_logs() as logs:
        await pressed(ground, ALEX, "decline_link")
        told = await told_in_a_modal(ground, ALEX)
        line = await logged(logs, "interaction" if bug else "reply failed", "decline")
    assert "You declined the request from <@U0ROBIN>." in told
    assert (line["outcome"], line["last_resort"]) == ("crashed" if bug else "declined", "told in a modal")
    assert read(ground, ALEX) == before
    await answered(ground, ROBIN, "declined your request")


async def test_a_problem_is_told_in_a_modal_in_its_own_words(ground: Playground) -> None:
    await request_elsewhere(ground)
    ground.slack.fail("views.publish", times=2)
    await pressed(ground, ROBIN, "ask_admin")
    assert "You’ve already requested access" in await told_in_a_modal(ground, ROBIN)


async def test_a_mere_look_that_fails_opens_no_modal(ground: Playground) -> None:
    for number in range(12):
        ground.cometchat.uids.add(f"hero-{number}")
        await ground.slack.command(ALEX, f"link <@U0CROWD{number}|x> hero-{number}")
    await opened(ground, ALEX, "1–10 of")
    ground.slack.fail("views.publish", times=4)
    with capture_logs() as logs:
        await pressed(ground, ALEX, "links_next")
        assert "last_resort" not in await logged(logs, "reply failed", "links")
        await ground.slack.open_home(ALEX)
        assert "last_resort" not in await logged(logs, "reply failed", "home")
    assert ground.slack.modals(ALEX) == []


async def test_an_admin_turns_the_pages_of_the_links_there(ground: Playground) -> None:
    for number in range(12):
        await ground.slack.command(ALEX, f"link <@U0CROWD{number}|x> hero-{number}")
    await ground.slack.command(ALEX, LINK_ROBIN)
    ids = {f"hero-{number}" for number in range(12)}
    ground.cometchat.uids.update(ids)
    for number in range(12):
        await ground.slack.command(ALEX, f"link <@U0CROWD{number}|x> hero-{number}")
    await opened(ground, ALEX, "1–10 of")
    await pressed(ground, ALEX, "links_next")
    await reads(ground, ALEX, "11–")
    await pressed(ground, ALEX, "links_previous")
    await reads(ground, ALEX, "1–10 of")
    await forged(ground, ALEX, "links_next", "all")
    await reads(ground, ALEX, "This button no longer works.")


async def test_more_requests_than_fit_are_told_by_number(ground: Playground) -> None:
    for number in range(12):
        await ground.slack.command(f"U0CROWD{number}", "standup")
        card = ground.slack.seen_by(f"U0CROWD{number}")[-1]
        await ground.slack.press(f"U0CROWD{number}", card.ts, "ask_admin")
        await answered(ground, f"U0CROWD{number}", "Request sent")
    home = await opened(ground, ALEX, "2 more will appear once you decide these.")
    assert Counter(action_ids(home))["approve_link"] == 10


async def test_nobody_but_an_admin_sees_the_admin_section_whatever_they_press(ground: Playground) -> None:
    await ground.slack.command(ALEX, LINK_ROBIN)
    await opened(ground, TONY, "Release stand-up")
    for action_id, value in (("links_next", "0:"), ("approve_link", ":T0PLAYGROUND:U0STEVE")):
        before = published(ground)
        await forged(ground, TONY, action_id, value)
        await published_more(ground, before)
        assert "superhero4" not in read(ground, TONY)
        assert "Access requests" not in read(ground, TONY)
    await reads(ground, TONY, "Only admins can manage links.")


async def test_a_call_opens_in_a_modal_since_there_is_no_place_for_a_message(ground: Playground) -> None:
    home = await opened(ground, STEVE, "Release stand-up")
    before = len(ground.slack.seen_by(STEVE))
    standup = next(each for each in ground.samples if "stand-up" in each.title.lower())
    value = next(each for each in values(home) if each.startswith(standup.session_id))
    with capture_logs() as logs:
        await ground.slack.press(STEVE, home.view_id, "found_call", value=value)
        await ground.slack.wait_for(
            lambda: [each for each in ground.slack.modals(STEVE) if each.callback_id == "callinfo_chosen"]
        )
        line = await logged(logs, "interaction", "found_call")
    assert line["outcome"] == "found"
    assert len(ground.slack.seen_by(STEVE)) == before
    (modal,) = ground.slack.modals(STEVE)
    assert "32 min" in texts(modal.blocks)
    to_the_channel = {"share_to": {"share_to": "C0SUPPORT"}}
    assert (await ground.slack.submit(STEVE, modal.view_id, to_the_channel)).ok
    await answered(ground, ROBIN, "Shared by <@U0STEVE>")
    assert ground.slack.refusals == []


async def test_of_several_calls_in_a_session_each_row_opens_its_own(ground: Playground) -> None:
    now = max(call.get("initiatedAt") or 0 for each in ground.samples for call in calls_in(each.data))
    two = [
        call_json(
            sessionId="standup",
            mid=f"m{number}",
            initiator="superhero2",
            receiver=name.lower(),
            initiatedAt=now - number,
            startedAt=now - number,
            endedAt=now + 60,
            participants=[participant_json("superhero2"), participant_json(name.lower(), name=name)],
        )
        for number, name in enumerate(("Cyclops", "Zorro"))
    ]
    ground.cometchat._api.add("standup", two)
    home = await opened(ground, STEVE, "Zorro")
    _, older = (each for each in values(home) if each.startswith("standup"))
    await pressed(ground, STEVE, "found_call", older)
    await ground.slack.wait_for(lambda: "Zorro" in str(ground.slack.modals(STEVE)))
    assert "Cyclops" not in str(ground.slack.modals(STEVE))


async def test_a_button_of_a_tab_that_an_older_version_has_drawn_opens_the_session_s_newest(
    ground: Playground,
) -> None:
    home = await opened(ground, STEVE, "Release stand-up")
    accessory = next(block["accessory"] for block in home.blocks if "accessory" in block)
    accessory |= {"action_id": "pick_call", "value": accessory["value"].partition(" ")[0]}
    with capture_logs() as logs:
        await pressed(ground, STEVE, "pick_call")
        await ground.slack.wait_for(lambda: "Share to" in str(ground.slack.modals(STEVE)))
        line = await logged(logs, "interaction", "pick")
    assert line["outcome"] == "found"


async def test_a_modal_that_slack_does_not_open_is_told_in_the_tab(ground: Playground) -> None:
    home = await opened(ground, STEVE, "Release stand-up")
    ground.slack.fail("views.open", times=2)
    value = values(home)[0]
    await pressed(ground, STEVE, "found_call", value)
    await reads(ground, STEVE, "Slack couldn’t open the window.")


async def test_while_cometchat_is_down_the_link_is_told_all_the_same(ground: Playground) -> None:
    ground.cometchat.script(LIST, Answer(503))
    with capture_logs() as logs:
        await opened(ground, TONY, "CometChat isn’t responding right now")
        line = await logged(logs, "interaction", "home")
    assert "You are superhero1. Not you?" in read(ground, TONY)
    assert line["calls"] == "cometchat_in_trouble"


async def test_the_calls_that_were_found_are_there_though_the_older_ones_can_t_be_had(
    ground: Playground,
) -> None:
    ground.cometchat.answer(LIST, body={"data": [call_json(sessionId="standup")]}, times=1)
    ground.cometchat.answer(LIST, status=429, body={}, headers={"Retry-After": "2"})
    home = await opened(ground, TONY, "Captain America")
    assert action_ids(home).count("found_call") == 1
    assert "CometChat didn’t return the older calls." in read(ground, TONY)


async def test_a_page_that_can_t_be_shown_there_is_told_in_a_modal(ground: Playground) -> None:
    await opened(ground, TONY, "Release stand-up")
    await turns_to_the_second_page(ground)
    await reads(ground, TONY, "Your latest calls, page 2")
    ground.slack.fail("views.publish", times=4)
    await pressed(ground, TONY, "recent_newer")
    assert "Slack didn’t accept the message." in await told_in_a_modal(ground, TONY)


async def test_a_page_that_cometchat_does_not_give_is_no_list_in_the_log(ground: Playground) -> None:
    await opened(ground, TONY, "Release stand-up")
    with capture_logs() as logs:
        await turns_to_the_second_page(ground)
        await logged(logs, "interaction", "recent")
    ground.cometchat.answer(LIST, status=500, body={})
    with capture_logs() as logs:
        await pressed(ground, TONY, "recent_newer")
        line = await logged(logs, "interaction", "recent")
    assert (line["outcome"], line["calls"]) == ("cometchat_in_trouble", "cometchat_in_trouble")


async def turns_to_the_second_page(ground: Playground) -> None:
    """Press an Older, which the first page has none of: it names what finds more."""
    await forged(ground, TONY, "recent_older", "1.5#2|||-|")


async def test_a_page_that_is_turned_there_is_asked_for_once_and_takes_the_place_of_the_latest_calls(
    ground: Playground,
) -> None:
    await opened(ground, TONY, "Release stand-up")
    asked = len(ground.cometchat.requests)
    with capture_logs() as logs:
        await turns_to_the_second_page(ground)
        older = await reads(ground, TONY, "Your latest calls, page 2")
        line = await logged(logs, "interaction", "recent")
    assert line["outcome"] == "listed"
    assert [each["deed"] for each in logs if each["event"] == "audit"] == ["list"]
    assert len(ground.cometchat.requests) == asked + 1
    assert action_ids(older).count("pick_call") == 5
    assert "found_call" not in action_ids(older)
    await pressed(ground, TONY, "recent_newer")
    await ground.slack.wait_for(lambda: "page 2" not in read(ground, TONY))
    assert "Release stand-up" in read(ground, TONY)
    assert ground.slack.refusals == []


async def test_who_has_no_call_among_the_first_looks_further_back_there(ground: Playground) -> None:
    for page in range(8):
        of_others = [
            call_json(sessionId=f"s{page}.{number}", mid=f"m{page}.{number}", initiator="x", receiver="y")
            for number in range(40)
        ]
        ground.cometchat.answer(
            LIST, body={"data": [{**each, "participants": []} for each in of_others]}, times=1
        )
    home = await opened(ground, TONY, "No calls here")
    assert action_ids(home) == ["recent_older", "find_call", "recent_calls", "subscribe"]
    asked = len(ground.cometchat.requests)
    with capture_logs() as logs:
        await pressed(ground, TONY, "recent_older")
        await logged(logs, "interaction", "recent")
    assert [each["deed"] for each in logs if each["event"] == "audit"] == ["list"]
    assert len(ground.cometchat.requests) - asked == asked


async def test_while_cometchat_is_slow_the_rest_is_there_at_once(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ground.cometchat, "delay", 1.6)
    await opened(ground, TONY, "Loading…")
    assert "You are superhero1. Not you?" in read(ground, TONY)
    await reads(ground, TONY, "Release stand-up")
    assert "Loading…" not in read(ground, TONY)


async def test_while_the_store_is_away_that_is_told_and_the_usage_is_there(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.links.StoredLinks.get", away)
    monkeypatch.setattr("bot.storage.links.StoredLinks.page", away)
    monkeypatch.setattr("bot.storage.link_requests.StoredRequests.open_requests", away)
    await opened(ground, ROBIN, "I can’t check who you are in CometChat right now")
    await opened(ground, ALEX, "The list of links isn’t available right now")
    assert "/callinfo <session id>" in read(ground, ALEX)


async def test_whether_somebody_is_an_admin_that_can_t_be_found_out_is_told(ground: Playground) -> None:
    ground.slack.fail("users.info", times=10)
    await opened(ground, TONY, "I can’t check whether you’re an admin right now")
    assert "Access requests" not in read(ground, TONY)


@pytest.mark.parametrize("part", [(Whoami, "__call__"), (LinkService, "page"), (LinkRequests, "list_open")])
async def test_a_bug_takes_its_own_part_only(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, part: tuple[type, str]
) -> None:
    async def crash(*_: object, **__: object) -> None:
        broken()

    monkeypatch.setattr(*part, crash)
    with capture_logs() as logs:
        await opened(ground, ALEX, "Something went wrong in callinfo")
    assert [line["kind"] for line in logs if line["event"] == "crashed"] == ["home"]
    assert "In any conversation" in read(ground, ALEX)


async def test_a_bug_in_the_card_is_logged(ground: Playground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.answers.home.home", broken)
    with capture_logs() as logs:
        assert (await ground.slack.open_home(TONY)).status == 200
        line = await logged(logs, "interaction", "home")
    assert line["outcome"] == "crashed"
    assert [each["log_level"] for each in logs if each["event"] == "crashed"] == ["error"]


async def test_a_tab_that_slack_does_not_take_is_tried_twice_and_logged(ground: Playground) -> None:
    ground.slack.fail("views.publish", times=1)
    await opened(ground, TONY)
    ground.slack.home_tab = False
    with capture_logs() as logs:
        assert (await ground.slack.open_home(TONY)).status == 200
        line = await logged(logs, "reply failed", "home")
    assert line["reply_failure"] == "not_enabled"


async def test_other_tabs_and_events_that_name_nobody_draw_nothing(ground: Playground) -> None:
    assert (await ground.slack.open_home(TONY, tab="messages")).status == 200
    assert (await ground.slack.event("app_home_opened", tab="home")).status == 200
    assert (await ground.slack.event("app_home_opened", tab="home", user={"id": TONY})).status == 200
    await asyncio.sleep(0.1)
    assert published(ground) == 0


async def test_somebody_of_another_workspace_is_not_taken_for_a_member(ground: Playground) -> None:
    await ground.slack.open_home(TONY, fields={"team_id": "T0OTHER"})
    await reads(ground, TONY, "not connected")
    await forged(ground, TONY, "ask_admin", "ask", team="T0OTHER")
    await reads(ground, TONY, "Only members of this workspace can be linked from Slack.")


async def test_an_event_that_slack_delivers_twice_draws_once(ground: Playground) -> None:
    delivery = await ground.slack.open_home(TONY)
    await reads(ground, TONY, "Release stand-up")
    assert (await ground.slack.redeliver(delivery)).status == 200
    await asyncio.sleep(0.1)
    assert drawn(ground) == 1


async def test_who_opens_it_again_and_again_is_drawn_for_few_times_and_then_told_to_wait() -> None:
    async with playground(callinfo_rate_limit="3/day") as ground:
        with capture_logs() as logs:
            await asyncio.gather(*(ground.slack.open_home(TONY) for _ in range(40)))
            for _ in range(4):
                before = published(ground)
                await ground.slack.open_home(TONY)
                await published_more(ground, before)
            await reads(ground, TONY, "You’ve reached your limit of 3 look-ups")
        assert "(superhero1)" in read(ground, TONY) or "You are superhero1." in read(ground, TONY)
        assert len(ground.cometchat.requests) <= 3
        assert len([line for line in logs if line["event"] == "interaction"]) <= 3


async def test_what_slack_takes_late_never_goes_over_what_is_newer(ground: Playground) -> None:
    """The first look is held up on its way to Slack, and meanwhile an admin links the person."""
    ground.slack.fail("views.publish", status=None, delay=0.5)
    await ground.slack.open_home(ROBIN)
    await ground.slack.command(ALEX, LINK_ROBIN)
    await ground.slack.open_home(ROBIN)
    await reads(ground, ROBIN, "(superhero4)")
    await asyncio.sleep(0.7)
    assert "(superhero4)" in read(ground, ROBIN)


async def test_what_another_process_has_shown_meanwhile_is_not_put_back(ground: Playground) -> None:
    """Slack says by the hash that somebody else has published: then everything is read again."""
    home = await opened(ground, ROBIN, "not connected")
    view = {"type": "home", "blocks": home.blocks}
    ground.slack._state.homes.publish(ROBIN, view)
    with capture_logs() as logs:
        await pressed(ground, ROBIN, "ask_admin")  # its payload has the newer hash
        await reads(ground, ROBIN, "Request sent")
        ground.slack._state.homes.publish(ROBIN, view)
        event = {"user": ROBIN, "tab": "home", "view": {"hash": home.hash}}
        await ground.slack.event("app_home_opened", **event)
        await ground.slack.wait_for(
            lambda: ground.slack.refusals and "In any conversation" in read(ground, ROBIN)
        )
        await logged(logs, "interaction", "home")
    assert [each.error for each in ground.slack.refusals] == ["hash_conflict"]


async def test_a_conflict_may_show_at_the_second_try_alone(ground: Playground) -> None:
    home = await opened(ground, ROBIN, "not connected")
    await ground.slack.command(ALEX, LINK_ROBIN)
    await reads(ground, ROBIN, "(superhero4)")
    ground.slack._state.homes.publish(ROBIN, {"type": "home", "blocks": home.blocks})
    ground.slack.fail("views.publish")
    await ground.slack.event("app_home_opened", user=ROBIN, tab="home", view={"hash": home.hash})
    await reads(ground, ROBIN, "(superhero4)")
    assert [each.error for each in ground.slack.refusals] == ["hash_conflict"]


async def test_a_look_during_the_shutdown_is_finished() -> None:
    async with playground(limits=Limits()) as ground:
        ground.cometchat.delay = 0.3
        assert (await ground.slack.open_home(TONY)).status == 200
        slack = ground.slack
        async with asyncio.timeout(30):
            while not ground.cometchat.in_flight:  # noqa: ASYNC110 - the stand-in tells nobody
                await asyncio.sleep(0.01)
        assert slack.home(TONY) is None
    assert "Release stand-up" in read(ground, TONY)


def test_the_first_look_waits_no_longer_than_people_do() -> None:
    assert home_tab.FIRST_SECONDS <= 1.0
