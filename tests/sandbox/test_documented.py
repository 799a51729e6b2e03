"""docs/sandbox.md, played: a sandbox that listens where the page says, and every request of it."""

from __future__ import annotations

import json
import shlex
import urllib.request
from collections.abc import Iterator

import boto3
import pytest

from reconciler.sandbox.http.server import Server
from tests.estate import ROOT
from tests.story.shell import blocks

PAGE = ROOT / "docs" / "sandbox.md"
ADDRESS = "http://127.0.0.1:5566"
NOT_HERE = {
    "pip install 'meshform[sandbox]'": "installs from an index; tests/release installs the wheel with its extras",
    "meshform sandbox serve --port 5566": "the fixture serves",
    "aws sts get-caller-identity": "the AWS CLI is not installed here; boto3 asks the same",
}


@pytest.fixture
def served() -> Iterator[str]:
    """The address of one that listens on a free port, in the place of the page's."""
    server = Server()
    server.start()
    yield server.endpoint
    server.stop()


def curled(words: list[str], endpoint: str) -> object:
    """What `curl` would get; an answer that is not 2xx is an error."""
    method, data, url = "GET", None, ""
    rest = iter(words)
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-d":
            data = next(rest).encode()
        else:
            url = word
    assert url.startswith(f"{ADDRESS}/_sandbox/")
    request = urllib.request.Request(url.replace(ADDRESS, endpoint), data=data, method=method)
    with urllib.request.urlopen(request, timeout=600) as answer:
        body = answer.read()
    return json.loads(body) if body else None


def test_every_request_of_the_page_is_answered(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = {*NOT_HERE}
    for _, text in blocks(PAGE, "sh"):
        for line in text.splitlines():
            match shlex.split(line, comments=True):
                case ["export", *said]:
                    for each in said:
                        monkeypatch.setenv(*each.replace(ADDRESS, served).split("=", 1))
                case ["curl", *words]:
                    curled(words, served)
                case _:
                    left.remove(line)
    assert left == set()
    assert boto3.client("sts", endpoint_url=served).get_caller_identity()["Account"]


def test_its_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    ((_, text),) = blocks(PAGE, "python")
    exec(compile(text, str(PAGE), "exec"), {"__name__": "documented"})
    assert capsys.readouterr().out == "['AssumeRole', 'CreateDatabase']\n"
