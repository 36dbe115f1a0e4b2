"""How CometChat is asked for calls: not for what is remembered, once for what is the same, in bounded numbers."""

from __future__ import annotations

from typing import Protocol

from bot.cometchat import Answer, Listing, Page, SessionId, Uid
from bot.identity import SlackUser
from bot.throttling.flights import Flights
from bot.throttling.over import OverCalls
from bot.throttling.places import Places


class Calls(Protocol):
    """What is needed of CometChat; `cometchat.CometChat` and `pause.Pausing` are it."""

    async def get_call(self, session_id: SessionId, on_behalf_of: Uid) -> Answer:
        """Return the calls of a session, the newest first; raises a CallProblemError."""
        ...

    async def list_calls(self, listing: Listing, on_behalf_of: Uid) -> Page:
        """Return a page of a user's calls, the newest first; raises a CallProblemError."""
        ...


class Asking:
    """Asks for calls on behalf of people; `lookup.Calls` is what the use case needs of it."""

    def __init__(self, calls: Calls, places: Places, over: OverCalls) -> None:
        self._calls = calls
        self._places = places
        self._over = over
        self._flights: Flights[tuple[SlackUser, Uid, SessionId], Answer] = Flights()
        self._pages: Flights[tuple[SlackUser, Uid, Listing], Page] = Flights()

    async def get_call(
        self, asker: SlackUser, session_id: SessionId, on_behalf_of: Uid, *, anew: bool
    ) -> Answer:
        """Return the calls of a session, the newest first; `anew` lets no answer from before do.

        Raises a CallProblemError, or TooBusyError.
        """
        if not anew and (answer := self._over.recall(on_behalf_of, session_id)):
            return answer
        return await self._flights.join(
            (asker, on_behalf_of, session_id), lambda: self._ask(asker, session_id, on_behalf_of)
        )

    async def list_calls(self, asker: SlackUser, listing: Listing, on_behalf_of: Uid) -> Page:
        """Return a page of a user's calls, the newest first; no page is remembered, since the next call changes them all.

        Raises a CallProblemError, or TooBusyError.
        """
        key = (asker, on_behalf_of, listing)
        return await self._pages.join(key, lambda: self._ask_page(asker, listing, on_behalf_of))

    async def _ask_page(self, asker: SlackUser, listing: Listing, on_behalf_of: Uid) -> Page:
        with self._places.one(asker):
            return await self._calls.list_calls(listing, on_behalf_of)

    async def _ask(self, asker: SlackUser, session_id: SessionId, on_behalf_of: Uid) -> Answer:
        with self._places.one(asker):
            answer = await self._calls.get_call(session_id, on_behalf_of)
        # Else a second look-up would be quicker for a call that is there, and not for whoever asks, than for none
        if any(call.involves(on_behalf_of) for call in answer.calls):
            self._over.keep(on_behalf_of, session_id, answer)
        return answer
