"""The documents of a mesh as they were at a commit of git."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from reconciler.errors import MeshformError
from reconciler.model.finding import Finding
from reconciler.spec.yaml.source import MAX_BYTES, SYMBOLIC_LINK, UNREADABLE, Source, broken, is_document, too_large


def commit_sources(
    repository: str | Path, ref: str, folder: str, shown: str | None = None
) -> Iterator[Source | Finding]:
    """The documents under `folder` (relative to the repository's root) at a commit, by path.

    `shown` is how people are told of the folder, if not by the path in the repository.
    Nothing when the folder did not exist. MeshformError when `ref` is no commit or git cannot be asked.
    """
    root = Path(repository)
    commit = _git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"], ref)
    top = folder.strip("/")
    base = top if shown is None else shown
    listing = _git(
        root, ["ls-tree", "-r", "-z", "--long", "--full-tree", commit.strip().decode(), "--", f"{top}/"], ref
    )
    wanted: list[tuple[str, str]] = []
    for line in sorted(listing.split(b"\0"), key=lambda line: line.partition(b"\t")[2]):
        if not line:
            continue
        about, _, name = line.partition(b"\t")
        mode, sort, identity, size = about.decode().split()
        path = name.decode("utf-8", "backslashreplace").removeprefix(f"{top}/")
        hidden = any(part.startswith(".") for part in path.split("/"))
        if mode == "120000" and not hidden:
            yield broken(SYMBOLIC_LINK, base, path, "is a symbolic link; put the file itself here")
        elif not is_document(path):
            continue
        elif sort != "blob":
            yield broken(UNREADABLE, base, path, "is not a regular file")
        elif int(size) > MAX_BYTES:
            yield too_large(base, path, int(size))
        else:
            wanted.append((path, identity))
    contents = _contents(root, [identity for _, identity in wanted], ref)
    for (path, _), content in zip(wanted, contents, strict=True):
        yield Source(path, content, base)


def _contents(root: Path, identities: list[str], ref: str) -> Iterator[bytes]:
    answer = _git(root, ["cat-file", "--batch"], ref, "".join(f"{each}\n" for each in identities).encode())
    start = 0
    for _ in identities:
        header, _, _ = answer[start : start + 256].partition(b"\n")
        size = int(header.split()[-1])
        start += len(header) + 1
        yield answer[start : start + size]
        start += size + 1


def _git(root: Path, arguments: list[str], ref: str, given: bytes = b"") -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], input=given, capture_output=True, check=False)
    except OSError as error:
        raise MeshformError(f"git cannot be run to read the mesh at {ref}: {error.strerror}. Install git.") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip() or f"there is no commit {ref}; `git fetch` may bring it"
        raise MeshformError(f"The mesh at {ref} cannot be read from git in {root}: {said}.")
    return done.stdout


def repository_of(path: Path) -> Path:
    """The top of the git repository around a folder. Raises MeshformError where there is none."""
    where = path if path.is_dir() else path.parent
    try:
        answer = subprocess.run(
            ["git", "-C", str(where), "rev-parse", "--show-toplevel"], capture_output=True, check=True, text=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise MeshformError(f"{path} is not in a git repository, so there is no base to compare with.") from error
    return Path(answer.stdout.strip())


def folder_in_repository(folder: str) -> str:
    """A folder below the top of its git repository, with / between names; empty for the top itself.

    Outside of git, below the working folder. Raises MeshformError where it is not below that either.
    """
    path = Path(folder).resolve()
    try:
        top = repository_of(path)
    except MeshformError:
        top = Path.cwd()
    if not path.is_relative_to(top.resolve()):
        raise MeshformError(f"{folder} is not below {top}. Run this at the top of the repository that holds the mesh.")
    found = path.relative_to(top.resolve()).as_posix()
    return "" if found == "." else found
