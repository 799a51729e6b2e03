"""A run that is killed after any call of any kind's `create`, `update` or `delete` is taken up by the next one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from reconciler.aws.reader import AwsReader
from reconciler.aws.sender import Sender
from reconciler.kinds import registry
from reconciler.model.call import Call
from reconciler.model.resource import AnyResource
from reconciler.plan.compile import compile_mesh
from reconciler.sandbox import sandbox
from reconciler.spec.mesh import Mesh
from tests.campaigns.forked import forked
from tests.estate import Estate, mesh_of
from tests.kinds.cases import case
from tests.kinds.full import full

MESH = mesh_of(full())
TESTS = Path(__file__).parent / "cases"


def most_calls(kind: str) -> AnyResource | None:
    """The resource of a kind that takes most calls, where it takes more than one."""
    wanted = compile_mesh(MESH, registry()).of_kind(kind)
    made = max(wanted, key=lambda each: len(registry()[kind].create(each)), default=None)
    return made if made is not None and len(registry()[kind].create(made)) > 1 else None


KILLED = [
    (name, done)
    for name, kind in registry().items()
    if (resource := most_calls(name)) is not None
    for done in range(1, len(kind.create(resource)))
]


@pytest.fixture(scope="module")
def estate() -> Iterator[Estate]:
    """Accounts as the full mesh wants them; every example leaves them so."""
    with sandbox() as aws:
        made = Estate(aws)
        made.empty()
        made.repair(MESH)
        yield made


def send(estate: Estate, calls: tuple[Call, ...]) -> list[str]:
    """Calls one after the other; AWS's words where one failed."""
    sender = Sender(estate.sessions, AwsReader(estate.sessions))
    return [words for call in calls for words in sender.send([call]).values()]


def taken_away(estate: Estate, mesh: Mesh, resource: AnyResource) -> bool:
    """Whether a resource is gone now."""
    kind = registry()[resource.address.kind]
    if case(kind.name).kept:
        if kind.name != "bucket":
            return False
        estate.client("s3", resource.address.placement.account).delete_bucket(Bucket=resource.address.name)
        return True
    have = estate.look(mesh).found[resource.address]
    return not send(estate, kind.delete(have))


def half_done(estate: Estate, calls: tuple[Call, ...], mesh: Mesh) -> None:
    """A run that was killed after these calls, and the next one."""
    send(estate, calls)
    estate.repair(mesh)


@pytest.mark.parametrize(("name", "done"), KILLED)
def test_what_was_half_made_is_finished_by_the_next_run(estate: Estate, name: str, done: int) -> None:
    resource = most_calls(name)
    assert resource is not None
    if not taken_away(estate, MESH, resource):
        estate.repair(MESH)
        pytest.skip("AWS refuses to delete it while others stand on it")
    assert send(estate, registry()[name].create(resource)[:done]) == []
    estate.repair(MESH)


WRITTEN = [
    name for name, kind in registry().items() if kind.writes and (TESTS / f"{name.replace('-', '_')}.py").exists()
]
EDITED = [(name, edit) for name in WRITTEN for edit in case(name).edits]


@pytest.mark.soak
@pytest.mark.parametrize(("name", "edit"), EDITED)
def test_what_was_half_changed_is_finished_by_the_next_run(estate: Estate, name: str, edit: str) -> None:
    """After each call but the last of an update, forth and back; each in a copy of this process."""
    kind, changed = registry()[name], mesh_of(full(*case(name).edits[edit]))
    for before, after in ((MESH, changed), (changed, MESH)):
        found = estate.look(before).found
        for want in compile_mesh(after, registry()).of_kind(name):
            have = found.get(want.address)
            if have is None or (settled := kind.merge_unmanaged(want, have)).spec == have.spec:
                continue
            for done in range(1, len(kind.update(have, settled))):
                # What needs something else first is refused, and that is taken up as well.
                forked(partial(half_done, estate, kind.update(have, settled)[:done], after))
        estate.repair(after)


@pytest.mark.soak
@pytest.mark.parametrize("name", WRITTEN)
def test_what_was_half_taken_away_is_made_again(estate: Estate, name: str) -> None:
    """After each call but the last of a delete, and where AWS refuses the first one."""
    kind = registry()[name]
    if case(name).kept:
        pytest.skip(case(name).kept)
    for where in [each.address for each in compile_mesh(MESH, registry()).of_kind(name)][:3]:
        have = estate.look(MESH).found.get(where)
        calls = kind.delete(have) if have is not None else ()
        for done in range(1, len(calls)):
            forked(partial(half_done, estate, calls[:done], MESH))
