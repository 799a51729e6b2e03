"""Fields that hold JSON are held to it when they are read from a file, so that whoever uses them need not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.access.state.iam_statement import statements_of
from reconciler.kinds import registry
from reconciler.kinds.common.policy_document import canonical, merged
from reconciler.model import codec
from reconciler.model.json_text import JsonObject, JsonObjects, PolicyText, StatementText

WORDS = st.sampled_from(
    ["Statement", "Effect", "Action", "Principal", "AWS", "Resource", "Condition", "*", "Allow", "x"]
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=8,
)


def is_taken(hint: Any, value: Any) -> bool:
    """Apart from its use, whose errors no test may take for a refusal."""
    try:
        codec.decode(hint, json.dumps(value))
    except ValueError:
        return False
    return True


@given(VALUES | st.builds(lambda each: {"Statement": each}, VALUES))
def test_a_policy_that_is_taken_can_be_judged(value: Any) -> None:
    if is_taken(PolicyText, value):
        assert len([*statements_of(value)]) >= 0
        assert canonical(value)


@given(VALUES | st.builds(lambda each: {"Effect": "Allow", "Principal": each, "Action": each}, VALUES))
def test_a_statement_that_is_taken_can_be_put_back(value: Any) -> None:
    if is_taken(StatementText, value):
        assert json.loads(merged((), [json.dumps(value)], ()))["Statement"] == [value]


@pytest.mark.parametrize("hint", [JsonObject, JsonObjects, PolicyText, StatementText])
@pytest.mark.parametrize("value", ["{", "1", "null", '"x"', "[1]", '["Statement"]', 1, None, ["{}"]])
def test_what_is_no_json_of_that_form_is_refused(hint: Any, value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        codec.decode(hint, value)


def test_a_role_of_a_snapshot_has_a_policy_or_none() -> None:
    role: dict[str, Any] = {"path": "/", "trust": '{"Statement": []}', "policy": ""}
    kind = registry()["iam-role"]
    assert kind.decode(role).policy == ""
    for wrong in ({"trust": "x"}, {"trust": '{"Statement": ["x"]}'}, {"policy": 1}, {"others": ["[]"]}, {"tags": "ab"}):
        with pytest.raises(ValueError, match=r".+"):
            kind.decode({**role, **wrong})
