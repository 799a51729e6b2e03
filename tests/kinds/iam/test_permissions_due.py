"""A role that is made anew has its permissions again, wherever the run that makes it ends."""

from __future__ import annotations

import pytest

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.kinds.common.marks import MARK, PERMISSIONS_DUE
from reconciler.kinds.iam.permissions_due import given_to, unfinished
from reconciler.model.address import Address
from reconciler.model.change import Create
from reconciler.model.plan import Plan, Step
from reconciler.model.resource import Observation
from reconciler.plan.compile import compile_mesh
from reconciler.plan.teardown import teardown
from reconciler.report.drift import Drift
from reconciler.report.drift_text import drift_text
from reconciler.report.text import plan_text
from reconciler.spec.mesh import Mesh
from tests.campaigns.forked import forked
from tests.campaigns.strike import Strikes, striking
from tests.estate import ANALYTICS, REGION, Estate, bank, every_rule, placement, variant, wave_of
from tests.story import test_two_regions as two
from tests.story.test_no_gap import Readable, people, readable
from tests.story.test_suspension import suspending

NAME = "data-scientist"
ARN = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/{NAME}"
ROLE = Address("iam-role", placement(ANALYTICS), NAME)
CONSUMER = "consumers/analytics-coe/consumer.yaml"
TAG = {"Key": PERMISSIONS_DUE, "Value": "to be given again"}
DENIED = {"error": "AccessDeniedException", "message": "not for you", "times": None, "account": ANALYTICS}


def delete_role(estate: Estate, name: str = NAME) -> None:
    """Somebody deletes a role that the mesh has made."""
    iam = estate.client("iam", ANALYTICS)
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)
    estate.fresh_sessions()


def tag(estate: Estate, name: str = NAME) -> None:
    """Somebody puts the tag on a role."""
    estate.client("iam", ANALYTICS).tag_role(RoleName=name, Tags=[TAG])
    estate.fresh_sessions()


def apply_only(estate: Estate, kind: str) -> None:
    """A run that carries out the steps of one kind, and is over then."""
    review = estate.review()
    steps = {str(step.address): frozenset({step.digest}) for step in review.steps if step.address.kind == kind}
    part = pipeline.restrict_to_reviewed(review, steps)
    assert not pipeline.apply_reviewed(part, estate.sessions, accepted=every_rule()).failed
    estate.fresh_sessions()


def told(plan: Plan) -> set[tuple[str, str, bool]]:
    """What a plan is about: action and kind of its steps, and whether it is the last one of a role."""
    return {(step.change.action, step.address.kind, step.address == given_to(ROLE)) for step in plan.steps}


FINISHES = {("create", "grant", False), ("update", "iam-role", True)}
MAKES = FINISHES | {("create", "iam-role", False)}


@pytest.fixture
def answer() -> str:
    """What a new role has of what AWS lists for the one before: nothing."""
    return "void"


@pytest.fixture
def had(built: Estate, answer: str) -> Readable:
    """What everybody reads, before somebody deletes a role."""
    built.aws.world.beliefs.choose({"roles-made-anew": answer})
    before = readable(built, people(built))
    delete_role(built)
    return before


@pytest.mark.parametrize("answer", ["return", "void"])
def test_a_run_that_is_killed_after_any_call_leaves_it_to_the_next_one(built: Estate, had: Readable) -> None:
    lacking: list[str] = []

    def next_run() -> bool:
        """In a copy, where the run is dead: whether everybody reads what he read, and nothing is left to do."""
        with striking(Strikes()):
            built.fresh_sessions()
            built.repair()
            return readable(built, people(built)) == had

    def kill() -> None:
        if not forked(next_run):
            lacking.append(f"killed after write {strikes.count}, {strikes.sent[-1].operation}")

    strikes = Strikes(range(1, 100), ("after",), kill)
    with striking(strikes):
        built.repair()
    assert {each.operation for each in strikes.sent} >= {"CreateRole", "PutRolePolicy", "UntagRole"}
    assert lacking == []
    assert readable(built, people(built)) == had


def test_a_role_that_is_made_in_a_run_of_its_own_is_given_everything_by_the_next(built: Estate, had: Readable) -> None:
    assert told(built.plan()) == MAKES
    apply_only(built, "iam-role")
    assert told(built.plan()) == FINISHES
    built.repair()
    assert readable(built, people(built)) == had


