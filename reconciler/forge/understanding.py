"""Understanding: an answer that is not as the forge describes its answers is the forge's error, in a sentence."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType, TracebackType
from typing import Any, TypeVar

from reconciler.forge.protocol import ForgeError
from reconciler.model.plain_json import MISSHAPEN

C = TypeVar("C", bound=type)
_OURS = __name__.rpartition(".")[0]


def understood(forge: C) -> C:
    """A forge whose verbs raise ForgeError where an answer lacks what its description promises.

    What a callback of the caller raises stays what it is.
    """
    for name, verb in vars(forge).items():
        if isinstance(verb, FunctionType) and not name.startswith("_"):
            setattr(forge, name, _guarded(name, verb))
    return forge


def _guarded(name: str, verb: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(verb)
    def guarded(*arguments: Any, **more: Any) -> Any:
        try:
            return verb(*arguments, **more)
        except MISSHAPEN as error:
            if not _is_of_the_forge(error.__traceback__):
                raise
            raise ForgeError(
                f"What the forge answered is not as it describes its answers: {name}: {type(error).__name__}: {error}. "
                "A proxy may have answered in its place; run the job again."
            ) from error

    return guarded


def _is_of_the_forge(trace: TracebackType | None) -> bool:
    """Whether the innermost of our code is that of this room."""
    inside = ""
    while trace is not None:
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        inside = name if name.startswith("reconciler.") else inside
        trace = trace.tb_next
    return inside.startswith(_OURS)
