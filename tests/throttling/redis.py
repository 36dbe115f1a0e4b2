"""A Redis that counts, on a port of its own, in threads of this process; it can be taken away and be slow."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fakeredis import TcpFakeServer


class Server(TcpFakeServer):
    """Ends at once with the test, whatever connections are open."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port))
        self.daemon_threads = True

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"


@contextmanager
def redis(port: int = 0) -> Iterator[Server]:
    """Run a Redis; at the end its connections are lost, as in a crash."""
    server = Server(port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def with_its_own_certificate(folder: Path) -> Iterator[str]:
    """Run something with a certificate that nobody else signed; whoever takes that is hung up on. Return its address."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *made, *subject], check=True, capture_output=True)  # noqa: S603, S607 - a test's own
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with _hanging_up(lambda connection: context.wrap_socket(connection, server_side=True).close()) as port:
        yield f"rediss://:s3cret@127.0.0.1:{port}"


@contextmanager
def silent() -> Iterator[str]:
    """Run something that accepts connections and never answers; return its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


@contextmanager
def babbling() -> Iterator[str]:
    """Run something that answers all commands with what no Redis says; return its address."""
    with _hanging_up(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _hanging_up(greet: Callable[[socket.socket], None]) -> Iterator[int]:
    """Run something that greets each connection, and closes it; return its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    greet(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)
