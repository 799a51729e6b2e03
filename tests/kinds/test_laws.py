"""Laws that every kind obeys. No kind is named here: kinds and their cases are found by folder."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from functools import cache

import pytest

from reconciler.aws.reader import AwsReader
from reconciler.aws.sender import Sender
from reconciler.kinds import AnyKind, registry
from reconciler.model.address import Address
from reconciler.model.change import Create, Update
from reconciler.model.resource import AnyResource, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.sandbox import Sandbox, sandbox
from reconciler.spec.mesh import Mesh
from tests.estate import Edit, Estate, actions, mesh_of
from tests.kinds.cases import case
from tests.kinds.full import full

# A kind that writes nothing only shows what it finds.
KINDS = [
    kind
    for kind in registry().values()
    if kind.writes and (type(kind).derived_changes is AnyKind.derived_changes or any(kind.desired(mesh_of(full()))))
]
EDITED = [(kind.name, name) for kind in KINDS for name in case(kind.name).edits]
BY_HAND = [(name, edit) for name, edit in EDITED if edit not in case(name).ours_too]
Group = list[tuple[str, str]]
"""Edits of kinds, by the names of the kind and the edit."""


def told(group: Group) -> str:
    """The name of a group among the tests."""
    return ",".join("-".join(each) for each in group)


@pytest.fixture(scope="module")
def aws() -> Iterator[Sandbox]:
    with sandbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def mesh() -> Mesh:
    return mesh_of(full())


@pytest.fixture(scope="module")
def estate(aws: Sandbox, mesh: Mesh) -> Estate:
    """Accounts as the full mesh wants them; every law leaves them so."""
    made = Estate(aws)
    made.empty()
    made.repair(mesh)
    return made


@pytest.fixture(scope="module", autouse=True)
def neighbours(estate: Estate) -> None:
    """Somebody else's things stand beside ours through all laws of this module."""
    for kind in KINDS:
        neighbour = case(kind.name).neighbour
        if neighbour is not None:
            neighbour.make(estate)


def of(mesh: Mesh, kind: str) -> list[AnyResource]:
    return list(compile_mesh(mesh, registry()).of_kind(kind))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_wanted_is_found_as_it_was_wanted(estate: Estate, mesh: Mesh, kind: AnyKind) -> None:
    wanted = of(mesh, kind.name)
    assert wanted, "the full mesh asks for none: add one to tests/kinds/full.py"
    found = estate.look(mesh).found
    for want in wanted:
        have = found[want.address]
        assert kind.merge_unmanaged(want, have).spec == have.spec


@cache
def edited_mesh(kind: str, edit: str) -> Mesh:
    """The full mesh with one edit of a kind."""
    return mesh_of(full(*case(kind).edits[edit]))


def edits_of(group: Group) -> tuple[Edit, ...]:
    return tuple(edit for name, which in group for edit in case(name).edits[which])


def grouped(edits: Iterable[tuple[str, str]]) -> list[Group]:
    """The edits in few groups: in each, at most one of a kind, and none where another one edits.

    What is carried out, looked at and taken back is a group: that costs as much as one edit does.
    """
    groups: list[Group] = []
    alone: list[Group] = []
    for name, which in edits:
        if which in case(name).alone:
            alone.append([(name, which)])
            continue
        texts = {(path, old) for path, old, _ in case(name).edits[which]}
        for group in groups:
            theirs = {(path, old) for path, old, _ in edits_of(group)}
            apart = all(path != other or not _touch(path, old, text) for path, old in texts for other, text in theirs)
            if apart and name not in (kind for kind, _ in group):
                group.append((name, which))
                break
        else:
            groups.append([(name, which)])
    return groups + alone


def _touch(path: str, one: str, other: str) -> bool:
    """Whether two texts of a file are one place of it, or lie in each other."""
    text = full()[path]
    begin, second = text.index(one), text.index(other)
    return begin < second + len(other) and second < begin + len(one)


def changed_of(mesh: Mesh, changed: Mesh, kind: str) -> set[Address]:
    """The addresses of a kind that both meshes want, each otherwise."""
    before = {resource.address: resource.spec for resource in of(mesh, kind)}
    return {each.address for each in of(changed, kind) if before.get(each.address, each.spec) != each.spec}


