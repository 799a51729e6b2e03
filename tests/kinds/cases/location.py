"""Locations: hybrid or not; somebody else's location."""

from __future__ import annotations

import json

from tests.estate import BANKING, CENTRAL, Estate
from tests.kinds.cases import Case, Neighbour
from tests.kinds.full import FUNDS_DOMAIN

ARN = "arn:aws:s3:::theirs"


def make(estate: Estate) -> None:
    estate.client("s3", BANKING).create_bucket(
        Bucket="theirs", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    service = {"Effect": "Allow", "Principal": {"Service": "lakeformation.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [service]})
    estate.client("iam").create_role(RoleName="their-register", AssumeRolePolicyDocument=trust)
    estate.client("lakeformation").register_resource(
        ResourceArn=ARN, UseServiceLinkedRole=False, RoleArn=f"arn:aws:iam::{CENTRAL}:role/their-register"
    )


def survives(estate: Estate) -> bool:
    return any(
        each["ResourceArn"] == ARN for each in estate.client("lakeformation").list_resources()["ResourceInfoList"]
    )


CASE = Case(
    edits={"hybrid": ((FUNDS_DOMAIN, "hybrid: true", "hybrid: false"),)},
    fixed={"role": "named for the domain"},
    neighbour=Neighbour(make, survives),
)
