"""Two meshes in the same accounts: each makes its own, both come to rest, and neither touches what is the other's.

The second one is the example with other databases, LF-tag keys and roles that people name; domains, products and
accounts have the same names in both.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.kinds import registry
from reconciler.kinds.territory import ownership_of
from reconciler.plan.compile import compile_mesh
from reconciler.sandbox import sandbox
from reconciler.spec.mesh import Mesh
from tests.estate import Estate, actions, bank, edited, example, mesh_of

OTHER_WORDS = (
    ("name: bank\n", "name: trust\n"),
    ("alias/meshform-bank", "alias/meshform-trust"),
    ("{product: product, domain: domain}", "{product: trust-product, domain: trust-domain}"),
    ("sensitivity", "grade"),
    ("subject", "topic"),
    ("gradeKey", "sensitivityKey"),
    ("database: ", "database: trust-"),
    ("role: ", "role: trust-"),
    ("-steward]", "-trustee]"),
    ("-owner]", "-head]"),
)


def trust(*without: str) -> Mesh:
    files = {}
    for path, text in example().items():
        changed = text
        for old, new in OTHER_WORDS:
            changed = changed.replace(old, new)
        if not path.startswith(without or ("-",)):
            files[path] = changed
    return mesh_of(files)


def bare(mesh: Mesh) -> Mesh:
    gone = ("consumers/", "domains/", "lf-tags/")
    return mesh_of(edited(without=gone)) if mesh.name == "bank" else trust(*gone)


@pytest.fixture(scope="module")
def both() -> Iterator[Estate]:
    """Accounts in which both were applied, one after the other."""
    with sandbox() as aws:
        estate = Estate(aws)
        estate.empty()
        for mesh in (bank(), trust()):
            run = estate.apply_reviewed(mesh)
            assert not run.failed, [(str(each.step.address), each.message) for each in run.failed][:5]
        yield estate


@pytest.mark.parametrize("name", ["bank", "trust"])
def test_the_second_plan_of_each_is_empty(both: Estate, name: str) -> None:
    plan = both.plan(bank() if name == "bank" else trust())
    assert actions(plan) == set()
    assert [str(held.address) + held.reason for held in plan.held] == []


@pytest.mark.parametrize("first", ["bank", "trust"])
def test_the_end_of_one_leaves_the_other_as_it_was(both: Estate, first: str) -> None:
    """Torn down and built again; the other has no drift in any of these moments."""
    one, other = (bank(), trust()) if first == "bank" else (trust(), bank())
    for mesh in (bare(one), one):
        run = both.apply_reviewed(mesh)
        assert not run.failed, [(str(each.step.address), each.message) for each in run.failed][:5]
        plan = both.plan(other)
        assert actions(plan) == set()
        assert list(plan.held) == []


def test_nothing_that_is_made_has_a_name_in_both() -> None:
    """What stands for the account as a whole is one, and others' part in it stays; grants carry whose they are."""
    shared = {"lake-settings", "ram-acceptance", "catalog-policy"}
    wanted = [compile_mesh(mesh, registry()) for mesh in (bank(), trust())]
    common = {address for address in wanted[0] if address in wanted[1] and address.kind not in shared}
    assert common == set()


def test_what_the_other_made_is_foreign(both: Estate) -> None:
    mesh, other = bank(), trust()
    found = both.look(mesh).found
    ownership = ownership_of(mesh, compile_mesh(mesh, registry()), found)
    theirs = [address for address in compile_mesh(other, registry()) if address in found]
    shared = {"lake-settings", "ram-acceptance", "catalog-policy"}
    ours = [
        address
        for address in theirs
        if address.kind not in shared and registry()[address.kind].owner(found[address], ownership).is_ours
    ]
    assert ours == []
