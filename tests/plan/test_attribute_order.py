"""Tags of a role and permissions under conditions change together: nobody reads only meanwhile, or is cut off."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest

from reconciler import pipeline
from reconciler.access.state.projection import project_changes
from reconciler.kinds.common.attribute_conditions import holds
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.plan import Step
from reconciler.model.resource import AnyResource, Observation
from reconciler.plan.understood import live_access
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, Estate, addresses, wave_of
from tests.kinds.iam.test_strange_tags import (
    ARN,
    GET,
    HAS,
    KEYS,
    ROLE,
    TABLE,
    VALUES,
    carried_out,
    conditional,
    tagged,
)

TAGS = ("mesh.yaml", "tags: {")


def some_condition(random: Random) -> str:
    """In words that are understood, or not."""

    def test() -> str:
        key = random.choice(KEYS)
        return random.choice((HAS(key), GET(key, random.choice(("==", "!=")), "risk"), f'"{key}" like "r*"'))

    return f"{random.choice(('', '!'))}({test()} {random.choice(('&&', '||'))} {test()})"


def some_mesh(random: Random) -> Mesh:
    """Permissions under conditions, and tags for all that the mesh makes."""
    own = "".join(f"{key}: {random.choice(('risk', 'other'))}, " for key in random.sample(KEYS, random.randint(0, 2)))
    return conditional(*(some_condition(random) for _ in range(2)), edits=[(*TAGS, TAGS[1] + own)])


def reads(mesh: Mesh, seen: Observation, steps: Sequence[Step]) -> frozenset[str]:
    """The columns that the role may read after these steps."""
    found = project_changes(seen.found, (step.change for step in steps))
    return frozenset(live_access(mesh, Observation(found, seen.gaps)).on(ARN, TABLE).columns)


def is_crosswise(steps: Sequence[Step]) -> bool:
    """Whether the tags that come open what goes, and those that go open what comes, though that is given first."""
    changes = {step.address: step.change for step in steps}
    tags = changes[ROLE]
    assert isinstance(tags, Update)

    def may(change: Change, role: AnyResource) -> bool:
        return holds(change.resource.spec.condition, dict(role.spec.tags)) is not False

    conditional = [each for each in changes.values() if each.address.kind == "grant" and each.resource.spec.condition]
    opening = (each for each in conditional if not may(each, tags.have) and may(each, tags.want))
    closing = (each for each in conditional if may(each, tags.have) and not may(each, tags.want))
    return any(isinstance(each, Delete) for each in opening) and any(isinstance(each, Create) for each in closing)


@pytest.mark.parametrize("seed", range(16))
def test_at_no_step_anybody_reads_what_he_reads_neither_before_nor_after(seed: int, built: Estate) -> None:
    random = Random(seed)
    right = carried_out(built, some_mesh(random))
    for _ in range(3):
        mesh = some_mesh(random)
        seen = tagged(right, {key: random.choice(VALUES) for key in random.sample(KEYS, random.randint(0, 3))})
        reviewed = pipeline.review(mesh, observation=seen)
        assert reviewed.plan is not None
        before, after = (reads(mesh, seen, steps) for steps in ((), reviewed.steps))
        done: list[Step] = []
        wrong = []
        for wave in reviewed.plan.waves:
            for step in random.sample(list(wave), len(wave)):
                done.append(step)
                if step.address.kind in ("iam-role", "grant"):
                    now = reads(mesh, seen, done)
                    wrong += [step.address] if not before & after <= now <= before | after else []
        if wrong:
            assert is_crosswise(reviewed.steps), wrong
            assert any(each.rule == "access-gap" for each in reviewed.findings), wrong


def test_a_tag_by_hand_goes_before_a_permission_is_given_that_it_would_open(built: Estate) -> None:
    mesh = conditional(GET("team", "==", "risk"))
    built.client("iam", ANALYTICS).tag_role(RoleName=ROLE.name, Tags=[{"Key": "team", "Value": "risk"}])
    built.fresh_sessions()
    plan = built.plan(mesh)
    waves = wave_of(plan)
    given = [each for each in addresses(plan) if each.kind == "grant" and " if " in each.name]
    assert given
    assert all(waves[ROLE] < waves[each] for each in given)
