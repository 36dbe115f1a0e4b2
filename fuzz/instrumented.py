"""The very server, in a process that can be asked for what only it knows: `python -m fuzz.instrumented`.

SIGUSR1 makes it write how many asyncio tasks it has, and of what, into the file that FUZZ_REPORT names. FUZZ_CLOCK says how many
times faster time shall go for what the bot keeps for a while: everything of the bot's own that is given a `clock`.
The event loop's time limits and the wall clock, which signatures are checked against, stay as they are.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any


def main() -> int:
    """Run the bot; return its exit status."""
    report = Path(os.environ["FUZZ_REPORT"])

    def write() -> None:
        spare = report.with_suffix(".new")
        tasks = Counter(getattr(task.get_coro(), "__qualname__", "?") for task in asyncio.all_tasks())
        spare.write_text(json.dumps(tasks))
        spare.replace(report)

    def soon(*_: object) -> None:
        # In a turn of the loop's own: what the signal interrupts may take an error of the handler's for its own
        with suppress(RuntimeError):  # no loop: it starts or ends
            asyncio.get_running_loop().call_soon_threadsafe(write)

    signal.signal(signal.SIGUSR1, soon)
    # Where hundreds of threads' wake-ups wait, there is no room for the signal's, which is one too many anyway
    vars(signal)["set_wakeup_fd"] = partial(signal.set_wakeup_fd, warn_on_full_buffer=False)
    if clock := os.environ.get("FUZZ_CLOCK"):
        hurry(float(clock))

    from bot.__main__ import main as run  # noqa: PLC0415 - the clocks come first

    return run(["serve"])


def hurry(factor: float) -> list[str]:
    """Give every class of the bot's that takes a `clock` one that runs `factor` times as fast; return their names."""
    import bot.app  # noqa: F401, PLC0415 - loads all of the bot

    began = time.monotonic()

    def clock() -> float:
        return began + (time.monotonic() - began) * factor

    hurried = []
    for kind in _classes():
        method = inspect.unwrap(kind.__init__)
        names = [
            name
            for name, each in inspect.signature(method).parameters.items()
            if each.default is not each.empty
        ]
        if method.__defaults__ and "clock" in names:
            method.__defaults__ = tuple(
                clock if each is time.monotonic else each for each in method.__defaults__
            )
        elif method.__kwdefaults__ and "clock" in method.__kwdefaults__:
            method.__kwdefaults__["clock"] = clock
        else:
            continue
        hurried.append(kind.__qualname__)
    return hurried


def _classes() -> Iterator[Any]:
    for name, module in list(sys.modules.items()):
        if name.startswith("bot."):
            for each in vars(module).values():
                if inspect.isclass(each) and each.__module__ == name and inspect.isfunction(each.__init__):
                    yield each


if __name__ == "__main__":
    sys.exit(main())
