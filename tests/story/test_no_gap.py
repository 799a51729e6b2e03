"""An apply never passes through a state that nobody asked for.

Who reads a column before and after reads it all the while; who reads it neither before nor after never does. The
sandbox is asked after every single call.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.estate import ANALYTICS, BANKING, CENTRAL, Edit, Estate, edited, mesh_of

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
SENSITIVITY = "lf-tags/sensitivity.yaml"

INTERNAL = "clearance: {sensitivity: [internal]}"
WIDER = "clearance: {sensitivity: [internal, confidential]}"
ALL_OF_IT = "clearance: {sensitivity: [internal, confidential, restricted]}"
BY_NAME = "tables:\n  - {name: credit_card}"
SOME_COLUMNS = "tables:\n  - {name: credit_card, columns: [duration, purpose]}"
AMOUNT = 'description: "Amount of the credit in DM"\n        tags: {sensitivity: confidential}'
AGE = 'description: "Age in years"\n        tags: {sensitivity: restricted}'
DURATION = 'description: "Duration of the credit in months"'
DIRECTLY = f"{INTERNAL}\nshare: principals"

WITHIN = "s3tablescatalog/lake/funds"
"""The database of a product of S3 Tables."""
Readable = dict[tuple[str, str], frozenset[str]]

TRANSITIONS: dict[str, tuple[tuple[Edit, ...], tuple[Edit, ...]]] = {
    "a clearance is widened": ((), ((REPORT, INTERNAL, WIDER),)),
    "a clearance is narrowed": (((REPORT, INTERNAL, WIDER),), ()),
    "a clearance becomes another": (
        ((REPORT, INTERNAL, "clearance: {sensitivity: [confidential]}"),),
        ((REPORT, INTERNAL, "clearance: {sensitivity: [restricted]}"),),
    ),
    "a column is classified higher": (
        (),
        ((CREDIT, DURATION, f"{DURATION}\n        tags: {{sensitivity: restricted}}"),),
    ),
    "a column is classified lower": ((), ((CREDIT, AMOUNT, AMOUNT.replace("confidential", "internal")),)),
    "a clearance is widened while a column is closed": (
        (),
        ((REPORT, INTERNAL, WIDER), (CREDIT, AMOUNT, AMOUNT.replace("confidential", "restricted"))),
    ),
    "a clearance is narrowed while a column is opened": (
        ((REPORT, INTERNAL, WIDER),),
        ((CREDIT, AGE, AGE.replace("restricted", "confidential")),),
    ),
    "a clearance follows a column that is classified higher": (
        ((REPORT, INTERNAL, WIDER),),
        ((REPORT, INTERNAL, ALL_OF_IT), (CREDIT, AMOUNT, AMOUNT.replace("confidential", "restricted"))),
    ),
    "a clearance follows a column that is classified lower": (
        ((REPORT, INTERNAL, WIDER),),
        ((CREDIT, AMOUNT, AMOUNT.replace("confidential", "internal")),),
    ),
    "two columns change places": (
        (),
        (
            (CREDIT, AMOUNT, AMOUNT.replace("confidential", "restricted")),
            (CREDIT, AGE, AGE.replace("restricted", "confidential")),
        ),
    ),
    "from tags to a named table": (((REPORT, INTERNAL, ALL_OF_IT),), ((REPORT, INTERNAL, BY_NAME),)),
    "from a named table to tags": (((REPORT, INTERNAL, BY_NAME),), ()),
    "from tags to named columns": ((), ((REPORT, INTERNAL, SOME_COLUMNS),)),
    "more named columns": (
        ((REPORT, INTERNAL, SOME_COLUMNS),),
        ((REPORT, INTERNAL, SOME_COLUMNS.replace("purpose", "purpose, savings")),),
    ),
    "other named columns": (
        ((REPORT, INTERNAL, SOME_COLUMNS),),
        ((REPORT, INTERNAL, SOME_COLUMNS.replace("purpose", "savings")),),
    ),
    "a principal joins a subscription": ((), ((REPORT, "[credit-analyst]", "[credit-analyst, data-scientist]"),)),
    "a principal takes over a subscription": ((), ((REPORT, "[credit-analyst]", "[data-scientist]"),)),
    "a subscription takes the place of another": (
        (),
        ((REPORT, "name: portfolio-report", "name: portfolio-study"), (REPORT, INTERNAL, WIDER)),
    ),
    "a row filter comes": (
        ((REPORT, INTERNAL, BY_NAME),),
        ((REPORT, INTERNAL, "tables:\n  - {name: credit_card, rows: age > 30}"),),
    ),
    "a column is dropped": (
        (),
        (
            (CREDIT, '      - name: housing\n        type: int\n        description: "1 free, 2 rent, 3 own"\n', ""),
            (CREDIT, "          wohn: housing\n", ""),
        ),
    ),
    "a new column comes while a clearance is narrowed": (
        ((REPORT, INTERNAL, WIDER),),
        (
            (
                CREDIT,
                "      - name: savings\n",
                "      - {name: extra, type: int, tags: {sensitivity: confidential}}\n      - name: savings\n",
            ),
        ),
    ),
    "the table's default changes with the clearance": (
        (),
        (
            (CREDIT, "    tags: {sensitivity: internal}\n", "    tags: {sensitivity: public}\n"),
            (REPORT, INTERNAL, "clearance: {sensitivity: [public]}"),
            (
                MODEL,
                "clearance: {sensitivity: [internal, confidential]}",
                "clearance: {sensitivity: [public, confidential]}",
            ),
        ),
    ),
}

# Lake Formation refuses a grant on columns beside one on the table for one principal, so the gate access-gap tells it.
IMPOSSIBLE: dict[str, tuple[tuple[Edit, ...], tuple[Edit, ...]]] = {
    "from the whole table to some columns": (((REPORT, INTERNAL, BY_NAME),), ((REPORT, INTERNAL, SOME_COLUMNS),)),
}


def people(estate: Estate) -> list[str]:
    """Every role of every account, and one that has nothing."""
    found = []
    for account in (CENTRAL, BANKING, ANALYTICS):
        found += [role["Arn"] for role in estate.client("iam", account).list_roles()["Roles"]]
    return found


def readable(estate: Estate, who: list[str]) -> Readable:
    world: Any = estate.aws.world
    found: Readable = {}
    for database in ("credit-card", "fund-prices", "deal-pipeline", WITHIN):
        for table in world.glue.tables(CENTRAL, database):
            for principal in who:
                access = world.lakeformation.read_access(principal, CENTRAL, database, table["Name"])
                found[principal, f"{database}.{table['Name']}"] = frozenset(access.columns)
    return found


@contextmanager
def watched(estate: Estate, who: list[str]) -> Iterator[list[tuple[str, Readable]]]:
    """What everybody reads after every call that writes, with the call's name."""
    log = estate.aws.world.calls
    states: list[tuple[str, Readable]] = []
    append = log.append

    def look(call: Any) -> None:
        append(call)
        if not call.operation.startswith(("Get", "List", "Describe", "Search", "AssumeRole", "Head")):
            states.append((f"{call.service}.{call.operation} in {call.account}", readable(estate, who)))

    log.append = look
    try:
        yield states
    finally:
        log.append = append


