"""A kind is one file in its folder: found there, listed nowhere, and seen by the whole pipeline."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import reconciler.kinds
from reconciler.kinds import registry
from reconciler.model.address import Address
from reconciler.plan.compile import compile_mesh
from tests.estate import CENTRAL, bank

KIND = '''
"""Wishes: a kind that only a test knows."""

from dataclasses import dataclass

from reconciler.kinds.kind import Kind

from reconciler.model.address import Address
from reconciler.model.call import Call
from reconciler.model.resource import Resource
from reconciler.spec import placements


@dataclass(frozen=True, slots=True)
class Wish:
    text: str


class WishKind(Kind[Wish]):
    name = "wish"
    summary = "Wishes of a test."
    parts = frozenset({"central"})

    def desired(self, mesh):
        yield Resource(Address("wish", placements.of_catalog(mesh), "peace"), Wish("on earth"), mesh.settings.origin)

    def observe(self, aws, placement, mesh):
        return ()

    def create(self, want):
        return (Call(want.address.placement, "glue", "CreateDatabase", {"DatabaseInput": {"Name": want.address.name}}),)

    def update(self, have, want):
        return ()

    def delete(self, have):
        return ()
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
    sys.modules.pop("reconciler.kinds.wish", None)


def test_a_kind_file_dropped_into_the_folder_is_found(dropped: None) -> None:
    assert registry()["wish"].summary == "Wishes of a test."


def test_a_kind_that_was_found_is_compiled_and_listed(dropped: None, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = compile_mesh(bank(), registry())
    assert Address.parse(f"wish {CENTRAL}/eu-west-1 peace") in wanted
    from reconciler.cli.kinds import command

    command.main([], standalone_mode=False)
    assert "Wishes of a test." in capsys.readouterr().out


def test_two_kinds_of_one_name_are_an_error(dropped: None, tmp_path: Path) -> None:
    (tmp_path / "wish_too.py").write_text(KIND)
    with pytest.raises(TypeError, match="two kinds are named wish"):
        registry()
    sys.modules.pop("reconciler.kinds.wish_too", None)


def test_the_registry_is_in_the_order_of_names() -> None:
    assert list(registry()) == sorted(registry())


@pytest.mark.parametrize("kind", registry().values(), ids=lambda kind: kind.name)
def test_a_kind_says_what_it_is_and_what_it_needs(kind: reconciler.kinds.AnyKind) -> None:
    assert kind.summary.endswith(".")
    assert kind.writes or not any(kind.desired(bank())), "what is asked for is made"
    assert all(":" in action and "*" not in action for action in (*kind.reads, *kind.writes))
    assert kind.parts <= {"central", "producer", "consumer"}
    assert kind.parts
