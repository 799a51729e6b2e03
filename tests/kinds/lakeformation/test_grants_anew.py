"""A role that was deleted and is made again gets its permissions again, whatever AWS keeps of the first one."""

from __future__ import annotations

import pytest

from reconciler.kinds.iam.permissions_due import given_to
from reconciler.kinds.lakeformation.grants_anew import given_anew
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS, Grant, OnDatabase, OnTable, Target
from reconciler.model.resource import AnyResource, Resource, Snapshot
from tests.estate import ANALYTICS, BANKING, CENTRAL, Estate, addresses, bank, specs, wave_of
from tests.grants import atom

NAME = "credit-analyst"


def test_the_permissions_of_a_role_that_is_made_again_are_given_after_it(built: Estate) -> None:
    listed = [have for have in built.look().found.of_kind("grant") if have.spec.principal.endswith(f"/{NAME}")]
    assert listed
    iam = built.client("iam", ANALYTICS)
    for policy in iam.list_role_policies(RoleName=NAME)["PolicyNames"]:
        iam.delete_role_policy(RoleName=NAME, PolicyName=policy)
    iam.delete_role(RoleName=NAME)
    built.fresh_sessions()
    plan = built.plan()
    waves = wave_of(plan)
    role, last = [each for each in addresses(plan) if each.kind == "iam-role"]
    assert last == given_to(role)
    between = {each for each in addresses(plan) if waves[role] < waves[each] < waves[last]}
    assert {have.address for have in listed} == between
    assert {each.kind for each in addresses(plan)} == {"iam-role", "grant"}
    built.repair()


def test_no_grant_that_the_mesh_does_not_ask_for_is_given_again(built: Estate) -> None:
    """It goes, as it would without the role."""
    built.client("lakeformation", ANALYTICS).grant_permissions(
        Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/{NAME}"},
        Resource={"Database": {"CatalogId": ANALYTICS, "Name": "rl_credit-card"}},
        Permissions=["DROP"],
    )
    iam = built.client("iam", ANALYTICS)
    for policy in iam.list_role_policies(RoleName=NAME)["PolicyNames"]:
        iam.delete_role_policy(RoleName=NAME, PolicyName=policy)
    iam.delete_role(RoleName=NAME)
    built.fresh_sessions()
    steps = [step for step in built.plan().steps if "DROP on" in step.address.name]
    assert [step.change.action for step in steps] == ["delete"]
    built.repair()


ROLE = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/{NAME}"
LINK, TABLE = OnDatabase(ANALYTICS, "rl_x"), OnTable(CENTRAL, "d", "t")


def given(who: str, target: Target, account: str = ANALYTICS) -> Resource[Grant]:
    return atom(Grant(who, target, "DESCRIBE"), account)


def made(address: str, *, anew: bool = False) -> Change:
    """A role of the analysts' account that is made, or a link there that is made anew."""
    kind = "resource-link" if anew else "iam-role"
    like: AnyResource = next(each for each in specs(kind).values() if each.address.placement.account == ANALYTICS)
    there = Resource(like.address._replace(name=address), like.spec)
    return Update(there, there) if anew else Create(there)


@pytest.mark.parametrize(
    ("have", "is_wanted", "of_role", "of_link"),
    [
        (given(ROLE, TABLE), True, True, False),
        (given(ROLE, TABLE), False, False, False),
        (given(ROLE.replace(NAME, "other"), TABLE), True, False, False),
        (given(ROLE.replace(ANALYTICS, BANKING), TABLE), True, False, False),
        (given(ROLE, LINK), True, True, True),
        (given(ROLE, LINK), False, False, True),
        (given("arn:aws:iam::1:role/y", LINK), False, False, True),
        (given("arn:aws:iam::1:role/y", LINK, BANKING), False, False, False),
        (given(IAM_ALLOWED_PRINCIPALS, LINK), True, False, False),
        (given(ROLE, OnDatabase(ANALYTICS, "rl_y")), False, False, False),
    ],
)
def test_what_hangs_on_something_made_anew_is_given_again(
    have: Resource[Grant], is_wanted: bool, of_role: bool, of_link: bool
) -> None:
    """On a link whatever hung there, but for what AWS gives itself; of a role what is wanted, and no more."""
    wanted = [have] if is_wanted else []
    expected = {(True, False): of_role, (False, True): of_link, (True, True): of_role or of_link, (False, False): False}
    for (role, link), is_given in expected.items():
        changes = [*([made(NAME)] if role else []), *([made("rl_x", anew=True)] if link else [])]
        assert [*given_anew(changes, bank(), Snapshot([have]), lambda: wanted)] == ([Create(have)] if is_given else [])


def test_a_role_that_goes_and_a_link_that_comes_give_nothing_again() -> None:
    have = [given(ROLE, TABLE), given(ROLE, LINK)]
    role, link = made(NAME), made("rl_x", anew=True)
    assert isinstance(role, Create)
    assert isinstance(link, Update)
    for change in (Delete(role.want), Update(role.want, role.want), Create(link.want), Delete(link.want)):
        assert not [*given_anew([change], bank(), Snapshot(have), lambda: have)]
