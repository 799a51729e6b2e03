"""Each answer for a new mesh is checked at once: what passes makes a mesh, and what does not says why."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.errors import MeshformError
from reconciler.scaffold.answers import Answers
from reconciler.scaffold.questions import QUESTIONS, value_of
from reconciler.scaffold.repository import repository


@pytest.mark.parametrize(
    ("field", "said", "answer"),
    [
        ("name", "Northwind Energy", "northwind-energy"),
        ("domain", " Consumer Banking! ", "consumer-banking"),
        ("central", "1111-2222-3333", "111122223333"),
        ("organization", "acme", "acme"),
        ("region", "eu-central-1", "eu-central-1"),
    ],
)
def test_what_people_write_becomes_what_documents_say(field: str, said: str, answer: str) -> None:
    assert value_of(field, said, {}) == answer


@pytest.mark.parametrize(
    ("field", "said", "reason"),
    [
        ("name", "!!!", "lower-case"),
        ("name", "x" * 200, "lower-case"),
        ("central", "12", "12 digits"),
        ("reader", "111111111111", "is that of the central already"),
        ("organization", "acme; rm -rf /", "organization at GitHub"),
        ("region", "eu-wst-1", "did you mean eu-west-1"),
        ("region", "", "region"),
        ("governance", "sales-stewards", "one of others"),
    ],
)
def test_what_does_not_fit_says_why(field: str, said: str, reason: str) -> None:
    with pytest.raises(MeshformError) as refused:
        value_of(field, said, {"central": "111111111111", "domain": "sales", "consumer": "analytics"})
    assert reason in str(refused.value)


texts = st.one_of(
    st.text(max_size=20), st.sampled_from(["no", "1e3", "0x1F", "~", "null", "a'b", 'a"b', "a\nb", "\u202e"])
)


@settings(max_examples=25, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(("name", "organization", "domain", "product", "consumer"), texts)))
def test_answers_that_pass_make_a_mesh(said: dict[str, str]) -> None:
    answers: dict[str, str] = {}
    for field in QUESTIONS:
        default = str(getattr(Answers(name="shop", organization="acme"), field))
        try:
            answers[field] = value_of(field, said.get(field, default), answers)
        except MeshformError:
            answers[field] = default
    repository(Answers(**answers), date(2026, 11, 22))
