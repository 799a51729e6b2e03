"""A kind is one file in its folder: found there, listed nowhere, and seen by the whole pipeline."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

import reconciler.kinds
from reconciler import pipeline
from reconciler.bootstrap.actions import actions as needed
from reconciler.kinds import registry
from reconciler.model.address import Address, Placement
from reconciler.model.reader import Reader
from reconciler.model.resource import Observation, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.report.text import plan_text
from tests.estate import CENTRAL, actions, bank

KIND = '''
"""Wishes: a kind that only a test knows."""

from dataclasses import dataclass

from reconciler.kinds.common.owner import OURS, Owner, owner_by_mark
from reconciler.kinds.kind import Kind
from reconciler.model.address import Address
from reconciler.model.call import Call
from reconciler.model.resource import Resource
from reconciler.spec import placements


@dataclass(frozen=True, slots=True)
class Wish:
    text: str
    mark: str = ""


def wish(placement, name, *spec):
    return Resource(Address("wish", placement, name), Wish(*spec))


class WishKind(Kind[Wish]):
    name = "wish"
    summary = "Wishes of a test."
    parts = frozenset({"central"})
    reads = ("wishes:List",)
    writes = ("wishes:Put",)

    def desired(self, mesh):
        for name in ("peace", "quiet", "rain"):
            yield wish(placements.of_catalog(mesh), name, "on earth", mesh.name)

    def observe(self, aws, placement, mesh):
        yield wish(placement, "quiet", "at night", "bank")
        yield wish(placement, "rain", "in spring")
        yield wish(placement, "ours", "gone", "bank")
        yield wish(placement, "theirs", "stays", "other")

    def owner(self, have, ownership):
        return owner_by_mark(have.spec.mark, ownership.mesh, "a wish of others")

    def create(self, want):
        return (self._put(want),)

    def update(self, have, want):
        return (self._put(want),)

    def delete(self, have):
        return (self._put(have),)

    def _put(self, of):
        return Call(of.address.placement, "wishes", "Put", {"Name": of.address.name})
'''


@pytest.fixture
def dropped(tmp_path: Path) -> Iterator[None]:
    """A file dropped into the folder of kinds."""
    (tmp_path / "wish.py").write_text(KIND)
    reconciler.kinds.__path__.append(str(tmp_path))
    registry.cache_clear()
    yield
    reconciler.kinds.__path__.remove(str(tmp_path))
    registry.cache_clear()
    for name in [name for name in sys.modules if name.startswith("reconciler.kinds.wish")]:
        del sys.modules[name]


def test_a_kind_that_was_found_is_compiled_and_listed(dropped: None, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = compile_mesh(bank(), registry())
    assert Address.parse(f"wish {CENTRAL}/eu-west-1 peace") in wanted
    from reconciler.cli.kinds import command

    command.main([], standalone_mode=False)
    assert "Wishes of a test." in capsys.readouterr().out


def test_a_kind_that_was_found_is_planned_owned_and_reported(dropped: None) -> None:
    """Without another edit: what is missing comes, what is ours goes, what is others' is shown, and asked about."""
    mesh, kind = bank(), registry()["wish"]
    wanted = compile_mesh(mesh, registry())
    here = Placement(CENTRAL, "eu-west-1")
    others = (each for each in wanted.values() if each.address.kind != "wish")
    found = Snapshot([*others, *kind.observe(cast("Reader", None), here, mesh)])
    review = pipeline.review(mesh, observation=Observation(found))
    assert review.plan is not None
    assert actions(review.plan) == {"create wish peace", "update wish quiet", "update wish rain", "delete wish ours"}
    assert [(other.resource.address.name, other.reason) for other in review.plan.foreign] == [
        ("theirs", "a wish of others")
    ]
    assert ["The wish rain exists" in each.message for each in review.findings if each.rule == "taking-over"] == [True]
    text = "\n".join(plan_text(review))
    missing = {line for line in ("+ wish peace", "~ wish quiet", "- wish ours", "theirs") if line not in text}
    assert missing == set(), text
    assert "wishes:Put" in needed(mesh, mesh.central, "apply", registry())


def test_a_kind_that_lacks_something_is_told(dropped: None, tmp_path: Path) -> None:
    (tmp_path / "wish.py").write_text(KIND.replace("def owner(", "def landlord("))
    with pytest.raises(TypeError, match="WishKind lacks owner"):
        registry()


def test_two_kinds_of_one_name_are_an_error(dropped: None, tmp_path: Path) -> None:
    (tmp_path / "wish_too.py").write_text(KIND)
    with pytest.raises(TypeError, match="two kinds are named wish"):
        registry()


def test_the_registry_is_in_the_order_of_names() -> None:
    assert list(registry()) == sorted(registry())


@pytest.mark.parametrize("kind", registry().values(), ids=lambda kind: kind.name)
def test_a_kind_says_what_it_is_and_what_it_needs(kind: reconciler.kinds.AnyKind) -> None:
    assert kind.summary.endswith(".")
    assert kind.writes or not any(kind.desired(bank())), "what is asked for is made"
    assert all(":" in action and "*" not in action for action in (*kind.reads, *kind.writes))
    assert kind.parts <= {"central", "producer", "consumer"}
    assert kind.parts
