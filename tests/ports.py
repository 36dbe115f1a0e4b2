"""Ports for servers that are started on a port that was chosen before."""

import secrets
import socket
from contextlib import suppress


def own_port() -> int:
    """Return a free port that stays so: the system gives nobody any below 32768, unless they name it."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
