"""The form that subscribes, as it comes back from Slack (pure)."""

import pytest

from bot.subscriptions.form import SubscribeForm
from bot.subscriptions.subscription import Wanted


def filled(**fields: object) -> SubscribeForm:
    nothing: dict[str, object] = {"which": [], "kind": "", "longer": "", "with_whom": "", "channel_id": ""}
    return SubscribeForm.of(**{"quiet": [], **nothing, **fields})  # type: ignore[arg-type]


def test_what_is_chosen_is_wanted() -> None:
    form = filled(
        which=["missed", "ended"],
        kind="video",
        longer="600",
        with_whom="  Natasha \n R ",
        channel_id="C012AB3CD",
        quiet=["quiet"],
    )
    wanted = Wanted(missed=True, ended=True, kind="video", longer_seconds=600, with_whom="Natasha R")
    assert form == SubscribeForm(wanted, "C012AB3CD", quiet_hours=True)


@pytest.mark.parametrize(
    "fields",
    [
        {"which": ["all"], "kind": "radio", "longer": "7", "channel_id": "U012AB3CD", "quiet": ["loud"]},
        {"kind": "any", "longer": "any", "channel_id": "D012AB3CD"},
        {"longer": "600"},
    ],
)
def test_what_the_form_does_not_offer_is_not_chosen(fields: dict[str, object]) -> None:
    assert filled(**fields) == SubscribeForm(Wanted(missed=False, ended=False), quiet_hours=False)
