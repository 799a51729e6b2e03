"""Domains that keep files in several places, in other regions and in buckets of others: their documents come back."""

from __future__ import annotations

import json

import pytest

from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, BANKING, CENTRAL, REGION, Estate
from tests.importing.laws import came_back
from tests.story.test_places import FAR, THEIRS, places
from tests.story.test_two_regions import AWAY

NEAR = "{name: near-2-the-4th1, bucket: raw-of-shop}"
DEEP = "{name: deep, bucket: shop-deep, prefix: deep/er}"


def lend(estate: Estate) -> None:
    """A bucket of others that lets the mesh's role in."""
    s3 = estate.client("s3", BANKING)
    s3.create_bucket(Bucket="of-others", CreateBucketConfiguration={"LocationConstraint": REGION})
    role = {"AWS": f"arn:aws:iam::{CENTRAL}:role/meshform/shop/register-sales.shop"}
    both = ["arn:aws:s3:::of-others", "arn:aws:s3:::of-others/*"]
    pasted = {"Sid": "Pasted", "Effect": "Allow", "Principal": role, "Action": "s3:*", "Resource": both}
    s3.put_bucket_policy(Bucket="of-others", Policy=json.dumps({"Version": "2012-10-17", "Statement": [pasted]}))


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(places(FAR, of_line="far"), marks=pytest.mark.soak),
        pytest.param(places(FAR, region=AWAY), marks=pytest.mark.soak),
        places(NEAR, DEEP, FAR, of_line="deep"),
        places(THEIRS, of_line="theirs"),
    ],
    ids=["far", "all-away", "one-in-another", "of-others"],
)
def test_places_come_back(estate: Estate, made: Mesh) -> None:
    if "theirs" in str(made.domains["sales"].places):
        estate.repair(places(NEAR))
        lend(estate)
    _, wanted, before = came_back(estate, made, BANKING, ANALYTICS)
    assert [(each, wanted[each].mode) for each in before if wanted[each].spec != before[each].spec] == []
    assert [each for each in before if wanted[each].mode != before[each].mode] == []
