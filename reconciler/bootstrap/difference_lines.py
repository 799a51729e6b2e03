"""Lines of differences, each with the mark of what deploying again would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from reconciler.bootstrap.atoms import atoms
from reconciler.bootstrap.policies import Document

_MANY = 3


def said(what: str, wanted: Iterable[Document], there: Iterable[Document]) -> Iterator[str]:
    """What a policy would give more, and what less."""
    needs, has = atoms(wanted), atoms(there)
    for mark, some in (("+", needs - has), ("-", has - needs)):
        words = [str(each) for each in sorted(some)]
        more = f", and {len(words) - _MANY} more" if len(words) > _MANY else ""
        if words:
            yield f"{mark} {what}: {', '.join(words[:_MANY])}{more}"


def changed(what: str, key: str, wanted: Any, there: Any) -> Iterator[str]:
    """A setting that would be another."""
    if wanted != there:
        yield f"~ {what}: {key} is {there}, needs {wanted}"
