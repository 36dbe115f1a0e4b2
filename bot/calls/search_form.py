"""The form of "Find a call", and what its modals keep in their private metadata (pure)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.calls.call_ref import CallRef
from bot.calls.cursor import PageRequest
from bot.calls.filters import KINDS, LONGEST_NAME, MISSED, CallFilter
from bot.calls.local_days import Zone
from bot.calls.typed_text import without_controls
from bot.slack.json_objects import json_object

ENDINGS = (MISSED, "ended", "ongoing", "unanswered", "rejected", "cancelled", "busy")
"""How a call may have ended, in the form's order."""


@dataclass(frozen=True, slots=True)
class SearchForm:
    """The form, filled in. `first` and `last` are days of the person's own; None and "" are fields left empty."""

    kind: str | None = None
    ended: str | None = None
    with_whom: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def dated(self) -> bool:
        """Whether it depends on the person's time zone."""
        return self.first is not None or self.last is not None

    @property
    def upside_down(self) -> bool:
        """Whether the last day is before the first."""
        return self.first is not None and self.last is not None and self.last < self.first

    def filter(self, zone: Zone) -> CallFilter:
        """Return the filter, its days in that zone."""
        return CallFilter(
            kind=self.kind,
            ended=self.ended,
            with_whom=self.with_whom,
            since=zone.begins(self.first) if self.first else None,
            until=zone.ends(self.last) if self.last else None,
        )

    def to_json(self) -> dict[str, str]:
        """Return the fields that were filled in."""
        fields = {
            "kind": self.kind,
            "ended": self.ended,
            "with_whom": self.with_whom,
            "first": self.first,
            "last": self.last,
        }
        return {name: str(value) for name, value in fields.items() if value}

    @staticmethod
    def of(fields: Mapping[str, Any]) -> SearchForm:
        """Return the form, from Slack or from metadata; impossible values count as empty."""
        kind, ended, with_whom = (fields.get(name) for name in ("kind", "ended", "with_whom"))
        return SearchForm(
            kind=kind if kind in KINDS else None,
            ended=ended if ended in ENDINGS else None,
            with_whom=_name(with_whom) if isinstance(with_whom, str) else "",
            first=_day(fields.get("first")),
            last=_day(fields.get("last")),
        )


@dataclass(frozen=True, slots=True)
class SearchState:
    """What a modal of "Find a call" shows: the form, the page of the list (None: the first), and the chosen call."""

    form: SearchForm = SearchForm()
    call: CallRef | None = None
    page: PageRequest | None = None

    def to_text(self) -> str:
        """Return it as private metadata: at most 3,000 characters."""
        state: dict[str, Any] = {"form": self.form.to_json()}
        if self.call:
            state["call"] = self.call.to_text()
        if self.page:
            state["page"] = self.page.to_text()
        return json.dumps(state, ensure_ascii=False)

    @staticmethod
    def from_text(text: str) -> SearchState:
        """Parse what `to_text` returned; what can't be parsed is left out."""
        try:
            state = json_object(text)
        except ValueError:
            state = {}
        form, call, page = (state.get(name) for name in ("form", "call", "page"))
        return SearchState(
            SearchForm.of(form) if isinstance(form, dict) else SearchForm(),
            CallRef.from_text(call) if isinstance(call, str) else None,
            PageRequest.from_text(page) if isinstance(page, str) else None,
        )


def _name(text: str) -> str:
    return " ".join(without_controls(text).split())[:LONGEST_NAME]


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
