"""What other runs have written and this one reads back: plans, approvals, outcomes, journals, locks, schemas, names."""

from __future__ import annotations

import json
from functools import cache

from reconciler.aws.evidence_store import FolderStore
from reconciler.aws.lock import holder_of
from reconciler.aws.use_history import recorded
from reconciler.errors import MeshformError
from reconciler.history.entries import run_entry
from reconciler.history.index import add_runs, opened
from reconciler.history.update import entry
from reconciler.importing.naming import given_names, text_of
from reconciler.importing.terraform import terraform_state
from reconciler.kinds import registry
from reconciler.model.resource import Observation, Snapshot
from reconciler.owed import debts_in, is_due
from reconciler.owners.codeowners import known_handles
from reconciler.owners.evidence import evidence_of
from reconciler.pipeline import restrict_to_reviewed, review
from reconciler.plan.requested_access import requested_in
from reconciler.plan.review import Review
from reconciler.plan.reviewed import pull_requests, reviewed_digests, reviewed_plan
from reconciler.report.comment import Where
from reconciler.report.json_v1 import plan_json
from reconciler.report.outcome import ending, with_outcome_banner
from reconciler.scaffold.upgrade import old_schema
from reconciler.spec.language.changes import changes
from reconciler.spec.language.json_schema import schemas
from tests.fuzz.place import place
from tests.fuzz.target import Target, is_clean
from tests.spec.small import FILES, STUDY, changed, loaded

_RUN = "2026-11-22T093000Z-a1b2c3.json"


def plan(data: bytes) -> str:
    """A reviewed plan: nothing that is not in it is carried out."""
    document = reviewed_plan(data, "plan.json")
    expected = reviewed_digests(document)
    asked = requested_in([document])
    kept = restrict_to_reviewed(_review(), expected)
    assert kept.plan is not None
    for step in kept.plan.steps:
        assert step.digest in expected[str(step.address)]
    return f"{len(expected)} steps, {sorted(pull_requests([document]))}, {asked is not None}"


def approvals(data: bytes) -> str:
    """Who approved what, read and written and read again."""
    found = evidence_of(reviewed_plan(data, "approvals.json"))
    assert evidence_of(json.loads(json.dumps(found.as_json()))) == found
    return f"{len(found.changes)} changes"


def outcome(data: bytes) -> str:
    """How a run ended, as a comment says it."""
    end = ending(reviewed_plan(data, "outcome.json"))
    body = with_outcome_banner(None, Where("mesh").marker, end, "0" * 40, None)
    assert all(map(is_clean, body.replace("\N{ZERO WIDTH SPACE}", "").split("\n"))), "signs that hide"
    return f"{end.state} {end.sentence}"


def journal(data: bytes) -> str:
    """An entry of the journal, with the notes of a run that was killed."""
    first, _, notes = data.partition(b"\n")
    store = FolderStore(str(place()), "journal/")
    store.write(f"journal/{_RUN}", first)
    store.write(f"journal/under-way/{_RUN.removesuffix('.json')}/1.json", notes)
    told = entry(store, _RUN)
    found = run_entry(_RUN, told, "mesh")
    with opened(str(place() / "index.sqlite"), "fuzz") as index:
        add_runs(index, [found])
    due = [is_due(debt, {}, Observation(Snapshot()), registry()) for debt in debts_in(told)]
    return f"{found.outcome[:20]} {len(found.steps)} steps, {len(due)} owed"


def lock(data: bytes) -> str:
    try:
        return f"held by {holder_of(data)}"
    except ValueError as error:
        return f"no lock: {error}"


def records(data: bytes) -> str:
    """A file of a CloudTrail trail."""
    path = place() / "records.json"
    path.write_bytes(data)
    return f"{len(recorded([path], ['111111111111']).calls)} uses"


def names(data: bytes) -> str:
    """A file of names for an import."""
    path = place() / "names.yaml"
    path.write_bytes(data)
    return f"{len(given_names(text_of(path), 'names.yaml'))} names"


def terraform(data: bytes) -> str:
    path = place() / "state.json"
    path.write_bytes(data)
    found = terraform_state(text_of(path), "state.json")
    return f"{len(found.names)} names, {len(found.owned)} owned, {found.handing_over[:40]}"


def schema(data: bytes) -> str:
    """A schema in a repository that is upgraded."""
    found = old_schema(data, "product.schema.json")
    return "; ".join(map(str, changes({"product.schema.json": found}, _schemas())))[:200]


def codeowners(data: bytes) -> str:
    try:
        return f"made with {known_handles(data.decode())}"
    except UnicodeDecodeError as error:
        raise MeshformError("CODEOWNERS is not UTF-8.") from error


@cache
def _review() -> Review:
    after = loaded(changed((STUDY, "[internal]", "[internal, secret]"))).mesh
    before = loaded(FILES).mesh
    assert after is not None
    return review(after, observation=Observation(Snapshot()), base=before, base_name="main")


@cache
def _schemas() -> dict[str, object]:
    return {"product.schema.json": schemas()["product.schema.json"]}


def _plans() -> list[bytes]:
    whole = plan_json(_review())
    few = {**whole, "steps": whole["steps"][:3], "asked": whole["asked"][:3], "pull_request": 7}
    return [json.dumps(few, default=str).encode()]


