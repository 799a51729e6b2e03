"""A role that is made anew has its permissions again, wherever the run that makes it ends."""

from __future__ import annotations

import pytest

from tests.campaigns.forked import forked
from tests.campaigns.strike import Strikes, striking
from tests.estate import ANALYTICS, Estate
from tests.story.test_no_gap import people, readable

NAME = "data-scientist"


def delete_role(estate: Estate, name: str = NAME) -> None:
    """Somebody deletes a role that the mesh has made."""
    iam = estate.client("iam", ANALYTICS)
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)
    estate.fresh_sessions()


@pytest.mark.parametrize("answer", ["return", "void"])
def test_a_run_that_is_killed_after_any_call_leaves_it_to_the_next_one(built: Estate, answer: str) -> None:
    built.aws.world.beliefs.choose({"roles-made-anew": answer})
    who = people(built)
    had = readable(built, who)
    delete_role(built)
    lacking: list[str] = []

    def next_run() -> bool:
        """In a copy, where the run is dead: whether everybody reads what he read."""
        with striking(Strikes()):
            built.fresh_sessions()
            built.repair()
            return readable(built, who) == had

    def kill() -> None:
        if not forked(next_run):
            lacking.append(f"killed after write {strikes.count}, {strikes.sent[-1].operation}")

    strikes = Strikes(range(1, 100), ("after",), kill)
    with striking(strikes):
        built.repair()
    assert strikes.count >= 3
    assert lacking == []
