"""Conditions are judged as the sandbox judges them where all is known, and are neither where a key is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds.common.policy_conditions import holds, unknown_keys
from reconciler.sandbox.services.iam import conditions

KEYS = ("aws:PrincipalOrgID", "aws:SourceVpce", "s3:prefix", "kms:ViaService")
OPERATORS = [
    f"{name}{optional}"
    for name in ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "ArnLike", "ArnNotEquals", "Bool")
    for optional in ("", "IfExists")
]
VALUES = ("a", "ab", "a*", "*", "true", "o-1")
NAMED = st.dictionaries(st.sampled_from(KEYS), st.lists(st.sampled_from(VALUES), min_size=1, max_size=2), min_size=1)
BLOCKS = st.dictionaries(st.sampled_from([*OPERATORS, "Null"]), NAMED, max_size=3)
CONTEXTS = st.fixed_dictionaries({key: st.sampled_from([None, "a", "ab", "true", "o-1"]) for key in KEYS})


@given(BLOCKS, CONTEXTS)
def test_where_all_is_known_it_is_as_the_sandbox_decides(
    block: dict[str, dict[str, list[str]]], context: dict[str, str | None]
) -> None:
    said = holds(block, {key.lower(): value for key, value in context.items()})
    assert said is conditions.holds(block, {key: value for key, value in context.items() if value is not None})
    assert unknown_keys(block, {key.lower(): value for key, value in context.items()}) == []


@given(BLOCKS, CONTEXTS, st.sampled_from(KEYS))
def test_what_is_not_known_decides_nothing_that_the_rest_does_not(
    block: dict[str, dict[str, list[str]]], context: dict[str, str | None], hidden: str
) -> None:
    """Without a key the answer is that of every value it may have, or none."""
    known = {key.lower(): value for key, value in context.items()}
    less = {key: value for key, value in known.items() if key != hidden.lower()}
    said = holds(block, less)
    if said is not None:
        assert {holds(block, {**less, hidden.lower(): value}) for value in (None, *VALUES)} == {said}


def test_operators_and_variables_that_are_not_known_decide_nothing() -> None:
    assert holds({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, {"aws:sourceip": "10.1.1.1"}) is None
    assert holds({"StringEquals": {"s3:prefix": "${aws:username}"}}, {"s3:prefix": "a"}) is None
