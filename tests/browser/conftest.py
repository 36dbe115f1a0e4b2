"""What the browser tests share: a playground in a process of its own, and Debian's chromium looking at it.

A process of its own, since selenium blocks, and since that is how people start it.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from tests.browser.page import PlaygroundPage

CHROMIUM = Path("/usr/bin/chromium")
CHROMEDRIVER = Path("/usr/bin/chromedriver")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-device-scale-factor=1",
    "--lang=en-US",
)
START_WITHIN = 20.0  # seconds


@pytest.fixture
def playground(tmp_path: Path) -> Iterator["RunningPlayground"]:
    """Run `python -m bot playground` until the test is over."""
    output = tmp_path / "playground.log"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "playground", "--no-browser", "--port", "0"],
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        running = RunningPlayground(process, output)
        try:
            running.wait_for_url()
            yield running
        finally:
            running.stop()


class RunningPlayground:
    """The process of a playground. `url` is where its page is."""

    def __init__(self, process: "subprocess.Popen[bytes]", output: Path) -> None:
        self.url = ""
        self._process = process
        self._output = output

    def wait_for_url(self) -> None:
        """Read the address off its output; AssertionError when there is none in time."""
        deadline = time.monotonic() + START_WITHIN
        while time.monotonic() < deadline and self._process.poll() is None:
            for word in self._output.read_text().split():
                if word.startswith("http://127.0.0.1:"):
                    self.url = word
                    return
            time.sleep(0.05)
        raise AssertionError(f"the playground did not start: {self._output.read_text()}")

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=30)


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    """A browser without a past."""
    if not (CHROMIUM.exists() and CHROMEDRIVER.exists()):
        pytest.skip("needs Debian's chromium and chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'chromium'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(CHROMEDRIVER), env=dict(os.environ)))
    yield driver
    driver.quit()


@pytest.fixture
def look(playground: RunningPlayground, chromium: webdriver.Chrome) -> Callable[..., PlaygroundPage]:
    """Open the playground's page: `look(person="U0TONY", width=1280, height=860, dark=False)`."""

    def open_page(
        *, person: str = "U0TONY", width: int = 1280, height: int = 860, dark: bool = False
    ) -> PlaygroundPage:
        page = PlaygroundPage(chromium, playground.url)
        page.emulate(width=width, height=height, dark=dark)
        page.open(person)
        return page

    return open_page
