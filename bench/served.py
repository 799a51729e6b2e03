"""A sandbox in a process of its own, as far away as AWS: every call takes so many milliseconds longer."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

from bench.counting import Calls, counted
from bench.timed import MESHFORM

_PATIENCE = 30.0


class Served:
    """The control endpoints of a sandbox that is served."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def forget(self) -> None:
        """Begin to count calls anew."""
        self._ask("DELETE", "calls")

    def calls(self) -> Calls:
        """The calls since then."""
        return counted(self._ask("GET", "calls"))

    def refused(self) -> int:
        """How many of them were throttled, or collided with others."""
        passing = ("ConcurrentModificationException", "ThrottlingException")
        return sum(call["error"] in passing for call in self._ask("GET", "calls"))

    def fault(self, **fault: Any) -> None:
        """Put a fault in force."""
        self._ask("POST", "faults", fault)

    def heal(self) -> None:
        """Take all faults away."""
        self._ask("DELETE", "faults")

    def is_up(self) -> bool:
        try:
            self._ask("GET", "faults")
        except OSError:
            return False
        return True

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_sandbox/{path}", data, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)


@contextmanager
def served(latency_ms: float, beliefs: Mapping[str, str] | None = None) -> Iterator[Served]:
    """An empty sandbox; whoever uses AWS in this process, or in one that it starts, uses this one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (MESHFORM, "sandbox", "serve", "--port", str(port), "--latency-ms", str(latency_ms))
    command += tuple(word for each in (beliefs or {}).items() for word in ("--belief", "=".join(each)))
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    aws = Served(f"http://127.0.0.1:{port}")
    environment = {
        "AWS_ENDPOINT_URL": aws.endpoint,
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_REGION": "eu-west-1",
    }
    try:
        end = time.monotonic() + _PATIENCE
        while not aws.is_up():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the sandbox does not come up")
            time.sleep(0.1)
        with mock.patch.dict(os.environ, environment):
            yield aws
    finally:
        process.terminate()
        process.wait()
