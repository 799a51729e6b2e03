"""Checkout: which commit a folder of this machine has, on which branch, and what in it nobody has committed."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Checkout:
    """`branch` is None where no branch is checked out, `author` where git knows nobody. `changed`: paths in the folder
    that are not as they were committed, or were never."""

    commit: str
    branch: str | None
    author: str | None
    changed: tuple[str, ...]


def checkout(folder: str) -> Checkout | None:
    """What git says of a folder; None outside of a repository, before its first commit, and without git."""
    said = _git(folder, "status", "--porcelain=v2", "--branch", "--untracked-files=all", "-z", "--", ".")
    heads: dict[str, str] = {}
    changed: list[str] = []
    lines = iter(said.split("\0"))
    for line in lines:
        match line[:1]:
            case "#":
                _, name, value = line.split(" ", 2)
                heads[name] = value
            case "1" | "u":
                changed.append(line.split(" ", 8 if line[0] == "1" else 10)[-1])
            case "2":
                changed.append(line.split(" ", 9)[-1])
                next(lines, None)  # where it was before
            case "?":
                changed.append(line[2:])
    commit, branch = heads.get("branch.oid", "(initial)"), heads.get("branch.head")
    if commit == "(initial)":
        return None
    author = _git(folder, "config", "user.email").strip()
    return Checkout(commit, None if branch == "(detached)" else branch, author or None, tuple(sorted(changed)))


def _git(folder: str, *arguments: str) -> str:
    where = Path(folder)
    try:
        done = subprocess.run(
            ["git", "-C", str(where if where.is_dir() else where.parent), *arguments], capture_output=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
