"""The lakes of a module's tests, which are made once."""

from __future__ import annotations

import pytest

from tests.sandbox.lakes import Lakes


@pytest.fixture(scope="module")
def lakes() -> Lakes:
    return Lakes()
