"""Bucket policies: statements for the register role, beside other people's."""

from __future__ import annotations

import json

from tests.estate import BANKING, Estate
from tests.kinds.cases import Case, Neighbour
from tests.kinds.full import FUNDS_DOMAIN

BUCKET = f"bank-asset-management-{BANKING}-eu-west-1"
THEIRS = {
    "Sid": "Theirs",
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{BANKING}:root"},
    "Action": "s3:GetObject",
    "Resource": f"arn:aws:s3:::{BUCKET}/open/*",
}


def make(estate: Estate) -> None:
    s3 = estate.client("s3", BANKING)
    document = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    document["Statement"].append(THEIRS)
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(document))


def survives(estate: Estate) -> bool:
    document = json.loads(estate.client("s3", BANKING).get_bucket_policy(Bucket=BUCKET)["Policy"])
    return THEIRS in document["Statement"]


CASE = Case(
    edits={"prefix": ((FUNDS_DOMAIN, "hybrid: true", "hybrid: true\nprefix: funds"),)},
    fixed={"others": "other people's"},
    neighbour=Neighbour(make, survives),
)
