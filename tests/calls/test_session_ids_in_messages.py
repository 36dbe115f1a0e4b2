from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.calls.mentioned_ids import Mentioned, found_in
from bot.cards.kit.escaping import escaped
from bot.cometchat import parse_session_id
from bot.listeners.payloads.texts import texts_of
from tests.calls.test_session_ids import is_id

ID = "v1.eu.2574867aa2e6e417.17158459999d7fa95b1b4faea599f11eb5ecf07611b0b335c3"
OTHER = "v1.us.31780434a95d45.1692368168aefba73a1e5938ad7a02f8e61ea1c9a287a08aeb"
UUID = "b7683aaf-090a-4204-8f84-7ddd652923aa"
OURS = "v1.eu.2574867aa2e6e417."
"""How the ids begin that people chose in this app's form."""


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (f"see {ID}.", [ID]),
        (f"({ID}), {OTHER}! {ID}", [ID, OTHER]),
        (f"<https://{ID}|{ID}>", [ID]),
        (f"<https://app.example/calls/{ID}?tab=1|the call>", [ID]),
        (f"https://app.example/?next=%2Fcalls%2F{ID}%3Fa", [ID]),
        ("v1.eu.2574867aa2e6e417.standup, as always", ["v1.eu.2574867aa2e6e417.standup"]),
        ("Session ID = “standup”", ["standup"]),
        ('{"sessionId": "team-room", "x": 1}', ["team-room"]),
        ("https://app.example/?sessionId=standup&amp;x=1", ["standup"]),
        ("the session is `standup`", ["standup"]),
        (f"session {UUID} failed", [UUID]),
        (f"call id #{UUID}", [UUID]),
        (f"session: {ID}", [ID]),
        ("the session was great", []),
        ("call: yes, room: 5", []),
        (UUID, []),
        (f"{ID[:40]}… was cut", []),
        (f"{ID[:40]}... was cut", []),
        ("session: https://app.example/", []),
        (f"x{ID}", []),
        ("", []),
        (f"*Session:* {ID}", [ID]),
        (f"*Session ID:*\n{UUID}", [UUID]),
        ("_Session:_ `standup`", ["standup"]),
        (f"*Session ID*\n{UUID}", [UUID]),
        (f"*session* {UUID}", [UUID]),
        (f"see {ID}.json and {OTHER}-rec", [ID, f"{OTHER}-rec"]),
        (f"_{ID}_ session:{OTHER}", [ID, OTHER]),
        (f"{ID},{OTHER}", [ID, OTHER]),
        (f"https://recordings-eu.cometchat.io/2574867aa2e6e417/{ID}_2024-05-16-07-53-19.mp4", [ID]),
        ("Session: - ", []),
        ("Session: :white_check_mark: ok", []),
        ("Session: 🟢 live", []),
        ("Session: <@U0TONY>", []),
        ("session: <!date^1715845999^{time}|x>", []),
        ("sessionId=null", []),
        ('{"sessionId": "null"}', []),
    ],
)
def test_a_server_made_id_counts_anywhere_and_others_after_a_word_that_says_so(
    text: str, ids: list[str]
) -> None:
    assert list(found_in([text]).ids) == ids


@given(st.lists(st.text(max_size=80), max_size=4))
def test_whatever_a_message_says_what_is_found_are_ids_without_repeats(texts: list[str]) -> None:
    found = found_in(texts).ids
    assert len(set(found)) == len(found)
    assert all(parse_session_id(each) == each for each in found)


filler = st.text(
    st.characters(exclude_categories=["L", "N", "Cs"], exclude_characters="_-./…%<>|&"), max_size=10
)
stamp_and_digits = st.from_regex(r"[0-9]{10}[0-9a-f]{40}", fullmatch=True)
planted = st.builds(lambda tail: f"v1.eu.2574867aa2e6e417.{tail}", stamp_and_digits)


