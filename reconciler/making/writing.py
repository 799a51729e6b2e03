"""Writing several files of a mesh: all of them or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from reconciler.errors import MeshformError

_NEW = ".meshform-new"


def write(folder: Path, files: Mapping[str, str | None]) -> tuple[str, ...]:
    """Write files (None: remove them) by path in a folder; what was done, a line each.

    Each is written beside its place first, so that no file is ever there in part. Raises MeshformError, and then
    everything is as it was.
    """
    there = {path: _content(folder / path) for path in files}
    absent = {each for path in files for each in (folder / path).parents if not each.exists()}
    done: list[str] = []
    beside: list[Path] = []
    try:
        for path, text in files.items():
            if text is not None:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                beside.append(_beside(folder / path))
                _beside(folder / path).write_bytes(text.encode())
                if there[path] is not None:
                    shutil.copymode(folder / path, _beside(folder / path))
        for path, text in files.items():
            done.append(path)
            if text is None:
                (folder / path).unlink()
            else:
                os.replace(_beside(folder / path), folder / path)
    except BaseException as error:
        for path in done:
            _restore(folder / path, there[path])
        for each in beside:
            each.unlink(missing_ok=True)
        for each in sorted(absent, key=lambda place: len(place.parts), reverse=True):
            if each.is_dir():
                each.rmdir()
        if isinstance(error, OSError):
            where = error.filename or folder
            raise MeshformError(f"{where} cannot be written: {error.strerror}. Nothing was changed.") from error
        raise
    return tuple(f"{_word(text, there[path])} {folder / path}." for path, text in files.items())


def _word(text: str | None, was: bytes | None) -> str:
    return "Removed" if text is None else "Wrote" if was is None else "Changed"


def _beside(file: Path) -> Path:
    return file.with_name(f".{file.name}{_NEW}")


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def _restore(file: Path, content: bytes | None) -> None:
    if content is None:
        file.unlink(missing_ok=True)
    elif not file.is_file() or file.read_bytes() != content:
        file.write_bytes(content)
