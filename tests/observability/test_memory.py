"""memory.py: what is freed goes back to the system, where the C library can do that."""

from __future__ import annotations

import asyncio
import ctypes
from pathlib import Path

import pytest

from bot import memory


def resident() -> int:
    """Return this process's resident memory in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="only Linux tells the resident memory there"
)
async def test_what_was_freed_between_things_that_stay_goes_back() -> None:
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "malloc_trim"):
        pytest.skip("the C library is not glibc")
    freed = [bytes(range(256)) * 8 for _ in range(40_000)]  # 80 MB in pieces, with one that stays after each
    stays = [each[:600] for each in freed[::2]]
    before = resident()
    del freed
    task = asyncio.create_task(memory.give_back_now_and_then(every=0.01))
    async with asyncio.timeout(10):
        while resident() > before - 20_000_000:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    task.cancel()
    assert len(stays) == 20_000


async def test_where_the_c_library_has_no_such_function_nothing_happens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none_there(_: None) -> object:
        raise OSError

    monkeypatch.setattr(ctypes, "CDLL", none_there)
    await asyncio.wait_for(memory.give_back_now_and_then(), 5)
