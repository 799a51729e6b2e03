"""Documents for a process that loads the same meshes thousands of times: each small file is read and checked once."""

from __future__ import annotations

from functools import lru_cache

from reconciler.spec import load
from reconciler.spec.document_loader import Parse, Read, read
from reconciler.spec.yaml.parse import parse as real_parse
from reconciler.spec.yaml.source import Source

SMALL = 16_384
"""Bytes of a file. What is larger was made for one test."""

_known = lru_cache(maxsize=2_000)(read)


def read_once() -> None:
    """From here on, in this process. What a file gave is shared by all meshes of it: nobody can change it."""
    load.read = _read


def forget() -> None:
    """Read each file anew, as a process does that has just begun."""
    _known.cache_clear()


def _read(source: Source, parse: Parse = real_parse, known: dict[object, object] | None = None) -> Read:
    """What a file gave; a parse cache of people's own is asked as ever."""
    if parse is real_parse and len(source.content) <= SMALL:
        return _known(source)
    return read(source, parse, known)
