"""drift: who is exposed stands first, with since when and by whom; of events, what they touched, for few calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.bootstrap.events_template import events_template, queue_template, regions
from reconciler.kinds import registry
from reconciler.model.lakeformation import Grant, OnTagPolicy
from tests.bootstrap.laid_events import Laid
from tests.cli.conftest import Run, edit
from tests.estate import ANALYTICS, BANKING, CENTRAL, Estate, bank
from tests.kinds.iam.test_permissions_due import apply_only, delete_role
from tests.story.test_no_gap import people, readable

BUCKET = f"bank-consumer-banking-{BANKING}-eu-west-1"
TABLE = {"DatabaseName": "credit-card", "Name": "credit_card"}
STEWARD = f"arn:aws:iam::{CENTRAL}:role/meshform/bank/data-mesh-steward"


def add_administrator(estate: Estate, account: str, arn: str) -> None:
    lake = estate.client("lakeformation", account)
    settings = lake.get_data_lake_settings()["DataLakeSettings"]
    settings["DataLakeAdmins"].append({"DataLakePrincipalIdentifier": arn})
    lake.put_data_lake_settings(DataLakeSettings=settings)


def act(estate: Estate) -> None:
    """One of each that a steward wants to hear of."""
    lake = estate.client("lakeformation")
    lake.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": STEWARD}, Resource={"Table": TABLE}, Permissions=["SELECT"]
    )
    lake.add_lf_tags_to_resource(
        Resource={"TableWithColumns": {**TABLE, "ColumnNames": ["age"]}},
        LFTags=[{"TagKey": "sensitivity", "TagValues": ["internal"]}],
    )
    hand = f"arn:aws:iam::{ANALYTICS}:role/hand"
    iam = estate.client("iam", ANALYTICS)
    iam.create_role(RoleName="hand", AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}')
    add_administrator(estate, ANALYTICS, hand)
    everything = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
    iam.put_role_policy(RoleName="credit-analyst", PolicyName="more", PolicyDocument=everything)
    s3 = estate.client("s3", BANKING)
    policy: Any = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    policy["Statement"].append(
        {
            "Sid": "Partner",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ANALYTICS}:root"},
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{BUCKET}/*",
        }
    )
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
    iam.delete_role_policy(RoleName="data-scientist", PolicyName="meshform")
    iam.delete_role(RoleName="data-scientist")


def test_a_steward_reads_first_who_is_exposed_since_when_and_by_whom(built: Estate, folder: Path, run: Run) -> None:
    act(built)
    text = run("drift")
    assert text.code == 2
    reads, _, rest = text.out.partition("Cannot read or do what documents give:")
    misses, _, rights = rest.partition("3 rights on what is ours that no document gives. Apply leaves such rights.")
    assert "central/data-mesh-steward may read 21 of 21 columns of credit-card.credit_card" in reads
    assert "analytics-coe/credit-analyst may read 1 more column of credit-card.credit_card (age)" in reads
    assert "The role data-scientist is gone: nobody reads as it" in misses
    for said in ("hand", "an inline policy that is not ours: more", "a statement that is not ours: Partner"):
        assert said in rights
    exposed = text.out.partition("differences. `meshform apply` repairs")[0]
    assert "is not known" not in exposed
    assert exposed.count("sandbox as role OrganizationAccountAccessRole of") >= 5

    found = run("drift", "--format", "json").json
    assert found["drift"]
    assert {each["by"][0].rpartition("/")[2] for each in found["exposure"]["rights"]} == {"sandbox"}
    (steward,) = [each for each in found["exposure"]["reads"] if "data-mesh-steward" in each["sentence"]]
    assert steward["since"].endswith("UTC")
    assert steward["access"][0]["principal"] == STEWARD
    assert found["history_not_read"] == []


def test_a_hand_made_administrator_alone_is_drift(built: Estate, folder: Path, run: Run) -> None:
    assert run("drift").code == 0
    built.client("iam", ANALYTICS).create_role(
        RoleName="alone", AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}'
    )
    add_administrator(built, ANALYTICS, f"arn:aws:iam::{ANALYTICS}:role/alone")
    ran = run("drift")
    assert ran.code == 2
    assert "No drift" not in ran.out
    assert f"an administrator that no document names: arn:aws:iam::{ANALYTICS}:role/alone" in ran.out


def test_who_may_not_look_into_the_history_is_told_so_and_the_drift_all_the_same(
    built: Estate, folder: Path, run: Run
) -> None:
    built.client("glue", ANALYTICS).delete_database(Name="rl_credit-card")
    built.aws.faults({"service": "cloudtrail", "error": "AccessDeniedException", "message": "not you", "times": None})
    ran = run("drift")
    assert ran.code == 2
    assert "+ missing: resource-link rl_credit-card" in ran.out
    assert f"! who changed what could not be asked in {ANALYTICS}/eu-west-1: cloudtrail.LookupEvents: Acc" in ran.out


QUEUE = "watch-bank"


@pytest.fixture
def queue(built: Estate) -> str:
    """A queue as `bootstrap --events` prints it, that hears of the central account and the consumer's."""
    mesh, kinds = bank(), registry()
    url = Laid(built, CENTRAL).all(queue_template(mesh))["Queue"]
    for account in (CENTRAL, ANALYTICS):
        found = mesh.account_by_id(account)
        assert found is not None
        for region in regions(mesh, found):
            Laid(built, account, region).all(events_template(mesh, found, kinds))
    built.client("sqs").purge_queue(QueueUrl=url)
    return url


