"""An answer that a command needs: given as an option, or asked for on a terminal until it is right."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from datetime import date
from typing import TypeVar

import click

from reconciler.cli import show
from reconciler.errors import MeshformError

T = TypeVar("T")


def answer(given: str | None, question: str, option: str, read: Callable[[str], T], default: str | None = None) -> T:
    """What `read` makes of what was given, or of what somebody answers; a wrong answer is asked again with the reason.

    Whoever stops in the middle is told how to go on without answering again.

    Raises MeshformError where what was given is wrong, and UsageError where there is no default and nobody to be asked.
    """
    if given is not None:
        return read(given)
    if not sys.stdin.isatty():
        if default is None:
            raise click.UsageError(f"Say it by {option}: {question[0].lower()}{question[1:]}.")
        return read(default)
    while True:
        try:
            said = click.prompt(question, default=default, show_default=bool(default), err=True)
            value = read(said)
        except MeshformError as error:
            show.note(str(error))
        except click.Abort:
            show.note(_going_on())
            raise
        else:
            _said_so_far().append((option, said))
            return value


def _said_so_far() -> list[tuple[str, str]]:
    """What was answered in this run of a command, by option."""
    said: list[tuple[str, str]] = click.get_current_context().meta.setdefault("meshform.answers", [])
    return said


def _going_on() -> str:
    """How to go on where somebody stops in the middle: no answer is lost."""
    words = [word for option, said in _said_so_far() if said for word in (option, said)]
    return f"\nNothing was written. To go on where you stopped: {shlex.join(['meshform', *sys.argv[1:], *words])}"


def last_day(said: str) -> date:
    """A day to come, or today. Raises MeshformError."""
    from reconciler.spec.today import today

    try:
        last = date.fromisoformat(said.strip())
    except ValueError:
        raise MeshformError(f"{said} is no day: write it as 2027-06-30.") from None
    if last < today():
        raise MeshformError(f"The last day, {last}, is over already.")
    return last
