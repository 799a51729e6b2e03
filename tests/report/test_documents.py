"""What a change of documents says in words: nothing that differs is cut away."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.report.comment import comment
from reconciler.report.documents import by_domain
from reconciler.report.plain import differing
from reconciler.report.text import plan_text
from tests.estate import variant

COE = "consumers/analytics-coe/consumer.yaml"
some_arns = st.lists(
    st.integers(0, 30).map(lambda n: f"arn:aws:iam::444444444444:role/some-team/with-a-long-name-{n:02}"),
    max_size=30,
    unique=True,
)


@settings(max_examples=30)
@given(some_arns, some_arns)
def test_of_a_list_everything_that_comes_and_goes_is_told(before: list[str], after: list[str]) -> None:
    old, new = (
        variant((COE, "    kind: analyst\n", f"    kind: analyst\n    trust: {json.dumps(those)}\n"))
        for those in (before, after)
    )
    told = "\n".join(line.text for _, lines in by_domain(old, new) for line in lines)
    assert {each for each in {*before} ^ {*after} if each not in told} == set()
    assert bool(told) == (before != after)
    if before != after:
        review = pipeline.review(new, base=old, base_name="main")
        for voice in ("\n".join(plan_text(review, 0, 10_000)), comment(review)):
            assert {each for each in {*before} ^ {*after} if each not in voice} == set()


@given(st.text("ab", max_size=400), st.text("ab", max_size=400), st.text("cd", max_size=60), st.text("cd", max_size=60))
def test_texts_that_differ_look_different_however_long_they_are(head: str, tail: str, one: str, other: str) -> None:
    texts = f"{head}{one}{tail}", f"{head}{other}{tail}"
    shown = differing(*texts, 120)
    assert (shown[0] == shown[1]) == (one == other)
    assert all(len(each) <= 120 + 2 * 20 + 2 for each in shown)
    assert one in shown[0]
    assert other in shown[1]
