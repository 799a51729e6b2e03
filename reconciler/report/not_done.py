"""What a run did not do, and why: one line for a cause that many steps have in common, such as a lost network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reconciler.model.outcome import WAITS
from reconciler.report.folding import folded

_URL = re.compile(r"(https?://[^/\s\"']+)/[^\s\"']*")


class NotDone(NamedTuple):
    """A step that failed or was skipped: `failed` or `skipped`, which step, and AWS's words or what it waits for."""

    result: str
    step: str
    message: str


def not_done_lines(ends: Iterable[NotDone]) -> Iterator[str]:
    """A line for each, and one for more than a few with the same cause; what failed first, then what waited for it."""
    return folded(
        sorted(ends, key=lambda end: end.message.startswith(WAITS)),
        _cause,
        lambda end: end.step,
        lambda end: [f"{end.result}: {end.step}: {end.message}"],
        lambda cause, count: f"{cause[0]}: {count:,} steps: {cause[1]}",
    )


def _cause(end: NotDone) -> tuple[str, str]:
    """What others have in common with it; the end of a URL tells only which request it was."""
    if end.message.startswith(WAITS):
        return end.result, f"{WAITS}what was not done"
    return end.result, _URL.sub(r"\1/...", end.message)
