"""Who has a part in a call: that user, and nobody whose id is like theirs."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.cometchat import Uid, lower_uid
from bot.cometchat.parsing import parse_call
from tests.parts import near_misses

VIEWERS = ["superhero1", "kirk-1"]
PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "caller": lambda uid: {"initiator": uid, "receiver": "other"},
    "called": lambda uid: {"initiator": "other", "receiver": uid},
    "objects": lambda uid: {"initiator": {"uid": uid}, "receiver": {"uid": uid}},
    "participant": lambda uid: {"initiator": "other", "participants": [{"uid": "another"}, {"uid": uid}]},
    "entity": lambda uid: {"data": {"entities": {"initiator": {"entity": {"uid": uid}}}}},
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_call_is_of_those_in_it_and_of_nobody_with_an_id_like_theirs(viewer: str, place: str) -> None:
    for uid in (viewer, viewer.upper(), viewer.capitalize()):
        assert parse_call(PLACES[place](uid)).involves(Uid(viewer)), uid
    for uid in near_misses(viewer):
        assert not parse_call(PLACES[place](uid)).involves(Uid(viewer)), uid


@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_side_is_that_user_alone(viewer: str) -> None:
    for uid in (viewer, viewer.upper(), *near_misses(viewer)):
        call = parse_call({"initiator": uid, "receiver": uid, "receiverType": "user"})
        sides = (call.initiator, call.receiver)
        assert {side.is_user(Uid(viewer)) for side in sides if side} == {uid in {viewer, viewer.upper()}}, uid


@pytest.mark.parametrize(
    ("told", "uid"),
    [
        ("SuperHero1", "superhero1"),
        ("kirk", "kirk"),
        ("\u212airk", "\u212airk"),
        ("Ä", "Ä"),
        ("İ", "İ"),
        ("", ""),
    ],
)
def test_only_ascii_has_a_lower_case_in_an_id(told: str, uid: str) -> None:
    assert lower_uid(told) == uid


@pytest.mark.parametrize("role", ["initiator", "receiver"])
@pytest.mark.parametrize("known_as", ["SuperHero1", "superhero1", "SUPERHERO1"])
def test_a_name_is_found_whatever_the_case_of_the_id_beside_it(role: str, known_as: str) -> None:
    beside: list[dict[str, Any]] = [
        {"participants": [{"uid": known_as, "name": "Iron Man"}]},
        {"data": {"entities": {role: {"entity": {"uid": known_as, "name": "Iron Man"}}}}},
    ]
    for raw in beside:
        side = getattr(parse_call({role: "SuperHero1", **raw}), role)
        assert (side.uid, side.name) == ("SuperHero1", "Iron Man")


@pytest.mark.parametrize("role", ["initiator", "receiver"])
def test_nobody_gets_the_name_of_one_with_an_id_like_theirs(role: str) -> None:
    for uid in near_misses("kirk-1"):
        for raw in (
            {"participants": [{"uid": uid, "name": "Somebody else"}]},
            {"data": {"entities": {role: {"entity": {"uid": uid, "name": "Somebody else"}}}}},
        ):
            assert getattr(parse_call({role: "kirk-1", **raw}), role).name is None, uid
