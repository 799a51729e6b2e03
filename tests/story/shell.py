"""A shell for what pages show: lines as somebody types them, with Meshform and its sandbox in this process."""

from __future__ import annotations

import io
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from pathlib import Path

import pytest

from reconciler import pipeline
from reconciler.cli import main
from reconciler.cli.sandbox import _buckets, _roles
from reconciler.sandbox import Sandbox, sandbox
from reconciler.sandbox.shared.seed_buckets import GivenBucket
from reconciler.sandbox.shared.seed_roles import GivenRole
from tests.remembered import remembered
from tests.typed import Typed


def blocks(page: Path, *languages: str) -> list[tuple[str, str]]:
    """The language and the text of each block of code of a page in these languages, in order."""
    found = re.findall(r"^ *```(\S+)\n(.*?)^ *```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [(language, text) for language, text in found if language in languages]


def ended(arguments: list[str], typed: str | None = None) -> int:
    """The exit code of `meshform` with these arguments, for somebody who types this; None: at no terminal."""
    with pytest.MonkeyPatch.context() as own:
        own.setattr(sys, "argv", ["meshform", *arguments])
        own.setattr(sys, "stdin", io.StringIO() if typed is None else Typed(typed))
        try:
            main()
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else int(end.code is not None)
        return 0


@contextmanager
def sandbox_for(folder: str) -> Iterator[Sandbox]:
    """The simulated AWS with what a mesh's accounts have, as `meshform sandbox serve --mesh` gives it."""
    mesh = pipeline.load_folder(folder).mesh
    assert mesh is not None
    roles = [GivenRole(*each) for each in _roles(mesh)]
    with sandbox(roles=roles, buckets=[GivenBucket(*each) for each in _buckets(mesh)]) as aws, remembered(aws):
        yield aws


def commit_as_ada(patch: pytest.MonkeyPatch) -> None:
    """Let git know who commits."""
    for name in ("AUTHOR", "COMMITTER"):
        patch.setenv(f"GIT_{name}_NAME", "ada")
        patch.setenv(f"GIT_{name}_EMAIL", "ada@example.com")


def play(line: str, world: ExitStack, patch: pytest.MonkeyPatch, typed: str | None = None, code: int = 0) -> None:
    """One line as a shell does it, with what is typed when it asks; it ends with `code`."""
    words = shlex.split(line, comments=True)
    match words:
        case ["cd", folder]:
            patch.chdir(folder)
        case ["export", *said]:
            # The sandbox of this process is where the page says that one is served.
            for each in said:
                name, _, value = each.partition("=")
                if name != "AWS_ENDPOINT_URL":
                    patch.setenv(name, value)
        case ["meshform", "sandbox", "serve", "--mesh", folder, "&"]:
            world.enter_context(sandbox_for(folder))
        case ["meshform" | ".venv/bin/meshform", *arguments]:
            if ">" in arguments:
                *arguments, _, file = arguments
                with redirect_stdout(io.StringIO()) as said:
                    assert ended(arguments, typed) == code, line
                Path(file).write_text(said.getvalue(), encoding="utf-8")
            else:
                assert ended(arguments, typed) == code, line
        case _:
            subprocess.run(line, shell=True, check=True)
