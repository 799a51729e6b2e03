"""Roles: who may assume them and what they may do; somebody else's policy on one."""

from __future__ import annotations

from tests.estate import ANALYTICS, Estate
from tests.kinds.cases import Case, Neighbour
from tests.kinds.full import CONSUMER


def make(estate: Estate) -> None:
    estate.client("iam", ANALYTICS).create_role(
        RoleName="credit-analyst-of-theirs", AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}'
    )


def survives(estate: Estate) -> bool:
    return bool(estate.client("iam", ANALYTICS).get_role(RoleName="credit-analyst-of-theirs")["Role"])


CASE = Case(
    edits={
        "trust": (
            (
                CONSUMER,
                "kind: analyst",
                "kind: analyst\n    trust: [arn:aws:iam::444444444444:role/OrganizationAccountAccessRole]",
            ),
        ),
        "policy": ((CONSUMER, "workgroup:\n", "workgroup:\n  name: coe\n"),),
    },
    fixed={
        "path": "every role of the mesh lies under its path",
        "tags": "the list of roles tells no tags",
        "boundary": "none for a mesh that works as the organization's role; see tests/bootstrap/test_boundary.py",
    },
    alone=frozenset({"policy"}),
    neighbour=Neighbour(make, survives),
)
