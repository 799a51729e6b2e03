"""Scenes with what a mesh uses and does not make: S3 Tables, adopted permissions, people of Identity Center."""

from __future__ import annotations

from tests.campaigns.scene import Scene, files
from tests.estate import ANALYTICS, CENTRAL, Edit, Estate
from tests.kinds.full import FUND_STUDY, FUNDS, full
from tests.story.test_principals import CONSUMER, REPORT, SSO, TRUST
from tests.story.test_s3_tables import made as table_bucket

CLOSED = "{product: fund-prices, principal: IAM_ALLOWED_PRINCIPALS, undeclaredGrants: revoke}"
IN_S3_TABLES: tuple[Edit, ...] = (
    ("mesh.yaml", "territory:\n", f"territory:\n  exceptions: [{CLOSED}]\n"),
    (FUNDS, "database: fund-prices", "catalog: s3tablescatalog/lake\ndatabase: funds"),
    (FUNDS, "  - name: fund_price\n", "  - name: fund_price\n    definition: external\n    format: iceberg\n"),
    (FUNDS, "    partitionKeys:\n      - {name: trading_day, type: date, description: Day of the price}\n", ""),
)
STUDY = {FUND_STUDY: full()[FUND_STUDY]}
OLD = f"arn:aws:iam::{CENTRAL}:role/old"
ADOPTED = {
    "adopted/analytics.yaml": f"""\
apiVersion: meshform/v1
kind: Adopted
name: analytics
description: What was clicked.
reviewBy: 2027-01-01
grants:
  - account: central
    principal: "{OLD}"
    permissions: [SELECT]
    resource: {{database: credit-card, table: credit_card, columns: [age, amount]}}
  - account: central
    principal: "{OLD}"
    permissions: [DESCRIBE]
    resource: {{database: credit-card}}
  - account: central
    principal: "{OLD}"
    permissions: [SELECT]
    resource: {{database: deal-pipeline, table: "*"}}
filters:
  - {{database: credit-card, table: credit_card, name: old rows, exclude: [age], rows: duration = 1}}
tags:
  - {{database: fund-prices, table: fund_price, column: trading_day, key: sensitivity, value: public}}
"""
}
MORE: tuple[Edit, ...] = ((REPORT, "principals: [", "principals: [more, "),)


def old_role(estate: Estate) -> None:
    """The role that somebody has granted to by hand."""
    estate.client("iam").create_role(RoleName="old", AssumeRolePolicyDocument=TRUST)


def permission_set(estate: Estate) -> None:
    """The role that Identity Center makes for a permission set."""
    path, _, name = SSO.partition(":role/")[2].rpartition("/")
    estate.client("iam", ANALYTICS).create_role(RoleName=name, Path=f"/{path}/", AssumeRolePolicyDocument=TRUST)


def _by(who: str) -> tuple[Edit, ...]:
    return ((CONSUMER, "principals:\n", f"principals:\n  - {{name: more, {who}}}\n"), *MORE)


def _both_ways(name: str, before: Scene, after: Scene) -> tuple[Scene, Scene]:
    return (
        Scene(f"{name} come", before.after, after.after, bring=after.bring),
        Scene(f"{name} go", after.after, before.after, bring=after.bring),
    )


_NONE = Scene("", None, files())
FURNISHED = (
    *_both_ways(
        "S3 Tables, with their readers,",
        Scene("", None, files(without=(FUNDS,))),
        Scene("", None, files(*IN_S3_TABLES, more=STUDY), bring=table_bucket),
    ),
    *_both_ways("adopted permissions", _NONE, Scene("", None, files(more=ADOPTED), bring=old_role)),
    *_both_ways(
        "people by a permission set",
        _NONE,
        Scene("", None, files(*_by("permissionSet: Analysts")), bring=permission_set),
    ),
)
