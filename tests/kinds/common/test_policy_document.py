"""Two policy documents have one text exactly if they say the same."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds.common.policy_document import canonical, policy, statements

ACTIONS = st.lists(st.sampled_from(["s3:GetObject", "s3:PutObject", "s3:ListBucket"]), min_size=1, max_size=3)
STATEMENT = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Action": ACTIONS, "Resource": st.sampled_from(["*", ["*"]])},
    optional={"Condition": st.just({"Bool": {"aws:SecureTransport": "false"}}), "Sid": st.just("One")},
)
DOCUMENT = st.fixed_dictionaries({"Version": st.just("2012-10-17"), "Statement": st.lists(STATEMENT, max_size=3)})


def shuffled(value: Any) -> Any:
    """The same document, written another way: keys and lists the other way round, lists of one as their element."""
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(list(value))}
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return value[0] if len(set(value)) == 1 else [*reversed(value), value[0]]
    if isinstance(value, list):
        return [shuffled(each) for each in value]
    return value


@given(DOCUMENT)
def test_the_way_of_writing_does_not_matter(document: dict[str, Any]) -> None:
    assert canonical(shuffled(document)) == canonical(document)


@given(DOCUMENT)
def test_the_canonical_text_is_its_own_canonical_form(document: dict[str, Any]) -> None:
    assert canonical(json.loads(canonical(document))) == canonical(document)


@given(DOCUMENT, DOCUMENT)
def test_different_actions_are_different_texts(one: dict[str, Any], other: dict[str, Any]) -> None:
    def said(document: dict[str, Any]) -> list[Any]:
        return [
            (each["Effect"], frozenset(each["Action"]), each.get("Sid"), "Condition" in each)
            for each in document["Statement"]
        ]

    assert (canonical(one) == canonical(other)) == (said(one) == said(other))


def test_one_statement_may_stand_without_its_list() -> None:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    assert canonical({"Statement": statement}) == canonical({"Statement": [statement]})
    assert statements({"Statement": statement}) == [statement]
    assert statements({}) == []


def test_true_and_its_text_are_one() -> None:
    assert policy([{"Condition": {"Bool": {"a": True}}}]) == policy([{"Condition": {"Bool": {"a": "true"}}}])
