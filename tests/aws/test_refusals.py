"""AWS's own words, as they were recorded, and what they mean: wait, done already, done in part, or never."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler import pipeline
from reconciler.aws.reader import AwsReader
from reconciler.aws.refusals import PATIENCE, REFUSALS, refusal
from reconciler.aws.retry import Interrupted, Patience
from reconciler.aws.revoking import Gone, pieces
from reconciler.aws.sender import Sender
from reconciler.model.call import Call
from reconciler.sandbox.core.faults import Fault
from tests.aws.conftest import FastTime
from tests.estate import CENTRAL, Estate, every_rule, failures, placement, variant

GONE = "No permissions revoked. Grantee has no permissions and no grantable permissions on resource."
TAGS = "No permissions revoked. Revoking Tag permissions on Tags that grantee does not have permissions on."
MISSING = "Resource does not exist or requester is not authorized to access requested permissions."
TRUST = "Service is unable to assume provided role. Please verify role's TrustPolicy (Role: arn:aws:iam::1:role/x)"
BY_NAME = (
    "com.amazonaws.services.glue.model.AccessDeniedException: You need to enable AWS Security Token Service for this "
    "region. Service is unable to assume the role arn:aws:iam::1:role/x to access null. Please verify the role's "
    "TrustPolicy."
)

# What was recorded or met by others: service, operation, code, message, and what it means.
RECORDED: list[tuple[str, str, str, str, str | None]] = [
    ("lakeformation", "RevokePermissions", "InvalidInputException", GONE, "done"),
    ("lakeformation", "BatchRevokePermissions", "InvalidInputException", GONE, "done"),
    ("lakeformation", "RevokePermissions", "InvalidInputException", TAGS, "done in part"),
    (
        "lakeformation",
        "RevokePermissions",
        "InvalidInputException",
        "Permissions modification is invalid.",
        "done in part",
    ),
    ("lakeformation", "GrantPermissions", "InvalidInputException", "Permissions modification is invalid.", None),
    (
        "lakeformation",
        "RevokePermissions",
        "InvalidInputException",
        "Unsupported modification: cannot grant/revoke permission on non-existent column.",
        "done",
    ),
    (
        "lakeformation",
        "GrantPermissions",
        "InvalidInputException",
        "Unsupported modification: cannot grant/revoke permission on non-existent column.",
        None,
    ),
    ("lakeformation", "RevokePermissions", "InvalidInputException", "Cell Filter not found", "done"),
    ("lakeformation", "RevokePermissions", "EntityNotFoundException", "Table not found.", "done"),
    ("lakeformation", "GrantPermissions", "EntityNotFoundException", "Table not found.", "consistency"),
    ("lakeformation", "GrantPermissions", "AccessDeniedException", MISSING, "propagation"),
    (
        "lakeformation",
        "GrantPermissions",
        "AccessDeniedException",
        "Insufficient Glue permissions to access table raw",
        "propagation",
    ),
    ("lakeformation", "GrantPermissions", "InvalidInputException", "Invalid principal", "propagation"),
    (
        "lakeformation",
        "GrantPermissions",
        "ConcurrentModificationException",
        "Please retry in a short while",
        "collision",
    ),
    (
        "lakeformation",
        "GrantPermissions",
        "ConcurrentModificationException",
        "Permission update/Delete failed",
        "collision",
    ),
    (
        "glue",
        "CreateDatabase",
        "AccessDeniedException",
        "Insufficient Lake Formation permission(s): Required Create Database on Catalog",
        "propagation",
    ),
    (
        "glue",
        "CreateCrawler",
        "InvalidInputException",
        "Insufficient Lake Formation permission(s) on s3://x/",
        "propagation",
    ),
    ("glue", "CreateCrawler", "InvalidInputException", TRUST, "propagation"),
    ("glue", "CreateCrawler", "InvalidInputException", BY_NAME, "propagation"),
    ("glue", "CreateJob", "InvalidInputException", TRUST, "propagation"),
    (
        "events",
        "PutTargets",
        "ValidationException",
        "Provided role 'arn:aws:iam::1:role/x' cannot be assumed by principal 'events.amazonaws.com'.",
        "propagation",
    ),
    (
        "sns",
        "SetTopicAttributes",
        "InvalidParameter",
        "Invalid parameter: Policy Error: PrincipalNotFound",
        "propagation",
    ),
    ("s3", "PutBucketPolicy", "MalformedPolicy", "Invalid principal in policy", "propagation"),
    ("iam", "UpdateAssumeRolePolicy", "MalformedPolicyDocument", "Invalid principal in policy: x", "propagation"),
    ("iam", "PutRolePolicy", "NoSuchEntity", "The role with name x cannot be found.", "consistency"),
    ("iam", "PutRolePolicy", "ConcurrentModification", "", "collision"),
    ("sns", "Subscribe", "ConcurrentAccess", "", "collision"),
    ("databrew", "UpdateRecipe", "ConflictException", "", "collision"),
    ("databrew", "CreateRecipe", "ConflictException", "The recipe x already exists.", None),
    # What is final.
    (
        "lakeformation",
        "GrantPermissions",
        "InvalidInputException",
        " Please grant only valid Lake Formation permissions. [X] are not all valid Lake Formation permissions. ",
        None,
    ),
    (
        "lakeformation",
        "PutDataLakeSettings",
        "InvalidInputException",
        "Catalog id must be a valid AWS account id.",
        None,
    ),
    (
        "lakeformation",
        "GrantPermissions",
        "AccessDeniedException",
        "User: arn:aws:sts::1:assumed-role/x/y is not authorized to perform: ram:AssociateResourceShare on resource: z",
        None,
    ),
    (
        "glue",
        "StartCrawler",
        "AccessDeniedException",
        "User: x is not authorized to perform: glue:StartCrawler on resource: y because no policy allows",
        None,
    ),
    ("sns", "SetTopicAttributes", "InvalidParameter", "Invalid parameter: Policy statement action out of scope!", None),
    ("s3", "CreateBucket", "BucketAlreadyExists", "The requested bucket name is not available.", None),
]


@pytest.mark.parametrize(("service", "operation", "code", "message", "wanted"), RECORDED)
def test_a_recorded_text_has_its_meaning(
    service: str, operation: str, code: str, message: str, wanted: str | None
) -> None:
    line = refusal(service, operation, code, message)
    assert (line.meaning if line else None) == wanted


def test_every_line_names_its_source_and_stands_for_something_recorded_or_documented() -> None:
    for line in REFUSALS:
        assert line.source, line
        assert line.text == line.text.lower(), "messages are compared in lower case"
        assert line.text or line.codes != ("InvalidInputException",), "one code of many meanings needs a text"


def test_nothing_to_revoke_is_done_at_once(built: Estate, fast_time: FastTime) -> None:
    """With AWS's own text, which says that the grantee has nothing: as many calls as a revoke that takes something."""
    without = variant(without=["consumers/analytics-coe/subscriptions/credit-risk-model"])
    calls = []
    for answers in ({}, {"error": "InvalidInputException", "message": GONE, "times": None}):
        built.built()
        review = built.review(without)
        if answers:
            # Somebody else was quicker: what is to be revoked is gone.
            takeaways = [each for step in review.steps for each in step.calls if each.operation == "RevokePermissions"]
            for call in takeaways:
                built.client("lakeformation", call.placement.account).revoke_permissions(**call.params)
            each = {"service": "lakeformation", **answers}
            built.aws.faults({**each, "operation": "BatchRevokePermissions", "entries": tuple(range(20))})
            built.aws.faults({**each, "operation": "RevokePermissions"})
        built.aws.calls.clear()
        before = fast_time.slept
        run = pipeline.apply_reviewed(review, built.sessions, accepted=every_rule())
        built.aws.world.faults.clear()
        assert not run.failed, failures(run)
        assert fast_time.slept == before
        calls.append(len(built.aws.calls.of("lakeformation")))
    assert calls[1] <= calls[0]


