"""The Home tab as a person reads it."""

from typing import Any

from bot.playground.run import Playground
from bot.playground.slack import Home


def texts(node: Any) -> str:
    """Return all that is written in blocks, in reading order, mentions by their ids."""
    if isinstance(node, list):
        return "\n".join(filter(None, map(texts, node)))
    if not isinstance(node, dict):
        return ""
    if node.get("type") == "rich_text_section":
        return "".join(map(texts, node["elements"]))
    if node.get("type") == "user":
        return f"<@{node['user_id']}>"
    own = node.get("text")
    words = own if isinstance(own, str) else texts(own)
    inside = (node.get(name) for name in ("elements", "accessory", "options"))
    return "\n".join(filter(None, [words, *map(texts, inside)]))


def read(ground: Playground, user: str) -> str:
    """Return what the person's Home tab says now."""
    home = ground.slack.home(user)
    return texts(home.blocks) if home else ""


async def reads(ground: Playground, user: str, words: str) -> Home:
    """Wait until the person reads those words in their Home tab, and return it."""

    await ground.slack.wait_for(lambda: words in read(ground, user))
    home = ground.slack.home(user)
    assert home
    return home


async def opened(ground: Playground, user: str, words: str = "In any conversation") -> Home:
    """Let the person open their Home tab, and wait until it has those words."""
    assert (await ground.slack.open_home(user)).status == 200
    return await reads(ground, user, words)


def action_ids(home: Home) -> list[str]:
    """Return the action ids of the tab's buttons."""
    found = []
    for block in home.blocks:
        elements = [*block.get("elements", []), *([block["accessory"]] if block.get("accessory") else [])]
        found += [element["action_id"] for element in elements if element.get("type") == "button"]
    return found


async def pressed(ground: Playground, user: str, action_id: str, value: str | None = None) -> None:
    """Let the person press a button in their Home tab."""
    home = ground.slack.home(user)
    assert home
    delivery = await ground.slack.press(user, home.view_id, action_id, value=value)
    assert (delivery.status, delivery.error) == (200, None)


def values(home: Home) -> list[str]:
    """Return the values of the buttons beside the tab's calls."""
    return [block["accessory"]["value"] for block in home.blocks if "accessory" in block]


async def forged(
    ground: Playground, user: str, action_id: str, value: str, *, team: str = "T0PLAYGROUND"
) -> None:
    """Let the person press a button in their Home tab that it does not have."""
    home = ground.slack.home(user)
    assert home
    payload = {
        "type": "block_actions",
        "team": {"id": team},
        "user": {"id": user, "team_id": team},
        "container": {"type": "view", "view_id": home.view_id},
        "view": {"id": home.view_id, "type": "home", "hash": home.hash},
        "trigger_id": "x",
        "actions": [{"type": "button", "action_id": action_id, "block_id": "b", "value": value}],
    }
    assert (await ground.slack.interact(user, payload)).status == 200
