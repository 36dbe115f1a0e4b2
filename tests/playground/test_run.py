"""`python -m bot playground`, as `make demo` starts it."""

import asyncio
import re
import signal
import sys

import pytest

from tests.plain_http import plain_http
from tests.process import environment

pytestmark = pytest.mark.long


async def started(*arguments: str) -> tuple[asyncio.subprocess.Process, str]:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "playground",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        env=environment(),
    )
    assert child.stdout
    said = ""
    async with asyncio.timeout(30):
        while "there is always an answer" not in said:
            said += (await child.stdout.readline()).decode()
    return child, said


async def test_it_prints_its_address_and_three_things_to_try_and_ends_by_a_signal() -> None:
    child, said = await started("--no-browser")
    (url,) = re.findall(r"http://127\.0\.0\.1:\d+/", said)
    assert all(f"  {number}. " in said for number in (1, 2, 3))
    async with plain_http() as client:
        page = await client.get(url)
        assert page.status_code == 200
        assert "default-src 'self'" in page.headers["content-security-policy"]
        workspace = (await client.get(f"{url}api/workspace")).json()
    assert f"/callinfo {workspace['samples'][0]['session_id']}" in said
    child.send_signal(signal.SIGTERM)
    assert await child.wait() == 0


async def test_by_socket_mode_a_command_on_the_page_is_answered() -> None:
    child, said = await started("--no-browser", "--socket")
    (url,) = re.findall(r"http://127\.0\.0\.1:\d+/", said)
    async with plain_http(headers={"X-Playground": "1"}) as client:
        asked = await client.post(f"{url}api/say", json={"as": "U0TONY", "text": "/callinfo help"})
        assert asked.json() == {"ok": True}
        async with client.stream("GET", f"{url}api/stream", params={"as": "U0TONY"}) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    break
    assert "/callinfo" in line
    assert "failed" not in line
    child.send_signal(signal.SIGTERM)
    assert await child.wait() == 0


async def test_without_a_browser_it_goes_on() -> None:
    child, _ = await started()
    child.send_signal(signal.SIGINT)
    assert await child.wait() == 0


async def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "playground",
            "--no-browser",
            "--port",
            str(port),
            stderr=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            env=environment(),
        )
        _, said = await child.communicate()
    assert child.returncode == 1
    assert said.decode().startswith("The playground can't start: ")
    assert "Traceback" not in said.decode()
