"""A lost network is told once for each host, and nothing of what it left undone is lost."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.outcome import WAITS
from reconciler.report.folding import MOST
from reconciler.report.not_done import NotDone, not_done_lines

HOSTS = ("glue", "lakeformation", "s3")


def lost(service: str, number: int) -> NotDone:
    """As botocore words it, with the path of the request."""
    url = f'"https://{service}.eu-west-1.amazonaws.com/Operation{number}"'
    return NotDone("failed", f"+ table t{number}", f"Could not connect to the endpoint URL: {url}")


def test_three_hundred_steps_of_a_lost_network_are_a_line_a_host_and_one_for_what_waited() -> None:
    ends = [lost(HOSTS[number % 3], number) for number in range(150)]
    ends[20:20] = [
        NotDone("skipped", f"+ grant g{number}", f"{WAITS}table t{number}, which was not done") for number in range(150)
    ]
    ends.append(NotDone("failed", "~ bucket b", "AccessDenied"))
    assert list(not_done_lines(ends)) == [
        *(
            "failed: 50 steps: Could not connect to the endpoint URL: "
            f'"https://{host}.eu-west-1.amazonaws.com/...": '
            f"+ table t{at}, + table t{at + 3}, + table t{at + 6} and 47 more"
            for at, host in enumerate(HOSTS)
        ),
        "failed: ~ bucket b: AccessDenied",
        "skipped: 150 steps: waits for what was not done: + grant g0, + grant g1, + grant g2 and 147 more",
    ]


ENDS = st.lists(
    st.one_of(
        st.builds(lost, st.sampled_from(HOSTS), st.integers(0, 99)),
        st.builds(
            NotDone,
            st.sampled_from(["failed", "skipped"]),
            st.just("+ grant g"),
            st.sampled_from(["denied", f"{WAITS}table a"]),
        ),
    ),
    max_size=80,
)


@given(ENDS)
def test_every_step_is_counted_and_few_of_a_cause_are_told_as_they_are(ends: list[NotDone]) -> None:
    lines = list(not_done_lines(ends))
    many = [int(found[1]) for line in lines if (found := re.match(r"\w+: (\d+) steps: ", line))]
    assert sum(many) + len(lines) - len(many) == len(ends)
    assert all(count > MOST for count in many)
    told = {f"{end.result}: {end.step}: {end.message}" for end in ends}
    assert {line for line in lines if not re.match(r"\w+: \d+ steps: ", line)} <= told
    waits = [WAITS in line for line in lines]
    assert waits == sorted(waits), "a cause stands before what waited for it"
