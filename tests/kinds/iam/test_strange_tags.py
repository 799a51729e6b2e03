"""Tags of others on roles of the mesh: those that conditions of permissions ask for go, and all others stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from random import Random
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.access import Access, TableId
from reconciler.access.state.projection import project_changes
from reconciler.kinds.common.attribute_conditions import asked_keys, holds
from reconciler.kinds.iam.iam_role import IamRoleKind
from reconciler.kinds.iam.strange_tags import deciding_tags, tags_beside
from reconciler.model.address import Address
from reconciler.model.call import Call
from reconciler.model.resource import Observation, Snapshot
from reconciler.plan.review import Review
from reconciler.plan.understood import live_access
from reconciler.report.drift import Drift
from reconciler.report.drift_text import drift_text
from reconciler.report.text import plan_text
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, CENTRAL, Edit, Estate, placement, specs, variant

NAME = "credit-analyst"
ROLES = specs("iam-role")
ROLE = Address("iam-role", placement(ANALYTICS), NAME)
ARN = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/{NAME}"
TABLE = TableId(CENTRAL, "credit-card", "credit_card")
KEYS, VALUES = ("team", "Level", "cost", "place"), ("risk", "Risk", "")
HAS = 'context.iam.principalTags.hasTag("{}")'.format
GET = 'context.iam.principalTags.getTag("{}") {} "{}"'.format
PARTS = st.one_of(
    st.sampled_from(KEYS).map(HAS),
    st.builds(GET, st.sampled_from((*KEYS, "TEAM")), st.sampled_from(("==", "!=")), st.sampled_from(VALUES)),
)
CONDITIONS = st.recursive(
    PARTS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(("&&", "||")), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda part: f"!({part})"),
    ),
    max_leaves=4,
)
TAGS = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES))


@given(own=TAGS, others=TAGS, conditions=st.lists(CONDITIONS, max_size=4))
def test_what_stays_decides_nothing_and_what_no_condition_asks_for_stays(
    own: Mapping[str, str], others: Mapping[str, str], conditions: list[str]
) -> None:
    strange = {key: value for key, value in others.items() if key not in own}
    gone = deciding_tags(own, strange, conditions)
    left = {key: value for key, value in strange.items() if key not in gone}
    for each in conditions:
        assert holds(each, {**left, **own}) == holds(each, own)
    assert {key.lower() for key in gone} <= {key for each in conditions for key in asked_keys(each)}


@given(strange=TAGS, keys=st.sets(st.sampled_from(KEYS)), form=st.sampled_from(('has "{}" in tags', '"{}" like "r*"')))
def test_of_a_condition_in_other_words_every_tag_that_it_names_may_decide(
    strange: Mapping[str, str], keys: set[str], form: str
) -> None:
    conditions = [form.format(key) for key in keys]
    assert deciding_tags({}, strange, conditions) == keys & strange.keys()


@given(own=TAGS, others=TAGS, upper=st.booleans())
def test_there_is_one_tag_for_keys_that_differ_by_case(
    own: Mapping[str, str], others: Mapping[str, str], upper: bool
) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html"""
    others = {key.upper() if upper else key: value for key, value in others.items()}
    both = tags_beside(own, others)
    assert len({key.lower() for key in both}) == len(both)
    assert {key.lower(): value for key, value in both.items()}.items() >= {k.lower(): v for k, v in own.items()}.items()
    assert tags_beside(own, both) == both, "whatever the case, there is nothing left to do"
    assert {key.lower() for key in both} == {key.lower() for key in (*own, *others)}


def conditional(*conditions: str, edits: Iterable[Edit] = ()) -> Mesh:
    """The example, edited, with a permission to every IAM principal of an account under each condition."""
    entries = "".join(
        f"""  - account: central
    principal: "{ANALYTICS}:IAMPrincipals"
    resource: {{database: credit-card, table: credit_card}}
    permissions: [SELECT, DESCRIBE]
    condition: '{condition}'
"""
        for condition in dict.fromkeys(conditions)
    )
    head = "apiVersion: meshform/v1\nkind: Adopted\nname: abac\ndescription: By attributes.\nreviewBy: 2027-06-30\n"
    return variant(*edits, more={"adopted/abac.yaml": f"{head}grants:\n{entries}"})


def carried_out(estate: Estate, mesh: Mesh) -> Observation:
    """What is in AWS once a mesh is carried out, as its plan says."""
    seen = estate.look(mesh)
    steps = pipeline.review(mesh, observation=seen).steps
    return Observation(project_changes(seen.found, (step.change for step in steps)), seen.gaps)


def tagged(seen: Observation, tags: Mapping[str, str]) -> Observation:
    """The same after somebody has put tags on a role of the mesh."""
    resources = dict(seen.found)
    role = resources[ROLE]
    resources[ROLE] = replace(
        role, spec=replace(role.spec, tags=tuple(sorted({**dict(role.spec.tags), **tags}.items())))
    )
    return Observation(Snapshot(resources.values()), seen.gaps)


