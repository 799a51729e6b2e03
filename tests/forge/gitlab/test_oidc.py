"""Which jobs may assume a role: of one project, apply on one branch."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from reconciler.errors import MeshformError
from reconciler.forge.gitlab.oidc import trust


def subject(project: str, ref: str, kind: str = "branch") -> str:
    """As GitLab writes it: https://docs.gitlab.com/ci/secrets/id_token_authentication/#token-payload"""
    return f"project_path:{project}:ref_type:{kind}:ref:{ref}"


@pytest.mark.parametrize(
    ("project", "ref", "kind", "plans", "applies"),
    [
        ("acme/mesh", "main", "branch", True, True),
        ("acme/mesh", "topic/x", "branch", True, False),
        ("acme/mesh", "main", "tag", False, False),
        ("acme/mesh", "main2", "branch", True, False),
        ("mallory/mesh", "main", "branch", False, False),
        ("acme/mesh-2", "main", "branch", False, False),
        ("x/acme/mesh", "main", "branch", False, False),
    ],
)
def test_a_role_lets_in_whom_it_is_for(project: str, ref: str, kind: str, plans: bool, applies: bool) -> None:
    plan, apply = trust("gitlab.com/acme/mesh", "plan", "main"), trust("gitlab.com/acme/mesh", "apply", "main")
    said = subject(project, ref, kind)
    assert any(fnmatchcase(said, each) for each in plan.subjects) is plans
    assert (said in apply.subjects) is applies
    assert (plan.patterns, apply.patterns) == (True, False)
    assert (apply.issuer, apply.audience) == ("gitlab.com", "https://gitlab.com")


@pytest.mark.parametrize(
    "place",
    ["acme/mesh", "gitlab.com/mesh", "gitlab.com/*/mesh", "gitlab.com/acme/m*", "https://gitlab.com/a/b", "a.b/c?/d"],
)
def test_nothing_that_could_stand_for_more_is_a_project(place: str) -> None:
    with pytest.raises(MeshformError, match="HOST/GROUP/PROJECT"):
        trust(place, "plan", "main")
    with pytest.raises(MeshformError, match="no branch"):
        trust("gitlab.com/acme/mesh", "apply", "ma*")
