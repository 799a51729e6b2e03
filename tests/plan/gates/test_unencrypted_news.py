"""Topics without a key are told of in every plan; with one there is nothing to tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.kinds import registry
from reconciler.kinds.sns.topic import Topic
from reconciler.model.resource import Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.plan.gates.unencrypted_news import findings
from reconciler.plan.review import Review
from reconciler.spec.mesh import Mesh
from tests.estate import bank, variant

BARE = ("mesh.yaml", "notificationKey: alias/meshform-bank\n", "")


@pytest.mark.parametrize(
    ("number", "names"),
    [(1, "t0"), (2, "t0, t1"), (3, "t0, t1, t2"), (4, "t0, t1, t2 and 1 more"), (5, "t0, t1, t2 and 2 more")],
)
def test_of_many_the_first_are_named_and_how_many_more(number: int, names: str) -> None:
    (like, *_) = compile_mesh(variant(BARE), registry()).of(Topic)
    topics = (replace(like, address=like.address._replace(name=f"t{each}")) for each in range(number))
    (found,) = findings(Review(bank(), Snapshot(topics)))
    assert found.message.endswith(f": {names}.")


def told(mesh: Mesh) -> list[str]:
    return [str(each) for each in findings(Review(mesh, compile_mesh(mesh, registry())))]


def test_unencrypted_topics_are_told_by_name_and_place() -> None:
    (line,) = told(variant(BARE))
    assert line.startswith("mesh/mesh.yaml:")
    assert "unencrypted-news" in line
    assert "meshform-bank-credit-profile" in line


def test_with_a_key_there_is_nothing_to_tell() -> None:
    assert told(bank()) == []
