"""Rounds: how many answers of AWS a reading waits for one after the other, whatever goes side by side.

What each thread does is written down, and counted afterwards as if every answer took as long: whoever is the first to
ask for an answer then is not who was it here. So no clock is asked, and threads may take turns however they like.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from reconciler.aws import reading_pool
from reconciler.aws.reader import AwsReader
from reconciler.aws.sessions import Sessions
from reconciler.kinds.common import concurrent_map

_Name = tuple[int, str]
"""An answer that is asked for by several: the store in which it is kept, and its key there."""


@dataclass(slots=True, eq=False)
class _Work:
    """What is done one after the other: to enter an account, to wait for an answer or for what another one asks for, to
    begin other work beside it, to wait for that."""

    steps: list[_Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Begun:
    work: _Work


@dataclass(frozen=True, slots=True)
class _Ended:
    work: _Work


_Step = str | _Name | _Begun | _Ended
_ENTER, _ANSWER = "enter", "answer"


class Rounds:
    """Writes down what is read from now on."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._first = _Work()
        self._here = threading.local()
        self._making: dict[_Name, _Work] = {}
        """What whoever asks first for an answer does to get it."""
        self._begun: dict[Future[Any], _Work] = {}
        self._stores: list[object] = []
        first, send, credentials = AwsReader._first, AwsReader._send, Sessions._credentials
        rounds = self

        def noted_first(reader: AwsReader, known: dict[str, Any], key: str, make: Callable[[], Any]) -> Any:
            # Kept, so that no other store gets its number.
            rounds._stores.append(known)
            name = id(known), key

            def made() -> Any:
                return rounds._doing(rounds._making.setdefault(name, _Work()), make)

            rounds._note(name)
            return first(reader, known, key, made)

        def noted_send(*asked: Any) -> dict[str, Any]:
            rounds._note(_ANSWER)
            return send(*asked)

        def noted_credentials(sessions: Sessions, account: str) -> Any:
            rounds._note(_ENTER)
            return credentials(sessions, account)

        class Pool(ThreadPoolExecutor):
            def submit(self, do: Callable[..., Any], /, *args: Any, **options: Any) -> Future[Any]:
                work = _Work()
                rounds._note(_Begun(work))
                begun = super().submit(rounds._doing, work, lambda: do(*args, **options))
                rounds._begun[begun] = work
                return begun

            def map(self, read: Callable[..., Any], *things: Iterable[Any], **_: Any) -> Iterator[Any]:
                for begun in [self.submit(read, *each) for each in zip(*things, strict=False)]:
                    found = begun.result()
                    rounds._note(_Ended(rounds._begun[begun]))
                    yield found

        patch.setattr(AwsReader, "_first", noted_first)
        patch.setattr(AwsReader, "_send", noted_send)
        patch.setattr(Sessions, "_credentials", noted_credentials)
        patch.setattr(reading_pool, "ThreadPoolExecutor", Pool)
        patch.setattr(concurrent_map, "threads", Pool)

    @property
    def longest(self) -> int:
        """The greatest number of answers that were waited for one after the other."""
        asked: dict[_Name, int] = {}
        came: dict[_Name, int] = {}
        while True:
            again = _Count(came)
            again.after(self._first, 0)
            came = {name: again.after(work, asked.get(name, 0)) for name, work in self._making.items()}
            if again.asked == asked:
                return again.longest
            asked = again.asked

    def _note(self, step: _Step) -> None:
        getattr(self._here, "work", self._first).steps.append(step)

    def _doing(self, work: _Work, do: Callable[[], Any]) -> Any:
        """What is done in this thread belongs to this work meanwhile."""
        before = getattr(self._here, "work", self._first)
        self._here.work = work
        try:
            return do()
        finally:
            self._here.work = before


class _Count:
    """One count of all work, where answers that are asked for by several come after so many rounds."""

    def __init__(self, came: dict[_Name, int]) -> None:
        self.longest = 0
        self.asked: dict[_Name, int] = {}
        """After how many rounds each of them was asked for first."""
        self._came = came

    def after(self, work: _Work, count: int) -> int:
        """How many rounds are over when work is done that begins after `count`."""
        ended: dict[_Work, int] = {}
        for step in tuple(work.steps):
            match step:
                case _Begun(other):
                    ended[other] = self.after(other, count)
                case _Ended(other):
                    count = max(count, ended[other])
                case (_, _):
                    self.asked[step] = min(self.asked.get(step, count), count)
                    count = max(count, self._came.get(step, 0))
                case "enter":
                    count = max(count, 1)
                case _:
                    count += 1
        self.longest = max(self.longest, count)
        return count
