"""The roles of bootstrap in the sandbox: there from the start and after a reset; none for a trial with AWS's own."""

from __future__ import annotations

from reconciler.bootstrap.rehearsal import rehearsal
from reconciler.kinds import registry
from reconciler.sandbox import sandbox
from reconciler.sandbox.shared.seed_roles import GivenRole
from tests.estate import CENTRAL, bank, variant
from tests.kinds.full import SETTINGS

ROLES = (
    (SETTINGS, "plan: OrganizationAccountAccessRole", "plan: looks"),
    (SETTINGS, "apply: OrganizationAccountAccessRole", "apply: writes"),
)


def test_a_mesh_that_takes_the_organizations_role_needs_no_others() -> None:
    assert list(rehearsal(bank(), registry())) == []


def test_the_roles_are_there_from_the_start_and_after_a_reset() -> None:
    given = [GivenRole(*role) for role in rehearsal(variant(*ROLES), registry())]
    assert {(role.account, role.name) for role in given} == {
        *((account.id, name) for account in bank().accounts.values() for name in ("looks", "writes")),
        (CENTRAL, "looks-keep"),
    }
    with sandbox(roles=given) as aws:
        for _ in range(2):
            iam = aws.session(CENTRAL).client("iam")
            assert iam.list_role_policies(RoleName="looks")["PolicyNames"] == ["meshform-plan-1"]
            assert aws.session(CENTRAL, "writes").client("sts").get_caller_identity()["Account"] == CENTRAL
            aws.reset()
