"""What CometChat's Calls API would answer: rules without a network, from a request to status and body.

Knows keys, users and calls. Sockets, scripted troubles and the counting of requests are left to `cometchat.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qs, quote, unquote

from bot.playground.samples.build import SUPERHEROES, Data, JsonObject, calls_in, members
from bot.playground.scripted import error_body
from bot.playground.spoken import Spoken

_LIST = "/v3.0/calls"
_CALLS = f"{_LIST}/"
_TRANSCRIPTIONS = "/transcriptions"
_EMBEDDED = 5
_ECHOED = 8
_FILTERS = ("type", "mode", "status", "receiverType", "hasRecording", "hasTranscription")
_PER_PAGE = 100

Reply = tuple[int, JsonObject]


def session_in(raw_path: str) -> str | None:
    """Return the session id in `/v3.0/calls/{sessionId}`, decoded, or None for every other path.

    The id has to be one segment, as it stands and decoded: servers and gateways disagree on which of the two
    they route by, so what they could take for two segments or for a step upwards is no session here.
    Raises UnicodeDecodeError when the escapes are not UTF-8.
    """
    path = raw_path.partition("?")[0]
    if not path.startswith(_CALLS):
        return None
    session = unquote(path.removeprefix(_CALLS), errors="strict")
    if not session.strip(".") or "/" in session or "\\" in session:
        return None
    return session


def transcriptions_in(raw_path: str) -> str | None:
    """Return the session id in `/v3.0/calls/{sessionId}/transcriptions`, decoded, or None for every other path.

    Raises UnicodeDecodeError when the escapes are not UTF-8.
    """
    path = raw_path.partition("?")[0]
    return session_in(path.removesuffix(_TRANSCRIPTIONS)) if path.endswith(_TRANSCRIPTIONS) else None


def is_list(raw_path: str) -> bool:
    """Return whether the path is that of List Calls."""
    return raw_path.partition("?")[0] == _LIST


@dataclass
class CallsApi:
    """The state of one CometChat app: its key, its users (`uids`) and its calls by session id.

    `host` is the scheme and host of transcripts' files.

    With `lenient`, a user who was not in a call gets it all the same: nobody knows what the real API does, and
    that would be the worst case.
    """

    api_key: str
    app_id: str
    lenient: bool = False
    uids: set[str] = field(default_factory=lambda: {person.uid for person in SUPERHEROES})
    host: str = "https://transcripts.cometchat.io"
    _sessions: dict[str, Data] = field(default_factory=dict)
    _spoken: dict[str, list[Spoken]] = field(default_factory=dict)

    def add(self, session_id: str, data: Data) -> None:
        """Make `data` the answer for that session, and everybody in its calls a user of the app."""
        self._sessions[session_id] = data
        for call in calls_in(data):
            self.uids |= members(call)

    def transcribe(self, session_id: str, *transcripts: Spoken) -> None:
        """Make these the transcripts of that session."""
        self._spoken[session_id] = sorted(transcripts, key=lambda each: each.started_at, reverse=True)

    def file(self, raw_path: str) -> Spoken | None:
        """Return the transcript whose file has that path."""
        each_session = (each for listed in self._spoken.values() for each in listed)
        return next(
            (each for each in each_session if quote(each.path(self.app_id)) == quote(unquote(raw_path))), None
        )

    def reply(self, method: str, raw_path: str, headers: Mapping[str, str]) -> Reply:
        """Return status and body for a request; header names are lower-case."""
        try:
            session_id, transcribed = session_in(raw_path), transcriptions_in(raw_path)
        except UnicodeDecodeError:
            return 400, {}  # the document's own 400 is a bare object
        if method == "GET" and is_list(raw_path):
            return self._key_refused(headers) or self._list_calls(raw_path, headers.get("onbehalfof", ""))
        if method == "GET" and transcribed is not None:
            uid = headers.get("onbehalfof", "")
            return self._key_refused(headers) or self._list_transcriptions(transcribed, raw_path, uid)
        if session_id is None or method != "GET":
            return _refused(404, "ERR_API_NOT_FOUND", f"The requested API {raw_path} does not exist.")
        return self._key_refused(headers) or self._get_call(session_id, headers.get("onbehalfof", ""))

    def _key_refused(self, headers: Mapping[str, str]) -> Reply | None:
        key = headers.get("apikey", "")
        if not key:
            return _refused(401, "AUTH_ERR_EMPTY_APIKEY", "The API key is missing.")
        if key != self.api_key:
            # As the real one does: the message echoes a part of the key, which must not get to any reader.
            message = f"The API key {key[:_ECHOED]}… does not exist for the app {self.app_id}."
            return _refused(401, "AUTH_ERR_APIKEY_NOT_FOUND", message)
        return None

    def _uid_refused(self, uid: str) -> Reply | None:
        if uid and uid not in self.uids:
            return _refused(404, "ERR_UID_NOT_FOUND", f"The user with UID {uid} does not exist.")
        return None

    def _list_calls(self, raw_path: str, on_behalf_of: str) -> Reply:
        """List Calls: a page of the user's calls, the newest first; on behalf of that same user."""
        asked = {name: values[0] for name, values in parse_qs(raw_path.partition("?")[2]).items()}
        uid = (on_behalf_of or asked.get("uid", "")).lower()
        if refused := self._uid_refused(uid):
            return refused
        calls = [call for data in self._sessions.values() for call in calls_in(data)]
        theirs = [call for call in calls if not uid or self.lenient or uid in members(call)]
        wanted = sorted((call for call in theirs if _passes(call, asked)), key=_began, reverse=True)
        number, size = max(1, _whole(asked.get("page"), 1)), max(1, _whole(asked.get("perPage"), _PER_PAGE))
        return _page([self._with_transcripts(call) for call in wanted], number, size)

    def _list_transcriptions(self, session_id: str, raw_path: str, on_behalf_of: str) -> Reply:
        """List the transcripts of a session, the newest first, to whoever may get its calls."""
        status, body = self._get_call(session_id, on_behalf_of)
        if status != HTTPStatus.OK:
            return status, body
        asked = {name: values[0] for name, values in parse_qs(raw_path.partition("?")[2]).items()}
        listed = [
            each.as_json(session_id, self.app_id, self.host) for each in self._spoken.get(session_id, ())
        ]
        return _page(
            listed, max(1, _whole(asked.get("page"), 1)), max(1, _whole(asked.get("perPage"), _PER_PAGE))
        )

    def _with_transcripts(self, call: JsonObject) -> JsonObject:
        """Return the call with its newest transcripts, if it says that there are any."""
        spoken = self._spoken.get(str(call.get("sessionId")), ())
        own = [each for each in spoken if each.mid in {None, call.get("mid")}]
        if call.get("hasTranscription") is not True or not own or "transcriptions" in call:
            return call
        listed = [each.as_json(str(call["sessionId"]), self.app_id, self.host) for each in own[:_EMBEDDED]]
        return {**call, "transcriptions": listed}

    def _get_call(self, session_id: str, on_behalf_of: str) -> Reply:
        uid = on_behalf_of.lower()  # CometChat lower-cases UIDs
        if refused := self._uid_refused(uid):
            return refused
        if session_id not in self._sessions:
            message = f"The call session {session_id} does not exist."
            return _refused(404, "ERR_CALL_SESSION_NOT_FOUND", message)
        data = self._sessions[session_id]
        if not uid or self.lenient:  # onBehalfOf is optional: without it every call of the app can be read
            return 200, {"data": self._each_with_transcripts(data)}
        visible = [call for call in calls_in(data) if uid in members(call)]
        if calls_in(data) and not visible:
            message = f"The user with UID {uid} is not a part of the call."
            return _refused(401, "ERR_CALL_NOT_A_PART", message)
        return 200, {"data": self._each_with_transcripts(data if isinstance(data, dict) else visible)}

    def _each_with_transcripts(self, data: Data) -> Data:
        if isinstance(data, dict):
            return self._with_transcripts(data)
        return [self._with_transcripts(call) for call in data]


def _page(wanted: Sequence[JsonObject], number: int, size: int) -> Reply:
    page = list(wanted[(number - 1) * size : number * size])
    pagination = {
        "total": len(wanted),
        "count": len(page),
        "per_page": size,
        "current_page": number,
        "total_pages": -(-len(wanted) // size),
    }
    return 200, {"data": page, "meta": {"pagination": pagination}}


def _passes(call: JsonObject, asked: Mapping[str, str]) -> bool:
    """Whether the call matches the query; a filter whose meaning is not documented lets all pass."""
    said = {name: call.get(name) for name in _FILTERS if asked.get(name)}
    return all(
        (str(value).lower() if value is not None else "") == asked[name] for name, value in said.items()
    )


def _began(call: JsonObject) -> float:
    times = (call.get("startedAt"), call.get("initiatedAt"))
    return next((float(at) for at in times if isinstance(at, int | float) and at), 0.0)


def _whole(said: str | None, otherwise: int) -> int:
    return int(said) if said and said.isascii() and said.isdigit() else otherwise


def _refused(status: int, code: str, message: str) -> Reply:
    return status, error_body(code, message)
