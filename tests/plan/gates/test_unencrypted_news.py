"""Topics without a key are told of in every plan; with one there is nothing to tell."""

from __future__ import annotations

from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from reconciler.plan.gates.unencrypted_news import findings
from reconciler.plan.review import Review
from reconciler.spec.mesh import Mesh
from tests.estate import bank, variant

BARE = ("mesh.yaml", "notificationKey: alias/meshform-bank\n", "")


def told(mesh: Mesh) -> list[str]:
    return [str(each) for each in findings(Review(mesh, compile_mesh(mesh, registry())))]


def test_unencrypted_topics_are_told_by_name_and_place() -> None:
    (line,) = told(variant(BARE))
    assert line.startswith("mesh/mesh.yaml:")
    assert "unencrypted-news" in line
    assert "meshform-bank-credit-profile" in line


def test_with_a_key_there_is_nothing_to_tell() -> None:
    assert told(bank()) == []
