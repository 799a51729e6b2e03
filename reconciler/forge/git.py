"""Git, as far as one asks it what came into a branch, and whether it is what was reviewed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reconciler.errors import MeshformError
from reconciler.owners.resolve import PLACES

_REQUESTED_BY = "Requested-by"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the main line and its first parent (None: it is the first one)."""

    sha: str
    parent: str | None


def main_line(ref: str, most: int) -> tuple[Commit, ...]:
    """The commits of the main line from `ref` backwards. Raises MeshformError where there is none."""
    done = _run("rev-list", "--first-parent", f"--max-count={most + 1}", "--end-of-options", ref, "--")
    if done.returncode != 0:
        raise MeshformError(f"There is no commit {ref} here: {done.stderr.strip()}")
    every = done.stdout.split()
    return tuple(Commit(sha, parent) for sha, parent in zip(every, [*every[1:], None], strict=True))[:most]


def touches(commit: Commit, folder: str) -> bool:
    """Whether a commit changes anything below a folder."""
    if commit.parent is None:
        return True
    return _run("diff", "--quiet", commit.parent, commit.sha, "--", folder).returncode != 0


def differ(one: str, other: str, paths: Sequence[str]) -> bool:
    """Whether any of these files and folders is another one at two commits."""
    return _run("diff", "--quiet", one, other, "--", *(f":(top){path}" for path in paths)).returncode != 0


def is_here(commit: str) -> bool:
    """Whether this clone has a commit."""
    return _run("cat-file", "-e", f"{commit}^{{commit}}").returncode == 0


def is_before(commit: str, other: str) -> bool:
    """Whether the other commit came later, on top of this one; False where this clone does not have both."""
    return commit != other and _run("merge-base", "--is-ancestor", commit, other).returncode == 0


def brought(parent: str, head: str) -> frozenset[str]:
    """The commits of `head` that `parent` does not have."""
    return frozenset(_run("rev-list", f"{parent}..{head}").stdout.split())


def proposal_message(title: str, asked_by: Iterable[str] = ()) -> str:
    """The message of a commit that was made for others: `Requested-by` names each of them, as git's trailers do."""
    return "\n".join((title, "", *(f"{_REQUESTED_BY}: {each}" for each in asked_by))).strip()


def asked_by(parent: str, head: str) -> frozenset[str]:
    """Whoever commits of `head` that `parent` does not have were made for, as `proposal_message` says."""
    told = _run("log", f"--format=%(trailers:key={_REQUESTED_BY},valueonly)", f"{parent}..{head}").stdout
    return frozenset(told.split())


def is_merge_of(parent: str, head: str, commit: str) -> bool:
    """Whether `commit` holds what merging `head` into `parent` makes, and nothing else."""
    merged = _run("merge-tree", "--write-tree", parent, head)
    tree = _run("rev-parse", "--verify", "--quiet", f"{commit}^{{tree}}")
    return merged.returncode == 0 and tree.returncode == 0 and merged.stdout.split()[:1] == tree.stdout.split()


def added(folder: Path) -> dict[str, date]:
    """The day on which each file below a folder came into the main line, by its path there. What was moved is left out.

    Empty where nothing is known: outside of git, or in a clone without its history.
    """
    here = ("-C", str(folder))
    if _run(*here, "rev-parse", "--is-shallow-repository").stdout.strip() != "false":
        return {}
    how = ("--first-parent", "--diff-merges=first-parent", "--diff-filter=A", "--name-only", "--relative", "-z")
    found: dict[str, date] = {}
    day = date.min
    for part in _run(*here, "log", *how, "--format=%x01%cs", "--", ".").stdout.split("\0"):
        said = part.lstrip("\n")
        if said.startswith("\x01"):
            day = date.fromisoformat(said[1:])
        elif said:
            found.setdefault(said, day)
    return found


def file_at(commit: str, paths: Sequence[str]) -> str:
    """The first of these files (from the top of the repository) that a commit has; empty when it has none."""
    for path in paths:
        done = _run("show", "--end-of-options", f"{commit}:{path}")
        if done.returncode == 0:
            return done.stdout
    return ""


def parted_at(ref: str) -> str | None:
    """The commit at which what is checked out left another branch; None where git does not find it."""
    done = _run("merge-base", "--end-of-options", ref, "HEAD")
    return done.stdout.strip() or None if done.returncode == 0 else None


def codeowners_place() -> str:
    """Where CODEOWNERS is in the repository around this process's folder, or would be by the forge's pipeline."""
    here = top()
    by_forge = PLACES[-1] if (here / ".gitlab-ci.yml").is_file() else PLACES[0]
    return next((place for place in PLACES if (here / place).is_file()), by_forge)


def top() -> Path:
    """The top of the repository around this process's folder."""
    return Path(_run("rev-parse", "--show-toplevel").stdout.strip() or ".")


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
