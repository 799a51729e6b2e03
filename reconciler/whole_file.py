"""Whole files: one that is written is there as a whole or not at all, and one that is read has an end."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from reconciler.errors import MeshformError

LONGEST = 256 << 20
"""Bytes: more than people review. A device or a pipe may have no end."""


def replace_file(path: Path, content: bytes) -> None:
    """Put content in the place of a file's, which keeps its mode. OSError where it cannot be; then nothing changed."""
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        # A pipe, or standard output.
        path.write_bytes(content)
        return
    beside = path.with_name(f".{secrets.token_hex(6)}.new")
    try:
        beside.write_bytes(content)
        with suppress(FileNotFoundError):
            shutil.copymode(path, beside)
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def read_file(path: Path) -> bytes:
    """What a file holds. OSError where it cannot be read, MeshformError where it is longer than LONGEST."""
    with path.open("rb") as file:
        content = file.read(LONGEST + 1)
    if len(content) > LONGEST:
        raise MeshformError(f"{path} is longer than {LONGEST >> 20} MiB, so it was not read.")
    return content