@pytest.mark.parametrize("group", grouped(EDITED), ids=told)
def test_a_change_of_a_field_is_an_update_and_can_be_taken_back(estate: Estate, mesh: Mesh, group: Group) -> None:
    changed = mesh_of(full(*edits_of(group)))
    updated = {step.address for step in estate.plan(changed).steps if isinstance(step.change, Update)}
    for name, edit in group:
        alone = changed_of(mesh, edited_mesh(name, edit), name)
        assert updated & alone, (name, edit, actions(estate.plan(changed)))
    estate.repair(changed)
    estate.repair(mesh)


@pytest.mark.parametrize("group", grouped(BY_HAND), ids=told)
def test_a_field_that_somebody_changed_by_hand_is_put_back(estate: Estate, mesh: Mesh, group: Group) -> None:
    """The hand does what Meshform would do for another mesh. All of a group look before one of them writes."""
    seen = [(name, edited_mesh(name, edit), estate.look(edited_mesh(name, edit)).found) for name, edit in group]
    touched = [by_hand(estate, changed, name, found) for name, changed, found in seen]
    assert all(touched), touched
    steps = {step.address: step.change for step in estate.plan(mesh).steps}
    assert all(isinstance(steps.get(each), Update) for some in touched for each in some), steps
    estate.repair(mesh)


def by_hand(estate: Estate, changed: Mesh, name: str, found: Snapshot) -> list[Address]:
    """Change what there is of a kind to what another mesh wants; the addresses that were changed."""
    # What AWS does not tell (a filter before its address has confirmed) is taken to be as that mesh asks for it.
    kind, reader = registry()[name], AwsReader(estate.sessions)
    touched = []
    for want in of(changed, name):
        have = found.get(want.address)
        if have is not None and (settled := kind.merge_unmanaged(want, have)).spec != have.spec:
            for call in kind.update(have, settled):
                assert Sender(estate.sessions, reader).send([call]) == {}
            touched.append(want.address)
    return touched


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_somebody_deleted_is_made_again(estate: Estate, mesh: Mesh, kind: AnyKind) -> None:
    if case(kind.name).kept:
        pytest.skip(case(kind.name).kept)
    wanted = {resource.address for resource in of(mesh, kind.name)}
    found = [have for have in estate.look(mesh).found.of_kind(kind.name) if have.address in wanted]
    for have in found:
        failures = [Sender(estate.sessions, AwsReader(estate.sessions)).send([call]) for call in kind.delete(have)]
        if not any(failures):
            break
    else:
        pytest.skip("AWS refuses to delete any while others stand on it")
    steps = {step.address: step.change for step in estate.plan(mesh).steps}
    assert isinstance(steps.get(have.address), Create | Update), steps
    estate.repair(mesh)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_managed_field_is_updated_by_some_change_of_the_mesh(mesh: Mesh, kind: AnyKind) -> None:
    """A field that is compared and that no case changes is a field that nobody has seen updated."""
    before = {resource.address: resource.spec for resource in of(mesh, kind.name)}
    some = next(iter(before.values()))
    compared = {each.name for each in dataclasses.fields(some) if each.compare}
    changed: set[str] = set()
    for edit in case(kind.name).edits:
        for resource in of(edited_mesh(kind.name, edit), kind.name):
            old = before.get(resource.address)
            if old is not None:
                changed |= {name for name in compared if getattr(old, name) != getattr(resource.spec, name)}
    assert compared - changed == set(case(kind.name).fixed)


def test_neighbours_survive_it_all(estate: Estate, mesh: Mesh) -> None:
    """After all that was changed and put back above, and after everything of the mesh was taken out."""
    bare = mesh_of(full(without=("consumers/", "domains/", "lf-tags/")))
    estate.repair(bare)
    neighbours = {kind.name: neighbour for kind in KINDS if (neighbour := case(kind.name).neighbour) is not None}
    assert [name for name, neighbour in neighbours.items() if not neighbour.survives(estate)] == []


def test_nothing_of_the_mesh_is_left(estate: Estate, mesh: Mesh) -> None:
    """What is found then is still asked for, is other people's, or is kept and told."""
    bare = mesh_of(full(without=("consumers/", "domains/", "lf-tags/")))
    plan, wanted = estate.plan(bare), compile_mesh(bare, registry())
    told = {other.resource.address for other in plan.foreign}
    left = {
        address
        for address, have in estate.look(bare).found.items()
        if address in compile_mesh(mesh, registry())
        and address not in wanted
        and address not in told
        and not registry()[address.kind].has_nothing_managed(have)
    }
    assert left == set()
