"""What shows who sees what: calls of others, ids that nobody knows, names that try to break out."""

from bot.playground.samples.build import (
    CAPTAIN,
    IRON_MAN,
    Group,
    Person,
    Sample,
    call_json,
    entities,
    present,
    session_id,
)

_DAY = 24 * 3600

_STRANGERS = (Person("dana-okafor", "Dana Okafor"), Person("luis-ferreira", "Luís Ferreira"))
_HOSTILE_PEOPLE = (
    Person("hostile-1", "<!channel> *bold* @here <https://evil.example|click> & `code`"),
    Person("hostile-2", "A name that goes on " + "and on " * 60 + "without an end"),
    Person("hostile-3", "محمد عبد الله الفارسي"),
    Person("hostile-4", "\u202eevil\u202c שרה כהן"),
    Person("hostile-5", "👩‍👩‍👧‍👦 🇪🇺 :tada: Zoë 🏳️‍🌈"),
    Person("hostile-6", "<@U0TONY> <#C0SUPPORT> ~gone~ _slanted_\nsecond line | cell"),
)
_HOSTILE_GROUP = Group(
    "hostile-group", "<!here> *Very* _important_ <https://evil.example|group> &amp; @channel"
)


def privacy_samples(now: int) -> tuple[Sample, ...]:
    """Return what tests the walls; the calls among them are before `now` (Unix seconds)."""
    day = now - _DAY
    return (
        _somebody_elses(day - 28800),
        Sample(session_id("not found", day), "No such call", "CometChat knows no such session"),
        Sample(
            session_id("empty", day),
            "No such call, said otherwise",
            "CometChat answers with an empty list",
            [],
        ),
        _another_app(day - 32400),
        _hostile(day - 25200),
    )


def _hostile(at: int) -> Sample:
    sid = session_id("hostile", at)
    start, end = at + 5, at + 5 + 900
    people = (IRON_MAN, CAPTAIN, *_HOSTILE_PEOPLE)
    call = call_json(
        sessionId=sid,
        initiatedAt=at,
        startedAt=start,
        endedAt=end,
        receiver=_HOSTILE_GROUP.guid,
        receiverType="group",
        participants=[present(person, start + 50 * i, end, kind="audio") for i, person in enumerate(people)],
        data=entities(IRON_MAN, _HOSTILE_GROUP),
    )
    return Sample(
        sid, "Names that attack", "Long, right-to-left and emoji names, mentions and links in names", [call]
    )


def _somebody_elses(at: int) -> Sample:
    sid = session_id("somebody else's", at)
    dana, luis = _STRANGERS
    call = call_json(
        sessionId=sid,
        initiatedAt=at,
        startedAt=at + 6,
        endedAt=at + 306,
        initiator=dana.uid,
        receiver=luis.uid,
        participants=[present(person, at + 6, at + 306, kind="audio") for person in _STRANGERS],
        data=entities(dana, luis),
    )
    return Sample(sid, "Somebody else’s call", "It exists, but nobody here was in it: “no such call”", [call])


def _another_app(at: int) -> Sample:
    sid = session_id("another app", at, region="us", app_id="31780434a95d45")
    return Sample(sid, "Another app’s id", "Not found: the id is of another CometChat app")