def waiting(built: Estate, url: str) -> int:
    """Messages in the queue, those that were taken and are not gone included."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = built.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(map(int, found.values()))


def grant(built: Estate) -> None:
    built.client("lakeformation").grant_permissions(
        Principal={"DataLakePrincipalIdentifier": STEWARD}, Resource={"Table": TABLE}, Permissions=["SELECT"]
    )


def retag(built: Estate) -> None:
    built.client("lakeformation").add_lf_tags_to_resource(
        Resource={"TableWithColumns": {**TABLE, "ColumnNames": ["age"]}},
        LFTags=[{"TagKey": "sensitivity", "TagValues": ["internal"]}],
    )


def administrator(built: Estate) -> None:
    add_administrator(built, ANALYTICS, f"arn:aws:iam::{ANALYTICS}:role/Carrier-eu-west-1")


def policy(built: Estate) -> None:
    everything = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
    built.client("iam", ANALYTICS).put_role_policy(
        RoleName="credit-analyst", PolicyName="more", PolicyDocument=everything
    )


CASES: list[tuple[Any, str]] = [
    (grant, "central/data-mesh-steward may read 21 of 21 columns of credit-card.credit_card"),
    (retag, "analytics-coe/credit-analyst may read 1 more column of credit-card.credit_card (age)"),
    (administrator, "an administrator that no document names: "),
    (policy, "an inline policy that is not ours: more"),
]


@pytest.mark.parametrize(("hand", "said"), CASES, ids=[hand.__name__ for hand, _ in CASES])
def test_what_a_hand_does_is_told_by_name_for_few_calls(
    built: Estate, queue: str, folder: Path, run: Run, hand: Any, said: str
) -> None:
    hand(built)
    built.aws.calls.clear()
    ran = run("drift", "--events", QUEUE)
    calls = [f"{call.service}.{call.operation}" for call in built.aws.calls]
    assert len(calls) <= 20, calls
    assert ran.code == 2
    assert said in ran.out
    assert "sandbox as role OrganizationAccountAccessRole of" in ran.out or hand is grant
    assert "Whether anything else has drifted was not looked at." in ran.out
    assert "cloudtrail.LookupEvents" not in calls, "the event itself says who"
    assert waiting(built, queue) == 0


def test_messages_stay_until_what_they_touched_was_told(built: Estate, queue: str, folder: Path, run: Run) -> None:
    grant(built)
    denied = {"error": "AccessDeniedException", "message": "not now", "times": None}
    built.aws.faults({"service": "lakeformation", "operation": "ListPermissions", "account": CENTRAL, **denied})
    ran = run("drift", "--events", queue)
    assert ran.code not in (0, 2)
    assert waiting(built, queue) == 1
    built.aws.world.faults.clear()


def test_poison_is_said_and_gone_and_nothing_is_read_for_it(built: Estate, queue: str, folder: Path, run: Run) -> None:
    sqs = built.client("sqs")
    before = waiting(built, queue)
    assert before == 0
    for body in ("{", "x" * 1_000, json.dumps({"detail-type": "mine"})):
        sqs.send_message(QueueUrl=queue, MessageBody=body)
    built.client("glue").create_database(DatabaseInput={"Name": "theirs"})
    built.aws.calls.clear()
    ran = run("drift", "--events", queue, "--format", "json")
    assert ran.code == 0
    assert ran.json["events"]["messages"] == 4
    assert sum(ran.json["events"]["others"].values()) == 3
    assert ran.json["portion"]["places"] == []
    assert waiting(built, queue) == 0
    assert {call.service for call in built.aws.calls} - {"sts"} == {"sqs"}


def test_a_queue_that_is_not_there_is_told_with_what_to_do(built: Estate, folder: Path, run: Run) -> None:
    ran = run("drift", "--events", "nowhere")
    assert ran.code == 1
    assert "The queue nowhere cannot be used" in ran.err
    assert "bootstrap --events" in ran.err


HEALS = "drift: {heal: {kinds: [tag-assignment, grant]}}\nlimits:"


def revoke(built: Estate) -> None:
    """Somebody takes the data scientist's right to the table by hand, as in an emergency."""
    found = next(
        each.spec
        for each in built.look().found.of(Grant)
        if isinstance(each.spec.target, OnTagPolicy)
        and each.spec.permission == "SELECT"
        and each.spec.principal.endswith("/data-scientist")
    )
    assert isinstance(found.target, OnTagPolicy)
    terms = [{"TagKey": key, "TagValues": list(values)} for key, values in found.target.terms]
    built.client("lakeformation", ANALYTICS).revoke_permissions(
        Principal={"DataLakePrincipalIdentifier": found.principal},
        Resource={"LFTagPolicy": {"CatalogId": CENTRAL, "ResourceType": "TABLE", "Expression": terms}},
        Permissions=["SELECT"],
    )