def test_permissions_that_aws_refuses_are_still_due(built: Estate, had: Readable) -> None:
    for operation in ("GrantPermissions", "BatchGrantPermissions"):
        built.aws.faults({"service": "lakeformation", "operation": operation, **DENIED})
    assert built.apply_reviewed().failed
    built.aws.world.faults.clear()
    built.fresh_sessions()
    assert told(built.plan()) == FINISHES
    built.repair()
    assert readable(built, people(built)) == had


def test_permissions_that_were_not_seen_are_due_until_they_are(built: Estate, had: Readable) -> None:
    built.aws.faults({"service": "lakeformation", "operation": "ListPermissions", **DENIED})
    for expected in (("create", "iam-role", False), None):
        plan = built.plan()
        assert told(plan) == ({expected} if expected else set())
        assert not plan.is_complete
        assert not built.apply_reviewed().failed
        built.fresh_sessions()
    built.aws.world.faults.clear()
    assert told(built.plan()) == FINISHES
    built.repair()
    assert readable(built, people(built)) == had


SUSPENDED = f"principal: analytics-coe/{NAME}"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
WIDER = variant(
    (REPORT, "[credit-analyst]", f"[credit-analyst, {NAME}]"),
    (REPORT, "clearance: {sensitivity: [internal]}", "tables:\n  - {name: credit_card}"),
)


@pytest.mark.parametrize(("asked", "asked_meanwhile"), [(bank(), suspending(SUSPENDED)), (WIDER, bank())])
def test_what_could_not_be_taken_from_a_role_is_due_where_it_is_asked_for_again(
    built: Estate, asked: Mesh, asked_meanwhile: Mesh
) -> None:
    """What stays listed though it had to go would count as there as soon as a document asks for it."""
    built.aws.world.beliefs.choose({"roles-made-anew": "void"})
    built.repair(asked)
    had = readable(built, people(built))
    delete_role(built)
    for operation in ("RevokePermissions", "BatchRevokePermissions"):
        built.aws.faults({"service": "lakeformation", "operation": operation, **DENIED, "account": None})
    assert built.apply_reviewed(asked_meanwhile).failed
    built.aws.world.faults.clear()
    built.fresh_sessions()
    assert (built.review(asked).plan or pytest.fail("no plan")).steps, "it looks as if nothing were due"
    built.repair(asked)
    assert readable(built, people(built)) == had


def test_a_grant_option_that_goes_is_no_permission_that_is_given(built: Estate) -> None:
    """It takes a run more: the tag stays until the permission itself is given."""
    built.aws.world.beliefs.choose({"roles-made-anew": "void"})
    had = readable(built, people(built))
    built.client("lakeformation", ANALYTICS).grant_permissions(
        Principal={"DataLakePrincipalIdentifier": ARN},
        Resource={"Database": {"CatalogId": ANALYTICS, "Name": "rl_credit-card"}},
        Permissions=["DESCRIBE"],
        PermissionsWithGrantOption=["DESCRIBE"],
    )
    delete_role(built)
    plan = built.plan()
    assert ("update", "grant", False) in told(plan)
    assert given_to(ROLE) not in {step.address for step in plan.steps}
    assert not built.apply_reviewed().failed
    built.fresh_sessions()
    assert told(built.plan()) == FINISHES
    built.repair()
    assert readable(built, people(built)) == had


def test_a_role_for_which_nothing_is_listed_bears_no_tag_and_takes_no_call_more(estate: Estate) -> None:
    plan = estate.plan()
    made = [step for step in plan.steps if step.address.kind == "iam-role"]
    assert len(made) > 5
    assert {type(step.change) for step in made} == {Create}
    assert {call.operation for step in made for call in step.calls} == {"CreateRole", "PutRolePolicy"}
    assert PERMISSIONS_DUE not in str([call.params for step in made for call in step.calls])


def test_only_the_role_that_was_deleted_bears_the_tag(built: Estate) -> None:
    """One that comes for the first time beside it does not."""
    delete_role(built)
    mesh = variant(
        (
            CONSUMER,
            "principals:\n",
            "principals:\n  - {name: newcomer, kind: analyst, role: newcomer, create: true}\n",
        ),
        (
            "consumers/analytics-coe/subscriptions/credit-risk-model.yaml",
            "[data-scientist]",
            "[data-scientist, newcomer]",
        ),
    )
    made = {
        step.address.name: str(step.calls[0].params)
        for step in built.plan(mesh).steps
        if step.address.kind == "iam-role"
    }
    assert {name for name, params in made.items() if PERMISSIONS_DUE in params} == {NAME, given_to(ROLE).name}
    assert "newcomer" in made
    built.repair(mesh)


