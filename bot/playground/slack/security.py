"""Keeps other web pages out: whose requests are answered, and what our own page may load."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_HOSTS = frozenset({"127.0.0.1", "localhost"})
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@web.middleware
async def only_our_page(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Refuse foreign Host headers (DNS rebinding) and POSTs that a foreign page could send (CSRF).

    A page of another origin can't add the X-Playground header without a preflight, which nothing here answers.
    """
    if _host_name(request.host) not in _HOSTS:
        return _refused("This playground answers on 127.0.0.1 only.", 403)
    is_page_post = request.method == "POST" and request.path.startswith("/api/")
    if is_page_post and request.headers.get("X-Playground") != "1":
        return _refused("The header X-Playground is missing.", 403)
    try:
        return await handler(request)
    except LookupError as error:
        return _refused(str(error), 404)
    except web.HTTPException as error:
        if not request.path.startswith("/api/"):
            raise
        return _refused(error.text or error.reason, error.status)


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers that confine the page to this server."""
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-cache")


def _refused(words: str, status: int) -> web.Response:
    return web.json_response({"ok": False, "error": words}, status=status)


def _host_name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
