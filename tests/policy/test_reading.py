"""What a policy is said to read is all that it reads: judged by that alone, it says the same."""

from __future__ import annotations

from dataclasses import fields

import pytest

from reconciler.policy.cel import shared_environment
from reconciler.policy.compiled import Compiled, compiled
from reconciler.policy.describe import described
from reconciler.policy.judged import of_documents
from reconciler.policy.objects import OF_DOCUMENTS, TYPES
from reconciler.spec.documents.policy import Policy
from reconciler.spec.mesh import Mesh
from tests.estate import TODAY, mesh_of, variant
from tests.kinds.full import full
from tests.policy.handbook import HANDBOOK, document


def policy(expression: str, word: str = "product", more: str = "") -> Policy:
    body = f"object: {word}\nvalidations:\n  - expression: |\n      {expression}\n{more}"
    return variant(more={"policies/p.yaml": document("p", body)}).policies["p"]


EVERY = frozenset(each.name for each in fields(TYPES["product"]))


@pytest.mark.parametrize(
    ("expression", "read"),
    [
        ("product.owner != ''", {"owner"}),
        ("product . owner != '' && product\n       .rank > 0", {"owner", "rank"}),
        ("has(product.owner)", {"owner"}),
        (
            "product.labels['domain'] == '' || product.sensitivities.exists(s, s == product.name)",
            {"labels", "sensitivities", "name"},
        ),
        ("[product].all(p, p.rank > 0)", EVERY),
        ("product == product", EVERY),
        ("product.sensitivities.all(product, product.startsWith('x'))", EVERY),
        ("true", set()),
    ],
)
def test_fields_are_found_or_all_are_taken(expression: str, read: set[str]) -> None:
    made, wrong = compiled(policy(expression), variant())
    assert made is not None, wrong
    assert made.reads == read


def alone(made: Compiled, mesh: Mesh) -> list[tuple[str, tuple[str, ...]]]:
    """What a policy says of every object, each judged for itself with all of its fields."""
    word = made.policy.object
    names = [each.name for each in fields(TYPES[word])]
    found = []
    for thing, _ in described(mesh, word, TODAY):
        seen = shared_environment(word).seen(thing, TODAY.isoformat(), names)
        said = made.judge(thing, TODAY.isoformat(), seen)
        if said.outcome == "break":
            found.append((str(thing), said.messages))
    return found


def test_alike_objects_are_judged_once_and_the_same() -> None:
    mesh = mesh_of({**full(), **{f"policies/{name}.yaml": document(name, body) for name, body in HANDBOOK.items()}})
    every = [compiled(each, mesh)[0] for each in mesh.policies.values() if each.object in OF_DOCUMENTS]
    asked = [each for each in every if each is not None]
    together: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for breach in of_documents(asked, mesh, TODAY):
        together.setdefault(breach.policy.name, []).append((str(breach.thing), breach.messages))
    assert together
    assert together == {each.policy.name: said for each in asked if (said := alone(each, mesh))}
