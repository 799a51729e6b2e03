"""Marks of used databases are text within AWS's lengths, and say back what they were made of, whatever the names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds.lakeformation.taggable import Place
from reconciler.kinds.lakeformation.used_databases import FILTER, UsedDatabase, marks_for, parsed
from reconciler.spec.limits import DESCRIPTION

NAMES = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120)
PUTS = st.frozensets(
    st.one_of(
        st.tuples(st.just(Place("marts")), NAMES),
        st.tuples(st.builds(Place, st.just("marts"), NAMES, st.just("")), NAMES),
        st.tuples(st.builds(Place, st.just("marts"), NAMES, NAMES), NAMES | st.just(FILTER)),
    ),
    max_size=40,
)


@given(PUTS)
def test_what_is_listed_is_read_again(puts: frozenset[tuple[Place, str]]) -> None:
    marks = marks_for("bank", "marts", puts, ())
    assert marks
    assert all(len(mark.text) <= DESCRIPTION for mark in marks)
    again = [parsed(mark.text, ()) for mark in marks]
    assert again == marks
    assert frozenset(put for mark in marks for put in mark.puts) == puts


def test_other_texts_are_no_marks() -> None:
    assert parsed("", ()) is None
    assert parsed("meshform:mesh=bank", ()) is None
    assert parsed("meshform:uses=bank", ()) is None
    assert parsed("meshform:uses=bank\nmarts", ()) == UsedDatabase("bank", "marts")


def test_one_text_that_a_hand_has_broken_is_still_of_its_database() -> None:
    assert parsed("meshform:uses=bank\nmarts\nteam", ()) == UsedDatabase("bank", "marts")
