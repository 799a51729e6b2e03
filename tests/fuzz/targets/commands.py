"""Command lines and the environment of a process: whatever is typed, an exit code and words, and AWS is not called."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from unittest import mock

import click

from reconciler.cli import cli
from reconciler.cli.terminal import harmless_output
from reconciler.forge import here
from reconciler.forge.anywhere import target_branch
from tests.fuzz.place import place
from tests.fuzz.target import Target, is_clean
from tests.spec.small import FILES

_READING = {
    "validate", "list", "search", "show", "rules", "kinds", "schema", "export", "policy", "fmt", "plan", "access",
    "owners", "new", "request", "retire", "rename-column", "renew", "return", "suspend", "report", "expire", "promises",
}  # fmt: skip
"""Commands that work on documents; the others speak to AWS or to a forge, or serve."""
_NAMES = (
    "COLUMNS", "NO_COLOR", "LANG", "GITHUB_REPOSITORY", "GITHUB_SERVER_URL", "GITHUB_RUN_ID", "GITHUB_ACTOR",
    "GITHUB_SHA", "GITHUB_REF_NAME", "GITHUB_BASE_REF", "GITHUB_EVENT_PATH", "GITHUB_WORKFLOW_REF", "CI_PROJECT_PATH",
    "CI_PROJECT_URL", "CI_COMMIT_SHA", "CI_MERGE_REQUEST_IID", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "GITLAB_TOKEN",
    "GITHUB_TOKEN", "TRIGGER_PAYLOAD", "GITHUB_API_URL", "CI_API_V4_URL", "CHANGE_TARGET",
)  # fmt: skip


def command(data: bytes) -> str:
    """Words after `meshform`, in a folder with a small mesh."""
    try:
        words = [str(each) for each in json.loads(data)]
    except (ValueError, TypeError, RecursionError):
        return "no words"
    harmful = any(each.startswith(("/", "~")) or ".." in each or "=/" in each or "\0" in each for each in words)
    harmful |= not all(map(_is_possible, words))
    if harmful or not words or words[0] not in _READING or "--live" in words:
        return "not run"
    out, err, told = io.StringIO(), io.StringIO(), "-"
    with _folder(), redirect_stdout(out), redirect_stderr(err), harmless_output():
        try:
            code = cli.main(args=words, prog_name="meshform", standalone_mode=False)
        except click.ClickException as error:
            code, told = error.exit_code, error.format_message()
        except (click.exceptions.Exit, click.Abort, SystemExit) as error:
            code = getattr(error, "exit_code", getattr(error, "code", 1))
        except OSError as error:
            # As `main` has it: whoever names a file that cannot be is told so.
            code, told = 1, str(error.strerror if error.filename else "")
    assert told.strip(), "a refusal without words"
    text = out.getvalue() + err.getvalue()
    assert all(map(is_clean, click.unstyle(text).replace("\t", " ").split("\n")))
    return f"{words[0]} {code} {err.getvalue()[:60]}"


def environment(data: bytes) -> str:
    """What an environment says of the job: a job, or a sentence."""
    try:
        said = {str(name): str(value).replace("\0", "") for name, value in json.loads(data).items()}
    except (ValueError, AttributeError, RecursionError):
        return "no environment"
    known = {name: value for name, value in said.items() if name in _NAMES and _is_possible(value)}
    with mock.patch.dict(os.environ, known), _folder():
        found = f"{here.job().url} {here.page()} {target_branch()}"
        found.encode("utf-8", "surrogateescape")
        return f"{type(here.forge()).__name__} {found[:40]}"


def _is_possible(value: str) -> bool:
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def _folder() -> Iterator[None]:
    """In a folder with the small mesh as it is, and an AWS that nobody reaches."""
    before = Path.cwd()
    without = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
    with mock.patch.dict(os.environ, {**without, "MESHFORM_CACHE": str(place() / "cache")}):
        os.chdir(_written())
        try:
            yield
        finally:
            os.chdir(before)
            _restore()


@cache
def _written() -> Path:
    _restore()
    return place() / "repository"


def _restore() -> None:
    top = place() / "repository" / "mesh"
    for path, text in FILES.items():
        file = top / path
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    for file in [*top.rglob("*")]:
        if file.is_file() and file.relative_to(top).as_posix() not in FILES:
            file.unlink()


_LINES = (
    "validate", "validate --format json", "list products", "list columns --format markdown", "search orders amount",
    "show sales/orders", "show consumer:lab --format json", "rules", "kinds", "export odcs orders", "export dprod",
    "policy list", "policy test", "fmt --check", "plan --offline", "access who-can sales/orders", "owners --check",
    "access explain lab/analyst order", "request sales/orders --for lab/analyst --up-to internal --why A-study",
    "renew study --until 2027-06-30", "return study", "retire sales/orders --until 2027-01-01", "schema product",
    "rename-column orders.order.amount total", "expire --within 30", "report subscriptions --format csv",
    "new team --name x --email x@example.com", "suspend lab/analyst --reason x --until 2027-01-01", "promises",
)  # fmt: skip
_ENVIRONMENTS: tuple[dict[str, str], ...] = (
    {
        "GITHUB_REPOSITORY": "acme/mesh",
        "GITHUB_TOKEN": "t",
        "GITHUB_RUN_ID": "1",
        "GITHUB_SERVER_URL": "https://github.com",
    },
    {
        "CI_PROJECT_PATH": "acme/mesh",
        "GITLAB_TOKEN": "t",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_PROJECT_URL": "https://gitlab.com/x",
    },
    {
        "GITHUB_BASE_REF": "main",
        "COLUMNS": "80",
        "GITHUB_EVENT_PATH": "mesh/mesh.yaml",
        "TRIGGER_PAYLOAD": "mesh/mesh.yaml",
    },
)
TARGETS = (
    Target("command", "json", command, lambda: [json.dumps(each.split()).encode() for each in _LINES], 2),
    Target("environment", "json", environment, lambda: [json.dumps(each).encode() for each in _ENVIRONMENTS]),
)
