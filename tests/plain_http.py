"""Clients for the servers that tests start, none of which has TLS."""

from __future__ import annotations

import ssl
from typing import Any

import httpx

_PATIENCE_SECONDS = 30.0  # a busy machine answers later than httpx's 5 s
# Without it each client reads the 150 certificates that the bot trusts, which takes as long as a playground's start
_TRUSTS_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def plain_http(**options: Any) -> httpx.AsyncClient:
    """Return a client with httpx's `options`; it has no certificates, so that `https://` ends in an error."""
    return httpx.AsyncClient(verify=_TRUSTS_NOBODY, **{"timeout": _PATIENCE_SECONDS, **options})
