"""Clocks for the stand-in Slack's rules."""

import time
from collections.abc import Callable


def half_speed() -> Callable[[], float]:
    """Return a clock by which Slack's limits take twice as long, since a slow machine needs longer for the way there."""
    began = time.time()
    return lambda: began + (time.time() - began) / 2
