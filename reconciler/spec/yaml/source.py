"""Source: the bytes of one file of a mesh; and the files of a folder, in a stable order."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.spec.rule import Rule

MAX_BYTES = 1024 * 1024
SUFFIXES = (".yaml", ".yml")

NO_FOLDER = Rule(
    "mesh-folder",
    "error",
    "The mesh is a folder that can be read.",
    "Give the folder with `--mesh DIR`; `meshform init` makes one.",
)
SYMBOLIC_LINK = Rule(
    "symbolic-link",
    "error",
    "No file or folder of a mesh is a symbolic link.",
    "A link can point out of the repository, past every review. Put the file itself in its place.",
)
TOO_LARGE = Rule(
    "file-too-large",
    "error",
    "A file is at most 1 MiB.",
    "Documents are a few kilobytes. Larger ones are not read at all: split the document, or move data elsewhere.",
)
UNREADABLE = Rule(
    "file-unreadable",
    "error",
    "Every document is a regular file that can be read.",
    "Give yourself the right to read the file, or take it out of the mesh.",
)


@dataclass(frozen=True, slots=True)
class Source:
    """The content of a file: at most 1 MiB. `path` is relative to the mesh, with slashes; `base` goes before it."""

    path: str
    content: bytes
    base: str = ""

    @property
    def file(self) -> str:
        """How people are told of the file."""
        return shown(self.base, self.path)


def shown(base: str, path: str) -> str:
    """A path for people: under its base, printable on every terminal."""
    full = f"{base.rstrip('/')}/{path}" if base and path else base or path
    text = os.fsencode(full).decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def is_document(path: str) -> bool:
    """Whether a file of a mesh is read: YAML, and not hidden."""
    return path.lower().endswith(SUFFIXES) and not path.startswith(".") and "/." not in path


def broken(rule: Rule, base: str, path: str, message: str) -> Finding:
    """A finding about a file as a whole."""
    return rule.broken(Origin(shown(base, path), 1, 1), message)


def folder_sources(folder: str | Path) -> Iterator[Source | Finding]:
    """The documents under a folder, by path. What cannot be read is a Finding in its place. Never raises.

    A file above 1 MiB is not read. Symbolic links are not followed; only the folder itself may be one.
    """
    base = str(folder)
    try:
        yield from _walk(base)
    except NotADirectoryError:
        yield broken(NO_FOLDER, base, "", "is not a folder; give the folder that holds mesh.yaml with --mesh")
    except FileNotFoundError:
        yield broken(NO_FOLDER, base, "", "there is no such folder; give the folder of the mesh with --mesh")
    except OSError as error:
        yield broken(NO_FOLDER, base, "", f"cannot be read: {error.strerror}")


def with_files(
    sources: Iterable[Source | Finding], files: Mapping[str, str | None], base: str
) -> Iterator[Source | Finding]:
    """The documents as they would be with files of a mesh written, or gone (None)."""
    yield from (each for each in sources if isinstance(each, Finding) or each.path not in files)
    for path, text in files.items():
        content = text.encode() if text is not None else None
        if content is not None:
            yield Source(path, content, base) if len(content) <= MAX_BYTES else too_large(base, path, len(content))


def sources_at(path: str | Path) -> Iterator[Source | Finding]:
    """The documents under a folder, or the one in a file. As folder_sources otherwise."""
    where = Path(path)
    if not where.is_file() or where.is_symlink():
        yield from folder_sources(path)
        return
    yield _read(os.path.dirname(path), where.name)


def _walk(base: str) -> Iterator[Source | Finding]:
    # A stack of folders and no recursion: a folder may be as deep as the file system allows.
    stack = [_entries(base, "")]
    while stack:
        entry, path = next(stack[-1], (None, ""))
        if entry is None:
            stack.pop()
        elif entry.is_symlink():
            yield broken(SYMBOLIC_LINK, base, path, "is a symbolic link; put the file itself here")
        elif entry.is_dir():
            try:
                stack.append(_entries(base, path))
            except OSError as error:
                yield broken(UNREADABLE, base, path, f"this folder cannot be read: {error.strerror}")
        elif is_document(path):
            yield _read(base, path)


def _entries(base: str, below: str) -> Iterator[tuple[os.DirEntry[str], str]]:
    """What is in a folder and not hidden, by name, with its path in the mesh. OSError where it cannot be read."""
    with os.scandir(os.path.join(base, below) if below else base) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    prefix = f"{below}/" if below else ""
    return iter([(entry, prefix + entry.name) for entry in entries if not entry.name.startswith(".")])


def _read(base: str, path: str) -> Source | Finding:
    file_path = os.path.join(base, path)
    try:
        status = os.lstat(file_path)
        if not stat.S_ISREG(status.st_mode):
            return broken(UNREADABLE, base, path, "is not a regular file")
        if status.st_size > MAX_BYTES:
            return too_large(base, path, status.st_size)
        with open(file_path, "rb") as file:
            # Room for the most that a document may have would be made for each, which takes longer than to read it.
            content = file.read(status.st_size + 1)
            if len(content) > status.st_size:
                content += file.read(MAX_BYTES)  # It has grown since.
    except OSError as error:
        return broken(UNREADABLE, base, path, f"cannot be read: {error.strerror}")
    return too_large(base, path, len(content)) if len(content) > MAX_BYTES else Source(path, content, base)


def too_large(base: str, path: str, size: int) -> Finding:
    """The finding about a file of `size` bytes."""
    return broken(
        TOO_LARGE,
        base,
        path,
        f"is {size / 1024 / 1024:,.1f} MiB long; a document has at most 1 MiB, so it was not read",
    )


def text_of(file: str) -> str:
    """The text of a file of a mesh by its name for people; empty where it cannot be read."""
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
