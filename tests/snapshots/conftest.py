"""The full mesh in a sandbox, read once, and as the file of a snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reconciler.aws.observe import readings
from reconciler.aws.reader import AwsReader
from reconciler.kinds import registry
from reconciler.model.reading import Reading
from reconciler.plan.compile import compile_mesh
from reconciler.sandbox import Sandbox, sandbox
from reconciler.snapshots.ask import header_for
from reconciler.snapshots.file import write
from reconciler.snapshots.format import Header, Part
from reconciler.spec.mesh import Mesh
from tests.estate import Estate, mesh_of
from tests.kinds.full import full

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def full_mesh() -> Mesh:
    """A mesh with everything that the language has."""
    return mesh_of(full())


@contextmanager
def built(mesh: Mesh) -> Iterator[tuple[Sandbox, Estate]]:
    """A mesh, built in a sandbox of its own. A process has one at a time."""
    with sandbox() as aws:
        estate = Estate(aws)
        estate.empty()
        estate.repair(mesh)
        yield aws, estate


@pytest.fixture(scope="module")
def live(full_mesh: Mesh, file: Path) -> Iterator[tuple[Sandbox, Estate]]:
    """That mesh, built in a sandbox; what is read once was read before."""
    del file
    with built(full_mesh) as both:
        yield both


@pytest.fixture(scope="session")
def read_(full_mesh: Mesh) -> tuple[Reading, ...]:
    """All that AWS shows of it."""
    with built(full_mesh) as (_, estate):
        return tuple(readings(full_mesh, registry(), AwsReader(estate.sessions)))


@pytest.fixture(scope="session")
def header(full_mesh: Mesh) -> Header:
    """The header of a snapshot of it."""
    accounts = tuple(sorted(account.id for account in full_mesh.accounts.values()))
    return header_for(full_mesh, compile_mesh(full_mesh, registry()), Part(AT, "arn:aws:iam::1:user/me", accounts))


@pytest.fixture(scope="session")
def file(read_: tuple[Reading, ...], header: Header, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The snapshot of it; no test writes there."""
    path = tmp_path_factory.mktemp("snapshots") / "full.jsonl.gz"
    write(path, header, read_, registry())
    return path
