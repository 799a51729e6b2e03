"""Nothing that a document says becomes a wildcard, a variable or a break in what reaches AWS as policy or place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.kinds.common.policy_document import literal
from reconciler.model.call import Call
from tests.spec import mutants

METAS = ("*", "?", "${aws:username}", " ", "\n", "\t", "\x7f")
# A mark that stands nowhere in the mesh, so that what a document said is known again wherever it went.
MARK = "qz"


def policies(value: object) -> Iterator[Any]:
    """Every policy in a request: IAM, bucket, topic, bus, catalog, trust."""
    for text in mutants.strings(value):
        if text.startswith("{") and '"Statement"' in text:
            yield json.loads(text)


def words(calls: Iterable[Call]) -> frozenset[str]:
    """Every text of every policy, and every ARN and location of every request; in these a blank is only itself."""
    found: set[str] = set()
    for call in calls:
        for text in mutants.strings(call.params):
            if re.match(r"(arn:|s3://)", text):
                found.add(text.replace(" ", "_"))
        for policy in policies(call.params):
            found.update(mutants.strings(policy))
    return frozenset(found)


@cache
def as_written() -> frozenset[str]:
    """The texts with wildcards of the mesh as it is: Meshform wrote each of them."""
    mesh = mutants.whole().mesh
    assert mesh is not None
    found = frozenset(text for text in words(mutants.calls(mesh)) if re.search(r"[*?$\s]", text))
    assert any(text.endswith("*") for text in found)
    return found


def holds(where: mutants.Where, text: str) -> None:
    mesh = mutants.changed(where, text).mesh
    if mesh is None:
        return
    for word in words(mutants.new_calls(mesh)):
        assert not re.search(rf"{MARK}[*?$\s\x7f]|[*?$}}\s\x7f]{MARK}", word), (where, text, word)
        if MARK not in text:
            # The text was nothing but a sign: no other wildcard than before is there.
            assert not re.search(r"[*?$\s\x7f]", word) or word in as_written(), (where, text, word)


@pytest.mark.parametrize("kind", sorted({path.split("/")[0] for path, _ in mutants.texts()}))
def test_no_field_carries_a_wildcard_into_a_policy(kind: str) -> None:
    """Every field of every document, with the signs put behind what stands there."""
    for where in mutants.texts():
        if where[0].split("/")[0] == kind:
            holds(where, f"{mutants.text_at(where)}{MARK}*{MARK}")


@settings(max_examples=120, deadline=None)
@given(where=st.sampled_from(mutants.texts()), meta=st.sampled_from(METAS), alone=st.booleans())
def test_no_sign_in_any_field_is_read_as_more_than_itself(where: mutants.Where, meta: str, alone: bool) -> None:
    holds(where, meta if alone else f"{mutants.text_at(where)}{MARK}{meta}{MARK}")


@pytest.mark.parametrize("meta", METAS)
def test_policies_refuse_again_what_the_language_should_have_refused(meta: str) -> None:
    with pytest.raises(ValueError, match="wildcard"):
        literal(f"a{meta}b")
    assert literal("a/b.c-d_e=1@f,g+(h)'i!") == "a/b.c-d_e=1@f,g+(h)'i!"
