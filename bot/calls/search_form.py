"""What a person fills into "Find a call", and which calls that seeks (pure). Kept in the modal's private metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.calls.call_ref import OneCall
from bot.calls.filters import KINDS, LONGEST_NAME, MISSED, Query, Sought
from bot.calls.local_days import Zone
from bot.calls.typed_text import without_controls
from bot.slack.json_objects import json_object

ENDINGS = (MISSED, "ended", "ongoing", "unanswered", "rejected", "cancelled", "busy")
"""How a call may have ended, as the form offers it."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form. `first` and `last` are days of the person's own; what was left open is None, or ""."""

    kind: str | None = None
    ended: str | None = None
    with_whom: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def dated(self) -> bool:
        """Whether it matters where the person's days begin."""
        return self.first is not None or self.last is not None

    @property
    def upside_down(self) -> bool:
        """Whether the last day lies before the first."""
        return self.first is not None and self.last is not None and self.last < self.first

    def sought(self, zone: Zone) -> Sought:
        """Return what it seeks, its days in that zone."""
        return Sought(
            kind=self.kind,
            ended=self.ended,
            with_whom=self.with_whom,
            since=zone.begins(self.first) if self.first else None,
            until=zone.ends(self.last) if self.last else None,
        )

    def to_json(self) -> dict[str, str]:
        """Return what was filled in."""
        said = {"kind": self.kind, "ended": self.ended, "with_whom": self.with_whom}
        days = {"first": self.first, "last": self.last}
        return {name: str(each) for name, each in (said | days).items() if each}

    @staticmethod
    def of(said: Mapping[str, Any]) -> Form:
        """Read it, as Slack gives it or as it was kept; what can't be meant counts as left open."""
        kind, ended, with_whom = (said.get(name) for name in ("kind", "ended", "with_whom"))
        return Form(
            kind=kind if kind in KINDS else None,
            ended=ended if ended in ENDINGS else None,
            with_whom=_name(with_whom) if isinstance(with_whom, str) else "",
            first=_day(said.get("first")),
            last=_day(said.get("last")),
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a modal of "Find a call" is about: the form that it came from, and the call, once one is chosen.

    `page` is the page of the list, None for the first, which begins with the person's latest call.
    """

    form: Form = Form()
    call: OneCall | None = None
    page: Query | None = None

    def to_text(self) -> str:
        """Return it as the metadata that Slack gives back, at most 3,000 characters."""
        about = {
            **({"call": self.call.to_text()} if self.call else {}),
            **({"page": self.page.to_text()} if self.page else {}),
        }
        return json.dumps({"form": self.form.to_json(), **about}, ensure_ascii=False)

    @staticmethod
    def from_text(text: str) -> Chosen:
        """Read it back; of what we never wrote nothing is left."""
        try:
            said = json_object(text)
        except ValueError:
            said = {}
        form, call, page = (said.get(name) for name in ("form", "call", "page"))
        return Chosen(
            Form.of(form) if isinstance(form, dict) else Form(),
            OneCall.from_text(call) if isinstance(call, str) else None,
            Query.from_text(page) if isinstance(page, str) else None,
        )


def _name(said: str) -> str:
    return " ".join(without_controls(said).split())[:LONGEST_NAME]


def _day(said: Any) -> date | None:
    try:
        return date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
