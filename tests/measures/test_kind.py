"""Measured in a simulated AWS: what came last, what the last run said, and what could not be seen, by counted calls."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from reconciler import pipeline
from reconciler.aws.measuring import measured
from reconciler.aws.runs import start
from reconciler.kinds.on_demand_jobs import work_of
from reconciler.measures.promises import Measures, promises
from tests.estate import BANKING, CENTRAL, ROOT, Estate, bank

BUCKET = f"bank-consumer-banking-{BANKING}-eu-west-1"
CREDITS = (ROOT / "reconciler" / "data" / "german-credit" / "credit_card.csv").read_bytes()
CREDIT = ("credit-card", "credit_card")


def look(estate: Estate) -> Measures:
    """What the role of plan measures."""
    estate.aws.calls.clear()
    found, gaps = measured(bank(), pipeline.sessions_for(bank(), writes=False))
    assert gaps == ()
    return found


def put(estate: Estate, body: bytes, key: str = "credit_card/part-0.csv") -> None:
    estate.client("s3", BANKING).put_object(Bucket=BUCKET, Key=key, Body=body)


def run_quality(estate: Estate) -> None:
    for work in work_of(bank(), bank().products["credit-profile"]):
        if work.sort == "quality":
            start(estate.sessions, work)


def test_without_data_and_runs_that_is_what_is_seen(built: Estate) -> None:
    found = look(built)
    assert found.keys() == {CREDIT, ("fund-prices", "fund_price"), ("deal-pipeline", "deal")}
    assert all(
        (each.newest, each.whole, each.quality, each.unseen) == (None, True, None, ()) for each in found.values()
    )
    states = {(each.product, each.sort): each.state for each in promises(bank(), found, datetime.now(UTC))}
    assert states["credit-profile", "freshness"] == "broken", "it is promised that there are data"
    assert states["credit-profile", "quality"] == "not seen"


def test_data_and_a_run_are_seen_by_as_many_requests_as_there_are_tables(built: Estate) -> None:
    put(built, b"not data", "credit_card/_SUCCESS")
    put(built, CREDITS)
    run_quality(built)
    found = look(built)
    assert (found[CREDIT].by, found[CREDIT].whole) == ("object", True)
    assert found[CREDIT].quality is not None
    assert (found[CREDIT].quality.rules, found[CREDIT].quality.failed) == (4, ())
    calls = Counter(call.operation for call in built.aws.calls if call.service != "sts")
    assert calls == {"GetTables": 3, "ListObjectsV2": 3, "ListDataQualityResults": 2, "GetDataQualityResult": 1}
    states = {(each.product, each.sort): each.state for each in promises(bank(), found, datetime.now(UTC))}
    assert states["credit-profile", "freshness"] == states["credit-profile", "quality"] == "kept"


def test_the_last_run_counts_and_not_one_of_somebody_elses_ruleset(built: Estate) -> None:
    put(built, CREDITS)
    run_quality(built)
    put(built, b"\n".join(CREDITS.splitlines()[:11]))
    run_quality(built)
    glue, (work,) = (
        built.client("glue", BANKING),
        [w for w in work_of(bank(), bank().products["credit-profile"]) if w.sort == "quality"],
    )
    glue.create_data_quality_ruleset(Name="theirs", Ruleset="Rules = [ RowCount > 1 ]")
    glue.start_data_quality_ruleset_evaluation_run(**{**work.start.params, "RulesetNames": ["theirs"]})
    quality = look(built)[CREDIT].quality
    assert quality is not None
    assert quality.failed == ("RowCount = 1000",)


def test_a_bucket_that_may_not_be_listed_is_not_seen_and_not_broken(built: Estate) -> None:
    put(built, CREDITS)
    s3 = built.client("s3", BANKING)
    policy = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    arn = f"arn:aws:s3:::{BUCKET}"
    deny = {"Sid": "Theirs", "Effect": "Deny", "Principal": "*", "Action": "s3:ListBucket", "Resource": arn}
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({**policy, "Statement": [*policy["Statement"], deny]}))
    found = look(built)[CREDIT]
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
    assert "AccessDenied" in found.unseen[0]
    assert not found.whole
    states = {(each.product, each.sort): each.state for each in promises(bank(), {CREDIT: found}, datetime.now(UTC))}
    assert states["credit-profile", "freshness"] == "not seen"


@pytest.mark.parametrize("where", ["s3://elsewhere/credit_card/", ""])
def test_files_that_no_document_names_are_not_looked_for(built: Estate, where: str) -> None:
    glue = built.client("glue", CENTRAL)
    table = glue.get_table(DatabaseName="credit-card", Name="credit_card")["Table"]
    kept = ("Name", "Parameters", "PartitionKeys", "StorageDescriptor", "TableType")
    moved = {name: table[name] for name in kept if name in table}
    moved["StorageDescriptor"] = {**moved["StorageDescriptor"], "Location": where}
    glue.update_table(DatabaseName="credit-card", TableInput=moved)
    assert look(built)[CREDIT].unseen == ("its files are in no bucket of its domain",)
