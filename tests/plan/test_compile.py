"""Compiling: the same mesh gives the same resources, under every hash seed and in every order of files."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace

import pytest

from reconciler.errors import InvalidMesh
from reconciler.kinds import registry
from reconciler.kinds.kind import Kind
from reconciler.plan.compile import compile_mesh
from reconciler.spec.mesh import Mesh
from tests.estate import ROOT, bank, example, mesh_of, variant

FUNDS = "domains/asset-management/products/fund-prices.yaml"
SCRIPT = """
import json
from reconciler.sandbox import sandbox
from tests.estate import Estate, variant
from reconciler.report.json_v1 import plan_json
from reconciler.report.text import plan_text

with sandbox() as aws:
    estate = Estate(aws)
    estate.empty()
    review = estate.review(variant())
    print(json.dumps(plan_json(review), default=str))
    print("\\n".join(plan_text(review, 1)))
"""


def test_the_plan_is_the_same_under_every_hash_seed() -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("0", "4711")
    ]
    first, second = (run.communicate()[0] for run in runs)
    assert len(first) > 10_000
    assert first == second


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_files_does_not_matter(seed: int) -> None:
    files = list(example().items())
    random.Random(seed).shuffle(files)
    compiled = compile_mesh(mesh_of(dict(files)), registry())
    ordered = compile_mesh(bank(), registry())
    assert list(compiled.items()) == list(ordered.items())
    assert [resource.origin for resource in compiled.values()] == [resource.origin for resource in ordered.values()]


def test_everything_that_is_wanted_knows_the_line_that_asks_for_it() -> None:
    for resource in compile_mesh(bank(), registry()).values():
        assert resource.origin is not None, resource.address
        path = resource.origin.file.removeprefix("mesh/")
        assert path in example(), resource.origin
        assert 1 <= resource.origin.line <= example()[path].count("\n") + 1


def test_every_address_prints_and_parses_back() -> None:
    from reconciler.model.address import Address

    for address in compile_mesh(bank(), registry()):
        assert Address.parse(str(address)) == address


def test_two_lines_that_ask_for_one_resource_are_told_both() -> None:
    # The language tells it already, so a mesh is made past it.
    account = bank().accounts["analytics"]
    twice = account.model_copy(update={"manage_roles": True, "admins": ("credit-analyst",)})
    mesh = replace(bank(), accounts={**bank().accounts, "analytics": twice})
    with pytest.raises(InvalidMesh, match=r"consumer\.yaml:\d+:\d+: iam-role credit-analyst .*analytics\.yaml:\d+:\d+"):
        compile_mesh(mesh, registry())


def test_domains_may_share_a_bucket() -> None:
    one = ("domains/consumer-banking/domain.yaml", "account:", "bucket: shared-bank-data\nprefix: a\naccount:")
    other = ("domains/asset-management/domain.yaml", "account:", "bucket: shared-bank-data\nprefix: b\naccount:")
    shared = compile_mesh(variant(one, other), registry())
    assert [address.name for address in shared if address.kind == "bucket"].count("shared-bank-data") == 1


def test_what_another_mesh_asks_for_alike_is_shared_with_it_and_kept_once() -> None:
    """A base is nearly all as its head. What differs is its own."""
    head, base = compile_mesh(bank(), registry()), variant((FUNDS, "description: ", "description: More about it. "))
    made = compile_mesh(base, registry(), like=bank())
    assert made == compile_mesh(replace(base), registry())
    own = {each.address for each in made.values() if each is not head.get(each.address)}
    assert own == {each.address for each in made.values() if each.spec != head[each.address].spec}
    assert 0 < len(own) < 10
    assert not _remembered(base), "or all of it would be kept twice"
    alone = replace(base)
    compile_mesh(alone, registry())
    assert _remembered(alone) == {*registry()}, "who asks again is not told anew"


def _remembered(mesh: Mesh) -> set[object]:
    """The kinds of which a mesh keeps what it asks for."""
    return {key[1] for key in mesh.notes if isinstance(key, tuple) and key[0] is Kind.every}