def test_nothing_is_set_back_that_mesh_yaml_does_not_name(built: Estate, folder: Path, run: Run) -> None:
    retag(built)
    built.aws.calls.clear()
    ran = run("drift", "--heal")
    assert ran.code == 2
    assert "Nothing was set back." in ran.err
    assert built.writes() == []


def test_what_is_named_is_set_back_with_a_journal_and_what_was_revoked_stays_so(
    built: Estate, folder: Path, run: Run
) -> None:
    edit(folder, "mesh.yaml", "limits:", HEALS)
    retag(built)
    ran = run("drift", "--heal")
    assert ran.code == 0, ran.err
    assert "analytics-coe/credit-analyst may read 1 more column" in ran.out
    (entry,) = (folder.parent / ".meshform" / "journal").glob("*.json")
    (step,) = json.loads(entry.read_text())["steps"]
    assert (step["action"], step["result"]) == ("update", "done")
    revoke(built)
    kept = run("drift", "--heal")
    assert kept.code == 3
    assert "reopens-access" in kept.err
    edit(folder, "mesh.yaml", "[tag-assignment, grant]", "[tag-assignment, grant], accept: [reopens-access]")
    assert run("drift", "--heal").code == 0


def test_what_two_owners_keep_changing_is_left_alone_after_the_third_time(
    built: Estate, folder: Path, run: Run
) -> None:
    edit(folder, "mesh.yaml", "limits:", HEALS)
    built.aws.world.trail.clear()  # other tests of this module have changed and set back the same
    for _ in range(3):
        retag(built)
        assert run("drift", "--heal").code == 0
    retag(built)
    ran = run("drift", "--heal")
    assert ran.code == 2
    assert "was set back and changed again 3 times within 7 days: two owners keep it" in ran.err


