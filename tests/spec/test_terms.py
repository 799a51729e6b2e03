"""No subscription that validates runs beyond a term of what it reads; what is proposed for one that does is allowed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.expiry import to_be_ended
from reconciler.spec.load import Loaded, load
from reconciler.spec.tags import effective_tags, readable_columns, subscribed_products
from reconciler.spec.yaml.source import Source
from tests.spec.small import FILES, STUDY, changed

TODAY = date(2026, 11, 22)
ORDER = ("public", "internal", "secret")
SENSITIVITY = "lf-tags/sensitivity.yaml"
WAYS = (
    "product: sales/orders\nclearance: {sensitivity: [internal]}",
    "product: sales/orders\nclearance: {sensitivity: [public, secret]}",
    "expression: {subject: [trade]}\nclearance: {sensitivity: [secret]}",
    "product: sales/orders\ntables: [{name: order}]",
    "product: sales/orders\ntables: [{name: order, columns: [id]}]",
)


def mesh_with(way: str, expires: date | None, terms: dict[str, str], today: date = TODAY, **how: bool) -> Loaded:
    """The small mesh with terms, and a subscription that asks in a way and ends on a day."""
    edits = [(SENSITIVITY, f"{{value: {value},", f"{{value: {value}, term: {term},") for value, term in terms.items()]
    asks = (STUDY, "product: sales/orders\nclearance: {sensitivity: [internal]}", way)
    until = [(STUDY, "", f"expires: {expires}\n")] if expires else []
    files = changed(*edits, asks, *until)
    return load([Source(path, text.encode(), "mesh") for path, text in files.items()], today, **how)


def rank_read(way: str) -> int:
    """The highest place in the order that a way reads or asks for, from the columns themselves."""
    mesh = mesh_with(way, None, {}).mesh
    assert mesh is not None
    (study,) = mesh.written.values()
    read = {
        effective_tags(mesh, product, table, column).get("sensitivity", "public")
        for product in subscribed_products(mesh, study)
        for table in product.tables
        for column in table.columns
        if column.name in readable_columns(mesh, study, product, table)
    }
    return max(map(ORDER.index, read | set(study.clearance.get("sensitivity", ()))))


DAYS = st.integers(1, 400)


@settings(max_examples=40)
@given(st.sampled_from(WAYS), st.none() | st.integers(0, 500), st.dictionaries(st.sampled_from(ORDER), DAYS))
def test_what_validates_is_within_every_term_at_or_below_what_it_reads(
    way: str, ends_in: int | None, terms: dict[str, int]
) -> None:
    expires = None if ends_in is None else TODAY + timedelta(days=ends_in)
    found = mesh_with(way, expires, {value: f"{{longest: {days}d}}" for value, days in terms.items()})
    rank = rank_read(way)
    allowed = [days for value, days in terms.items() if ORDER.index(value) <= rank]
    is_right = not allowed or (ends_in is not None and ends_in <= min(allowed))
    assert (found.mesh is not None) == is_right, found.findings
    if not is_right:
        (finding,) = [each for each in found.findings if each.severity == "error"]
        assert f"the last day allowed is {TODAY + timedelta(days=min(allowed))}" in finding.message
        right = mesh_with(
            way, TODAY + timedelta(days=min(allowed)), {v: f"{{longest: {d}d}}" for v, d in terms.items()}
        )
        assert right.mesh is not None, "what the message names is allowed"


@settings(max_examples=20)
@given(st.integers(0, 400), st.integers(0, 400))
def test_a_subscription_that_was_within_its_term_stays_so(ends_in: int, later: int) -> None:
    """Nobody's mesh becomes wrong overnight by a term that it kept."""
    terms = {"internal": "{longest: 180d}"}
    expires = TODAY + timedelta(days=ends_in)
    if mesh_with(WAYS[0], expires, terms).mesh is not None:
        assert mesh_with(WAYS[0], expires, terms, TODAY + timedelta(days=later)).mesh is not None


@pytest.mark.parametrize("day", ["2026-11-22", "2026-11-30", "2026-12-01", "2027-03-01"])
def test_before_its_first_day_a_term_is_told_and_then_proposed_and_never_takes_anything_away(day: str) -> None:
    today = date.fromisoformat(day)
    terms = {"internal": "{longest: 180d, from: 2026-12-01}"}
    found = mesh_with(WAYS[0], None, terms, today)
    counts = today >= date(2026, 12, 1)
    assert {each.rule for each in found.findings} == {"beyond-term-overdue" if counts else "beyond-term-soon"}
    assert found.mesh is not None, "nobody else waits for an owner who does not answer"
    standing = mesh_with(WAYS[0], None, terms, today, is_standing=True).mesh
    assert standing is not None, "a base and what mends it are no less a mesh"
    assert set(standing.subscriptions) == set(standing.written), "whoever reads goes on reading"
    ((_, last),) = to_be_ended(standing, today, 30)
    assert last == date(2026, 12, 1) + timedelta(days=180), "the same end every day: a review of it is not lost"
    assert mesh_with(WAYS[0], last, terms, today).mesh is not None


def test_a_term_that_is_far_away_is_not_proposed_for() -> None:
    terms = {"public": "{longest: 180d, from: 9999-12-31}", "internal": "{longest: 180d, from: 2026-12-01}"}
    mesh = mesh_with(WAYS[0], None, terms).mesh
    assert mesh is not None
    assert [last for _, last in to_be_ended(mesh, TODAY, 30)] == [date(2026, 12, 1) + timedelta(days=180)]


def test_of_an_unordered_key_a_term_is_of_its_own_value_only() -> None:
    unordered = changed((SENSITIVITY, "{value: internal,", "{value: internal, term: {longest: 1d},"))
    unordered[SENSITIVITY] = unordered[SENSITIVITY].replace("ordered: true\n", "")
    files = {**unordered, STUDY: unordered[STUDY].replace("[internal]", "[secret]")}
    assert "ordered: true" in FILES[SENSITIVITY]
    for wanted, given_ in ((None, unordered), (True, files)):
        found = load([Source(path, text.encode(), "mesh") for path, text in given_.items()], TODAY)
        assert (found.mesh is not None) == (wanted is True), found.findings
