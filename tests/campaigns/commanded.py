"""Commanded: a command in this process, as a shell would call it."""

from __future__ import annotations

import io
import sys
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from unittest import mock

from reconciler.cli import main as meshform
from tests.campaigns.strike import Killed
from tests.estate import TODAY


def command(*arguments: str) -> tuple[int | None, str, str]:
    """A command as a shell would call it: exit code (None: killed), and both of its outputs."""
    out, err = io.StringIO(), io.StringIO()
    with ExitStack() as patches:
        for place in ("reconciler.pipeline.today", "reconciler.spec.today.today"):
            patches.enter_context(mock.patch(place, return_value=TODAY))
        patches.enter_context(mock.patch.object(sys, "argv", ["meshform", *arguments]))
        patches.enter_context(redirect_stdout(out))
        patches.enter_context(redirect_stderr(err))
        try:
            meshform()
            code: int | None = 0
        except SystemExit as exit_:
            code = exit_.code if isinstance(exit_.code, int) else 0 if exit_.code is None else 1
        except Killed:
            code = None
    return code, out.getvalue(), err.getvalue()
