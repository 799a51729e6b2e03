"""A promise is broken only where that was seen; what was not seen blames nobody."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.measures.measure import Measure, QualityResult
from reconciler.measures.promises import ago, by_table, promises
from tests.estate import bank, variant

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
SECOND = (
    CREDIT,
    "quality:\n  correctness",
    "  - name: codes\n    columns:\n      - {name: code, type: int, tags: {sensitivity: internal}}\n"
    "quality:\n  correctness",
)
DAY = 86_400
results = st.none() | st.builds(
    QualityResult,
    st.just(0),
    st.floats(0, 1),
    st.integers(0, 4),
    st.lists(st.just("RowCount = 1"), max_size=2).map(tuple),
    st.lists(st.just("IsComplete x"), max_size=1).map(tuple),
)
seen = st.builds(
    dict,
    age=st.none() | st.integers(0, 30 * DAY),
    whole=st.booleans(),
    quality=results,
    unseen=st.lists(st.just("s3.ListObjectsV2: AccessDenied"), max_size=1).map(tuple),
)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(["credit_card", "codes"]), seen))
def test_broken_is_what_was_seen_to_be_broken(found: dict[str, dict[str, object]]) -> None:
    mesh = variant(SECOND)
    now = int(NOW.timestamp())
    measures = [
        Measure(
            "credit-card",
            table,
            None if each["age"] is None else now - int(str(each["age"])),
            "object",
            bool(each["whole"]) and not each["unseen"],
            each["quality"],  # type: ignore[arg-type]
            each["unseen"],  # type: ignore[arg-type]
        )
        for table, each in found.items()
    ]
    told = {each.sort: each for each in promises(mesh, by_table(measures), NOW) if each.product == "credit-profile"}
    ages = [now - each.newest for each in measures if each.newest is not None]
    fresh = bool(ages) and min(ages) <= 7 * DAY
    all_seen = len(measures) == 2 and all(each.whole for each in measures)
    assert told["freshness"].state == ("kept" if fresh else "broken" if all_seen else "not seen")
    rules = next((each.quality for each in measures if each.table == "credit_card"), None)
    failed, sure = bool(rules and rules.failed), bool(rules and rules.rules and not rules.errors)
    assert told["quality"].state == ("broken" if failed else "kept" if sure else "not seen")
    for each in told.values():
        assert (each.finding is not None) == (each.state == "broken")
        assert each.seen


def test_who_promises_nothing_breaks_nothing() -> None:
    mesh = variant(
        (CREDIT, "freshness: {maxAge: 7d, description: Delivered by the core banking system once a week}\n", "")
    )
    freshness = [each for each in promises(mesh, {}, NOW) if each.sort == "freshness"]
    assert [each.product for each in freshness] == ["deal-pipeline", "fund-prices"]
    assert {each.state for each in freshness} == {"not seen"}


def test_the_finding_says_what_where_and_what_was_seen() -> None:
    old = Measure("credit-card", "credit_card", int(NOW.timestamp()) - 9 * DAY, "object", whole=True)
    (found,) = [each.finding for each in promises(bank(), by_table([old]), NOW) if each.state == "broken"]
    assert str(found).startswith("mesh/domains/consumer-banking/products/credit-profile.yaml:99:")
    assert found is not None
    assert found.message == "credit-profile: no older than 7d is promised, and the newest data came 9 days ago."


def test_ages_in_words() -> None:
    now = int(NOW.timestamp())
    words = [ago(now - each, NOW) for each in (-5, 59, 60, 7_200, DAY, 40 * DAY)]
    soon = "less than a minute ago"
    assert words == [soon, soon, "1 minute ago", "2 hours ago", "1 day ago", "40 days ago"]
