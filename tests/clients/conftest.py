"""A sandbox served as users serve it, and clients in virtual environments of their own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler.sandbox.inprocess import assumed

SCRIPTS = Path(__file__).parent / "scripts"
ENVIRONMENTS = Path(sys.prefix) / "clients"
REGION = "eu-west-1"
ACCESS_ROLE = "OrganizationAccountAccessRole"
CENTRAL, PRODUCER, CONSUMER = "111111111111", "222222222222", "333333333333"


@dataclass(frozen=True)
class Served:
    """A sandbox behind an address, which is all that its clients know."""

    endpoint: str

    def reset(self) -> None:
        request = urllib.request.Request(f"{self.endpoint}/_sandbox/reset", method="POST")
        urllib.request.urlopen(request, timeout=10).close()

    def actor(self, account: str, role: str = ACCESS_ROLE) -> dict[str, str]:
        """The environment of somebody who acts as a role."""
        keys = assumed(account, role, REGION, self.endpoint).get_credentials().get_frozen_credentials()
        return self.keys(keys.access_key, keys.secret_key, keys.token)

    def keys(self, key_id: str, secret: str, token: str | None = None) -> dict[str, str]:
        """The environment of somebody with these keys, and nothing else of AWS in it."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        clean |= {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": key_id,
            "AWS_SECRET_ACCESS_KEY": secret,
        }
        return clean | ({"AWS_SESSION_TOKEN": token} if token else {})


@pytest.fixture(scope="session")
def _served() -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    meshform = Path(sys.executable).with_name("meshform")
    process = subprocess.Popen([meshform, "sandbox", "serve", "--port", str(port)], stderr=subprocess.DEVNULL)
    served = Served(f"http://127.0.0.1:{port}")
    try:
        _await(served)
        yield served
    finally:
        process.terminate()
        process.wait(10)


def _await(served: Served) -> None:
    for _ in range(100):
        try:
            served.reset()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the sandbox does not answer")


@pytest.fixture
def served(_served: Served) -> Served:
    """An empty sandbox of `meshform sandbox serve`."""
    _served.reset()
    return _served


def command(environment: str, program: str) -> Path:
    """A program of one of the clients' virtual environments."""
    found = ENVIRONMENTS / environment / "bin" / program
    assert found.exists(), f"{found} is missing: make clients installs it"
    return found


def script(environment: str, name: str, actor: dict[str, str], *arguments: str) -> Any:
    """Run a script with a client's own Python; what it prints last, as JSON."""
    words = [command(environment, "python"), SCRIPTS / f"{name}.py", *arguments]
    done = subprocess.run(words, env=actor, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])
