"""--log-level and --log-file: a command with the log of what it asks of AWS and of the forge."""

from __future__ import annotations

import functools
import platform
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Command = Callable[..., Any]


def logged(command: Command) -> Command:
    """The command with both options, which also stand in MESHFORM_LOG and MESHFORM_LOG_FILE."""

    @click.option(
        "--log-level",
        envvar="MESHFORM_LOG",
        type=click.Choice(("info", "debug"), case_sensitive=False),
        help="Log each request to AWS and the forge, without secrets; debug: with what is asked. Also MESHFORM_LOG.",
    )
    @click.option(
        "--log-file",
        envvar="MESHFORM_LOG_FILE",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write the log at the end of this file, not on stderr. Also MESHFORM_LOG_FILE.",
    )
    @functools.wraps(command)
    def wrapped(*arguments: Any, log_level: str | None, log_file: Path | None, **options: Any) -> Any:
        if log_level is None and log_file is None:
            return command(*arguments, **options)
        from reconciler import log

        with log.kept(log_level or "debug", log_file):
            log.LOG.info("%s", _run())
            try:
                return command(*arguments, **options)
            except click.exceptions.Exit:
                raise
            except Exception as error:
                # Whatever ends it is only written down: how it is told to people is `main`'s affair.
                log.LOG.info("ended by %s: %s", type(error).__name__, error)
                log.LOG.debug("at", exc_info=True)
                raise

    return wrapped


def _run() -> str:
    """What runs here: the first line of a log."""
    from reconciler.version import own_version, version_lines

    what, asked = version_lines(own_version())[0], shlex.join(["meshform", *sys.argv[1:]])
    return f"{what}; Python {platform.python_version()} on {sys.platform}; {asked}"
