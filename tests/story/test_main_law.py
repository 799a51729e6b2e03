"""The main law: review, carry out, and the next review is empty; for the example mesh and for meshes like it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.estate import Edit, Estate, actions, addresses, bank, variant

FUNDS = "domains/asset-management/products/fund-prices.yaml"
PRODUCT = "domains/consumer-banking/products/credit-profile.yaml"
MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
CONSUMER = "consumers/analytics-coe/consumer.yaml"
BY_TAGS = "clearance: {sensitivity: [internal, confidential]}"


def named(tables: str) -> Edit:
    """The subscription of the data scientist, by named tables instead of tags."""
    return (MODEL, BY_TAGS, f"tables:\n  - {tables}")


VARIATIONS: dict[str, list[Edit]] = {
    "the example": [],
    "shared with principals": [(MODEL, "purpose:", "share: principals\npurpose:")],
    "columns by name": [named("{name: credit_card, columns: [amount, purpose, status]}")],
    "rows": [named("{name: credit_card, columns: [amount, purpose], rows: 'amount > 1000'}")],
    "a whole table": [named("{name: credit_card}")],
    "hybrid access": [("domains/consumer-banking/domain.yaml", "account:", "hybrid: true\naccount:")],
    "no workgroup": [(CONSUMER, "workgroup:\n  resultsRetentionDays: 30\n  bytesCutoff: 10737418240\n", "")],
    "another steward": [("domains/asset-management/domain.yaml", "[asset-management-steward]", "[fund-librarian]")],
    "a retired value": [
        (
            "lf-tags/subject.yaml",
            "  - {value: deals,",
            "  - {value: loans, description: Old., retired: true}\n  - {value: deals,",
        )
    ],
    "readers in another region": [
        ("accounts/analytics.yaml", "parts: [consumer]", "parts: [consumer]\nregions: [us-east-1]")
    ],
    "files in another place": [
        ("domains/asset-management/domain.yaml", "account:", "places: [{name: far, bucket: bank-far}]\naccount:"),
        (FUNDS, "- name: fund_price\n", "- name: fund_price\n    place: far\n"),
    ],
    "version 5": [("mesh.yaml", "crossAccountVersion: 4", "crossAccountVersion: 5")],
}


@pytest.mark.parametrize("name", ["the example", "rows", "hybrid access", "version 5"])
def test_what_is_carried_out_needs_no_second_run(estate: Estate, name: str) -> None:
    mesh = variant(*VARIATIONS[name])
    assert not estate.plan(mesh).is_empty
    estate.repair(mesh)
    again = estate.plan(mesh)
    assert again.is_empty, actions(again)
    assert again.is_complete
    assert not again.foreign, [str(other.resource.address) for other in again.foreign]


@pytest.mark.parametrize("edits", [*VARIATIONS.values()][1:-1], ids=[*VARIATIONS][1:-1])
def test_a_change_and_its_way_back_both_end_with_nothing_to_do(built: Estate, edits: list[Edit]) -> None:
    built.repair(variant(*edits))
    built.repair(bank())


SUBSCRIPTION = st.sampled_from(
    [
        BY_TAGS,
        "clearance: {sensitivity: [internal]}",
        "clearance: {sensitivity: [confidential, internal, restricted]}",
        "tables:\n  - {name: credit_card}",
        "tables:\n  - {name: credit_card, columns: [amount]}",
        "tables:\n  - {name: credit_card, columns: [amount, age]}",
        "tables:\n  - {name: credit_card, columns: [amount, age], rows: 'amount > 10'}",
        "tables:\n  - {name: credit_card, columns: [amount], rows: 'amount < 10'}",
        "tables:\n  - {name: credit_card, rows: 'purpose = 1'}",
    ]
)
WHO = st.sampled_from(["[data-scientist]", "[credit-analyst]", "[data-scientist, credit-analyst]"])
AGE = st.sampled_from(["internal", "confidential", "restricted"])
COLUMN = st.sampled_from(["Age in years", "Years since birth"])


@st.composite
def edits_of_access(draw: st.DrawFn) -> tuple[Edit, ...]:
    """Edits between which people really go: who reads what of a table, and how the table is described."""
    age, words = draw(AGE), draw(COLUMN)
    share = draw(st.sampled_from(["", "share: principals\n"]))
    return (
        (MODEL, BY_TAGS, draw(SUBSCRIPTION)),
        (MODEL, "principals: [data-scientist]", f"{share}principals: {draw(WHO)}"),
        (REPORT, "principals: [credit-analyst]", f"principals: {draw(WHO)}"),
        (
            PRODUCT,
            '"Age in years"\n        tags: {sensitivity: restricted}',
            f'"{words}"\n        tags: {{sensitivity: {age}}}',
        ),
    )


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(edits=edits_of_access())
def test_from_any_mesh_to_any_other_one_run_is_enough(built: Estate, edits: tuple[Edit, ...]) -> None:
    built.repair(variant(*edits))


def test_a_second_run_writes_nothing(built: Estate) -> None:
    run = built.apply_reviewed()
    assert run.outcomes == ()
    assert built.writes() == []


def test_every_wave_waits_for_what_it_needs(estate: Estate) -> None:
    plan = estate.plan()
    order = {address: number for number, address in enumerate(addresses(plan))}
    assert all(order[first] < order[step.address] for step in plan.steps for first in step.waits_for)
    assert sum(len(step.waits_for) for step in plan.steps) > 100
