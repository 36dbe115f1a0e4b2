"""CometChat's Management API, for one thing: to make an app's webhook what it should be.

It takes the key and the secret of the *account*, which are not the app's. What it answers to a change is not relied on, since
its documentation shows several shapes: the webhook is read again at the end.

https://www.cometchat.com/docs/rest-api/management-apis/webhooks/overview
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

import httpx
from pydantic import SecretStr

from bot import __version__
from bot.cometchat.errors import BadAnswerError, CallProblemError, NoAnswerInTimeError, UnavailableError
from bot.cometchat.wire import accepted

MANAGEMENT_URL = "https://apimgmt.cometchat.io"
TIMEOUT_SECONDS = 10.0
MAX_USER, MAX_PASSWORD, MAX_URL = 50, 100, 255
"""How many characters CometChat takes; of user and password only ASCII letters and digits."""
# These say nothing about the trigger that was to be added
_ABOUT_US = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook as it should be; `webhook_id` has letters and digits."""

    webhook_id: str
    url: str
    user: str
    password: SecretStr
    triggers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Installed:
    """A webhook as it now is: its id, whether it is new, and the triggers that CometChat did not take."""

    webhook_id: str
    is_new: bool
    refused: tuple[str, ...]


class WebhookManagement:
    """Changes the webhooks of one app. Enter it once; leaving it closes its connections."""

    def __init__(
        self, app_id: str, key: SecretStr, secret: SecretStr, base_url: str = MANAGEMENT_URL
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"{base_url}/apps/{app_id}/",
            headers={
                "key": key.get_secret_value(),
                "secret": secret.get_secret_value(),
                "X-Webhook-Version": "2",  # without it these would be legacy webhooks, which know no calls
                "Accept": "application/json",
                "User-Agent": f"callinfo/{__version__}",
            },
            timeout=TIMEOUT_SECONDS,
            follow_redirects=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def install(self, webhook: Webhook) -> Installed:
        """Make the webhook, or change the one of that id or URL, so that it is as it should be; raises a CallProblemError.

        Done twice, it is as done once.
        """
        fields = {
            "name": webhook.webhook_id,
            "webhookURL": webhook.url,
            "useBasicAuth": True,
            "username": webhook.user,
            "password": webhook.password.get_secret_value(),
            "enabled": True,
            "retryOnFailure": True,
        }
        found = await self._find(webhook)
        if found:
            await self._send("PUT", f"webhooks/{found}", fields)
        else:
            await self._send("POST", "webhooks", {"id": webhook.webhook_id, **fields})
        webhook_id = await self._find(webhook)
        if webhook_id is None:
            raise BadAnswerError("the webhook is not there after it was made")
        has = await self._triggers(webhook_id)
        if missing := [each for each in webhook.triggers if each not in has]:
            await self._add(webhook_id, missing)
            has = await self._triggers(webhook_id)
        refused = tuple(each for each in webhook.triggers if each not in has)
        return Installed(webhook_id, is_new=not found, refused=refused)

    async def _find(self, webhook: Webhook) -> str | None:
        """Return the id of the webhook of that id or URL."""
        found = await self._list("webhooks")
        ids = [each["id"] for each in found]
        same_url = [each["id"] for each in found if each.get("webhookURL") == webhook.url]
        return webhook.webhook_id if webhook.webhook_id in ids else next(iter(same_url), None)

    async def _triggers(self, webhook_id: str) -> frozenset[str]:
        return frozenset(each["id"] for each in await self._list(f"webhooks/{webhook_id}/triggers"))

    async def _add(self, webhook_id: str, triggers: Sequence[str]) -> None:
        """Add triggers; where one is refused, and with it all, each for itself."""
        path = f"webhooks/{webhook_id}/triggers"
        try:
            await self._send("POST", path, {"triggerIds": list(triggers)})
        except CallProblemError as error:
            if not _is_about_a_trigger(error):
                raise
        else:
            return
        for trigger in triggers:
            try:
                await self._send("POST", path, {"triggerIds": [trigger]})
            except CallProblemError as error:
                if not _is_about_a_trigger(error):
                    raise

    async def _list(self, path: str) -> list[dict[str, Any]]:
        response = await self._respond("GET", path)
        found = accepted(response.status_code, response.headers, response.content).get("data")
        if not isinstance(found, list):
            raise BadAnswerError("data is no array", status=response.status_code)
        return [each for each in found if isinstance(each, dict) and isinstance(each.get("id"), str)]

    async def _send(self, method: str, path: str, body: dict[str, Any]) -> None:
        response = await self._respond(method, path, body)
        try:
            accepted(response.status_code, response.headers, response.content)
        except BadAnswerError:
            if not response.is_success:
                raise

    async def _respond(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        try:
            return await self._http.request(method, path, json=body)
        except httpx.TimeoutException:
            raise NoAnswerInTimeError from None
        except httpx.HTTPError as error:
            raise UnavailableError(type(error).__name__) from None  # its text may hold the headers


def _is_about_a_trigger(error: CallProblemError) -> bool:
    status = error.status or 0
    return HTTPStatus.OK <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _ABOUT_US
