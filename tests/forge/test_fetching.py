"""What git says of a fetch that failed goes to people, without the token of the runner."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reconciler.errors import MeshformError
from reconciler.forge.fetching import fetch


def test_the_address_of_a_runner_is_told_without_its_token(tmp_path: Path) -> None:
    address = "https://gitlab-ci-token:glcbt-secret@127.0.0.1:9/acme/mesh.git"
    for words in (("init", "--quiet"), ("remote", "add", "origin", address)):
        subprocess.run(["git", "-C", tmp_path, *words], check=True)
    with pytest.raises(MeshformError, match="git fetch failed") as error:
        fetch(tmp_path, "refs/merge-requests/1/head", {})
    assert "secret" not in str(error.value)
    assert "gitlab-ci-token" not in str(error.value)
