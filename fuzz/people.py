"""Who types and presses: many people, so that what is counted for each of them does not come in between."""

from __future__ import annotations

from bot.playground.slack.workspace import Person

MANY = 400
ADMIN = Person("U0FUZZADMIN", "Admin", "may link", admin=True)
_PEOPLE = tuple(Person(f"U0FUZZ{number:03d}", f"Person {number}", "") for number in range(MANY))


def user(number: int) -> Person:
    """Return the person of a case; one in ten is linked to nobody in CometChat, one in fifty is an admin."""
    return ADMIN if number % 50 == 49 else _PEOPLE[number % MANY]  # noqa: PLR2004 - as said


def user_map() -> dict[str, str]:
    """Return the value of CALLINFO_USER_MAP."""
    linked = {who.id: "superhero1" for place, who in enumerate(_PEOPLE) if place % 10}
    return linked | {ADMIN.id: "superhero2"}
