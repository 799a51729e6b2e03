"""The main line of a repository, as one `git log` tells it: each commit, and the documents that it changed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from reconciler.errors import MeshformError
from reconciler.spec.yaml.source import MAX_BYTES, is_document

_FORMAT = "%x01%H%x1f%ct%x1f%an <%ae>%x1f%s%x02"
_PULL = re.compile(r"^Merge pull request #(\d+) |\(#(\d+)\)$")
NO_BLOB = "0" * 40
_LAST = 253_402_300_799
"""The last second that a datetime tells."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A document that a commit changed, by its path in the mesh; `before` and `after` are git's names of its text."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the main line; `at` is when it came there. `pull` is the pull request that its title names."""

    sha: str
    at: datetime
    author: str
    title: str
    pull: int | None
    changed: tuple[Changed, ...]


def main_ref(top: Path) -> str:
    """What is the main branch here: that of origin, or the local one; else what is checked out."""
    head = _git(top, "symbolic-ref", "--quiet", "refs/remotes/origin/HEAD").decode().strip()
    for ref in (head, "refs/remotes/origin/main", "refs/heads/main", "refs/remotes/origin/master", "refs/heads/master"):
        if ref and _git(top, "rev-parse", "--verify", "--quiet", ref):
            return ref
    return "HEAD"


def short(ref: str) -> str:
    """A branch as people call it: `origin/main`, `main`."""
    return ref.removeprefix("refs/remotes/").removeprefix("refs/heads/")


def is_in(top: Path, commit: str, ref: str) -> bool:
    """Whether a branch has a commit; what this clone has not got is in none of its branches."""
    asked = ["git", "-C", str(top), "merge-base", "--is-ancestor", "--end-of-options", commit, ref]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def is_shallow(top: Path) -> bool:
    """Whether this clone has only the end of the history."""
    return _git(top, "rev-parse", "--is-shallow-repository").strip() == b"true"


def main_line(top: Path, ref: str, folder: str, after: str | None = None) -> Iterator[Commit]:
    """The commits of the main line up to `ref`, oldest first, or those that came after one of them.

    `folder` is the mesh's, from the top of the repository. Raises MeshformError where there is no such commit.
    """
    span = f"{after}..{ref}" if after else ref
    command = ["log", "--first-parent", "-m", "--reverse", "--raw", "--no-renames", "--no-abbrev", "-z", "--no-color"]
    said = _git(top, *command, f"--format={_FORMAT}", "--end-of-options", span, "--", must=True)
    start = f"{folder.strip('/')}/" if folder.strip("/") else ""
    for part in said.split(b"\x01")[1:]:
        head, _, rest = part.partition(b"\x02")
        sha, at, author, title = head.decode("utf-8", "replace").split("\x1f", 3)
        pull = _PULL.search(title)
        yield Commit(
            sha,
            instant(at),
            author,
            title,
            int(pull[1] or pull[2]) if pull else None,
            tuple(_changed(rest, start)),
        )


def texts(top: Path, blobs: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The texts of these blobs, by one process; those too long for a document are left out."""
    names = list(dict.fromkeys(blobs))
    said = _git(top, "cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode(), must=True)
    at = 0
    for name in names:
        end = said.index(b"\n", at)
        words = said[at:end].split()
        at = end + 1
        if words[-1] == b"missing":
            continue
        size = int(words[-1])
        if size <= MAX_BYTES:
            yield name, said[at : at + size].decode("utf-8", "replace")
        at += size + 1


def line(top: Path, ref: str) -> tuple[str, ...]:
    """The names of the commits of the main line up to `ref`, newest first."""
    return tuple(_git(top, "rev-list", "--first-parent", "--end-of-options", ref, "--", must=True).decode().split())


def files_in(top: Path, commit: str, folder: str) -> bytes:
    """What git lists of a folder at a commit; nothing where it is not there."""
    return _git(top, "ls-tree", commit, "--", f"{folder}/" if folder else ".")


def instant(seconds: str) -> datetime:
    """What git tells as a committer's date. Whoever makes a commit writes what he likes, also what is no year."""
    at = min(max(int(seconds), 0), _LAST)
    return datetime.fromtimestamp(at, UTC)


def _changed(rest: bytes, start: str) -> Iterator[Changed]:
    parts = iter(rest.strip(b"\n").split(b"\0"))
    for part in parts:
        about = part.strip(b"\n")
        if not about.startswith(b":"):
            continue
        path = next(parts).decode("utf-8", "backslashreplace")
        _, _, before, after, _ = about.decode().split(" ")
        below = path.removeprefix(start)
        if path.startswith(start) and is_document(below):
            yield Changed(below, None if before == NO_BLOB else before, None if after == NO_BLOB else after)


def _git(top: Path, *arguments: str, given: bytes = b"", must: bool = False) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(top), *arguments], input=given, capture_output=True, check=False)
    except OSError as error:
        raise MeshformError(f"git cannot be run: {error.strerror}. Install git.") from error
    if done.returncode != 0:
        if must:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise MeshformError(f"The history of {top} cannot be read from git: {said}")
        return b""
    return done.stdout
