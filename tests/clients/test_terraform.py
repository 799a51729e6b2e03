"""Terraform's AWS provider, unpatched: one apply, an empty plan, a change, and a destroy that leaves nothing.

It runs where Terraform is, and a folder with providers (`terraform providers mirror`) that `TERRAFORM_PROVIDERS` names.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import CENTRAL, SCRIPTS, Served

PROVIDERS = os.environ.get("TERRAFORM_PROVIDERS", "")
pytestmark = [
    pytest.mark.clients,
    pytest.mark.skipif(not (shutil.which("terraform") and PROVIDERS), reason="Terraform or its provider is not here"),
]
CHANGES = {
    'permissions_with_grant_option = ["CREATE_TABLE"]': 'permissions_with_grant_option = ["ALTER"]',
    'excluded_column_names = ["value"]': 'excluded_column_names = ["timestamp"]',
    'values     = ["orders", "sales", "customers"]': 'values     = ["sales", "customers", "returns", "orders"]',
    "event = 'x'": "event <> 'y'",
}


def test_a_lake_comes_changes_and_goes(served: Served, tmp_path: Path) -> None:
    (tmp_path / "rc").write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{PROVIDERS}"\n  }}\n}}\n'
    )
    actor = served.actor(CENTRAL) | {"TF_CLI_CONFIG_FILE": str(tmp_path / "rc"), "CHECKPOINT_DISABLE": "1"}

    def terraform(*words: str) -> int:
        ran = subprocess.run(
            ["terraform", *words, "-no-color"], cwd=tmp_path, env=actor, capture_output=True, text=True, timeout=600
        )
        assert ran.returncode in (0, 2), ran.stdout[-2000:] + ran.stderr[-2000:]
        return ran.returncode

    text = (SCRIPTS / "lake.tf").read_text()
    (tmp_path / "main.tf").write_text(text)
    terraform("init")
    terraform("apply", "-auto-approve")
    assert terraform("plan", "-detailed-exitcode") == 0
    for old, new in CHANGES.items():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "main.tf").write_text(text)
    assert terraform("plan", "-detailed-exitcode") == 2
    terraform("apply", "-auto-approve")
    assert terraform("plan", "-detailed-exitcode") == 0
    terraform("destroy", "-auto-approve")
