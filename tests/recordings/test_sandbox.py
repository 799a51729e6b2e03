"""The sandbox answers in the shape, and refuses in the words, that AWS was seen to use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox import sandbox
from tests.checkpoint import Checkpoint
from tests.recordings.records import ANSWERS, REFUSALS, Record
from tests.recordings.world import ASKED, REFUSED, Recorded

#: What the sandbox answers otherwise, and the line of docs/assumptions.md that says why.
OTHERWISE = {
    "lf-settings-unknown-parameter": "settings-of-today",
    "lf-collision-in-the-trail": "trail-records",
    "glue-create-catalog-denied": "glue-left-out",
    "glue-crawler-security": "glue-left-out",
    "glue-crawler-connection": "glue-left-out",
}
#: Records of which only a part of the words is known.
PARTS = {"lf-open-to-iam"}


@pytest.fixture(scope="module")
def made() -> Iterator[tuple[Recorded, Checkpoint]]:
    with sandbox() as aws:
        yield Recorded(aws), Checkpoint(aws)


@pytest.fixture
def world(made: tuple[Recorded, Checkpoint]) -> Recorded:
    """The world as it was made."""
    found, kept = made
    kept.restore(found.aws)
    found.forget_clients()
    return found


def paths(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every member of an answer with its type; elements of lists and of unions stand at one path."""
    match value:
        case dict():
            yield at, "structure"
            for name, each in value.items():
                if name != "ResponseMetadata":
                    yield from paths(each, f"{at}.{name}")
        case list():
            yield at, "list"
            for each in value:
                yield from paths(each, f"{at}[]")
        case datetime():
            yield at, "time"
        case _:
            yield at, type(value).__name__


@pytest.mark.parametrize("record", ANSWERS, ids=lambda record: record.id)
def test_an_answer_has_what_was_recorded(world: Recorded, record: Record) -> None:
    """Members of newer models may come besides."""
    answered = set(paths(ASKED[record.operation](world)))
    recorded = set(paths(record.response))
    assert recorded - answered == set(), record.proves


@pytest.mark.parametrize("record", REFUSALS, ids=lambda record: record.id)
def test_a_refusal_is_in_the_words_that_were_recorded(world: Recorded, record: Record) -> None:
    assert record.error is not None
    with pytest.raises(ClientError) as refused:
        REFUSED[record.id](world)
    found, wanted = refused.value.response, record.error
    same = found["Error"]["Code"] == wanted["code"]
    same &= found["ResponseMetadata"]["HTTPStatusCode"] == wanted["status"]
    told = _bare(found["Error"]["Message"])
    if wanted["message"]:
        same &= wanted["message"] in told if record.id in PARTS else told == wanted["message"]
    assert same is (record.id not in OTHERWISE), found["Error"]


def test_what_is_answered_otherwise_has_its_reason() -> None:
    text = (Path(__file__).parents[2] / "docs" / "assumptions.md").read_text()
    assert [id_ for id_ in OTHERWISE.values() if f"- `{id_}`: " not in text] == []
    assert {record.id for record in REFUSALS} >= {*OTHERWISE, *PARTS}


def _bare(message: str) -> str:
    """A message without the identifiers in it."""
    message = re.sub(r"/sandbox on resource|/sandbox is", lambda m: m[0].replace("sandbox", "test"), message)
    message = re.sub(r"arn:aws:kms:[^ ]*:key/[^ ]*", "<key>", message)
    message = re.sub(r"(AWSLF-00-AT-[0-9]{12})-[a-zA-Z0-9]{10}", r"\1-<ten>", message)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>", message)


def test_every_record_is_asked_for() -> None:
    assert {record.operation for record in ANSWERS} == ASKED.keys()
    assert {record.id for record in REFUSALS} == REFUSED.keys()