@given(st.lists(st.tuples(filler, planted), min_size=1, max_size=12))
def test_every_id_that_a_text_mentions_is_found_in_order(parts: list[tuple[str, str]]) -> None:
    text = "".join(f"{before} {session_id} " for before, session_id in parts)
    assert list(found_in([text]).ids) == list(dict.fromkeys(session_id for _, session_id in parts))


def nested(leaf: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = st.sampled_from(["text", "elements", "fields", "value", "fallback", "url", "blocks", "title"])
    return st.recursive(
        leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
    )


@given(nested(st.text(max_size=20) | st.integers() | st.none()), planted)
def test_an_id_is_found_however_deep_a_message_has_it(noise: Any, session_id: str) -> None:
    message = {"blocks": [{"elements": [noise, {"elements": [{"url": f"https://x.example/{session_id}"}]}]}]}
    assert session_id in found_in(texts_of(message)).ids


def test_slack_s_own_words_for_structure_are_not_read() -> None:
    message = {"type": "message", "ts": ID, "user": ID, "bot_profile": {"name": ID}, "text": "nothing"}
    assert list(texts_of(message)) == ["nothing"]


def test_a_message_is_read_in_the_order_that_people_read_it() -> None:
    message = {"attachments": [{"text": "3", "title": "2"}], "blocks": [{"text": {"text": "1"}}], "text": "0"}
    assert list(texts_of(message)) == ["0", "1", "2", "3"]


@given(nested(st.text(max_size=5) | st.booleans() | st.floats()))
def test_no_message_s_shape_breaks_the_reading(message: Any) -> None:
    assert all(isinstance(text, str) for text in texts_of(message))


def test_a_field_s_title_says_what_its_value_is() -> None:
    message = {"attachments": [{"fields": [{"title": "Session ID", "value": UUID, "short": True}]}]}
    assert list(found_in(texts_of(message)).ids) == [UUID]


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "v1.eu.aaaa.",
            "session: ",
            "session id is ",
            "v1.eu.aaaa.a.",
            "v1.eu.aaaa.a,",
            "<<<<",
            "%25",
            "(((",
        ),
        *(
            ',"v1.eu.aaaa.a',
            "'\"v1.eu.aaaa.a",
            "`",
            "*_ ",
            " *a",
            " _a*",
            "/v1.eu.aaaa.a%25",
            "\\\\n",
            "&v=",
            "<a|b>",
            '"a\\"',
            "```a",
            "**_ ",
            "&gt;v1.eu.aaaa.a\n",
        ),
    ],
)
def test_a_text_made_to_take_long_is_read_to_its_bound_and_no_further(piece: str) -> None:
    assert "never-read" not in found_in([piece * (50_000 // len(piece)) + "a…", "session: 'never-read'"]).ids


@given(
    st.sampled_from(["session: ", "session id=", "session is `", "v1.eu.2574867aa2e6e417."]),
    st.text(max_size=300),
)
def test_whatever_follows_a_word_that_promises_an_id_never_breaks_the_search(before: str, text: str) -> None:
    assert all(parse_session_id(each) for each in found_in([before + text]).ids)


WHOLE = [
    "standup:2024-05-16",
    "team:standup-1",
    "room@5",
    "a+b=c",
    "x!y",
    "deal,42",
    "räume",
    "r&d",
    "it's",
    "_standup_",
    "*standup*",
    "standup.",
    "(standup)",
    "team🟢",
    f"{OURS}team:standup",
    f"{OURS}räume",
    f"{OURS}team_",
    f"{OURS}deal,42",
    f"{ID}:2",
]


@pytest.mark.parametrize("session_id", WHOLE)
@pytest.mark.parametrize(
    "text",
    [
        '{{"sessionId": "{}"}}',
        '{{"sessionId":"{}","x":1}}',
        "{{'session_id': '{}', 'x': 1}}",
        '`{{"sessionId":"{}"}}`',
        '{{\\"sessionId\\":\\"{}\\",\\"x\\":1}}',
        '{{"msg": "no answer {{\\"sessionId\\": \\"{}\\"}}"}}',
        '"sessionId" => "{}",',
        ':session_id=>"{}"',
        "Session ID:\n```\n{}\n```",
        "**Session ID:** `{}`",
        '```\nsession_id = "{}"\n```',
        "session `{}` failed",
        "Session ID: ‘{}’.",
        "*Session:* “{}”",
        "the session is «{}»",
        "*Meeting ID*\n`{}`",
        "sessionId=`{}`, again",
        "(session “{}”)",
    ],
)
def test_between_quotes_or_code_marks_the_whole_value_is_the_id(text: str, session_id: str) -> None:
    quote = "'" if "'{}'" in text else None
    if quote in set(session_id):
        return
    assert found_in([text.format(escaped(session_id))]) == Mentioned((parse_session_id(session_id),))


@pytest.mark.parametrize("session_id", [each for each in WHOLE if each.startswith("v1.")])
@pytest.mark.parametrize(
    "text", ["`{}`", "see `{}`.", "“{}”", '["{}", 1]', "call('{}')", "*`{}`*", "```{}```"]
)
def test_so_it_is_for_an_id_that_says_itself_what_it_is(text: str, session_id: str) -> None:
    found = found_in([text.format(escaped(session_id))])
    assert found.ids in {(session_id,), ()}
    assert found.ids or text.startswith("call")


@pytest.mark.parametrize(
    ("text", "unsure"),
    [
        ("{}team:standup", "{}team:standup"),
        ("see {}räume, please", "{}räume"),
        ("{}deal,42", "{}deal,42"),
        ("{}room@5", "{}room@5"),
        ("{}a+b=c.", "{}a+b=c"),
        ("{}x!y", "{}x!y"),
        ("{}it's", "{}it's"),
        ("{}team(1)", "{}team(1)"),
        ("{}a—b", "{}a—b"),
        ("{}team_ is ours", "{}team_"),
        ("_{}team is ours", "_{}team"),
        ("team-{}standup", "team-{}standup"),
        ("prod:{}standup", "prod:{}standup"),
        ("x.{}standup", "x.{}standup"),
        ("https://app.example/calls/{}team:standup", "{}team:standup"),
        ("https://app.example:80/calls/{}team;x=1", "{}team;x=1"),
        ("<https://app.example/calls/{}team>:standup", "{}team:standup"),
        ("<http://{0}team|{0}team>:standup", "{}team:standup"),
        ("<http://{0}TEAM|{0}TEAM>räume", "{}TEAMräume"),
        ("{}*b*", "{}*b*"),
        ("{}a`b`", "{}a`b"),
        ("{}a`b", "{}a`b"),
        ('{}a"b', '{}a"b'),
        ('{}a,"b"', None),
        ('{}a:"b"', None),
        ("{}a<@U0TONY>", None),
        ("<@U0TONY>{}a", None),
        ("{}a<!date^1715845999^{{time}}|x>", None),
        ("{}a:tada:", "{}a:tada"),
        ("{}a…", None),
        ("{}a...", None),
        ("{}a…b", None),
        ("`{}a…`", None),
        ('{{"sessionId": "{}a..."}}', None),
        ("{}a\\u00e4b", None),
        ('"{}a\\x"', None),
        ("https://app.example/{}a%20b", None),
        ("https://app.example/{}a%E2%80%A6", None),
        ("https://app.example/{}t%C3%A4:x", "{}tä:x"),
        ("<https://app.example/calls/{}a)|the call>", "{}a)"),
        ("https://app.example/?sessionId=a...", None),
        ("{}a..b", "{}a..b"),
        ('"_{}a_"', "_{}a_"),
        ("`({}a)`", "({}a)"),
        ("https://app.example/{}a%2Fb", None),
        ("https://app.example/?session=expired", "expired"),
        ("https://app.example/?sessionId=a+b", "a+b"),
        ('{{"sessionId": "stand up"}}', None),
        ('{{"sessionId": "stand/up"}}', None),
        ("Session: Introduction to CometChat", None),
        ("Meeting ID: 837 1234 5678", None),
        ("Session: Introduction", "Introduction"),
        ("session=expired", "expired"),
        ("session=expired, so log in", None),
        ("Session ID: standup:2024\nStarted: now", "standup:2024"),
        ("room id = room@5.", "room@5"),
        ("session: _standup", None),
        (f"session: {UUID}:2", f"{UUID}:2"),
        (f"session: {UUID}-2 and", None),
        (f"session {UUID}ä", None),
        (f"session: {ID}:2", f"{ID}:2"),
        (f"session_{ID}", f"session_{ID}"),
        (f"{ID},{OTHER}:2", f"{ID},{OTHER}:2"),
        ("https://app.example/?sessionId=standup's", "standup's"),
        ("https://app.example/?sessionId=standup*", "standup*"),
        ("```\n_x = {}team_\n```", "{}team_"),
        ("```\nsession_id: *standup-1*\n```", "standup-1"),
        ("https://app.example/?sessionId=_standup_", "_standup_"),
        ("/calls/({}r%26d)/log", "{}r&d"),
        ("“{}standup is down”", "{}standup"),
        ('{{"id": "{}deal, 42"}}', "{}deal"),
        ("see `{}deal, 42`", "{}deal"),
        ('"id": "{}stand', "{}stand"),
        ("`sessionId=_standup-1_`", "standup-1"),
    ],
)
def test_where_it_is_not_clear_where_an_id_ends_nothing_is_looked_up(text: str, unsure: str | None) -> None:
    assert found_in([text.format(OURS)]) == Mentioned((), unsure and unsure.format(OURS))


@pytest.mark.parametrize(
    "text",
    [
        "_{}_",
        "*{}*",
        "~{}~",
        "*_{}_*",
        "_see {}_",
        "*see {}*, please",
        "_{} is it_",
        "({}).",
        "<{}>",
        "&lt;{}&gt;",
        "<http://v1.eu|v1.eu>{tail}",
        "<http://v1.eu.2574867aa2e6e417.st|v1.eu.2574867aa2e6e417.st>andup-1",
        "<http://V1.EU|v1.eu>{tail}",
        "<https://app.example/calls/{}>.",
        "<https://app.example/calls/{}|the call>s",
        "https://app.example/calls/{}/log?x=1",
        "[the call](https://app.example/calls/{})",
        "https://app.example/#/calls/{}?tab=1",
        "https://app.example/?id={}&x=1",
        "https://app.example/?next=%2Fcalls%2F{}%3Ftab%3D1%26x",
        "app.example/calls/{}",
        "GET /v3.0/calls/{} HTTP/1.1",
        "id={}",
        "sessionId={} ok",
        "session:{}",
        "#{}",
        "> {}",
        "&gt;{}",
        "&gt;&gt;&gt;{}\nmore",
        "**{}**",
        "***{}***",
        "**_see {}_**",
        "[the log](https://app.example/?x=1&sessionId={}).",
        '"see {}"',
        "level=info session={} ms=3",
        '"https://app.example/calls/{}?x=1"',
        f'"https://app.example/{"x" * 300}/{{}}"',
        "'\"{}\"'",
        "failed: {}\\nTraceback",
        "{}",
    ],
)
def test_an_id_is_one_whatever_stands_around_it(text: str) -> None:
    session_id = f"{OURS}standup-1"
    read = text.format(session_id, tail=session_id.removeprefix("v1.eu"))
    assert found_in([read]) == Mentioned((parse_session_id(session_id),))


@pytest.mark.parametrize(
    "text",
    [
        "session_id: standup-1",
        "sessionId=standup-1",
        "level=info session_id=standup-1 user=x",
        "call-id: standup-1, user: x",
        "{sessionId: standup-1}",
        "meeting_id: (standup-1).",
        "ROOM_ID: standup-1\nuser: x",
        "2024-05-16 INFO session_id=standup-1 joined",
        "session_id=standup-1 [info] ended",
        '{"msg": "session_id=standup-1 ended"}',
        'calls_total{session_id="standup-1",status="ok"} 1',
        "`standup-1`:tada: (session `standup-1`:tada:)",
        "session_id=`standup-1`,status=`ok`",
        "session_id=`standup-1`;x",
        "fn(https://app.example/?sessionId=standup-1)",
        "**https://app.example/?sessionId=standup-1**",
        '{"msg": "sessionId=\\"standup-1\\""}',
        "```\nsession_id: standup-1 joined\nsession_id=standup-1\n```",
    ],
)
def test_a_program_s_own_key_says_what_its_value_is(text: str) -> None:
    assert found_in([text]) == Mentioned((parse_session_id("standup-1"),))


@pytest.mark.parametrize(
    "text",
    [
        '["{}",1]',
        '{{"ids":["{}",null]}}',
        '{{"{}":3}}',
        '"{}",42,ended',
        "f('{}',n=1)",
        '{{"level":30,"msg":"session_id={} ended"}}',
        '"{}"—ended',
        "`{}`:tada:",
    ],
)
def test_programs_quote_an_id_in_many_ways(text: str) -> None:
    session_id = f"{OURS}17158459994512ab34cd"
    assert found_in([text.format(session_id)]).ids == (session_id,)


@pytest.mark.parametrize(
    "text",
    [
        'session_id="stand up"',
        '{"sessionId": "standup; 2"}',
        "sessionId: `standup-1 or so`",
        "Session ID: “stand up”",
        "callId=5 failed",
        "Session-ID: Introduction",
        "session_id: [redacted]",
        "`O.team`:standup",
        "`O.team`_x_",
        "Session ID: `standup`:2024",
        "Session ID `a`.b`",
        '{"sessionId": "O.deal, 42"}',
        "Session ID: `O.deal 42`",
        'session_id="O.deal 42" ended',
        '"sessionId" => "O.deal, 42"',
        '{"id": "O.deal, 42"}',
        "see `O.deal, 42`",
        "“O.deal, 42”",
        '{"sessionId": "a\\",b"}',
        '{"id": "O.a\\",b"}',
        '{"sessionId": "team\U0001f469\u200d\U0001f4bb"}',
        '{"sessionId": "\u0645\u06cc\u200c\u0631\u0648\u0645"}',
        "sessionId=not_found user=x",
        "meetingId=to.be.announced, sorry",
        '{"session": {"id": "a:b"}}',
    ],
)
def test_a_word_or_a_piece_of_a_value_is_no_id(text: str) -> None:
    assert found_in([text.replace("O.", OURS)]).ids == ()


@pytest.mark.parametrize(
    ("text", "unsure"),
    [
        ("session_id=expired", "expired"),
        ("sessionId: expired.", "expired"),
        ("session_id: 837 1234", None),
        ("session_id: standup is over", None),
        ("session_id: standup:2", "standup:2"),
        ("session_id=standup:2 user=x", None),
        ("sessionId=standup_", "standup_"),
        ("sessionId=standup's", "standup's"),
        ("session_id=stand…", None),
        ("session_id=stand...", None),
        ("session_id=a..b", "a..b"),
        ("session_id=null", None),
        ("session_id#standup", "standup"),
        ("sessionId is standup", None),
        ("Session ID: standup", "standup"),
        ("session: standup", "standup"),
        ("session_id=timed_out", "timed_out"),
        ("session_id=[not-set]", "not-set"),
        ("session_id=team-room", "team-room"),
    ],
)
def test_but_never_a_piece_of_it(text: str, unsure: str | None) -> None:
    assert found_in([text]) == Mentioned((), unsure)


def test_what_is_sure_goes_before_what_is_not() -> None:
    assert found_in([f"{OURS}team:1 {OURS}retro"]) == Mentioned((parse_session_id(f"{OURS}retro"),))
    assert found_in([f"_x {OURS}team_", f"`{OURS}team_`"]).ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("https://app.example/?sessionId=team%3Astandup", ["team:standup"]),
        ("https://app.example/?x=1&amp;session_id=standup#top", ["standup"]),
        (f"https://app.example/?session={UUID}", [UUID]),
        (f"https://app.example/calls/{OURS}r%C3%A4ume%3A1", [f"{OURS}räume:1"]),
        (f"<https://app.example/calls/{OURS}r%26d|r%26d>", [f"{OURS}r&d"]),
        (f"https://app.example/?next=%2Fcalls%2F{OURS}r%2526d", [f"{OURS}r&d"]),
        ('{"sessionId": "r\\u00e4ume"}', ["räume"]),
        (f"<http://{OURS}standup|{OURS}StandUp>", [f"{OURS}StandUp"]),
        (f"https://app.example/?q=%2525252525{ID}", []),
        ("https://app.example/?x=1&amp;session=1#sessionId", []),
        ("https://app.example/?sessionId=null", []),
        *(
            (f"https://app.example/?sessionId={each}&amp;x=1", [each])
            for each in ("(standup)", "*standup*", "_standup_", "standup!", "standup.")
        ),
        ("`GET /calls?sessionId=standup!&amp;x=1 HTTP/1.1`", ["standup!"]),
        (f"/calls/{OURS}r%26d!/log", [f"{OURS}r&d!"]),
        (
            f"```{OURS}standup 2024-05-16 ended\n{OURS}retro: x\n{OURS}a:b```",
            [f"{OURS}{each}" for each in ("standup", "retro", "a:b")],
        ),
        (f"“{ID} is down”", [ID]),
        (f'{{"m": "{ID}\\" x"}}', [ID]),
        (f"Session ID:_{UUID}_", [UUID]),
        (f"{OURS}standup\u200c is down", [f"{OURS}standup"]),
    ],
)
def test_an_address_says_where_its_parts_end(text: str, ids: list[str]) -> None:
    assert list(found_in([text]).ids) == ids


def test_where_reading_ends_no_id_is_cut() -> None:
    texts = (
        f"{OURS}standup-2024",
        f"`{OURS}standup-2024`",
        f"session: {UUID}-2",
        f"see <https://x.example/{OURS}a-2>",
    )
    for text in texts:
        whole = found_in([text])
        for room in range(len(text)):
            filling = "x" * (50_000 - room - 1) + " "
            assert found_in([f"{filling}{text}"]) in {Mentioned(()), whole}
            assert found_in([filling, text]) in {Mentioned(()), whole}
    assert found_in([f"{filling[len(text) :]}{text}"]) == whole


def rich(*elements: Any, kind: str = "rich_text_section") -> Any:
    return {"blocks": [{"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}]}


def words(text: str, **style: bool) -> Any:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def link(url: str, text: str | None = None, **style: bool) -> Any:
    return {
        "type": "link",
        "url": url,
        **({"text": text} if text else {}),
        **({"style": style} if style else {}),
    }


@pytest.mark.parametrize(
    ("message", "ids"),
    [
        (rich(words(f"{OURS}stand"), words("up", bold=True)), [f"{OURS}standup"]),
        (rich(link("http://v1.eu", "v1.eu"), words(f"{OURS[5:]}standup")), [f"{OURS}standup"]),
        (rich(link("http://v1.eu"), words(f"{OURS[5:]}standup")), [f"{OURS}standup"]),
        (rich(words("see "), words(f"{OURS}standup", italic=True), words(", please")), [f"{OURS}standup"]),
        (rich(words(f"{OURS}team:standup", code=True)), [f"{OURS}team:standup"]),
        (rich(words(f"{OURS}r&d<1>", code=True)), [f"{OURS}r&d<1>"]),
        (rich(words(f"{OURS}r&amp;d", code=True)), [f"{OURS}r&d"]),
        (rich(words(f"{OURS}a`b", code=True)), [f"{OURS}a`b"]),
        (rich(link("http://v1.eu", "v1.eu", code=True), words(f"{OURS[5:]}a:b", code=True)), [f"{OURS}a:b"]),
        (rich(words("Session ID: ", bold=True), words("team:standup", code=True)), ["team:standup"]),
        (rich(words("session "), words(UUID, code=True)), [UUID]),
        (rich(words('{\n  "sessionId": "_room@5_"\n}'), kind="rich_text_preformatted"), ["_room@5_"]),
        (rich(words(f"{OURS}team:1"), kind="rich_text_preformatted"), [f"{OURS}team:1"]),
        (
            rich(words(f"{OURS}team:1\n{OURS}team:2"), kind="rich_text_preformatted"),
            [f"{OURS}team:1", f"{OURS}team:2"],
        ),
        (rich(words(f"{OURS}standup"), kind="rich_text_quote"), [f"{OURS}standup"]),
        (
            rich(words(f"{OURS}standup "), {"type": "emoji", "name": "tada", "unicode": "1f389"}),
            [f"{OURS}standup"],
        ),
        (rich(words(f"{OURS}standup "), {"type": "user", "user_id": "U0TONY"}), [f"{OURS}standup"]),
        (rich(link(f"https://app.example/calls/{OURS}team%3A1", "the call"), words("s")), [f"{OURS}team:1"]),
        (rich(link(f"https://app.example/calls/{OURS}a|b", "the call")), [f"{OURS}a|b"]),
        (rich(words(f"{OURS}team"), words(":standup", bold=True)), []),
        (rich(words(f"{OURS}team"), link("http://standup.example", ":standup.example")), []),
        (rich(words(f"{OURS}team"), words(":1", code=True)), []),
        (rich(words(f"{OURS}room"), {"type": "user", "user_id": "U0TONY"}), []),
        (rich(words(f"{OURS}room"), {"type": "color", "value": "#FF0000"}), [f"{OURS}room"]),
        (rich(words(f"{OURS}room"), {"type": "emoji", "name": "ours"}), []),
        (rich(words(f"{OURS}room"), {"type": "emoji", "name": "odd", "unicode": "x"}), []),
        (rich(words(f"{OURS}room"), "odd", None, {"type": "new", "text": f" {OURS}retro"}), [f"{OURS}retro"]),
        (rich(words("Session: "), words("Introduction", italic=True)), []),
    ],
)
def test_a_line_of_rich_text_is_read_as_one(message: Any, ids: list[str]) -> None:
    assert list(found_in(texts_of(message)).ids) == ids


@pytest.mark.parametrize(
    ("text", "elements", "ids"),
    [
        (
            f"{OURS}st_and_up",
            [words(f"{OURS}st"), words("and", italic=True), words("up")],
            [f"{OURS}standup"],
        ),
        (
            'session "team:tada:"',
            [words('session "team'), {"type": "emoji", "name": "tada", "unicode": "1f389"}, words('"')],
            ["team🎉"],
        ),
    ],
)
def test_the_text_of_rich_text_is_the_same_once_more_and_is_not_read(
    text: str, elements: list[Any], ids: list[str]
) -> None:
    assert list(found_in(texts_of({"text": text, **rich(*elements)})).ids) == ids
    assert ID in found_in(texts_of({"text": ID, "bot_id": "B01", **rich(*elements)})).ids
    assert list(found_in(texts_of({"text": f"see {ID}", "blocks": [{"type": "rich_text"}]})).ids) == [ID]


def test_an_emoji_in_a_line_may_be_of_the_id() -> None:
    circle = {"type": "emoji", "name": "large_green_circle", "unicode": "1f7e2"}
    assert found_in(texts_of(rich(words(f"{OURS}room"), circle))) == Mentioned((), f"{OURS}room🟢")


def test_a_message_and_its_blocks_mention_one_id() -> None:
    message = {"text": f"_see {OURS}team_1_", **rich(words(f"see {OURS}team_1", italic=True))}
    assert found_in(texts_of(message)).ids == (f"{OURS}team_1",)


@pytest.mark.parametrize("title", ["Session ID", "Session ID:", "*Session*"])
def test_in_a_field_too_a_bare_word_is_not_looked_up(title: str) -> None:
    for value, found in (
        ("room@5", Mentioned((), "room@5")),
        ("`room@5`", Mentioned((parse_session_id("room@5"),))),
    ):
        message = {"attachments": [{"fields": [{"title": title, "value": value}]}]}
        assert found_in(texts_of(message)) == found


valid = st.text(min_size=1, max_size=40).filter(is_id)
chosen = valid.map(lambda tail: f"{OURS}{tail}")
# What may stand beside a word in any text, and what is Slack's own markup
_LOOSE = set("\"'`´‘’‚“”„«»‹›()[]{}<>*_~.,;:!?|&")
plain_word = st.from_regex(r"[0-9A-Za-z]([0-9A-Za-z_.-]{0,20}[0-9A-Za-z])?", fullmatch=True)
between = st.sampled_from(["`{}`", '"{}"', "“{}”", "see `{}`.", "*`{}`*", '{{"a":"{}"}}', "```{}```"])


@given(chosen, between)
def test_of_an_id_in_quotes_or_code_nothing_shorter_is_found(session_id: str, around: str) -> None:
    assume(not set('"`“”\\|') & set(session_id) and "<" not in session_id)
    assert set(found_in([around.format(escaped(session_id))]).ids) <= {session_id}


@given(
    valid,
    st.sampled_from(['{{"sessionId": "{}"}}', "session `{}`", "*Session ID:* “{}”", "session_id='{}',"]),
)
def test_of_a_named_id_in_quotes_or_code_nothing_shorter_is_found(session_id: str, around: str) -> None:
    assume(not set("\"'`“”\\|") & set(session_id) and "<" not in session_id)
    assert set(found_in([around.format(escaped(session_id))]).ids) <= {session_id}


@given(chosen, st.sampled_from([{}, {"bold": True}, {"code": True}]), st.integers(0, 70))
def test_of_an_id_in_rich_text_nothing_shorter_is_found(session_id: str, style: Any, cut: int) -> None:
    assume(session_id[-1] not in _LOOSE and "`" not in session_id and "\\" not in session_id)
    parts = [words(each, **style) for each in (session_id[:cut], session_id[cut:]) if each]
    assert set(found_in(texts_of(rich(*parts))).ids) <= {session_id}


@given(
    plain_word,
    st.characters(exclude_categories=["Zs", "Zl", "Zp", "Cc", "Cs", "Cf"], exclude_characters="/?#%\\"),
    plain_word,
)
def test_nothing_shorter_than_a_word_is_found(before: str, joint: str, after: str) -> None:
    word = f"{OURS}{before}{joint}{after}"
    assume(".." not in word)
    for text in (word, f"see {word}, please", f"*{word}*", f"https://app.example/calls/{word}"):
        assert set(found_in([escaped(text)]).ids) <= {word}


@given(plain_word, plain_word)
def test_a_word_of_plain_characters_is_found(before: str, after: str) -> None:
    word = f"{OURS}{before}-{after}"
    assume(".." not in word)
    for text in (
        word,
        f"see {word}, please",
        f"(_{word}_)",
        f"https://app.example/calls/{word}?x",
        f"`{word}`",
    ):
        assert found_in([text]).ids == (word,)


@pytest.mark.parametrize("odd", [["x"], {"a": 1}, None, 7, True])
def test_a_type_that_is_no_text_is_no_type(odd: Any) -> None:
    assert list(texts_of({"type": odd, "elements": [{"type": odd, "text": "nothing"}]})) == ["nothing"]
