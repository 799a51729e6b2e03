"""`sandbox serve` says that it is there only when it is, and what keeps it from being there."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_that_is_taken_is_told_and_nothing_else(run: Run, taken: int) -> None:
    ran = run("sandbox", "serve", "--port", str(taken))
    assert ran.code != 0
    assert f"Port {taken} cannot be had" in ran.err
    assert "A simulated AWS is at" not in ran.err


@pytest.mark.parametrize(
    ("given", "told"), [("no-such=yes", "There is no belief no-such"), ("revoke-in-part", "one of")]
)
def test_a_belief_that_is_none_is_told(run: Run, given: str, told: str) -> None:
    ran = run("sandbox", "serve", "--belief", given)
    assert ran.code != 0
    assert told in ran.err


def test_a_client_that_waits_for_the_first_line_is_answered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [str(Path(sys.executable).parent / "meshform"), "sandbox", "serve", "--port", str(port)]
    served = subprocess.Popen([*command, "--belief", "revoke-in-part=refused"], stderr=subprocess.PIPE)
    try:
        assert served.stderr is not None
        assert b"A simulated AWS is at" in served.stderr.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_sandbox/beliefs", timeout=600) as answer:
            assert b'"answer": "refused"' in answer.read()
    finally:
        served.terminate()
        served.communicate()
