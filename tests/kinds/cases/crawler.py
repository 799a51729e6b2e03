"""Crawlers: what they crawl and when; another crawler in the same account."""

from __future__ import annotations

from tests.estate import CENTRAL, Estate
from tests.kinds.cases import Case, Neighbour
from tests.kinds.full import CREDIT

CRAWLER = 'crawler: {schedule: "cron(0 4 ? * MON *)"}'


def make(estate: Estate) -> None:
    estate.client("glue", CENTRAL).create_crawler(
        Name="meshform-theirs",
        Role=f"arn:aws:iam::{CENTRAL}:role/meshform/bank/crawl-credit-profile.bank",
        DatabaseName="theirs",
        Targets={"S3Targets": [{"Path": "s3://theirs/"}]},
    )


def survives(estate: Estate) -> bool:
    return any(each["Name"] == "meshform-theirs" for each in estate.client("glue", CENTRAL).get_crawlers()["Crawlers"])


CASE = Case(
    edits={
        "schedule": ((CREDIT, CRAWLER, 'crawler: {schedule: "cron(0 5 * * ? *)"}'),),
    },
    fixed={
        "role": "named for the product",
        "tables": "each table has its own crawler",
        "path": "a path is crawled by another crawler, in the producer's account",
        "database": "named for the product's database",
        "owner": "the central account",
        "policy": "a crawler only ever adds",
        "configuration": "a crawler only ever adds",
        "mark": "ours",
        "well": "what became of the last crawl",
    },
    neighbour=Neighbour(make, survives),
)
