"""Answers that a command needs: given as options, or asked for on a terminal until they are right."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

import click

from reconciler.errors import MeshformError

T = TypeVar("T")

_ANSWERS = "meshform.answers"


class Unsaid(click.UsageError):
    """Options that are missing where nobody can be asked for them."""

    def __init__(self, *options: str, question: str = "") -> None:
        about = f": {question[0].lower()}{question[1:]}" if question else ""
        super().__init__(f"Say {'it by ' if about else ''}{', '.join(options)}{about}. Nothing was written.")
        self.options = options


def need(options: Mapping[str, object]) -> None:
    """Name every option that has no value, where nobody can be asked. Raises Unsaid."""
    missing = [option for option, given in options.items() if given is None]
    if missing and not sys.stdin.isatty():
        raise Unsaid(*missing)


def answer(given: str | None, question: str, option: str, read: Callable[[str], T], default: str | None = None) -> T:
    """What `read` makes of what was given, or of what somebody answers; a wrong answer is asked again with the reason.

    Whoever stops in the middle is told how to go on without answering again (`kept_answers`).

    Raises MeshformError where what was given is wrong, and Unsaid where there is no default and nobody to be asked.
    """
    if given is not None:
        return read(given)
    if not sys.stdin.isatty():
        if default is None:
            raise Unsaid(option, question=question)
        return read(default)
    said_so_far: list[tuple[str, str]] = click.get_current_context().meta.setdefault(_ANSWERS, [])
    while True:
        try:
            said = _typed(question, default)
            value = read(said)
        except MeshformError as error:
            click.echo(str(error), err=True)
        else:
            said_so_far.append((option, said))
            return value


@contextmanager
def kept_answers() -> Iterator[None]:
    """Tell whoever stops or is refused after the questions began how to give the same answers again.

    Ctrl-C is heard at a question and between two of them alike: it ends as click ends a question.
    """
    try:
        yield
    except (KeyboardInterrupt, click.Abort):
        if _said_so_far() is None:
            raise
        click.echo(f"\nNothing was written. To go on where you stopped: {_going_on()}", err=True)
        raise click.Abort from None
    except (MeshformError, click.UsageError):
        if _said_so_far():
            click.echo(f"To give these answers again: {_going_on()}", err=True)
        raise


def forget_answers() -> None:
    """They were made use of: what fails from now on is not about them."""
    click.get_current_context().meta.pop(_ANSWERS, None)


@contextmanager
def answered(otherwise: str) -> Iterator[None]:
    """A question before something is carried out. Raises MeshformError where it is left unanswered; what began before
    it ends as after any other. `otherwise` says how it goes where nobody can be asked.
    """
    try:
        yield
    except click.Abort as error:
        click.echo(err=True)
        raise MeshformError("Nobody answered, so nothing was changed.", hints=(otherwise,)) from error


def _typed(question: str, default: str | None) -> str:
    """What somebody types. Raises MeshformError where it is nothing, or no text."""
    try:
        said = str(click.prompt(question, default=default or "", show_default=bool(default), err=True))
        said.encode()
    except UnicodeError:
        raise MeshformError("That is no text in the encoding of this terminal.") from None
    if default is None and not said.strip():
        raise MeshformError("This needs an answer.")
    return said


def _said_so_far() -> list[tuple[str, str]] | None:
    """What was answered in this run of a command, by option; an argument has no hyphens.

    None where nothing was asked yet, or the answers were made use of.
    """
    said: list[tuple[str, str]] | None = click.get_current_context().meta.get(_ANSWERS)
    return said


def _going_on() -> str:
    """The command with all that was answered."""
    said_so_far = _said_so_far() or ()
    words = [word for option, said in said_so_far for word in ((option, said) if option[0] == "-" else (said,))]
    return shlex.join(["meshform", *sys.argv[1:], *words])


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
