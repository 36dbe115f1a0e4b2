"""Bolt's app, as callinfo runs it: it finds the listener of a request, and nothing else."""

from __future__ import annotations

import logging

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.listeners import Services, register_all


def bolt_app(token: str, base_url: str, services: Services) -> AsyncApp:
    """Return Bolt's app with our listeners.

    `process_before_response`: Bolt then returns the ack as soon as there is one; otherwise it polls for it every 10 ms.
    The signature is verified in front of Bolt (slack_requests.py), which answers malformed requests with 500.
    `authorize` is ours because Bolt's own calls auth.test on the first request, while a person waits, and switches to
    OAuth where SLACK_CLIENT_ID is in the environment.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    app = AsyncApp(
        client=AsyncWebClient(base_url=base_url),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        logger=logging.getLogger("slack_bolt"),
        name="callinfo",
    )
    register_all(app, services)
    return app