def test_the_tag_by_somebody_else_s_hand_gives_again_what_is_asked_for_and_nothing_more(built: Estate) -> None:
    before = readable(built, people(built))
    tag(built)
    plan = built.plan()
    assert told(plan) == FINISHES
    wanted = compile_mesh(bank(), registry())
    assert all(step.address in wanted for step in plan.steps if isinstance(step.change, Create))
    built.repair()
    assert readable(built, people(built)) == before


@pytest.mark.parametrize("mark", [None, "other"])
def test_the_tag_on_a_role_that_is_not_the_mesh_s_says_nothing(built: Estate, mark: str | None) -> None:
    iam = built.client("iam", ANALYTICS)
    iam.untag_role(RoleName=NAME, TagKeys=[MARK])
    if mark is not None:
        iam.tag_role(RoleName=NAME, Tags=[{"Key": MARK, "Value": mark}])
    built.fresh_sessions()
    before = built.plan()
    tag(built)
    after = built.plan()
    assert [step.address for step in after.steps] == [step.address for step in before.steps]
    assert "grant" not in {step.address.kind for step in after.steps}


def test_the_tag_on_a_role_that_the_mesh_only_uses_says_nothing(built: Estate) -> None:
    """Though it stands under the mesh's path and bears its mark."""
    mesh = variant(
        (CONSUMER, "role: data-scientist\n    create: true\n", "role: meshform/bank/data-scientist\n"),
        (CONSUMER, '    trust: [sagemaker.amazonaws.com, "arn:aws:iam::444444444444:root"]\n', ""),
    )
    before = {step.address for step in built.plan(mesh).steps}
    tag(built)
    assert {step.address for step in built.plan(mesh).steps} == before


def taken_down(estate: Estate, mesh: Mesh, seen: Observation) -> Plan:
    return teardown(mesh, compile_mesh(mesh, registry()), [], seen, registry())[0]


def test_a_role_that_bears_the_tag_goes_like_any_other(built: Estate) -> None:
    before = {(step.change.action, step.address) for step in taken_down(built, bank(), built.look()).steps}
    tag(built)
    after = {(step.change.action, step.address) for step in taken_down(built, bank(), built.look()).steps}
    assert after == before
    without = variant(without=["consumers/analytics-coe/"])
    assert {step.change.action for step in built.plan(without).steps if "data-scientist" in step.address.name} == {
        "delete"
    }
    built.repair(without)


def test_the_plan_and_drift_say_so(built: Estate) -> None:
    delete_role(built)
    apply_only(built, "iam-role")
    review = built.review()
    said = "\n".join(plan_text(review))
    assert said.startswith("The role data-scientist, which was made anew, is given its permissions again.")
    assert "~ iam-role data-scientist, made anew: the tag that its permissions are due goes" in said
    found = "\n".join(drift_text(Drift(review)))
    assert found.startswith(
        "The role data-scientist, which was made anew, may lack its permissions; apply gives them again."
    )
    assert "! The role data-scientist was made anew: it may not have the permissions that are listed" in found
    assert "+ listed, and to be given again: grant DESCRIBE" in found
    assert "missing" not in found


def test_of_a_role_that_is_gone_drift_tells_no_tag(built: Estate) -> None:
    delete_role(built)
    found = "\n".join(drift_text(Drift(built.review())))
    assert "+ missing: iam-role data-scientist" in found
    assert PERMISSIONS_DUE not in found


@pytest.fixture
def abroad(estate: Estate) -> Mesh:
    """A consumer who queries in two regions."""
    mesh = two.mesh(REGION, two.AWAY, of_consumer=f"{REGION}, {two.AWAY}")
    estate.repair(mesh)
    return mesh


def test_what_a_role_has_in_another_region_comes_before_the_tag_goes(estate: Estate, abroad: Mesh) -> None:
    delete_role(estate, "analyst")
    plan = estate.plan(abroad)
    waves = wave_of(plan)
    last = given_to(ROLE._replace(name="analyst"))
    again = [step.address for step in plan.steps if step.address.kind == "grant"]
    assert {each.placement.region for each in again} == {REGION, two.AWAY}
    assert all(waves[each] < waves[last] for each in again)
    estate.repair(abroad)


def test_a_last_step_is_unfinished_where_its_role_is_there() -> None:
    (role,) = [each for each in compile_mesh(bank(), registry()).of_kind("iam-role") if each.address == ROLE]
    last = Step(Create(role.__class__(given_to(ROLE), role.spec)), ())
    assert unfinished([last]) == (last,)
    assert unfinished([Step(Create(role), ()), last]) == ()
    assert unfinished([Step(Create(role), ())]) == ()
