"""An answer that a command needs: given as an option, or asked for on a terminal until it is right."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from typing import TypeVar

import click

from reconciler.errors import MeshformError

T = TypeVar("T")


def answer(given: str | None, question: str, option: str, read: Callable[[str], T], default: str | None = None) -> T:
    """What `read` makes of what was given, or of what somebody answers; a wrong answer is asked again with the reason.

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
            return read(click.prompt(question, default=default, show_default=bool(default), err=True))
        except MeshformError as error:
            click.echo(str(error), err=True)


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
