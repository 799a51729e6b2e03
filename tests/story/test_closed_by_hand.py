"""What a hand has closed stays closed until somebody says otherwise, whatever it was that he took away or narrowed.

Every resource of the example is deleted by a hand, and each thing that a spec says is made otherwise. Where the sandbox
then refuses the analyst what he read before, neither apply nor healing opens it again unasked; accepted, apply does.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import botocore
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from reconciler import healing, pipeline, watching
from reconciler.demo import analyst
from reconciler.errors import MeshformError, Refused
from reconciler.kinds import registry
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.s3.bucket_settings import Bucket
from reconciler.model.call import Call
from reconciler.model.job import LAPTOP
from reconciler.model.lakeformation import Grant
from reconciler.model.resource import AnyResource
from reconciler.plan.review import Review
from tests.checkpoint import Checkpoint
from tests.estate import ANALYTICS, Estate, bank, every_rule, failures, variant

pytestmark = pytest.mark.slow

#: Everything may be healed but what gives back access.
HEALS = ("mesh.yaml", "limits:", f"drift:\n  heal: {{kinds: [{', '.join(sorted(registry()))}], accept: []}}\nlimits:")
QUERY = 'SELECT status FROM "rl_credit-card".credit_card'
CLOSE = {
    "bucket",
    "bucket-policy",
    "database",
    "grant",
    "iam-role",
    "lf-tag",
    "location",
    "resource-link",
    "table",
    "tag-assignment",
    "workgroup",
}
"""The kinds of which the sandbox is known to need something, so that this test does not pass by closing nothing."""


class Hand(NamedTuple):
    """What somebody does to something; `sort` is the same where others do the like to others of its kind."""

    sort: str
    what: str
    calls: list[Call]


def hands(found: Iterable[AnyResource]) -> Iterator[Hand]:
    """Each of these is deleted, and each field of its spec becomes another."""
    for each in found:
        kind = registry()[each.address.kind]
        try:
            yield Hand(f"deleted {each.address}", f"{each.address} is deleted", [*kind.delete(each)])
        except AssertionError:
            yield Hand(f"deleted {each.address}", f"{each.address} is deleted", [*by_hand(each)])
        for sort, other in otherwise(each.spec):
            try:
                calls = [*kind.update(each, dataclasses.replace(each, spec=other))]
            except (AssertionError, ValueError, LookupError, TypeError):
                continue  # Meshform has no request for it.
            yield Hand(sort, f"{each.address}: {sort}", calls)


def by_hand(each: AnyResource) -> Iterator[Call]:
    """What Meshform never deletes: of it a bucket can be deleted by others."""
    if isinstance(each.spec, Bucket):
        yield Call(each.address.placement, "s3", "DeleteBucket", {"Bucket": each.address.name})


def otherwise(spec: Any) -> Iterator[tuple[str, Any]]:
    """Specs in which one field is another than it is, each with what was done to it."""
    for field in dataclasses.fields(spec):
        for how, other in others(getattr(spec, field.name)) if field.compare else ():
            yield f"{field.name} {how}", dataclasses.replace(spec, **{field.name: other})


def others(value: Any) -> Iterator[tuple[str, Any]]:
    match value:
        case bool():
            yield "is not so", not value
        case int():
            yield "is small", 10_000_000
        case str() if value.startswith("{"):
            document = json.loads(value)
            for how, statements in narrowed(document.get("Statement", [])):
                yield how, json.dumps({**document, "Statement": statements}, sort_keys=True)
        case str():
            yield "is off", "DISABLED"
            yield "is elsewhere", f"{value}x/"
            yield "denies all", "arn:aws:iam::aws:policy/AWSDenyAll"
        case tuple() if value and all(isinstance(part, tuple) and len(part) == 2 for part in value):
            for number, (name, text) in enumerate(value):
                yield f"lacks {name}", (*value[:number], *value[number + 1 :])
                for how, (statement, *_) in narrowed(json.loads(text)) if str(text).startswith("{") else ():
                    other = (name, json.dumps(statement, sort_keys=True))
                    yield f"{how} in {name}", (*value[:number], other, *value[number + 1 :])


def narrowed(said: Any) -> Iterator[tuple[str, list[Any]]]:
    """Statements of which one is gone, or the first denies or holds on another condition."""
    statements = said if isinstance(said, list) else [said]
    for number, each in enumerate(statements):
        rest = [*statements[:number], *statements[number + 1 :]]
        if rest:
            yield f"without {each.get('Sid', number)}", rest
        if number:
            continue
        yield f"{each.get('Sid', number)} denies", [{**each, "Effect": "Deny"}, *rest]
        yield (
            f"{each.get('Sid', number)} never",
            [{**each, "Condition": {"Bool": {"aws:SecureTransport": "no"}}}, *rest],
        )


def concerns(each: AnyResource) -> bool:
    """Of the many permissions those of the analyst and of his account, which reads what comes to it by them; of the
    many columns with a tag the one that he asks for, and one that he may not see."""
    if isinstance(each.spec, TagAssignment):
        return each.spec.place.column in ("", "status", "age")
    return not isinstance(each.spec, Grant) or each.spec.principal.endswith((f"/{analyst.READER}", ANALYTICS))


def reads(estate: Estate) -> bool:
    """Whether the analyst reads what he reads by the documents."""
    try:
        return len(analyst._query(estate.aws, bank(), QUERY)) > 1
    except (MeshformError, ClientError):
        return False


def empty(s3: Any, bucket: str) -> None:
    """Whoever deletes a bucket has deleted what is in it."""
    found = s3.list_object_versions(Bucket=bucket)
    for each in (*found.get("Versions", ()), *found.get("DeleteMarkers", ())):
        s3.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])


def is_done(estate: Estate, calls: Iterable[Call]) -> bool:
    """Whether AWS does what a hand asks for."""
    try:
        for call in calls:
            client = estate.aws.session(call.placement.account).client(call.service, region_name=call.placement.region)
            if call.operation == "DeleteBucket":
                empty(client, call.params["Bucket"])
            getattr(client, botocore.xform_name(call.operation))(**call.params)
    except (ClientError, BotoCoreError):
        return False
    return True


@pytest.mark.parametrize("kind", sorted(registry()))
def test_what_a_hand_closes_is_opened_only_by_who_says_so(built: Estate, tmp_path: Path, kind: str) -> None:
    mesh = variant(HEALS, ("mesh.yaml", "limits:", f"journal: {{path: {tmp_path}/journal}}\nlimits:"))
    analyst.deliver(built.aws, mesh)
    assert reads(built)
    found, whole = built.look(mesh).found, Checkpoint(built.aws)
    closed: list[str] = []
    for hand in hands(each for each in found.of_kind(kind) if concerns(each)):
        if hand.sort in closed or not hand.calls:
            continue
        whole.restore(built.aws)
        built.fresh_sessions()
        if not is_done(built, hand.calls) or reads(built):
            continue
        if not closed:
            healing_leaves_it(built, mesh, hand)
        closed.append(hand.sort)
        apply_leaves_it(built, mesh, hand)
    assert closed or kind not in CLOSE


def healing_leaves_it(estate: Estate, mesh: Any, hand: Hand) -> None:
    """Whatever else it sets back."""
    found = watching.drift(mesh, estate.sessions)
    try:
        healing.heal(mesh, found, estate.sessions, estate.sessions, LAPTOP, datetime.now(UTC))
    except MeshformError as error:
        raise AssertionError(hand.what) from error
    assert not reads(estate), f"healing has opened it: {hand.what}"


def apply_leaves_it(estate: Estate, mesh: Any, hand: Hand) -> None:
    """An unrelated change is not carried out, or leaves it; accepted by name it gives back what documents give."""

    def reviewed() -> Review:
        estate.fresh_sessions()
        return pipeline.review(mesh, observation=estate.look(mesh), base=mesh, base_name="main")

    now, refused = reviewed(), False
    try:
        pipeline.apply_reviewed(now, estate.sessions)
    except Refused:
        refused = True
        assert "reopens-access" in {each.rule for each in now.findings if each.severity == "error"}, hand.what
    assert not reads(estate), f"apply has opened it: {hand.what}"
    if refused:
        run = pipeline.apply_reviewed(reviewed(), estate.sessions, accepted=every_rule())
        assert not run.failed, (hand.what, failures(run))
        assert reads(estate) or "deleted" in hand.sort, f"accepted, apply has not opened it: {hand.what}"
