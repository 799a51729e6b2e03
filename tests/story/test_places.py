"""A domain keeps files in several places: each is made or used, registered and served, in its region and by its key."""

from __future__ import annotations

import json
from typing import Any

from reconciler.kinds import registry
from reconciler.spec.mesh import Mesh
from tests.estate import BANKING, CENTRAL, REGION, Estate
from tests.story.test_two_regions import AWAY, FILES, OPEN, answer, hand, mesh

KEY = f"arn:aws:kms:{AWAY}:{BANKING}:key/11112222-3333-4444-5555-666677778888"
FAR = f"{{name: far, bucket: shop-far, region: {AWAY}, kmsKey: '{KEY}'}}"
THEIRS = "{name: theirs, bucket: of-others, prefix: data/sales, external: [bucket, bucket-policy]}"
ORDERS = "domains/sales/products/orders.yaml"


def places(*more: str, of_line: str = "", region: str = "") -> Mesh:
    """The small mesh, its domain with more places, and the table in one of them."""
    domain = f"{FILES['domains/sales/domain.yaml']}places: [{', '.join(more)}]\n"
    product = FILES[ORDERS]
    if of_line:
        product = product.replace("  - name: line\n", f"  - name: line\n    place: {of_line}\n")
    if region:
        domain += f"region: {region}\n"
    return mesh(domains__sales__domain=domain, domains__sales__products__orders=product)


def location(estate: Estate) -> str:
    glue = hand(estate, "glue", REGION, CENTRAL)
    return str(glue.get_table(DatabaseName="orders", Name="line")["Table"]["StorageDescriptor"]["Location"])


def registered(estate: Estate) -> set[str]:
    rows = hand(estate, "lakeformation", REGION, CENTRAL).list_resources()["ResourceInfoList"]
    return {row["ResourceArn"].rpartition(":::")[2] for row in rows}


def settings_of_others(s3: Any) -> tuple[Any, ...]:
    """What others have said of their bucket."""
    tags = s3.get_bucket_tagging(Bucket="of-others")["TagSet"]
    return tags, s3.get_bucket_policy(Bucket="of-others")["Policy"]


def test_a_table_in_a_place_of_another_region_is_served_from_the_home_catalog(estate: Estate) -> None:
    wanted = places(FAR, of_line="far")
    estate.repair(wanted)
    assert location(estate) == "s3://shop-far/line/"
    assert registered(estate) == {"shop-far", f"shop-sales-{BANKING}-{REGION}"}
    s3 = hand(estate, "s3", AWAY, BANKING)
    assert s3.get_bucket_location(Bucket="shop-far")["LocationConstraint"] in (AWAY, None)
    rule = s3.get_bucket_encryption(Bucket="shop-far")["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == KEY
    assert answer(estate, OPEN, REGION)[0] == "SUCCEEDED"


def test_the_role_of_the_location_reaches_each_place_and_no_more(estate: Estate) -> None:
    wanted = places(FAR, THEIRS)
    (role,) = [each for each in registry()["iam-role"].desired(wanted) if each.address.name == "register-sales.shop"]
    policy = role.spec.policy
    assert '"arn:aws:s3:::of-others/data/sales/*"' in policy
    assert '"arn:aws:s3:::shop-far/*"' in policy
    assert '"s3:prefix":["data/sales/","data/sales/*"]' in policy
    assert policy.count(KEY) == 1
    assert "arn:aws:s3:::of-others/*" not in policy


def test_a_bucket_of_others_is_used_and_its_settings_stay(estate: Estate) -> None:
    s3 = hand(estate, "s3", REGION, BANKING)
    s3.create_bucket(Bucket="of-others", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_tagging(Bucket="of-others", Tagging={"TagSet": [{"Key": "team", "Value": "others"}]})
    wanted = places(THEIRS, of_line="theirs")
    (held,) = [each.reason for each in estate.plan(wanted).held if each.address.kind == "bucket-policy"]
    assert "add this statement to the policy of of-others" in held
    assert "data/sales/*" in held
    assert "as soon as an apply has made the role" in held
    assert not estate.apply_reviewed(wanted).failed
    role = {"AWS": f"arn:aws:iam::{CENTRAL}:role/meshform/shop/register-sales.shop"}
    both = ["arn:aws:s3:::of-others", "arn:aws:s3:::of-others/*"]
    pasted = {"Sid": "Pasted", "Effect": "Allow", "Principal": role, "Action": "s3:*", "Resource": both}
    s3.put_bucket_policy(Bucket="of-others", Policy=json.dumps({"Version": "2012-10-17", "Statement": [pasted]}))
    before = settings_of_others(s3)
    estate.repair(wanted)
    assert location(estate) == "s3://of-others/data/sales/line/"
    assert "of-others/data/sales" in registered(estate)
    assert settings_of_others(s3) == before


def test_a_place_that_goes_is_registered_no_more_and_its_bucket_stays(estate: Estate) -> None:
    estate.repair(places(FAR))
    estate.repair(mesh())
    assert registered(estate) == {f"shop-sales-{BANKING}-{REGION}"}
    assert hand(estate, "s3", AWAY, BANKING).head_bucket(Bucket="shop-far")


def test_a_table_that_moves_to_another_place_says_that_nothing_moves_its_files(estate: Estate) -> None:
    estate.repair(places(FAR))
    review = estate.review(places(FAR, of_line="far"))
    assert "moved-files" in {finding.rule for finding in review.findings}


def test_a_domain_of_another_region_has_its_own_bucket_there(estate: Estate) -> None:
    wanted = places(region=AWAY)
    estate.repair(wanted)
    bucket = f"shop-sales-{BANKING}-{AWAY}"
    assert location(estate) == f"s3://{bucket}/line/"
    assert hand(estate, "s3", AWAY, BANKING).get_bucket_location(Bucket=bucket)["LocationConstraint"] in (AWAY, None)
    assert answer(estate, OPEN, REGION)[0] == "SUCCEEDED"
    assert {row["Name"] for row in hand(estate, "glue", AWAY, BANKING).get_databases()["DatabaseList"]} == set()


def test_a_bucket_that_is_in_another_region_than_its_place_is_held(estate: Estate) -> None:
    s3 = hand(estate, "s3", REGION, BANKING)
    s3.create_bucket(Bucket="shop-far", CreateBucketConfiguration={"LocationConstraint": REGION})
    held = {str(each.address): each.reason for each in estate.plan(places(FAR)).held}
    assert "is in eu-west-1" in held[f"bucket {BANKING}/{AWAY} shop-far"]
