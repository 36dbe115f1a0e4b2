"""CometChat's Management API as far as webhooks go, by its documentation, on a port of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

Json = dict[str, Any]


@dataclass
class Management:
    """The webhooks of one app; `unknown` triggers are refused, and with them all that are added beside them."""

    url: str = ""
    webhooks: dict[str, Json] = field(default_factory=dict)
    triggers: dict[str, set[str]] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    fails: web.Response | None = None
    """What every request is answered."""
    forgets: bool = False
    """Whether a new webhook is not kept."""
    adding: list[int] = field(default_factory=list)
    """The statuses with which adding triggers fails, in turn; 0 for not."""
    asked: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        if self.fails is not None:
            return web.Response(
                status=self.fails.status, body=self.fails.body, content_type=self.fails.content_type
            )
        if request.headers.get("X-Webhook-Version") != "2":
            return _refused(404, "ERR_LEGACY")
        if (request.headers.get("key"), request.headers.get("secret")) != ("acc-key", "acc-s3cret"):
            return _refused(401, "AUTH_ERR_INVALID_KEY")
        body: Json = await request.json() if request.can_read_body else {}
        app, _, path = request.path.removeprefix("/apps/").partition("/")
        webhook_id = path.removeprefix("webhooks").removesuffix("/triggers").strip("/")
        if app != "app1" or (webhook_id and webhook_id not in self.webhooks):
            return web.Response(status=404, text="<html>not found</html>")
        if path.endswith("/triggers"):
            return self._triggers(request.method, webhook_id, body)
        return self._webhooks(request.method, webhook_id, body)

    def _webhooks(self, method: str, webhook_id: str, body: Json) -> web.Response:
        if method == "GET":
            return web.json_response({"data": list(self.webhooks.values())})
        if method == "PUT":
            self.webhooks[webhook_id] |= body
            return web.json_response({"data": [{"data": self.webhooks[webhook_id]}]})
        if not self.forgets:
            self.webhooks[body["id"]] = body
        return web.json_response([{"data": {"id": body["id"]}}])  # an array, as it is documented

    def _triggers(self, method: str, webhook_id: str, body: Json) -> web.Response:
        has = self.triggers.setdefault(webhook_id, set())
        if method == "GET":
            return web.json_response({"data": [{"id": each, "description": "…"} for each in sorted(has)]})
        if self.adding and (status := self.adding.pop(0)):
            return web.Response(status=status)
        if set(body["triggerIds"]) & self.unknown:
            return _refused(400, "ERR_TRIGGER_NOT_FOUND")
        has.update(body["triggerIds"])
        return web.json_response({"data": {"success": True}})


def _refused(status: int, code: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": "words with acc-k… in them"}}, status=status)


@asynccontextmanager
async def management() -> AsyncIterator[Management]:
    """Run it."""
    api = Management()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", api.handle)
    server = TestServer(app)
    await server.start_server()
    api.url = str(server.make_url("")).rstrip("/")
    yield api
    await server.close()
