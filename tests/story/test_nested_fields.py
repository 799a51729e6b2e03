"""Fields of a struct that are shared by name, from the documents to the analyst's query."""

from __future__ import annotations

import json

from reconciler.access import evaluate, principal_directory
from reconciler.access.facts.of_state import facts_of
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import domain_bucket, domain_prefix
from tests.estate import ANALYTICS, Estate, variant
from tests.story.test_views import asked

FUNDS = "domains/asset-management/products/fund-prices.yaml"
STUDY = "consumers/analytics-coe/subscriptions/manager-study.yaml"
READER = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/data-scientist"
TABLE = """\
  - name: manager
    description: Who manages a fund.
    format: json
    tags: {sensitivity: confidential}
    columns:
      - {name: id, type: int, description: Number}
      - {name: office, type: "struct<Zip:string,city:string,geo:struct<lat:double,lon:double>>", description: Where}
      - {name: salary, type: int, description: What he earns}
"""
SUBSCRIPTION = """\
apiVersion: meshform/v1
kind: Subscription
name: manager-study
consumer: analytics-coe
product: asset-management/fund-prices
tables: [{name: manager, %s}]
principals: [data-scientist]
purpose: Where funds are managed.
approval: {by: asset-management-stewards, at: 2026-11-18}
"""
ROW = {"id": 1, "office": {"zip": "69001", "city": "Lyon", "geo": {"lat": 45.76, "lon": 4.83}}, "salary": 12345}
#: A question for each thing that is in the row.
QUESTIONS = {
    "69001": "office.zip",
    "Lyon": "office.city",
    "45.76": "office.geo.lat",
    "4.83": "office.geo.lon",
    "12345": "salary",
}


def sharing(names: str) -> Mesh:
    """The example, with some fields of a new table shared with the data scientist."""
    return variant((FUNDS, "tables:\n", f"tables:\n{TABLE}"), more={STUDY: SUBSCRIPTION % names})


def seen(estate: Estate) -> set[str]:
    """What of the row the data scientist is told by all questions, and by the one for everything: it is the same."""
    told = {word for word, field in QUESTIONS.items() if word in _answer(estate, f"SELECT {field} AS x FROM {PLACE}")}
    everything = _answer(estate, f"SELECT * FROM {PLACE}")
    assert {word for word in QUESTIONS if word in everything} == told
    return told


PLACE = '"rl_fund-prices".manager'


def _answer(estate: Estate, sql: str) -> str:
    _, rows = asked(estate, sql)
    return json.dumps(rows).replace(sql, "")


def test_exactly_the_fields_that_are_shared_are_read_after_every_change_of_the_list(estate: Estate) -> None:
    """Replaced, a struct in a struct, the whole column, and one field again: grants and filters change hands."""
    first = sharing("columns: [id, office.zip, office.geo.lat]")
    estate.repair(first)
    domain = first.domains["asset-management"]
    estate.client("s3", first.producer(domain).id).put_object(
        Bucket=domain_bucket(first, domain),
        Key=f"{domain_prefix(domain)}{first.products['fund-prices'].table('manager').path}/a.json",
        Body=json.dumps(ROW).encode(),
    )
    assert seen(estate) == {"69001", "45.76"}
    access = evaluate(estate.look(first), principal_directory(first))
    told = {
        fact.column
        for fact in facts_of(access, first)
        if fact.principal == READER and fact.table == "manager" and fact.is_reading
    }
    assert told == {"id", "office"}
    for names, read in (
        ("columns: [office.city, office.geo]", {"Lyon", "45.76", "4.83"}),
        ("columns: [office]", {"69001", "Lyon", "45.76", "4.83"}),
        ("columns: [id, office.geo.lon]", {"4.83"}),
    ):
        estate.repair(sharing(names))
        assert seen(estate) == read, names
