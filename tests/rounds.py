"""Rounds: how many answers of AWS a reading waits for one after the other, whatever goes side by side.

Each thread has a count. A request adds one; whoever waits for an answer that another one has asked for, or for reads
that go side by side, goes on from the latest of them. No clock is asked, so a busy machine counts the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from reconciler.aws import observe
from reconciler.aws.reader import AwsReader
from reconciler.aws.sessions import Sessions
from reconciler.kinds.common import concurrent_map


class Rounds:
    """`longest` is the greatest count of any thread so far."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.longest = 0
        self._here = threading.local()
        self._known: dict[tuple[int, str], int] = {}
        first, send, credentials = AwsReader._first, AwsReader._send, Sessions._credentials
        rounds = self

        def counted_first(reader: AwsReader, known: dict[str, Any], key: str, make: Callable[[], Any]) -> Any:
            def made() -> Any:
                try:
                    return make()
                finally:
                    rounds._known[id(known), key] = rounds.count

            try:
                return first(reader, known, key, made)
            finally:
                rounds.wait(rounds._known[id(known), key])

        def counted_send(*asked: Any) -> dict[str, Any]:
            try:
                return send(*asked)
            finally:
                rounds.wait(rounds.count + 1)

        def counted_credentials(sessions: Sessions, account: str) -> Any:
            rounds.wait(1)
            return credentials(sessions, account)

        class Pool(ThreadPoolExecutor):
            def submit(self, do: Callable[..., Any], /, *args: Any, **options: Any) -> Future[Any]:
                began = rounds.count

                def counted() -> Any:
                    rounds._here.count = began
                    return do(*args, **options)

                return super().submit(counted)

            def map(self, read: Callable[..., Any], *things: Iterable[Any], **options: Any) -> Iterator[Any]:
                for found, count in super().map(lambda thing: (read(thing), rounds.count), *things, **options):
                    rounds.wait(count)
                    yield found

        patch.setattr(AwsReader, "_first", counted_first)
        patch.setattr(AwsReader, "_send", counted_send)
        patch.setattr(Sessions, "_credentials", counted_credentials)
        patch.setattr(observe, "ThreadPoolExecutor", Pool)
        patch.setattr(concurrent_map, "ThreadPoolExecutor", Pool)

    @property
    def count(self) -> int:
        """How many answers this thread has waited for."""
        return int(getattr(self._here, "count", 0))

    def wait(self, count: int) -> None:
        """This thread goes on from there."""
        self._here.count = max(self.count, count)
        self.longest = max(self.longest, self._here.count)
