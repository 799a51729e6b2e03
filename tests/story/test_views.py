"""A view of Athena in a product: tagged and shared like a table, and read by who may read what is behind it."""

from __future__ import annotations

import base64
import json
from typing import Any

from reconciler.access import TableId, evaluate, principal_directory
from reconciler.access.facts.of_state import facts_of
from reconciler.demo.analyst import CONSUMER, READER, _as_role, deliver
from reconciler.spec.names import own_role
from reconciler.spec.results import workgroups_for
from tests.estate import CENTRAL, Estate, actions, bank, variant

PROFILE = "domains/consumer-banking/products/credit-profile.yaml"
LEAD = "consumers/analytics-coe/consumer.yaml"
VIEW = """  - name: durations
    definition: external
    format: view
    columns:
      - {name: duration, type: int, tags: {sensitivity: internal}}
      - {name: amount, type: int, tags: {sensitivity: internal}}
"""
MESH = variant(
    (PROFILE, "  - name: credit_card\n", f"{VIEW}  - name: credit_card\n"),
    (LEAD, "principals:", "links: {credit-profile: credit-card}\nprincipals:"),
)
SQL = "SELECT duration, amount FROM credit_card WHERE duration > 70"


def made(estate: Estate, sql: str = SQL) -> None:
    """Somebody makes the view, as Athena keeps it; what it names is not asked for, since it is kept as text."""
    said = {"originalSql": sql, "catalog": "awsdatacatalog", "schema": "credit-card", "columns": []}
    text = base64.b64encode(json.dumps(said).encode()).decode()
    view = {
        "Name": "durations",
        "TableType": "VIRTUAL_VIEW",
        "Parameters": {"presto_view": "true"},
        "StorageDescriptor": {"Columns": [{"Name": each, "Type": "int"} for each in ("duration", "amount")]},
        "ViewOriginalText": f"/* Presto View: {text} */",
        "ViewExpandedText": "/* Presto View */",
    }
    glue = estate.aws.session(CENTRAL, bank().settings.roles.apply).client("glue")
    glue.create_table(DatabaseName="credit-card", TableInput=view)


def asked(estate: Estate, sql: str) -> tuple[str, Any]:
    """The state of a query by the data scientist, and its rows or the reason of its failure."""
    consumer = MESH.consumers[CONSUMER]
    account = MESH.reader_account(consumer)
    assert account is not None
    (workgroup,) = workgroups_for(MESH, consumer, consumer.principal(READER))
    athena = _as_role(estate.aws, MESH, account.id, own_role(MESH, READER)).client("athena")
    started = athena.start_query_execution(QueryString=sql, WorkGroup=workgroup.name)["QueryExecutionId"]
    status = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]
    if status["State"] != "SUCCEEDED":
        return status["State"], status["StateChangeReason"]
    return status["State"], athena.get_query_results(QueryExecutionId=started)["ResultSet"]["Rows"]


def test_a_view_is_waited_for_tagged_and_read_by_who_may_read_what_is_behind_it(estate: Estate) -> None:
    estate.apply_reviewed(MESH)
    assert (
        "its writer has not made it yet"
        in {each.address.name: each.reason for each in estate.plan(MESH).held}["credit-card.durations"]
    )
    made(estate)
    run = estate.apply_reviewed(MESH)
    assert not run.failed, run.failed
    assert actions(estate.plan(MESH)) == set()
    deliver(estate.aws, MESH)
    state, rows = asked(estate, 'SELECT * FROM "credit-card".durations')
    assert state == "SUCCEEDED", rows
    assert [cell["VarCharValue"] for cell in rows[0]["Data"]] == ["duration", "amount"]
    assert len(rows) > 1


def test_what_its_reader_may_not_read_he_does_not_read_by_a_view(estate: Estate) -> None:
    """The view is changed to show a column that is restricted; whoever reads it needs that one too."""
    estate.apply_reviewed(MESH)
    made(estate, "SELECT duration, age AS amount FROM credit_card")
    estate.apply_reviewed(MESH)
    deliver(estate.aws, MESH)
    state, reason = asked(estate, 'SELECT * FROM "credit-card".durations')
    assert (state, "age" in reason) == ("FAILED", True), reason


def test_access_says_what_the_view_shows(estate: Estate) -> None:
    estate.apply_reviewed(MESH)
    made(estate)
    estate.apply_reviewed(MESH)
    found = evaluate(estate.look(MESH), principal_directory(MESH))
    told = {fact.via[-1] for fact in facts_of(found, MESH) if fact.table == "durations" and fact.column}
    assert told == {
        "credit-card.durations is a view of Athena: it shows duration, amount of credit-card.credit_card, "
        "to those who may read that there too"
    }
    assert found.tables[TableId(CENTRAL, "credit-card", "durations")].signature.is_view
