"""The full mesh with roles of bootstrap's, and accounts with nothing but these."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.bootstrap.template import template
from reconciler.kinds import registry
from reconciler.sandbox import Sandbox, sandbox
from reconciler.spec.mesh import Mesh
from tests.bootstrap.deployed import PEOPLE, ROLES, deploy
from tests.estate import mesh_of
from tests.kinds.full import full


@pytest.fixture(scope="module")
def mesh() -> Mesh:
    return mesh_of(full(ROLES))


@pytest.fixture(scope="module")
def aws(mesh: Mesh) -> Iterator[Sandbox]:
    """Accounts with nothing but the roles of the templates."""
    with sandbox() as opened:
        for account in mesh.accounts.values():
            deploy(opened, account.id, template(mesh, account, PEOPLE, registry()))
        yield opened