_APPROVALS = {
    "version": 1,
    "base": "a" * 40,
    "organization": "acme",
    "members": {"acme/sales": ["ada"], "acme/other": None},
    "changes": [
        {"commit": "b" * 40, "pull_request": None},
        {
            "commit": "c" * 40,
            "pull_request": {
                "number": 7, "head": "d" * 40, "author": "ada", "pushed_by": ["ada"], "as_approved": True,
                "approvals": [{"by": "grace", "commit": "d" * 40, "at": "2026-11-22T09:30:00Z"}],
                "acceptances": [
                    {"rule": "mass-delete", "digest": "0" * 24, "reason": "Agreed", "by": "grace", "edited": False,
                     "at": "2026-11-22T09:30:00Z", "url": "https://github.com/x"}
                ],
            },
        },
    ],
}  # fmt: skip
_STEP = {"address": "bucket 222222222222/eu-west-1 x", "action": "create", "result": "failed", "message": "no"}
_OUTCOME = {
    "exit_code": 5, "message": "Some steps failed.", "journal": "journal/x.json", "not_approved": ["Product x waits"],
    "run": {"outcomes": [_STEP], "held": [{"address": _STEP["address"], "reason": "not in the reviewed plan"}]},
}  # fmt: skip
_ENTRY = {
    "version": 1, "mesh": "demo", "started": "2026-11-22T09:30:00+00:00", "ended": None, "by": "arn:aws:sts::1:x/y",
    "actor": "ada", "commit": "c" * 40, "outcome": "running", "accepted": ["mass-delete"], "pull_requests": [7],
    "acceptances": [{"rule": "mass-delete", "by": "grace", "pull_request": 7}], "approvals": _APPROVALS,
    "steps": [{**_STEP, "origin": "mesh/domains/x.yaml:1:1"}], "uncommitted": ["x"], "findings": ["y"],
    "access": [{"gained": True, "principal": "arn:aws:iam::444444444444:role/a", "columns": ["id"], "rows": None}],
    "owed": [{"id": "n1", "product": "orders", "tells": [{**_STEP, "action": "x", "digest": None}]}],
}  # fmt: skip
_NOTE = {
    "version": 1,
    "at": "2026-11-22T09:31:00Z",
    "sent": [_STEP["address"]],
    "ended": {_STEP["address"]: ["done", ""]},
}
_RECORD = {
    "eventSource": "lakeformation.amazonaws.com", "eventName": "GetDataAccess", "eventTime": "2026-11-22T09:30:00Z",
    "recipientAccountId": "444444444444", "awsRegion": "eu-west-1", "eventID": "1", "responseElements": None,
    "userIdentity": {"arn": "arn:aws:sts::444444444444:assumed-role/analyst/x", "invokedBy": "athena.amazonaws.com"},
    "requestParameters": {"tableArn": "arn:aws:glue:eu-west-1:111111111111:table/orders/order", "entries": [{"id": 1}]},
}  # fmt: skip
_STATE = {
    "version": 4,
    "resources": [
        {"mode": "managed", "type": "aws_iam_role", "name": "analyst", "module": 'module.team["sales"]',
         "instances": [{"index_key": "a", "attributes": {"arn": "arn:aws:iam::444444444444:role/analyst"}}]},
        {"mode": "managed", "type": "aws_glue_catalog_table", "name": "this",
         "instances": [{"attributes": {"name": "order", "database_name": "orders"}}]},
    ],
}  # fmt: skip
_SHOWN = {
    "values": {"root_module": {"resources": [], "child_modules": [{"resources": [
        {"mode": "managed", "type": "aws_glue_catalog_database", "name": "main", "values": {"name": "orders"},
         "address": "module.x.aws_glue_catalog_database.main"}]}]}},
}  # fmt: skip


def _seeds(*values: object) -> list[bytes]:
    return [json.dumps(each).encode() for each in values]


TARGETS = (
    Target("approvals", "json", approvals, lambda: _seeds(_APPROVALS)),
    Target(
        "codeowners", "text", codeowners, lambda: [b"# Made by: meshform owners --organization acme --governance g\n"]
    ),
    Target(
        "journal", "lines", journal, lambda: [b"\n".join(_seeds(_ENTRY, _NOTE)), *_seeds({**_ENTRY, "outcome": "done"})]
    ),
    Target(
        "lock",
        "json",
        lock,
        lambda: _seeds({"id": "a1", "by": "arn:x", "since": "now", "renewed": "now", "where": "process 1 on x"}),
    ),
    Target(
        "names",
        "yaml",
        names,
        lambda: [b"account 111111111111: sales\ndatabase orders: orders\nprincipal arn:aws:iam::1:role/x: reader\n"],
    ),
    Target("outcome", "json", outcome, lambda: _seeds(_OUTCOME, {"exit_code": 3, "message": "a\nb"})),
    Target("plan", "json", plan, _plans),
    Target("records", "json", records, lambda: _seeds({"Records": [_RECORD]})),
    Target("schema", "json", schema, lambda: _seeds(*_schemas().values())),
    Target("terraform", "json", terraform, lambda: _seeds(_STATE, _SHOWN)),
)
