"""Who has a part in a call, read from the API's JSON alone: the oracle of the property tests.

It shares nothing with the code that it judges, and is strict: who came with a GUID, or is called by one, is no user.
"""

from typing import Any

from hypothesis import strategies as st

Raw = dict[str, Any]


def near_misses(uid: str) -> list[str]:
    """Return ids of other users that look much like it; none is it, whatever the case of letters outside of ASCII."""
    twins = {"k": "\u212a", "s": "\u017f", "1": "\uff11"}  # the Kelvin sign, a long s, a wide digit
    written = [uid.replace(each, twin) for each, twin in twins.items() if each in uid]
    return [
        f"{uid}0",
        uid[:-1],
        f"x{uid}",
        f"{uid}-",
        uid[1:],
        uid * 2,
        f"{uid}\u200b",
        f"{uid.upper()}0",
        *written,
    ]


uids = st.sampled_from(["superhero1", "SUPERHERO1"]) | st.sampled_from(
    ["superhero2", "superhero3", *near_misses("superhero1"), "", None, 7]
)
_objects = st.fixed_dictionaries({}, optional={"uid": uids, "guid": uids})
_sides = uids | st.fixed_dictionaries({"uid": uids}) | st.fixed_dictionaries({"guid": uids}) | _objects
_entity = st.fixed_dictionaries({"entity": _objects | st.none()})
_entities = st.fixed_dictionaries({}, optional={"initiator": _entity, "receiver": _entity, "odd": _entity})

parts: dict[Any, st.SearchStrategy[Any]] = {
    "initiator": _sides,
    "receiver": _sides,
    "receiverType": st.sampled_from(["user", "group", "User", None, "odd", ""]),
    "participants": st.none() | st.lists(st.fixed_dictionaries({"uid": uids}), max_size=3),
    "data": st.none() | st.just({}) | st.fixed_dictionaries({"entities": _entities | st.none()}),
}
"""What the API may say of who was in a call: missing, in every shape, and wrong."""


def has_part(raw: Raw, uid: str = "superhero1") -> bool:
    """Return whether that user called, was called or is on the list."""
    entities = (raw["data"] or {}).get("entities") or {}
    to_a_user = (raw["receiverType"] or "user").lower() == "user"
    roles = ["initiator", "receiver"] if to_a_user else ["initiator"]
    users = {_user(raw[role], (entities.get(role) or {}).get("entity") or {}) for role in roles}
    return uid in users | {_id(each["uid"]) for each in raw["participants"] or []}


def _user(said: Any, entity: Raw) -> str:
    """Return the side's UID, "" for a group and where there is none."""
    said = said if isinstance(said, dict) else {"uid": said}
    if _id(said.get("guid")) or _id(entity.get("guid")):
        return ""
    return _id(said.get("uid")) or _id(entity.get("uid"))


def _id(told: Any) -> str:
    said = "" if told is None else str(told)
    return said.lower() if said.isascii() else said
