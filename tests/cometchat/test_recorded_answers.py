"""CometChat's own recorded answers, from ../shared, through client and card."""

import json
import os
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr

from bot.calls.lookup import LookupResult
from bot.cards.summary import summary
from bot.cometchat import CometChat, SessionId, Uid
from bot.playground.cometchat import StandInCometChat
from bot.playground.samples import APP_ID, documented_call
from tests.cards.hostile import assert_sound

SHARED = Path(os.environ.get("CALLINFO_SHARED", "nowhere")) / "cometchat"
EXAMPLES = {path.stem: path.read_bytes() for path in sorted((SHARED / "examples").glob("*.json"))}
NOW = 1_763_812_800

pytestmark = pytest.mark.skipif(not EXAMPLES, reason="only .ci/run says where the recorded answers are")


@pytest.mark.parametrize("name", EXAMPLES)
async def test_a_recorded_answer_goes_through_client_and_card(name: str) -> None:
    api = StandInCometChat(api_key="key", app_id=APP_ID)
    await api.start()
    recorded = EXAMPLES[name]
    api.answer("recorded", body=recorded)
    async with CometChat(api.base_url, SecretStr("key")) as cometchat:
        answer = await cometchat.get_call(SessionId("recorded"), Uid("superhero1"))
    await api.close()
    message = summary(
        LookupResult(SessionId("recorded"), Uid("superhero1"), answer.calls[0], 1, None, 200), now=NOW
    )
    assert_sound(message)
    data = json.loads(recorded)["data"]
    raw = data[0] if isinstance(data, list) else data
    others = [person for person in raw["participants"] if person["uid"] != "superhero1"]  # who looks is "You"
    assert [each for each in others if (each.get("name") or each["uid"]) not in message.text] == []


def test_the_playground_serves_the_document_s_example_to_the_letter() -> None:
    document = yaml.safe_load((SHARED / "get-call.openapi.yaml").read_text(encoding="utf-8"))
    content = document["paths"]["/calls/{sessionId}"]["get"]["responses"]["200"]["content"][
        "application/json"
    ]
    assert json.loads(content["examples"]["Get Call"]["value"]) == {"data": [documented_call()]}
