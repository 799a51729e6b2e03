"""What a question takes the mesh takes: no answer is found wrong only when all are given."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import example as such_as
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.errors import MeshformError
from reconciler.making.answers import Value, value_of
from reconciler.making.document import path_of, product_text, text_of
from reconciler.making.found import FoundColumn, FoundProduct, FoundTable
from reconciler.making.questions import QUESTIONS, known
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.team import Team
from reconciler.spec.load import load
from reconciler.spec.yaml.source import Source
from tests.estate import TODAY, bank, edited

RIGHT: Mapping[type[Document], Mapping[str, str]] = {
    Account: {"name": "shops", "id": "555555555555", "parts": "producer"},
    Team: {"name": "sellers", "description": "They sell.", "members": "ada"},
    Domain: {"name": "shops", "description": "Shops.", "owner": "Jane Doe", "account": "banking-data"},
    Consumer: {"name": "dash", "description": "x y", "owner": "Jane Doe", "account": "analytics", "principals": "dash"},
    Product: {
        "domain": "asset-management",
        "name": "orders",
        "owner": "Jane Doe",
        "description": "Orders.",
        "database": "orders",
    },
}
FOUND = FoundProduct((FoundTable("orders", "parquet", (FoundColumn("id", "int"),)),))
ODD = (
    "null",
    "~",
    "1e3",
    "yes",
    "2026-01-01",
    "a: b",
    "# a",
    "'",
    '"',
    "- a",
    "{a",
    "*a",
    "&a",
    "%a",
    "@a",
    "`",
    "!a b",
)
POOL = st.one_of(
    st.sampled_from(ODD),
    st.text(max_size=20),
    st.from_regex(r"[a-z0-9/:@._,* -]{1,70}", fullmatch=True),
    st.integers(0, 10**13).map(str),
    st.integers(1, 400).map(lambda size: "a" * size),
)


@pytest.mark.parametrize(("kind", "field"), [(kind, each.field) for kind, every in QUESTIONS.items() for each in every])
@settings(max_examples=6, deadline=None)
@such_as("null")
@such_as("é ß")
@such_as("role/a,b/a,a")
@given(said=POOL)
def test_what_a_question_takes_the_mesh_takes(kind: type[Document], field: str, said: str) -> None:
    mesh, answers = bank(), dict[str, Value]()
    for question in QUESTIONS[kind]:
        text = said if question.field == field else RIGHT[kind].get(question.field)
        if text is None:
            continue
        value, wrong = None, ""
        try:
            value = value_of(mesh, kind, question, text)
        except MeshformError as error:
            wrong = str(error)
        if wrong:
            assert (question.field, len(wrong.split()) > 2) == (field, True), wrong
            return
        if value is not None:
            answers[question.field] = value
    path = path_of(kind, answers)
    made = product_text(answers, FOUND, "sensitivity", {}, {}) if kind is Product else text_of(kind, answers)
    loaded = load([Source(name, text.encode(), "mesh") for name, text in edited(more={path: made}).items()], TODAY)
    assert loaded.mesh is not None, [str(each) for each in loaded.findings if each.severity == "error"]


def test_there_is_a_right_answer_to_each_question() -> None:
    mesh = bank()
    for kind, questions in QUESTIONS.items():
        for question in questions:
            if question.among and question.among != "owner":
                assert RIGHT[kind][question.field] in known(mesh, question.among)
