"""Who has signed in is in again as long as nothing says otherwise; and his keys are nobody else's."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from reconciler import pipeline
from reconciler.model.reader import Unseen
from tests.checkpoint import Checkpoint
from tests.estate import ANALYTICS, BANKING, CENTRAL, Estate, bank, placement

ROLE = "OrganizationAccountAccessRole"


def enter(estate: Estate, account: str = ANALYTICS) -> str:
    """The role in an account as which a run of its own acts."""
    sts = pipeline.sessions_for(bank(), writes=True).client(placement(account), "sts")
    return str(sts.get_caller_identity()["Arn"]).split("/")[1]


def sign_ins(estate: Estate, act: Callable[[Estate], object] = enter) -> int:
    estate.aws.calls.clear()
    act(estate)
    return len(estate.aws.calls.of("sts", "AssumeRole"))


def test_a_second_run_need_not_sign_in_nor_one_after_a_checkpoint(built: Estate) -> None:
    start, role = Checkpoint(built.aws), enter(built)
    assert sign_ins(built) == 0
    built.client("glue").create_database(DatabaseInput={"Name": "somebodys"})
    assert sign_ins(built) == 0
    start.restore(built.aws)
    assert sign_ins(built) == 0
    assert enter(built) == role


def test_whoever_is_no_longer_trusted_does_not_come_in(built: Estate) -> None:
    start, role = Checkpoint(built.aws), enter(built)
    nobody = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [nobody]})
    built.client("iam", ANALYTICS).update_assume_role_policy(RoleName=role, PolicyDocument=document)
    with pytest.raises(Unseen, match="cannot be assumed"):
        enter(built)
    assert sign_ins(built, lambda estate: enter(estate, BANKING)) <= 1, "it is another account's role"
    with pytest.raises(ClientError, match="AccessDenied"):
        built.aws.session(ANALYTICS, role)
    start.restore(built.aws)
    assert enter(built) == role


def test_a_fault_strikes_whoever_has_signed_in_before(built: Estate) -> None:
    enter(built)
    built.aws.faults({"service": "sts", "operation": "AssumeRole", "error": "AccessDenied", "times": 1})
    with pytest.raises(Unseen, match="cannot be assumed"):
        enter(built)


def test_keys_that_are_good_again_are_nobody_elses(built: Estate) -> None:
    """After a checkpoint the same chance would hand out the same keys again."""
    start = Checkpoint(built.aws)
    mine = built.aws.session(ANALYTICS)
    start.restore(built.aws)
    theirs = [
        built.aws.session(account, region=region)
        for account in (BANKING, CENTRAL)
        for region in ("eu-west-1", "eu-west-3")
    ]
    assert built.aws.session(ANALYTICS) is mine
    keys = [each.get_credentials().access_key for each in (mine, *theirs)]
    assert len({*keys}) == len(keys)
    assert mine.client("sts").get_caller_identity()["Account"] == ANALYTICS
