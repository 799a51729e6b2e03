"""A snapshot in the place of AWS: the same answers, and what it does not hold is a gap."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler import pipeline
from reconciler.errors import MeshformError
from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from reconciler.sandbox import Sandbox
from reconciler.snapshots.ask import account_ids, later_wishes, observation_for
from reconciler.snapshots.file import Kept, read
from reconciler.snapshots.merge import merge
from reconciler.snapshots.take import take
from reconciler.spec.mesh import Mesh
from tests.estate import Estate, bank, mesh_of
from tests.kinds.full import full


@pytest.fixture
def kept(file: Path) -> Kept:
    return read(file, registry())


def test_it_answers_as_aws_did(kept: Kept, live: tuple[Sandbox, Estate], full_mesh: Mesh) -> None:
    assert observation_for(kept, full_mesh, registry(), "full") == live[1].look(full_mesh)


def test_a_part_holds_nothing_of_the_others_for_absent(kept: Kept, full_mesh: Mesh) -> None:
    central = full_mesh.central.id
    part = Kept(kept.header, tuple(each for each in kept.readings if each.placement.account == central))
    review = pipeline.review(full_mesh, observation=observation_for(part, full_mesh, registry(), "part"))
    assert review.plan is not None
    assert review.plan.is_empty
    assert {gap.placement.account for gap in review.plan.gaps} == {a.id for a in full_mesh.accounts.values()} - {
        central
    }


def test_it_is_for_its_own_mesh(kept: Kept) -> None:
    other = replace(kept, header=replace(kept.header, mesh="other"))
    with pytest.raises(MeshformError, match="is of the mesh other"):
        observation_for(other, bank(), registry(), "x")


def test_what_the_mesh_asks_for_since_then_is_told(kept: Kept, full_mesh: Mesh) -> None:
    assert later_wishes(kept, compile_mesh(full_mesh, registry())) is None
    files = full()
    path = next(path for path in files if path.startswith("consumers/") and "/subscriptions/" in path)
    fewer = mesh_of({name: text for name, text in files.items() if name != path})
    assert "was not looked for" in str(later_wishes(kept, compile_mesh(fewer, registry())))


def test_accounts_are_named_as_in_the_mesh_or_by_id(full_mesh: Mesh) -> None:
    name, account = next(iter(full_mesh.accounts.items()))
    assert account_ids(full_mesh, [name]) == account_ids(full_mesh, [account.id]) == {account.id}
    with pytest.raises(MeshformError, match="no account nowhere"):
        account_ids(full_mesh, ["nowhere"])


def test_taking_writes_what_looking_sees(live: tuple[Sandbox, Estate], full_mesh: Mesh, tmp_path: Path) -> None:
    path = tmp_path / "taken.gz"
    count, gaps = take(full_mesh, live[1].sessions, path)
    kept = read(path, registry())
    taken = observation_for(kept, full_mesh, registry(), "taken")
    assert taken == live[1].look(full_mesh)
    products = full_mesh.products.values()
    tables = {(product.database_of(each), each.name) for product in products for each in product.tables}
    assert kept.measures.keys() == tables
    assert (count, gaps) == (len(taken.found) + len(tables), ())
    merge(tmp_path / "merged.gz", [path])
    assert read(tmp_path / "merged.gz", registry()) == kept


def test_accounts_that_are_not_chosen_are_not_asked(
    live: tuple[Sandbox, Estate], full_mesh: Mesh, tmp_path: Path
) -> None:
    aws, estate = live
    account = next(each.id for each in full_mesh.accounts.values() if each.id != full_mesh.central.id)
    aws.calls.clear()
    take(full_mesh, estate.sessions, tmp_path / "part.gz", [account])
    assert {call.account for call in aws.calls if call.service != "sts"} <= {account, full_mesh.central.id}
    part = read(tmp_path / "part.gz", registry())
    assert {each.placement.account for each in part.readings} == {account}
