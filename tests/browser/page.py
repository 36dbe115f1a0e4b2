"""The playground's page as a person uses it: what a test does to it, and what it sees there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

Seen = TypeVar("Seen")

WITHIN = 10.0  # seconds; a slow machine's worth
DOCS = Path(__file__).parents[2] / "docs"


class PlaygroundPage:
    """One browser window on the playground at `url`. What is not there in time is a TimeoutException."""

    def __init__(self, driver: WebDriver, url: str) -> None:
        self.driver = driver
        self.url = url
        self._window = driver.current_window_handle
        self._wait: WebDriverWait[WebDriver] = WebDriverWait(
            driver,
            WITHIN,
            poll_frequency=0.05,
            ignored_exceptions=[NoSuchElementException, StaleElementReferenceException],
        )

    def emulate(self, *, width: int, height: int, dark: bool) -> None:
        """Be a screen of so many CSS pixels, whose system is in light or dark mode."""
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        self.be_dark(dark=dark)

    def be_dark(self, *, dark: bool) -> None:
        """Let the system be in dark mode, or in light mode."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def open(self, person: str) -> None:
        """Load the page as this person, and wait until their channel is there."""
        self.driver.get(f"{self.url}?as={person}")
        self.wait_until(lambda: self.find("welcome, message"))

    def in_another_window(self, person: str) -> PlaygroundPage:
        """Open the page as this person in a window of its own, as large as the first is by default."""
        self.driver.switch_to.new_window("window")
        page = PlaygroundPage(self.driver, self.url)
        page.emulate(width=1280, height=860, dark=False)
        page.open(person)
        return page

    def to_front(self) -> None:
        """Make this the window that the person looks at and types into."""
        self.driver.switch_to.window(self._window)

    def find(self, test_ids: str) -> WebElement:
        """Return the first element with one of these test ids, now; NoSuchElementException when there is none."""
        names = (name.strip() for name in test_ids.split(","))
        return self.driver.find_element(
            By.CSS_SELECTOR, ", ".join(f'[data-testid="{name}"]' for name in names)
        )

    def all(self, test_id: str) -> list[WebElement]:
        """Return every element with this test id, now."""
        return self.driver.find_elements(By.CSS_SELECTOR, f'[data-testid="{test_id}"]')

    def wait_for(self, test_id: str) -> WebElement:
        """Return the first element with this test id, once it is there."""
        return self.wait_until(lambda: self.find(test_id))

    def wait_until(self, look: Callable[[], Seen | None]) -> Seen:
        """Return what `look` sees, once it is something."""
        return self._wait.until(lambda _driver: look() or False)

    def script(self, code: str, *arguments: object) -> Any:
        """Return what this JavaScript returns."""
        return self.driver.execute_script(code, *arguments)

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def focused(self) -> str | None:
        """Return the test id of what has the focus."""
        return self.driver.switch_to.active_element.get_attribute("data-testid")

    def tab_to(self, is_there: Callable[[WebElement], bool]) -> None:
        """Press Tab until the focus is where it should be; AssertionError when it never gets there."""
        for _ in range(40):
            if is_there(self.driver.switch_to.active_element):
                return
            self.press(Keys.TAB)
        raise AssertionError("not reachable by Tab")

    def say(self, text: str) -> None:
        """Type into the composer and send it; suggestions are closed first."""
        composer = self.find("composer")
        composer.send_keys(text, Keys.ESCAPE, Keys.ENTER)

    def look_up(self, title: str) -> None:
        """Choose the sample call with this title, in whichever group it is, and send it."""
        chip = f'[data-sample="{title}"]'
        for group in self.all("sample-group"):
            if self.driver.find_elements(By.CSS_SELECTOR, chip):
                break
            group.click()
        self.driver.find_element(By.CSS_SELECTOR, chip).click()
        self.find("send").click()

    def message(self, containing: str, *, within: str = "") -> WebElement:
        """Return the last message with this text, once it is there; `within` is the test id of what it is in."""
        place = f'[data-testid="{within}"] ' if within else ""

        def look() -> WebElement | None:
            messages = self.driver.find_elements(By.CSS_SELECTOR, f'{place}[data-testid="message"]')
            return next((message for message in reversed(messages) if containing in message.text), None)

        return self.wait_until(look)

    def wait_for_news(self, newest: str | None) -> WebElement:
        """Return the last message, once it is another one than that with this ts."""
        return self.wait_until(
            lambda: last if (last := self.all("message")[-1]).get_attribute("data-ts") != newest else None
        )

    def channel(self) -> str:
        """Return all that is written in the channel now, without what is in the thread beside it."""
        return self.driver.find_element(By.TAG_NAME, "main").text

    def choose(self, item: str, message: WebElement) -> None:
        """Choose an item, by its test id, of the message's ⋮ menu."""
        ActionChains(self.driver).move_to_element(message).perform()
        message.find_element(By.CSS_SELECTOR, '[data-testid="more"]').click()
        self.wait_for(item).click()

    def press_button(self, action_id: str, *, of: WebElement | None = None) -> None:
        """Press the first button with this action id, once it is there: of the message, or anywhere."""
        place = of or self.driver
        self.wait_until(lambda: place.find_element(By.CSS_SELECTOR, f'[data-action="{action_id}"]')).click()

    def is_scrolled_sideways(self) -> bool:
        """Whether the page, a list of messages or a dialog is wider than its place."""
        return bool(
            self.script(
                "const wide = (e) => e.scrollWidth > e.clientWidth;"
                "const places = [...document.querySelectorAll('.messages, .home, .dialog, .dialog-body')];"
                "return wide(document.documentElement) || places.some(wide);"
            )
        )

    def violations(self, *rules: str) -> list[str]:
        """Return what axe finds wrong by these rules, or by all; the test is skipped where there is no axe."""
        axe = pytest.importorskip("axe_selenium_python")  # for Python 3.12 or newer
        source = Path(str(axe.__file__)).parent / "node_modules" / "axe-core" / "axe.min.js"
        if not self.script("return 'axe' in window"):
            self.script(source.read_text(encoding="utf-8"))
        # Without movement: what is fading in has no contrast yet
        found: list[dict[str, Any]] = self.driver.execute_async_script(
            "const [rules, done] = arguments;"
            "for (const each of document.getAnimations()) each.finish();"
            "const only = rules.length ? {runOnly: rules} : {};"
            "axe.run(document, {resultTypes: ['violations'], ...only}).then((all) => done(all.violations));",
            list(rules),
        )
        return [
            f"{violation['id']}: {node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})"
            for violation in found
            for node in violation["nodes"]
        ]

    def complaints(self) -> list[str]:
        """Return what the browser's console says in warning: blocked requests, errors."""
        log: list[dict[str, Any]] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in log if entry["level"] in {"SEVERE", "WARNING"}]

    def screenshot(self, name: str) -> None:
        """Take a picture for the README, when asked to."""
        if os.environ.get("CALLINFO_SCREENSHOTS") == "1":
            DOCS.mkdir(exist_ok=True)
            self.driver.save_screenshot(str(DOCS / name))
