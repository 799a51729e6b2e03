"""Refusals: what AWS's own words mean for who asked: wait, it is done already, or never.

One table, with where each text was seen. What stands in no line is final and told at once.
A throttled request is a matter of aws/rate_limit.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from reconciler.aws.rate_limit import THROTTLED

Meaning = Literal["collision", "propagation", "consistency", "done", "done in part"]
"""`collision`: somebody else writes there just now. `propagation`: a role or right that was given a moment ago does not
hold everywhere yet. `consistency`: what was made a moment ago is not found yet. `done`: there is nothing left to do.
`done in part`: so it is of something that was asked for, and the rest was not done."""

PATIENCE: dict[Meaning, float] = {"collision": 60.0, "propagation": 120.0, "consistency": 20.0}
"""Seconds to go on asking: for a collision since the call was sent first, else since it could be sent at all: however
many calls wait for it, what was made before has had that much time. Terraform's provider waits two minutes for IAM."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """`on` is `service.Operation` with wildcards; `text` a part of the message, whatever its case; `source` says who
    has seen it."""

    on: str
    codes: tuple[str, ...]
    text: str
    meaning: Meaning
    source: str


_GRANT = "lakeformation.*GrantPermissions"
_REVOKE = "lakeformation.*RevokePermissions"
_INPUT, _DENIED = ("InvalidInputException",), ("AccessDeniedException",)
_TERRAFORM = "hashicorp/terraform-provider-aws"

REFUSALS: tuple[Refusal, ...] = (
    # Nothing is left to take.
    Refusal(_REVOKE, _INPUT, "grantee has no permissions", "done", "aws-glue-samples #78; data.all #1029, lf_client"),
    Refusal(_REVOKE, _INPUT, "no permissions revoked", "done in part", f"{_TERRAFORM} #35160; MoJ #10002"),
    Refusal(_REVOKE, _INPUT, "permissions modification is invalid", "done in part", f"{_TERRAFORM}: implicit rights"),
    Refusal(_REVOKE, _INPUT, "on non-existent column", "done", f"{_TERRAFORM} lakeformation/permissions.go"),
    Refusal(_REVOKE, _INPUT, "cell filter not found", "done", f"{_TERRAFORM} lakeformation/permissions.go"),
    Refusal(_REVOKE, ("EntityNotFoundException",), "", "done", "API reference: RevokePermissions"),
    # Two writers.
    Refusal("lakeformation.*", ("ConcurrentModificationException",), "", "collision", "data.all #1572; aws-cdk #36215"),
    Refusal("*", ("OperationTimeoutException",), "", "collision", "API reference: AWS Lake Formation, Glue"),
    Refusal("glue.*", ("ConcurrentModificationException", "ConcurrentRunsExceededException"), "", "collision", "API"),
    Refusal("iam.*", ("ConcurrentModification", "ConcurrentModificationException"), "", "collision", "API: IAM, 409"),
    Refusal("sns.*", ("ConcurrentAccess", "ConcurrentAccessException"), "", "collision", "API reference: Amazon SNS"),
    Refusal("events.*", ("ConcurrentModificationException",), "", "collision", "API reference: EventBridge"),
    Refusal("s3.*", ("OperationAborted", "ConditionalRequestConflict"), "", "collision", "API reference: S3, 409"),
    *(
        Refusal(f"databrew.{verb}*", ("ConflictException",), "", "collision", "API reference: DataBrew")
        for verb in ("Update", "Delete", "Publish")
    ),
    Refusal("*", tuple(sorted(THROTTLED)), "", "collision", "an entry of a batch that was throttled alone"),
    Refusal("*", (*_INPUT, *_DENIED), "rate exceeded", "collision", "Lake Formation, of what it calls itself"),
    # Roles, principals and rights that were made a moment ago.
    Refusal(
        "lakeformation.*", _INPUT, "invalid principal", "propagation", f"{_TERRAFORM} lakeformation/permissions.go"
    ),
    Refusal(_GRANT, _INPUT, "grantee has no permissions", "propagation", f"{_TERRAFORM} lakeformation/permissions.go"),
    Refusal("lakeformation.*", _INPUT, "register the s3 path", "propagation", f"{_TERRAFORM} permissions.go"),
    Refusal(
        "lakeformation.*",
        _DENIED,
        "is not authorized to access requested permissions",
        "propagation",
        f"{_TERRAFORM} #27518, permissions.go; a consumer passes on what RAM has not brought yet",
    ),
    Refusal(_GRANT, _DENIED, "insufficient glue permissions to access", "propagation", "data.all #526 #579 #588 #671"),
    Refusal(
        "*", (*_INPUT, *_DENIED), "insufficient lake formation permission", "propagation", f"{_TERRAFORM} #49398 #49953"
    ),
    Refusal("*", (*_INPUT, "ValidationException"), "cannot be assumed", "propagation", f"{_TERRAFORM} events/rule.go"),
    Refusal("glue.*", _INPUT, "unable to assume", "propagation", f"{_TERRAFORM} glue/crawler.go:449"),
    Refusal("glue.*", _INPUT, "trustpolicy", "propagation", f"{_TERRAFORM} glue/crawler.go:596 (three texts)"),
    Refusal("glue.*Crawler", _INPUT, "is not authorized", "propagation", f"{_TERRAFORM} glue/crawler.go: AWS-Crawler"),
    Refusal("lakeformation.*", (*_INPUT, *_DENIED), "role is not authorized", "propagation", "our own words until now"),
    Refusal("*", ("MalformedPolicy", "MalformedPolicyDocument"), "invalid principal", "propagation", "API: S3, IAM"),
    Refusal("glue.*ResourcePolicy", _INPUT, "invalid principal", "propagation", f"{_TERRAFORM} resource_policy.go"),
    Refusal("sns.*", ("InvalidParameter",), "principalnotfound", "propagation", "cdkd #839: a role made just now"),
    # What was made is not found yet. What deletes says itself that this is fine.
    Refusal("iam.Put*", ("NoSuchEntity",), "", "consistency", "IAM guide: eventual consistency"),
    Refusal("iam.Update*", ("NoSuchEntity",), "", "consistency", "IAM guide: eventual consistency"),
    Refusal("s3.Put*", ("NoSuchBucket",), "", "consistency", f"{_TERRAFORM} s3/bucket.go"),
    *(
        Refusal(on, ("EntityNotFoundException",), "", "consistency", "facts F9: right after it was made")
        for on in (_GRANT, "lakeformation.Add*", "lakeformation.Create*", "glue.Create*", "glue.Start*")
    ),
    Refusal("events.Put*", ("ResourceNotFoundException",), "", "consistency", "right after CreateEventBus, PutRule"),
    Refusal("sns.S*", ("NotFound",), "", "consistency", "right after CreateTopic"),
    Refusal("databrew.*", ("ResourceNotFoundException",), "", "consistency", "right after CreateRecipe"),
)


def refusal(service: str, operation: str, code: str, message: str) -> Refusal | None:
    """The line for what AWS says to a request; None where it is final."""
    asked, lowered = f"{service}.{operation}", message.lower()
    for line in REFUSALS:
        if code in line.codes and line.text in lowered and fnmatchcase(asked, line.on):
            return line
    return None
