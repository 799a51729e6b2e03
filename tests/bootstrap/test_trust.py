"""Who may assume bootstrap's roles: each forge's jobs by issuer, audience and subject, in the central account alone.

And so whose evidence proves anything."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.bootstrap.actions import Duty
from reconciler.bootstrap.template import template
from reconciler.bootstrap.trust import Trusted, trust_policy
from reconciler.cli import cli
from reconciler.kinds import registry
from tests.bootstrap.deployed import ROLES, listed, of_type, statements_of
from tests.estate import CENTRAL, ROOT, bank, edited, mesh_of

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


@pytest.mark.parametrize("duty", ["plan", "apply", "keep"])
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


BUCKETS = (f"bank-evidence-{CENTRAL}", "evidence-of-the-company")
PREFIXES = ("journal/", "of/the/mesh/journal/", "bank-")
KEYS = (
    "alias/bank-evidence",
    f"arn:aws:kms:eu-west-1:{CENTRAL}:alias/other",
    f"arn:aws:kms:eu-west-1:{CENTRAL}:key/1-2",
)
BRANCHES = st.sampled_from(("main", "maint", "feature", "gh-readonly-queue/main/pr-1-abc")) | st.from_regex(
    r"[a-z][a-z0-9/-]{0,12}", fullmatch=True
)
PROJECTS = st.sampled_from(("bank/mesh", "mallory/mesh", "bank/mesh2"))
SUBJECTS = {
    "github": st.builds("repo:{}:pull_request".format, PROJECTS)
    | st.builds("repo:{}:ref:refs/{}/{}".format, PROJECTS, st.sampled_from(("heads", "tags", "pull")), BRANCHES)
    | st.builds("repo:{}:environment:{}".format, PROJECTS, st.sampled_from(("production", "test", "main"))),
    "gitlab": st.builds(
        "project_path:{}:ref_type:{}:ref:{}".format, PROJECTS, st.sampled_from(("branch", "tag")), BRANCHES
    ),
}
FORGES = {"github": Trusted((), "bank/mesh"), "gitlab": Trusted((), "gitlab.com/bank/mesh", "main", "gitlab")}
MERGED = {
    "github": ("repo:bank/mesh:ref:refs/heads/main", "repo:bank/mesh:environment:production"),
    "gitlab": ("project_path:bank/mesh:ref_type:branch:ref:main",),
}
"""Where nothing runs that was not merged."""


@cache
def printed(forge: str, bucket: str, prefix: str, key: str) -> dict[str, Any]:
    """The central account's template of a mesh that keeps its evidence there."""
    journal = f"journal: {{bucket: {bucket}, prefix: {prefix}, signingKey: '{key}'}}\nlimits:"
    mesh = mesh_of(edited(ROLES, ("mesh.yaml", "limits:", journal)))
    return template(mesh, mesh.central, FORGES[forge], registry())


def reached(made: dict[str, Any], subject: str) -> set[str]:
    """The roles of a template that a job with this subject comes to act as: let in by the forge, or by another role."""
    roles = dict(of_type(made, "Role"))
    arns = {f"arn:aws:iam::{CENTRAL}:role/{role['RoleName']}": name for name, role in roles.items()}
    found = {name for name, role in roles.items() if any(_is_let_in(subject, each) for each in _trust(role))}
    while (
        more := {
            arns[arn]
            for name in found
            for arn in _assumed(made, name) & arns.keys()
            if _trusts(roles[arns[arn]], roles[name])
        }
        - found
    ):
        found |= more
    return found


def _trust(role: dict[str, Any]) -> list[dict[str, Any]]:
    return list(role["AssumeRolePolicyDocument"]["Statement"])


def _is_let_in(subject: str, statement: dict[str, Any]) -> bool:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""
    for operator, keys in statement["Condition"].items():
        for key, values in keys.items():
            if key.endswith(":sub"):
                alike = fnmatchcase if operator == "StringLike" else str.__eq__
                return any(alike(subject, value) for value in listed(values))
    return False


def _trusts(role: dict[str, Any], other: dict[str, Any]) -> bool:
    arn = f"arn:aws:iam::{CENTRAL}:role/{other['RoleName']}"
    return any(
        arn in listed(each["Condition"]["ArnEquals"]["aws:PrincipalArn"])
        for each in _trust(role)
        if "ArnEquals" in each["Condition"]
    )


def _assumed(made: dict[str, Any], role: str) -> set[str]:
    return {
        arn
        for each in statements_of(made, role)
        if "sts:AssumeRole" in listed(each["Action"])
        for arn in listed(each["Resource"])
    }


def added_to(made: dict[str, Any], role: str, bucket: str) -> Iterator[str]:
    """What of the evidence a role may write, take away or sign."""
    for each in statements_of(made, role):
        for action in {"kms:Sign", "s3:PutObject", "s3:DeleteObject"} & {*listed(each["Action"])}:
            if action == "kms:Sign":
                yield action
            else:
                yield from (
                    f"{action} {arn}" for arn in listed(each["Resource"]) if arn.startswith(f"arn:aws:s3:::{bucket}/")
                )


@pytest.mark.parametrize("forge", FORGES)
@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(BUCKETS), st.sampled_from(PREFIXES), st.sampled_from(KEYS))
def test_only_what_was_merged_adds_to_the_evidence(
    forge: str, data: st.DataObject, bucket: str, prefix: str, key: str
) -> None:
    """Whoever may push a branch chooses what its jobs run: what they could write or sign, nobody could rely on."""
    made, subject = printed(forge, bucket, prefix, key), data.draw(SUBJECTS[forge])
    told = {each for role in reached(made, subject) for each in added_to(made, role, bucket)}
    assert not told or subject in MERGED[forge], (subject, told)


@pytest.mark.parametrize("forge", FORGES)
@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("key", KEYS)
def test_the_main_branch_keeps_snapshots_and_signs_reports_and_a_branch_plans(
    forge: str, prefix: str, key: str
) -> None:
    made = printed(forge, BUCKETS[0], prefix, key)
    kept = {
        each.partition(" ")[0] for role in reached(made, MERGED[forge][0]) for each in added_to(made, role, BUCKETS[0])
    }
    assert kept >= {"kms:Sign", "s3:PutObject"}
    branch = {"github": "repo:bank/mesh:pull_request", "gitlab": "project_path:bank/mesh:ref_type:branch:ref:feature"}
    assert reached(made, branch[forge]) == {"PlanRole"}
    assert {"PlanRole", "KeepRole"} <= reached(made, MERGED[forge][0])
