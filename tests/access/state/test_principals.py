"""Tags of principals: a role that documents only use has those that AWS says, which nobody knows before it is asked."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from reconciler.access import evaluate, principal_directory
from reconciler.access.explanation.explain import explain
from reconciler.access.state.principals import principals
from reconciler.kinds import registry
from reconciler.kinds.iam.iam_role import Role
from reconciler.model.resource import Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.report.access_text import explanation_text
from tests.access.building import role
from tests.estate import ANALYTICS, access_of
from tests.kinds.iam.test_strange_tags import GET, HAS, KEYS, TABLE, VALUES, conditional

USED = ("consumers/analytics-coe/consumer.yaml", "role: credit-analyst\n    create: true\n", "role: credit-analyst\n")
ARN = f"arn:aws:iam::{ANALYTICS}:role/credit-analyst"


@pytest.mark.parametrize("seed", range(8))
def test_what_is_sure_without_aws_is_so_whatever_tags_a_used_role_has(seed: int) -> None:
    random = Random(seed)
    first, second = HAS(random.choice(KEYS)), GET(random.choice(KEYS), random.choice(("==", "!=")), "risk")
    condition = f"{random.choice(('', '!'))}({first} {random.choice(('&&', '||'))} {second})"
    mesh = conditional(condition, edits=(USED,))
    asked = access_of(mesh).on(ARN, TABLE)
    wanted = dict(compile_mesh(mesh, registry()))
    where = next(address for address, each in wanted.items() if each.handle == ARN)
    for _ in range(6):
        tags = {key: random.choice(VALUES) for key in random.sample(KEYS, random.randint(0, len(KEYS)))}
        spec = Role("/", "{}", "", tuple(sorted(tags.items())))
        seen = Snapshot({**wanted, where: replace(wanted[where], spec=spec)}.values())
        known = evaluate(seen, principal_directory(mesh)).on(ARN, TABLE)
        assert asked.columns.keys() <= known.columns.keys(), (condition, tags)
        assert known.columns.keys() <= asked.possible.keys(), (condition, tags)


def test_it_is_said_that_it_depends_on_tags_of_the_role() -> None:
    access = access_of(conditional(GET("team", "==", "risk"), edits=(USED,)))
    said = "\n".join(explanation_text(explain(access, ARN, TABLE, "age"), access.directory))
    assert "depends on tags of the role" in said, said


@pytest.mark.parametrize("action", ["sts:TagSession", "sts:Tag*", "sts:TagSessio?", "STS:TAGSESSION", "*"])
def test_a_role_that_may_get_tags_by_its_session_is_not_judged_by_its_own(action: str) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html"""

    found = principals(Snapshot([role(ARN, action, team="risk")]), (ARN,), access_of(conditional("true")).directory)
    assert ARN not in found.tags