def test_what_documents_ask_for_and_nobody_applied_is_not_healed(built: Estate, folder: Path, run: Run) -> None:
    edit(folder, "mesh.yaml", "limits:", HEALS)
    (folder / "consumers/analytics-coe/subscriptions/credit-risk-model.yaml").unlink()
    built.aws.calls.clear()
    ran = run("drift", "--heal")
    assert ran.code == 2
    assert "Nothing was set back." in ran.err
    assert built.writes() == []
    words = " is left as it is: it was Meshform itself that changed it last ("
    told = {line[2:].partition(words)[0] for line in ran.err.splitlines() if words in line}
    steps = run("plan", "--format", "json").json["steps"]
    assert told == {step["address"] for step in steps if step["address"].startswith("grant ")} != set()


def test_healing_that_may_not_ask_who_did_it_says_so_of_each_thing(built: Estate, folder: Path, run: Run) -> None:
    edit(folder, "mesh.yaml", "limits:", HEALS)
    retag(built)
    built.aws.faults({"service": "cloudtrail", "error": "AccessDeniedException", "message": "not you", "times": None})
    ran = run("drift", "--heal")
    assert ran.code == 2
    assert f"Who changed what could not be asked in {CENTRAL}/eu-west-1: cloudtrail.LookupEvents: Access" in ran.err
    assert "is left as it is: CloudTrail names nobody who changed it" in ran.err


def test_what_had_drifted_is_kept_with_who_did_it(built: Estate, folder: Path, run: Run) -> None:
    retag(built)
    assert run("drift", "--keep").code == 2
    (kept,) = (folder.parent / ".meshform" / "snapshots").rglob("*-drift.json")
    found = json.loads(kept.read_text())
    assert found["mesh"] == "bank"
    assert found["exposure"]["reads"][0]["by"] == [
        f"arn:aws:sts::{CENTRAL}:assumed-role/OrganizationAccountAccessRole/sandbox"
    ]


@pytest.mark.parametrize("answer", ["return", "void"])
def test_a_deleted_role_comes_back_with_what_it_was_given_or_not_at_all(
    built: Estate, folder: Path, run: Run, answer: str
) -> None:
    """AWS may list what the old role had and give the new one nothing of it; then no later run would see that."""
    built.aws.world.beliefs.choose({"roles-made-anew": answer})
    who = people(built)
    had = readable(built, who)
    delete_role(built)
    edit(folder, "mesh.yaml", "limits:", "drift: {heal: {kinds: [iam-role], accept: [reopens-access]}}\nlimits:")
    left = run("drift", "--heal")
    assert left.code == 2
    assert "has to be given again once it is made anew" in left.err
    assert "lets no grant be healed (drift.heal.kinds). `meshform apply` does both" in left.err
    assert [step.address.kind for step in built.plan().steps if step.address.name == "data-scientist"] == ["iam-role"]
    edit(folder, "mesh.yaml", "[iam-role]", "[iam-role, grant]")
    assert run("drift", "--heal").code == 0
    assert readable(built, who) == had
    assert built.plan().is_empty


def test_what_a_killed_run_left_a_role_without_is_given_back_where_rights_may_be(
    built: Estate, folder: Path, run: Run
) -> None:
    """Nobody else has changed anything: the role was made anew by a run that ended before the rest of it."""
    built.aws.world.beliefs.choose({"roles-made-anew": "void"})
    who = people(built)
    had = readable(built, who)
    delete_role(built)
    apply_only(built, "iam-role")
    assert readable(built, who) != had
    edit(folder, "mesh.yaml", "limits:", "drift: {heal: {kinds: [iam-role], accept: [reopens-access]}}\nlimits:")
    for kinds, lacking in (("iam-role", "grant"), ("grant", "iam-role")):
        left = run("drift", "--heal")
        assert left.code == 2
        assert f"lets no {lacking} be healed (drift.heal.kinds)" in left.err
        assert readable(built, who) != had
        edit(folder, "mesh.yaml", f"[{kinds}]", f"[{lacking}]")
    edit(folder, "mesh.yaml", "[iam-role]", "[table]")
    left = run("drift", "--heal")
    assert left.code == 2
    assert "has to be given again" not in left.err
    edit(folder, "mesh.yaml", "[table]", "[iam-role, grant]")
    healed = run("drift", "--heal")
    assert healed.code == 0
    assert "is left as it is" not in healed.err
    assert readable(built, who) == had
    assert built.plan().is_empty
