"""The playground's page as a person uses it: what a test does to it, and what it sees there."""

from collections.abc import Callable
from typing import Any, TypeVar

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

Seen = TypeVar("Seen")

WITHIN = 10.0  # seconds; a slow machine's worth


class PlaygroundPage:
    """One browser window on the playground at `url`. What is not there in time is a TimeoutException."""

    def __init__(self, driver: WebDriver, url: str) -> None:
        self.driver = driver
        self.url = url
        self._wait: WebDriverWait[WebDriver] = WebDriverWait(
            driver,
            WITHIN,
            poll_frequency=0.05,
            ignored_exceptions=[NoSuchElementException, StaleElementReferenceException],
        )

    def emulate(self, *, width: int, height: int, dark: bool) -> None:
        """Be a screen of so many CSS pixels, whose system is in light or dark mode."""
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def open(self, person: str) -> None:
        """Load the page as this person, and wait until their channel is there."""
        self.driver.get(f"{self.url}?as={person}")
        self.wait_until(lambda: self.find("welcome, message"))

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
        """Choose the sample call with this title, and send it."""
        if not self.driver.find_elements(By.XPATH, f'//button[text()="{title}"]'):
            self.find("all-samples").click()
        self.driver.find_element(By.XPATH, f'//button[@data-testid="sample"][text()="{title}"]').click()
        self.find("send").click()

    def message(self, containing: str) -> WebElement:
        """Return the message with this text, once it is there."""
        return self.wait_until(
            lambda: next((message for message in self.all("message") if containing in message.text), None)
        )

    def is_scrolled_sideways(self) -> bool:
        """Whether the page, or the list of messages, is wider than its place."""
        return bool(
            self.script(
                "const wide = (e) => e.scrollWidth > e.clientWidth;"
                "return wide(document.documentElement) || [...document.querySelectorAll('.messages')].some(wide);"
            )
        )

    def complaints(self) -> list[str]:
        """Return what the browser's console says in warning: blocked requests, errors."""
        log: list[dict[str, Any]] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in log if entry["level"] in {"SEVERE", "WARNING"}]
