"""A person at a real terminal: reads what a command asks, types, and interrupts it."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
from itertools import count
from pathlib import Path

from reconciler.cli import main
from tests.until import until

ESCAPE = "\x1b[A"
CTRL_C, CTRL_D = b"\x03", b"\x04"


class Person:
    """A command in a copy of this process, at a terminal of its own, which turns Ctrl-C into what it is for people."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.seen = ""
        self._status: int | None = None
        self._interrupted = False
        self._process, self._me = pty.fork()
        if self._process == 0:
            _run(folder, words)

    def sees(self, text: str) -> str:
        """Wait until it has written a text; what it had written before that."""

        def is_there() -> bool:
            over = self._has_ended()
            assert text in self.seen or not over, f"{text!r} was not asked: {self.seen}"
            return text in self.seen

        until(is_there)
        before, _, self.seen = self.seen.partition(text)
        return before

    def types(self, text: str) -> None:
        """A line."""
        self.presses(f"{text}\n".encode())

    def presses(self, keys: bytes) -> None:
        self._interrupted = keys == CTRL_C
        os.write(self._me, keys)

    def ends(self) -> tuple[int, str]:
        """Its exit code, and all that it wrote at the end."""
        looks = count(1)

        def is_over() -> bool:
            over = self._has_ended()
            if not over and self._interrupted and next(looks) % 300 == 0:
                # A signal that comes just before it waits for an answer is heard at the next one: people press again.
                os.write(self._me, CTRL_C)
            return over

        until(is_over)
        os.close(self._me)
        assert self._status is not None
        return os.waitstatus_to_exitcode(self._status), self.seen

    def _has_ended(self) -> bool:
        """Whether it has ended; what it wrote is taken from it, so that it never waits for room."""
        if self._status is None:
            process, status = os.waitpid(self._process, os.WNOHANG)
            self._status = status if process else None
        over = self._status is not None
        try:
            while select.select([self._me], [], [], 0)[0] and (more := os.read(self._me, 4096)):
                self.seen += more.decode("utf-8", "replace").replace("\r\n", "\n")
        except OSError:
            # Linux says so of a terminal that nobody holds any more.
            pass
        return over


def _run(folder: Path, words: tuple[str, ...]) -> None:
    code = 1
    try:
        os.chdir(folder)
        os.environ |= {"NO_COLOR": "1", "COLUMNS": "300"}
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
        sys.argv = ["meshform", *words]
        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
