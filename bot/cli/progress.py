"""A progress bar on standard error, for a person who waits; into a file or a pipe it writes nothing."""

from __future__ import annotations

import sys
from typing import Self, TextIO

_WIDTH = 30


class Progress:
    """Draws `done` of `total`; leaving the context ends its line."""

    def __init__(self, doing: str, total: int, out: TextIO | None = None) -> None:
        self._doing = doing
        self._total = total
        self._out = out or sys.stderr
        self._shown = self._out.isatty() and total > 0
        self._drawn = -1

    def __enter__(self) -> Self:
        self(0)
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            self._out.write("\n")
            self._out.flush()

    def __call__(self, done: int) -> None:
        """Show that `done` are done; only a whole per cent more is drawn."""
        if not self._shown or done * 100 // self._total == self._drawn:
            return
        self._drawn = done * 100 // self._total
        bar = "█" * (done * _WIDTH // self._total)
        self._out.write(f"\r{self._doing} {bar:░<{_WIDTH}} {done:,} of {self._total:,}")
        self._out.flush()
