"""The example mesh with one of everything that a mesh can ask for, so that every kind has something to keep."""

from __future__ import annotations

from tests.estate import ANALYTICS, Edit, Files, edited

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
FUNDS = "domains/asset-management/products/fund-prices.yaml"
FUNDS_DOMAIN = "domains/asset-management/domain.yaml"
CONSUMER = "consumers/analytics-coe/consumer.yaml"
FUND_STUDY = "consumers/analytics-coe/subscriptions/fund-study.yaml"
FUND_ROWS = "consumers/analytics-coe/subscriptions/fund-rows.yaml"
DEAL_SECTORS = "consumers/analytics-coe/subscriptions/deal-sectors.yaml"
SENSITIVITY = "lf-tags/sensitivity.yaml"
SETTINGS = "mesh.yaml"

_MORE: Files = {
    FUND_STUDY: """\
apiVersion: meshform/v1
kind: Subscription
name: fund-study
consumer: analytics-coe
product: asset-management/fund-prices
clearance: {sensitivity: [public]}
principals: [data-scientist]
purpose: Compare funds.
approval: {by: asset-management-stewards, at: 2026-11-18}
""",
    FUND_ROWS: """\
apiVersion: meshform/v1
kind: Subscription
name: fund-rows
consumer: analytics-coe
product: asset-management/fund-prices
tables:
  - {name: fund_price, columns: [currency, isin], rows: currency = 'EUR'}
principals: [credit-analyst]
purpose: Look at funds in euro.
approval: {by: asset-management-stewards, at: 2026-11-18}
""",
    DEAL_SECTORS: """\
apiVersion: meshform/v1
kind: Subscription
name: deal-sectors
consumer: analytics-coe
product: investment-banking/deal-pipeline
tables:
  - {name: deal, columns: [sector]}
principals: [credit-analyst]
purpose: Which sectors the bank advises.
approval: {by: investment-banking-stewards, at: 2026-11-18}
""",
}

_EDITS: tuple[Edit, ...] = (
    ("accounts/analytics.yaml", "parts: [consumer]", "parts: [consumer]\nregions: [eu-west-1, us-east-1]"),
    (FUNDS_DOMAIN, "account:", "places: [{name: archive, bucket: bank-archive, region: us-east-1}]\naccount:"),
    (
        FUNDS,
        "freshness: {maxAge: 24h",
        "curation:\n  glueJob:\n    script: s3://bank-code/prices.py\n    arguments: {--source: raw}\n"
        "    workerType: G.1X\n    workers: 2\nfreshness: {maxAge: 24h",
    ),
    (
        SETTINGS,
        "crossAccountVersion: 4",
        "crossAccountVersion: 4\nscripts: [s3://bank-code/]\naudit: {principals: true, sourceIdentity: true}",
    ),
    (FUNDS_DOMAIN, "stewards: [asset-management-steward]", "stewards: [asset-management-steward]\nhybrid: true"),
    (
        CONSUMER,
        "notify: {emails: [analytics-coe@example.com]}",
        f"notify: {{emails: [analytics-coe@example.com], queue: 'arn:aws:sqs:eu-west-1:{ANALYTICS}:news'}}",
    ),
)


def full(*edits: Edit, without: tuple[str, ...] = ()) -> Files:
    """The files of the full mesh, with texts replaced; see tests.estate.edited."""
    return edited(*_EDITS, *edits, without=without, more=_MORE)