def transition(estate: Estate, before: tuple[Edit, ...], after: tuple[Edit, ...]) -> list[str]:
    """What was wrong in between, in words."""
    estate.repair(mesh_of(edited(*before)))
    who = people(estate)
    first = readable(estate, who)
    with watched(estate, who) as states:
        estate.repair(mesh_of(edited(*after)))
    last = readable(estate, who)
    wrong = []
    for number, (call, state) in enumerate(states):
        for key in first.keys() & last.keys():
            principal, table = key
            lost = (first[key] & last[key]) - state.get(key, frozenset())
            gained = state.get(key, frozenset()) - first[key] - last[key]
            name = principal.rpartition("/")[2]
            wrong += [f"after call {number} ({call}) {name} lacks {sorted(lost)} of {table}"] if lost else []
            wrong += [f"after call {number} ({call}) {name} has {sorted(gained)} of {table}"] if gained else []
    return wrong


@pytest.mark.parametrize("name", TRANSITIONS)
def test_nobody_loses_or_gains_in_between(shared: Estate, name: str) -> None:
    before, after = TRANSITIONS[name]
    shared.built()
    assert transition(shared, before, after) == []
    assert transition(shared, after, before) == []


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_where_it_cannot_be_helped_the_plan_says_so(shared: Estate, name: str) -> None:
    before, after = IMPOSSIBLE[name]
    shared.built()
    shared.repair(mesh_of(edited(*before)))
    findings = shared.review(mesh_of(edited(*after))).findings
    assert "access-gap" in {finding.rule for finding in findings}
    assert transition(shared, before, after) != []
