"""Serves over HTTP: any AWS client, on the loopback only."""

from __future__ import annotations

import io
import re
import socket
import struct
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.world import World
from reconciler.sandbox.http.control import control
from reconciler.sandbox.http.dispatch import serve as answer
from reconciler.sandbox.http.messages import WireRequest, WireResponse
from reconciler.sandbox.http.protocol import render
from reconciler.sandbox.shared import moto_bridge
from reconciler.sandbox.shared.seed_buckets import GivenBucket, seed_buckets
from reconciler.sandbox.shared.seed_roles import GivenRole, seed_roles

_LOOPBACK = ("127.0.0.1", "::1", "localhost")

StartResponse = Callable[..., Any]


class Server:
    """A sandbox that listens on the loopback. `port` 0 takes a free one; `endpoint` is its address."""

    def __init__(
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        seed: int = 0,
        latency_ms: float = 0.0,
        roles: Sequence[GivenRole] = (),
        buckets: Sequence[GivenBucket] = (),
        beliefs: Mapping[str, str] | None = None,
        propagation_ms: float = 0.0,
    ) -> None:
        """`roles` and `buckets` are there from the start, and after every reset; `beliefs` chooses answers of
        `core/beliefs.py`.

        ValueError: `host` is not the loopback. OSError: the port is taken.
        """
        if host not in _LOOPBACK:
            raise ValueError(f"the sandbox listens on the loopback only, not on {host}")
        self.world = World(seed, latency_ms=latency_ms, beliefs=beliefs, propagation_ms=propagation_ms)
        self.world.on_reset += [
            lambda: moto_bridge.reset(seed),
            lambda: seed_roles(roles),
            lambda: seed_buckets(buckets),
        ]
        self.world.reset()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Bound here: werkzeug would end the process where the port is taken.
        with socket.create_server((host, port), family=family, backlog=128) as listener:
            self._server: BaseWSGIServer = make_server(
                host, port, self._application, threaded=True, request_handler=_Handler, fd=listener.fileno()
            )
        self.endpoint = f"http://{host}:{self._server.port}"

    def run(self) -> None:
        """Serve until `stop`, or an interrupt."""
        self._server.serve_forever()

    def start(self) -> None:
        """Serve in a thread of its own."""
        threading.Thread(target=self.run, name="sandbox", daemon=True).start()

    def stop(self) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        self._server.server_close()

    def _application(self, environ: Mapping[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        try:
            body = _body(environ)
        except (OSError, EOFError):
            # Who sent it is gone in the middle: half a request must not be carried out, and nobody hears an answer.
            return _cut(environ["werkzeug.socket"])
        if body is None:
            return _send(WireResponse(400, {"Connection": "close"}, b"the body has no length"), "POST", start_response)
        wire = _wire_request(environ, body)
        response = control(self.world, wire) if wire.path.startswith("/_sandbox/") else _answer(self.world, wire)
        if response.lost:
            return _cut(environ["werkzeug.socket"])
        return _send(response, wire.method, start_response)


def serve(server: Server) -> None:
    """Run a sandbox in the foreground, until interrupted."""
    try:
        server.run()
    except KeyboardInterrupt:
        server.stop()


class _Whole(io.BufferedIOBase):
    """Sends an answer's headers and body at once: Go's SDK now and then loses one that comes in two parts."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._parts: list[bytes] = []

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        if data[:12] == b"HTTP/1.1 100":
            # The client waits for this before it sends the body that is answered.
            self.flush()
        return len(data)

    def flush(self) -> None:
        parts, self._parts = self._parts, []
        if parts:
            self._connection.sendall(b"".join(parts))


class _Lines(io.BufferedIOBase):
    """Lines of a stream; `last` is the one that was read last."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self.last = b""

    def readline(self, size: int | None = -1, /) -> bytes:
        self.last = self._stream.readline(size)
        return self.last


class _Handler(WSGIRequestHandler):
    """werkzeug's handler: HTTP/1.1, quiet, and with every header, since S3 metadata may hold an underscore."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.wfile = _Whole(self.connection)

    def parse_request(self) -> bool:
        """Read the head of a request. One that breaks off before the empty line at its end is none.

        Python's own reader takes the end of the stream for that line.
        """
        stream = self.rfile
        self.rfile = lines = _Lines(stream)
        try:
            parsed = super().parse_request()
        finally:
            self.rfile = stream
        if parsed and lines.last not in (b"\r\n", b"\n"):
            self.close_connection = True
            return False
        return parsed

    def make_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().make_environ()
        environ["sandbox.headers"] = {name.lower(): value for name, value in self.headers.items()}
        return environ

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the call log tells it better."""


def _body(environ: Mapping[str, Any]) -> bytes | None:
    """The body of a request; None if its length is none.

    OSError, EOFError: it breaks off before its end.
    """
    stream, length = environ["wsgi.input"], environ["sandbox.headers"].get("content-length", "0")
    if environ.get("wsgi.input_terminated"):
        return bytes(stream.read())
    if not re.fullmatch(r"[0-9]{1,10}", length):
        return None
    body = bytes(stream.read(int(length)))
    if len(body) < int(length):
        raise EOFError(f"{len(body)} of {length} bytes came")
    return body


def _wire_request(environ: Mapping[str, Any], body: bytes) -> WireRequest:
    headers: dict[str, str] = environ["sandbox.headers"]
    return WireRequest(
        method=environ["REQUEST_METHOD"],
        host=headers.get("host", "127.0.0.1"),
        path=environ["PATH_INFO"].encode("latin-1").decode(errors="replace"),
        query=environ["QUERY_STRING"],
        headers=headers,
        body=body,
        environ=environ,
    )


def _answer(world: World, wire: WireRequest) -> WireResponse:
    """The answer of AWS, or of an AWS with a bug of ours, which is told on the error output."""
    try:
        return answer(world, wire)
    except Exception as error:
        traceback.print_exc()
        scope = wire.scope()
        told = AwsError("InternalFailure", f"a bug of the sandbox: {type(error).__name__}: {error}", 500)
        return render.failure(scope.service if scope else "s3", told, "")


def _send(response: WireResponse, method: str, start_response: StartResponse) -> Iterable[bytes]:
    headers = {name: value for name, value in response.headers.items() if name.lower() != "connection"}
    if method != "HEAD" and response.status not in (204, 304):
        headers = {name: value for name, value in headers.items() if name.lower() != "content-length"}
        headers["Content-Length"] = str(len(response.body))
    start_response(f"{response.status} {_REASONS.get(response.status, 'Answer')}", list(headers.items()))
    return [response.body]


def _cut(connection: socket.socket) -> Iterable[bytes]:
    """Reset the connection, so that the client sees what a broken network looks like."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with suppress(OSError):
        # The client may have gone first.
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError("a fault of the sandbox")


_REASONS = {200: "OK", 204: "No Content", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 500: "Error"}
