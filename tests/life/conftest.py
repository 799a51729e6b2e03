"""Accounts with a bucket for lock and journal and nothing else, and the example mesh that keeps both there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler import pipeline
from reconciler.aws.sessions import Sessions
from reconciler.sandbox import Sandbox, sandbox
from reconciler.spec.mesh import Mesh
from tests.estate import variant
from tests.life.at_forge import SETTINGS, make_bucket
from tests.remembered import remembered


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """AWS, and a folder of its own."""
    monkeypatch.chdir(tmp_path)
    with sandbox() as world, remembered(world):
        make_bucket(world)
        yield world


@pytest.fixture
def mesh(aws: Sandbox) -> Mesh:
    return variant(("mesh.yaml", "limits:", SETTINGS))


@pytest.fixture
def sessions(mesh: Mesh) -> Sessions:
    return pipeline.sessions_for(mesh, writes=True)
