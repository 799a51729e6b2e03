"""A kind is one file in its folder: found there, listed nowhere, and seen by the whole pipeline."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

import reconciler.kinds
from reconciler import pipeline
from reconciler.access import changed_facts
from reconciler.bootstrap.actions import actions as needed
from reconciler.kinds import registry
from reconciler.model.address import Address, Placement
from reconciler.model.reader import Reader
from reconciler.model.resource import Observation, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.report.text import plan_text
from reconciler.spec.mesh import Mesh
from tests.estate import CENTRAL, actions, bank, variant
from tests.toys.dropping import dropped


@pytest.fixture
def wish(tmp_path: Path) -> Iterator[Path]:
    """The file of the toy kind, dropped into the folder of kinds."""
    with dropped("wish", reconciler.kinds, tmp_path) as path:
        yield path


def found(mesh: Mesh) -> Observation:
    """AWS with everything that the mesh wants of other kinds, and the wishes that are observed."""
    here = Placement(CENTRAL, "eu-west-1")
    others = (each for each in compile_mesh(mesh, registry()).values() if each.address.kind != "wish")
    return Observation(Snapshot([*others, *registry()["wish"].observe(cast("Reader", None), here, mesh)]))


def test_a_kind_that_was_found_is_compiled_and_listed(wish: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = compile_mesh(bank(), registry())
    assert Address.parse(f"wish {CENTRAL}/eu-west-1 peace") in wanted
    from reconciler.cli.kinds import command

    command.main([], standalone_mode=False)
    assert "Wishes of a test." in capsys.readouterr().out


def test_a_kind_that_was_found_is_planned_owned_and_reported(wish: Path) -> None:
    """Without another edit: what is missing comes, what is ours goes, what is others' is shown, and asked about."""
    mesh = bank()
    review = pipeline.review(mesh, observation=found(mesh))
    assert review.plan is not None
    assert actions(review.plan) == {"create wish peace", "update wish quiet", "delete wish ours"}
    (held,) = review.plan.held
    assert (held.address.name, "the name is taken by one with another text" in held.reason) == ("rain", True)
    over = variant(("mesh.yaml", "territory:\n", "territory:\n  takeOver: {wish: [rain]}\n"))
    taking = pipeline.review(over, observation=found(over))
    assert taking.plan is not None
    assert "update wish rain" in actions(taking.plan)
    assert [other.resource.address.name for other in review.plan.foreign] == ["theirs"]
    assert ["The wish rain exists" in each.message for each in taking.findings if each.rule == "taking-over"] == [True]
    text = "\n".join(plan_text(review))
    missing = {line for line in ("+ wish peace", "~ wish quiet", "- wish ours", "theirs") if line not in text}
    assert missing == set(), text
    assert "wishes:Put" in needed(mesh, mesh.central, "apply", registry())


def test_a_kind_that_was_found_is_evaluated(wish: Path) -> None:
    """The grant and the policies that it comes with give access as anybody's would."""
    mesh = bank()
    review = pipeline.review(mesh, base=mesh, observation=found(mesh))
    assert review.access is not None
    gained, lost = (
        {(each.fact.path, each.fact.table) for each in changed_facts(review.access, mesh) if each.gained is sort}
        for sort in (True, False)
    )
    assert gained == {("lake-formation", "credit_card")}, "the grant is new"
    assert lost == {("files-by-policy", "credit_card")}, "the policy was there: past Lake Formation he has no more"
    assert {each.rule for each in review.findings if "guest" in each.message} >= {
        "opens-most-sensitive",
        "reopens-access",
    }


def test_a_kind_that_lacks_something_is_told(wish: Path) -> None:
    wish.write_text(wish.read_text().replace("def owner(", "def landlord("))
    with pytest.raises(TypeError, match="WishKind lacks owner"):
        registry()


def test_two_kinds_of_one_name_are_an_error(wish: Path) -> None:
    shutil.copy(wish, wish.with_name("wish_too.py"))
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
