"""An answer that is not as a forge describes it is told in a sentence; a mistake of ours stays a mistake of ours."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import urllib3

from reconciler.forge.github.client import Client
from reconciler.forge.github.repository import Repository
from reconciler.forge.protocol import ForgeError
from reconciler.report.outcome import with_outcome_banner


@dataclass(frozen=True, slots=True)
class Odd(Client):
    """A client whose every request is answered alike."""

    answer: bytes = b""

    def _request(self, method: str, url: str, body: object, *, safe: bool) -> urllib3.BaseHTTPResponse:
        return urllib3.HTTPResponse(self.answer, status=200, preload_content=True)


def here(answer: bytes) -> Repository:
    return Repository(Odd("acme/mesh", "secret-token", answer=answer))


@pytest.mark.parametrize(
    "answer",
    [b"<html>Log in</html>", b"\xff", b"[" * 100_000, b'{"number": "x"}', b'{"head": null}', b"[1]", b'"x"', b"{}"],
)
def test_an_odd_answer_is_told_without_the_token(answer: bytes) -> None:
    with pytest.raises(ForgeError, match=r"run the job again") as told:
        here(answer).pull_request(7)
    assert "secret-token" not in str(told.value)


def test_a_mistake_of_the_caller_is_not_the_forges() -> None:
    def body(now: str | None) -> str:
        return with_outcome_banner(now, "<!-- x -->", None, None, None)  # type: ignore[arg-type]

    with pytest.raises(AttributeError):
        here(b"[]").upsert_comment(7, "<!-- x -->", body, "bot")
