"""A base has the pieces of its head as far as their documents are one, and is compiled as if it stood alone."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

import pytest

from reconciler.kinds import registry
from reconciler.model.resource import AnyResource
from reconciler.spec.load import Loaded, load
from reconciler.spec.mesh import Mesh
from reconciler.spec.pieces import share
from reconciler.spec.yaml.source import Source
from tests.estate import TODAY, Files
from tests.kinds.cases import case
from tests.kinds.full import full

KINDS = ("grant", "tag-assignment")
CASES = ("database", "grant", "iam-role", "lf-tag", "resource-link", "table", "tag-assignment")
REMARK = "# What stands here moved by a line.\n"


def loaded(files: Files, like: Loaded | None = None) -> Loaded:
    return load([Source(path, text.encode(), "mesh") for path, text in files.items()], TODAY, like=like)


@cache
def head() -> Loaded:
    return loaded(full())


def asked(mesh: Mesh) -> list[tuple[AnyResource, object]]:
    """What is asked for, and by which line."""
    return [(each, each.origin) for kind in KINDS for each in registry()[kind].desired(mesh)]


def bases() -> dict[str, Files]:
    """The full mesh with each of its files moved, left out, or edited in each way that changes a kind."""
    files = full()
    moved = {f"{path} moved": {**files, path: REMARK + text} for path, text in files.items()}
    gone = {f"{path} gone": {name: text for name, text in files.items() if name != path} for path in files}
    edited = {f"{kind}: {what}": full(*edits) for kind in CASES for what, edits in case(kind).edits.items()}
    return {**moved, **gone, **edited}


def is_as_alone(files: Files) -> bool:
    mesh = loaded(files, like=head()).mesh
    if mesh is None:
        return False
    assert head().mesh is not None
    other = replace(head().mesh)
    asked(other)
    alone, sharing = replace(mesh), replace(mesh)
    share(sharing, other)
    assert asked(sharing) == asked(alone)
    return True


def test_a_base_that_shares_pieces_asks_for_the_same_by_the_same_lines() -> None:
    some = Random(4711).sample(sorted(bases().items()), 16)
    assert sum(is_as_alone(files) for _, files in some) > 8


@pytest.mark.soak
@pytest.mark.parametrize("name", bases())
def test_every_base_that_shares_pieces_asks_for_the_same(name: str) -> None:
    is_as_alone(bases()[name])