class Propagation(Fault):
    """Whatever takes a role is refused in AWS's words until ten seconds after the account's last role was made."""

    def __init__(self, aws: Any, clock: FastTime) -> None:
        super().__init__(error="InvalidInputException", message=TRUST, times=None)
        self._aws, self._clock, self._made = aws, clock, dict[str, float]()
        self.refused = 0

    def strikes(self, service: str, operation: str, account: str, region: str) -> bool:
        now = self._clock.monotonic()
        if operation == "CreateRole":
            self._made[account] = now
        takes = service == "glue" and operation in ("CreateCrawler", "CreateJob")
        is_early = takes and now - self._made.get(account, -100.0) < 10
        self.refused += is_early
        return is_early


def test_a_delay_of_ten_seconds_is_waited_for_once_a_level_and_not_once_a_resource(
    estate: Estate, fast_time: FastTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_thread: dict[str, float] = {}
    real = fast_time.sleep

    def sleep(seconds: float) -> None:
        name = threading.current_thread().name
        by_thread[name] = by_thread.get(name, 0.0) + seconds
        real(seconds)

    review = estate.review()
    delay = Propagation(estate.aws, fast_time)
    estate.aws.world.faults.add([delay])
    monkeypatch.setattr(fast_time, "sleep", sleep)
    run = pipeline.apply_reviewed(review, estate.sessions, accepted=every_rule())
    estate.aws.world.faults.clear()
    assert not run.failed, failures(run)
    assert delay.refused > 2
    # One level of each account takes roles; jitter lets a wait go over by its last pause.
    assert max(by_thread.values()) < 10 + 8


def test_what_never_passes_costs_two_minutes_a_batch_and_not_two_minutes_each(fast_time: FastTime) -> None:
    patience = Patience(fast_time.monotonic())
    error = ClientError(
        {"Error": {"Code": "InvalidInputException", "Message": "Invalid principal"}}, "GrantPermissions"
    )
    call = Call(placement(CENTRAL), "lakeformation", "GrantPermissions", {})

    def refused() -> dict[str, Any]:
        raise error

    for _ in range(20):
        with pytest.raises(ClientError):
            patience.answer(call, refused)
    assert PATIENCE["propagation"] <= fast_time.slept * 1.1
    assert fast_time.slept < PATIENCE["propagation"] + 10


def test_whoever_is_told_to_stop_waits_no_longer(fast_time: FastTime) -> None:
    patience = Patience(fast_time.monotonic(), lambda: "enough")
    with pytest.raises(Interrupted, match="enough"):
        patience.pause(60)
    assert fast_time.slept == 0


def test_a_revoke_of_several_is_cut_into_one_each_with_its_option() -> None:
    whole = {
        "Resource": {"Catalog": {}},
        "Permissions": ["ALTER", "DROP"],
        "PermissionsWithGrantOption": ["DROP", "SELECT"],
    }
    assert list(pieces(whole)) == [
        {"Resource": {"Catalog": {}}, "Permissions": ["ALTER"]},
        {"Resource": {"Catalog": {}}, "Permissions": ["DROP"], "PermissionsWithGrantOption": ["DROP"]},
        {"Resource": {"Catalog": {}}, "Permissions": [], "PermissionsWithGrantOption": ["SELECT"]},
    ]


def test_forbidden_means_gone_only_of_what_this_run_has_dropped() -> None:
    gone, here = Gone(), placement(CENTRAL)
    table = {"Table": {"DatabaseName": "d", "Name": "t"}}
    revoke = Call(here, "lakeformation", "RevokePermissions", {"Resource": table, "Permissions": ["SELECT"]})
    refused = ("AccessDeniedException", MISSING)
    assert not gone.explains(revoke, refused)
    gone.note(Call(here, "glue", "DeleteTable", {"DatabaseName": "d", "Name": "t"}))
    assert gone.explains(revoke, refused)
    assert not gone.explains(Call(here, "lakeformation", "GrantPermissions", {"Resource": table}), refused)
    gone.note(Call(here, "glue", "CreateTable", {"DatabaseName": "d", "TableInput": {"Name": "t"}}))
    assert not gone.explains(revoke, refused)
    gone.note(Call(here, "glue", "DeleteDatabase", {"Name": "d"}))
    assert gone.explains(revoke, refused)


@pytest.mark.parametrize("message", [GONE, TAGS])
def test_a_right_of_several_that_is_there_goes_though_aws_refuses_the_whole(estate: Estate, message: str) -> None:
    """Whatever the words: one of two permissions is there, and AWS says that nothing was revoked."""
    lakeformation = estate.client("lakeformation")
    own = f"arn:aws:iam::{CENTRAL}:role/OrganizationAccountAccessRole"
    settings = lakeformation.get_data_lake_settings()["DataLakeSettings"]
    settings["DataLakeAdmins"] = [{"DataLakePrincipalIdentifier": own}]
    lakeformation.put_data_lake_settings(DataLakeSettings=settings)
    estate.client("glue").create_database(DatabaseInput={"Name": "d", "CreateTableDefaultPermissions": []})
    glue = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [glue]})
    estate.client("iam").create_role(RoleName="reader", AssumeRolePolicyDocument=trust)
    reader = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{CENTRAL}:role/reader"}
    resource = {"Database": {"Name": "d"}}
    lakeformation.grant_permissions(Principal=reader, Resource=resource, Permissions=["DESCRIBE"])
    refused = {"operation": "RevokePermissions", "error": "InvalidInputException", "message": message, "times": 1}
    estate.aws.faults(refused)
    params = {"Principal": reader, "Resource": resource, "Permissions": ["ALTER", "DESCRIBE"]}
    sender = Sender(estate.sessions, AwsReader(estate.sessions))
    assert sender.send([Call(placement(CENTRAL), "lakeformation", "RevokePermissions", params)]) == {}
    rows = lakeformation.list_permissions()["PrincipalResourcePermissions"]
    assert [row for row in rows if row["Principal"] == reader] == []
