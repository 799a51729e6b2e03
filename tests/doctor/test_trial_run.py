"""A trial tells what no reading can, whatever AWS does, and leaves nothing."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from reconciler import pipeline
from reconciler.doctor import examine, trial_run
from reconciler.doctor.assumption import Answer
from reconciler.sandbox import Sandbox
from reconciler.sandbox.core.beliefs import BELIEFS
from reconciler.spec.mesh import Mesh
from tests.doctor.leftovers import leftovers
from tests.estate import CENTRAL, REGION


def tried(mesh: Mesh) -> list[Answer]:
    return list(trial_run.answers(examine.patient_of(mesh, [])))


#: Told only where the consumer's account has no share yet (test_first_trial.py).
FIRST = {"invitations-sent-again", "rejected-invitations"}


def told(mesh: Mesh, ids: Collection[str]) -> list[Answer]:
    """What is told by reading and by the trial; each only where it tells of these assumptions."""
    reads, tries = examine.assumptions().keys(), {each.id for each in trial_run.ASSUMPTIONS}
    read = [] if reads.isdisjoint(ids) else examine.examine(examine.patient_of(mesh, []))
    every = [*read, *([] if tries.isdisjoint(ids) else tried(mesh))]
    return [each for each in every if each.verdict != "unknown"]


def judge(found: list[Answer], id_: str, answer: str) -> None:
    """Whether a belief is told rightly under an answer that is in force."""
    (belief,) = [each for each in BELIEFS if each.id == id_]
    about = [each for each in found if each.id == id_]
    assert about, id_
    assert {each.verdict for each in about} == {"confirmed" if answer == belief.answers[0] else "refuted"}, about
    if id_ != "listing-abroad":
        assert all(answer.split("Exception")[0] in each.evidence for each in about), about


def test_every_belief_is_told_rightly_under_the_likeliest_answers(aws: Sandbox, mesh: Mesh) -> None:
    found = told(mesh, [each.id for each in BELIEFS])
    for belief in BELIEFS:
        if belief.id not in FIRST:
            judge(found, belief.id, belief.answers[0])


@pytest.mark.parametrize(
    ("id_", "answer"), [(each.id, answer) for each in BELIEFS if each.id not in FIRST for answer in each.answers[1:]]
)
def test_a_belief_is_told_rightly_under_every_other_answer(aws: Sandbox, mesh: Mesh, id_: str, answer: str) -> None:
    """By reading where that is enough, else by the trial."""
    aws.world.beliefs.choose({id_: answer})
    judge(told(mesh, [id_]), id_, answer)


def test_a_trial_of_an_applied_mesh_leaves_nothing(aws: Sandbox, mesh: Mesh) -> None:
    before = dict(pipeline.look(mesh, pipeline.sessions_for(mesh, writes=True)).found)
    found = tried(mesh)
    assert {each.id for each in found} == {each.id for each in trial_run.ASSUMPTIONS}
    assert [each for each in found if each.verdict == "refuted"] == []
    told_nothing = {each.id for each in found if each.verdict == "unknown"}
    assert told_nothing == {"acceptance-from-the-association", "shares-go-with-grants", *FIRST}
    assert found[0].evidence == "after 0 s"
    assert dict(pipeline.look(mesh, pipeline.sessions_for(mesh, writes=True)).found) == before
    assert leftovers(aws) == []


def test_a_trial_that_is_refused_says_so_and_leaves_nothing(aws: Sandbox, mesh: Mesh) -> None:
    aws.faults({"operation": "CreateTable", "error": "AccessDeniedException", "message": "not today", "times": None})
    found = tried(mesh)
    *asked, last = found
    assert {each.verdict for each in asked} == {"unknown"}
    assert all("not today" in each.evidence for each in asked)
    assert (last.verdict, last.evidence) == ("confirmed", "nothing is left")
    aws.world.faults.clear()
    assert leftovers(aws) == []


def test_what_cannot_be_taken_away_is_named(aws: Sandbox, mesh: Mesh) -> None:
    aws.faults({"operation": "DeleteLFTag", "error": "InternalServiceException", "times": None})
    *_, last = tried(mesh)
    assert (last.id, last.verdict, last.evidence) == ("trial-leaves-nothing", "refuted", f"1 LFTag in {CENTRAL}")
    aws.world.faults.clear()
    assert f"DeleteLFTag in {CENTRAL}" in list(trial_run.undo(examine.patient_of(mesh, [])))
    assert leftovers(aws) == []


def test_a_notice_that_is_lost_is_told(aws: Sandbox, mesh: Mesh) -> None:
    """F3: the key is there and does not let EventBridge in."""
    kms = aws.session(CENTRAL).client("kms", region_name=REGION)
    key = kms.describe_key(KeyId=mesh.settings.notification_key)["KeyMetadata"]["KeyId"]
    policy = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy.replace("events.amazonaws", "glue.amazonaws"))
    try:
        (found,) = [each for each in tried(mesh) if each.id == "notice-key-admits-eventbridge"]
    finally:
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)
    assert (found.verdict, found.evidence) == ("refuted", "under alias/meshform-bank: nothing in a minute")
