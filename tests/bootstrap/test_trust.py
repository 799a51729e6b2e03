"""Who may assume bootstrap's roles: each forge's jobs by issuer, audience and subject, in the central account alone."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from reconciler.bootstrap.actions import Duty
from reconciler.bootstrap.trust import Trusted, trust_policy
from reconciler.cli import cli
from tests.estate import ROOT, bank

GITHUB = Trusted((), "bank/mesh", "production", "github")
GITLAB = Trusted((), "gitlab.bank.example/data/mesh", "main", "gitlab")


def federated(trusted: Trusted, duty: Duty) -> list[dict[str, Any]]:
    mesh = bank()
    statements = {
        account.name: list(trust_policy(mesh, account, duty, trusted)["Statement"])
        for account in mesh.accounts.values()
    }
    found = {name: [each for each in some if "Federated" in each["Principal"]] for name, some in statements.items()}
    assert {name for name, some in found.items() if some} <= {mesh.central.name}
    return found[mesh.central.name]


@pytest.mark.parametrize("duty", ["plan", "apply"])
@pytest.mark.parametrize("trusted", [GITHUB, GITLAB])
def test_only_the_forges_own_tokens_for_that_duty_are_let_in(trusted: Trusted, duty: Duty) -> None:
    """A condition that AWS does not find in a token is not fulfilled; one that is left out lets in everybody."""
    (statement,) = federated(trusted, duty)
    issuer = statement["Principal"]["Federated"].partition(":oidc-provider/")[2]
    said = {key: operator for operator, keys in statement["Condition"].items() for key in keys}
    assert set(said) == {f"{issuer}:aud", f"{issuer}:sub"}
    assert said[f"{issuer}:aud"] == "StringEquals"
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    subjects = statement["Condition"][said[f"{issuer}:sub"]][f"{issuer}:sub"]
    stars = [each for each in subjects if "*" in each or "?" in each]
    # Whoever may push a branch may plan; only what is on the one branch may apply.
    assert stars == (["project_path:data/mesh:ref_type:branch:ref:*"] if (trusted, duty) == (GITLAB, "plan") else [])
    assert bool(stars) == (said[f"{issuer}:sub"] == "StringLike")


def test_apply_at_gitlab_is_bound_to_one_branch() -> None:
    (statement,) = federated(GITLAB, "apply")
    assert statement["Principal"]["Federated"].endswith(":oidc-provider/gitlab.bank.example")
    assert statement["Condition"]["StringEquals"] == {
        "gitlab.bank.example:aud": "https://gitlab.bank.example",
        "gitlab.bank.example:sub": ["project_path:data/mesh:ref_type:branch:ref:main"],
    }


def test_no_forge_is_trusted_unless_it_is_named_and_one_at_most() -> None:
    assert federated(Trusted(), "plan") == []
    both = ["bootstrap", "--mesh", str(ROOT / "mesh"), "--github", "bank/mesh", "--gitlab", "gitlab.com/bank/mesh"]
    answer = CliRunner().invoke(cli, both)
    assert answer.exit_code != 0
    assert "--github or --gitlab" in answer.output
