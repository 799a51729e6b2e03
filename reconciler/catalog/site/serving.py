"""Serving: the site on this machine, made anew when a document changes; open pages load it by themselves."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Lock
from urllib.parse import unquote

from reconciler.errors import MeshformError

Build = Callable[[], Mapping[str, str]]


class Served:
    """The files of the site as they are now. Where the mesh is wrong, the pages of before stay, and why is told."""

    def __init__(self, folder: Path, build: Build, say: Callable[[str], None]) -> None:
        self._folder, self._build, self._say = folder, build, say
        self._lock, self._state = Lock(), self._newest()
        self.files, self.version = build(), 0

    def now(self) -> Mapping[str, str]:
        """The files, made anew where something has changed."""
        with self._lock:
            state = self._newest()
            if state != self._state:
                self._state = state
                try:
                    self.files, self.version = self._build(), self.version + 1
                    self._say("made anew")
                except MeshformError as error:
                    self._say(f"not made anew: {error}")
            return self.files

    def _newest(self) -> tuple[int, int]:
        times = [path.stat().st_mtime_ns for path in self._folder.rglob("*.yaml") if path.is_file()]
        return len(times), max(times, default=0)


def server(served: Served, port: int) -> ThreadingHTTPServer:
    """A server on this machine only; it runs when it is told to."""

    script = (files(__package__) / "static" / "reload.js").read_text(encoding="utf-8")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = unquote(self.path.partition("?")[0]).lstrip("/") or "index.html"
            found = served.now()
            own = {"reload.js": script, "version": str(served.version)}
            text = own.get(name, found.get(name))
            if text is not None and name.endswith(".html"):
                text = text.replace("</head>", '<script defer src="/reload.js"></script></head>', 1)
            body = (text if text is not None else "There is no such page.").encode()
            self.send_response(HTTPStatus.OK if text is not None else HTTPStatus.NOT_FOUND)
            kind = mimetypes.guess_type(name)[0] if text is not None else None
            self.send_header("Content-Type", f"{kind or 'text/plain'}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
