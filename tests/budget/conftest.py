"""The comparable scenario at a tenth of its size, in a sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bench.counting import Calls, counted
from bench.meshes import COMPARABLE, TENTH, Size, write
from reconciler import pipeline
from reconciler.aws.sessions import Sessions
from reconciler.plan.review import Review
from reconciler.sandbox import Sandbox, sandbox
from reconciler.spec.load import load
from reconciler.spec.mesh import Mesh
from reconciler.spec.yaml.source import folder_sources
from tests.estate import every_rule, failures


class Scenario:
    """A mesh of a size over a sandbox of its own, and the calls of what is done."""

    def __init__(self, aws: Sandbox, folder: Path) -> None:
        self.aws = aws
        self.folder = folder

    def mesh(self, size: Size, clearance: tuple[str, ...] = ("internal",)) -> Mesh:
        """The mesh of a size."""
        folder = self.folder / f"{hash((size, clearance))}"
        if not folder.exists():
            write(size, folder, clearance)
        loaded = load(folder_sources(folder), date(2026, 11, 22))
        assert loaded.mesh is not None, loaded.findings
        return loaded.mesh

    def sessions(self, mesh: Mesh) -> Sessions:
        """Sessions as a new run has them."""
        return pipeline.sessions_for(mesh, writes=True)

    def plan(self, mesh: Mesh) -> tuple[Review, Calls]:
        """A review as a new run of plan makes it, and its calls."""
        sessions = self.sessions(mesh)
        self.aws.calls.clear()
        review = pipeline.review(mesh, observation=pipeline.look(mesh, sessions))
        assert review.plan is not None
        assert review.plan.is_complete, review.plan.gaps
        return review, counted(self.aws.calls.as_json())

    def apply_reviewed(self, mesh: Mesh, review: Review) -> Calls:
        """The calls of carrying it out; nothing fails."""
        sessions = self.sessions(mesh)
        self.aws.calls.clear()
        run = pipeline.apply_reviewed(review, sessions, accepted=every_rule())
        assert not run.failed, failures(run)
        return counted(self.aws.calls.as_json())


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenario]:
    """An empty sandbox."""
    with sandbox() as aws:
        yield Scenario(aws, tmp_path_factory.mktemp("meshes"))


@pytest.fixture(scope="module")
def built(scenario: Scenario) -> Scenario:
    """A sandbox as the tenth wants it."""
    mesh = scenario.mesh(TENTH)
    review, _ = scenario.plan(mesh)
    scenario.apply_reviewed(mesh, review)
    return scenario


def larger(**sizes: int) -> Size:
    """The tenth with other numbers."""
    return replace(TENTH, **sizes)


__all__ = ["COMPARABLE", "TENTH", "Scenario", "larger"]