def has_nothing_to_do(mesh: Mesh, seen: Observation) -> bool:
    """Whether the plan over what was seen is empty."""
    plan = pipeline.review(mesh, observation=seen).plan
    return plan is not None and plan.is_empty


def has(access: Access) -> tuple[int, str]:
    """How many columns of the table the role reads, and how sure that is."""
    held = access.on(ARN, TABLE)
    return len(held.columns), held.verdict


def assert_told(reviewed: Review, more: int) -> None:
    """Drift and the plan name the role, with what it has more or less than meant."""
    drift = Drift(reviewed)
    reads, misses = drift.exposures.reads, drift.exposures.misses
    told = reads if more > 0 else misses if more < 0 else (*reads, *misses)
    assert any("credit-analyst" in each.sentence and each.of for each in told), drift_text(drift, 0)
    assert "Nobody gains or loses access." not in plan_text(reviewed, 0, 200)


@pytest.mark.parametrize("seed", range(12))
def test_who_gains_or_loses_by_a_tag_is_told_and_a_plan_sets_it_right(seed: int, built: Estate) -> None:
    random = Random(seed)
    test = (lambda: HAS(random.choice(KEYS)), lambda: GET(random.choice(KEYS), random.choice(("==", "!=")), "risk"))
    conditions = [
        f"{random.choice(('', '!'))}({random.choice(test)()} {random.choice(('&&', '||'))} {random.choice(test)()})"
        for _ in range(random.randint(1, 2))
    ]
    mesh = conditional(*conditions)
    right = carried_out(built, mesh)
    meant = has(live_access(mesh, right))
    assert has_nothing_to_do(mesh, right)
    for _ in range(4):
        tags = {key: random.choice(VALUES) for key in random.sample(KEYS, random.randint(1, 3))}
        seen = tagged(right, tags)
        reviewed = pipeline.review(mesh, observation=seen)
        assert reviewed.plan is not None
        assert reviewed.access is not None
        after = Observation(project_changes(seen.found, (step.change for step in reviewed.steps)), seen.gaps)
        is_now = has(live_access(mesh, seen))
        assert has(live_access(mesh, after)) == meant, (conditions, tags)
        assert has_nothing_to_do(mesh, after)
        if is_now != meant:
            assert_told(reviewed, is_now[0] - meant[0])
        asked = {key for each in conditions for key in asked_keys(each)}
        if not asked & {key.lower() for key in tags}:
            assert reviewed.plan.is_empty, "a tag that nobody asks for is no drift"


def test_a_tag_by_hand_opens_a_column_until_it_is_healed(built: Estate) -> None:
    mesh = conditional(GET("team", "==", "risk"))
    built.repair(mesh)
    iam = built.client("iam", ANALYTICS)
    iam.tag_role(RoleName=NAME, Tags=[{"Key": "cost", "Value": "4711"}])
    built.fresh_sessions()
    assert built.plan(mesh).is_empty
    iam.tag_role(RoleName=NAME, Tags=[{"Key": "team", "Value": "risk"}])
    built.fresh_sessions()
    said = "\n".join(drift_text(Drift(built.review(mesh)), 1))
    assert "credit-analyst may read 7 more columns" in said, said
    built.repair(mesh)
    tags = {tag["Key"] for tag in iam.list_role_tags(RoleName=NAME)["Tags"]}
    assert "cost" in tags
    assert "team" not in tags


def tagged_as_iam_does(tags: Mapping[str, str], calls: Iterable[Call], *, new_case: bool) -> dict[str, str]:
    """Tags after these calls where keys that differ by case are one, spelt as it was or as it is asked for."""
    left = {key.lower(): (key, value) for key, value in tags.items()}
    for call in calls:
        for row in cast("list[dict[str, str]]", call.params.get("Tags", ())):
            key = row["Key"].lower()
            left[key] = (row["Key"] if new_case or key not in left else left[key][0], row["Value"])
        for gone in cast("list[str]", call.params.get("TagKeys", ())):
            left.pop(gone.lower())
    return dict(left.values())


@given(own=TAGS, others=TAGS, change=st.sampled_from((str.upper, str.title, str)), new_case=st.booleans())
def test_a_tag_of_the_mesh_in_another_case_is_set_right_at_once(
    own: Mapping[str, str], others: Mapping[str, str], change: Callable[[str], str], new_case: bool
) -> None:
    kind, role = IamRoleKind(), ROLES[NAME]
    want = replace(role, spec=replace(role.spec, tags=tuple(sorted(own.items()))))
    there = {change(key): value for key, value in others.items()}
    have = replace(want, spec=replace(want.spec, tags=tuple(sorted(there.items()))))
    calls = kind.update(have, kind.merge_unmanaged(want, have))
    after = tagged_as_iam_does(there, calls, new_case=new_case)
    assert {key.lower(): after[key] for key in after}.items() >= {key.lower(): own[key] for key in own}.items()
    now = replace(want, spec=replace(want.spec, tags=tuple(sorted(after.items()))))
    assert kind.merge_unmanaged(want, now).spec == now.spec
