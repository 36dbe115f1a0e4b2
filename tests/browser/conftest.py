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
from urllib.parse import urlsplit

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
START_WITHIN = 50.0  # seconds; a machine may be busy


@pytest.fixture
def playground(tmp_path: Path) -> Iterator["RunningPlayground"]:
    """Run `python -m bot playground` until the test is over."""
    running = RunningPlayground(tmp_path / "playground.log")
    try:
        running.start()
        yield running
    finally:
        running.stop()


class RunningPlayground:
    """The process of a playground, which writes to `output`. `url` is where its page is, once it is started."""

    def __init__(self, output: Path) -> None:
        self.url = ""
        self._output = output
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, port: int = 0) -> None:
        """Start it, on any free port where none is named; AssertionError when it is not there in time."""
        command = [sys.executable, "-m", "bot", "playground", "--no-browser", "--port", str(port)]
        with self._output.open("wb") as file:
            self._process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)  # noqa: S603 - our own program
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
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=30)

    def restart(self) -> None:
        """End it, and start another at the same address."""
        self.stop()
        port = urlsplit(self.url).port
        assert port is not None
        self.start(port)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """The one browser of all tests: it takes longer to start than most of them."""
    if not (CHROMIUM.exists() and CHROMEDRIVER.exists()):
        pytest.skip("needs Debian's chromium and chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(CHROMEDRIVER), env=dict(os.environ)))
    yield driver
    driver.quit()


@pytest.fixture
def chromium(browser: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """The browser with one empty window, and nothing of the test before: each playground is a site of its own."""
    yield browser
    first, *others = browser.window_handles
    for other in others:
        browser.switch_to.window(other)
        browser.close()
    browser.switch_to.window(first)
    browser.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": ""})
    browser.get("about:blank")
    browser.get_log("browser")  # type: ignore[no-untyped-call]


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
