"""Scenes after a hand: `apply` and `drift --heal` set back what it has done; and `suspend --now`, which closes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unittest import mock

from reconciler import applying, closing, healing, pipeline
from reconciler.apply_request import ApplyResult
from reconciler.errors import MeshformError
from reconciler.kinds import registry
from reconciler.model.outcome import Run
from reconciler.model.resource import Observation, Snapshot
from reconciler.plan.review import Review
from reconciler.sandbox import Sandbox
from reconciler.suspending import asked_steps
from tests.campaigns.commanded import command
from tests.campaigns.scene import KEPT, Scene, files
from tests.estate import ANALYTICS, BANKING, Estate

HEALS = f"drift: {{heal: {{kinds: [{', '.join(registry())}], accept: [reopens-access]}}}}\n"
TABLE = {"DatabaseName": "credit-card", "Name": "credit_card"}
BUCKET = f"bank-consumer-banking-{BANKING}-eu-west-1"


@dataclass
class ByCommand(Scene):
    """It works on the folder of its process: a copy of that goes on with its own. `hand` has changed something."""

    hand: Callable[[Estate], None] = lambda _: None
    folder: str = "mesh"

    def begun(self, aws: Sandbox, standing: Estate | None = None) -> Estate:
        estate = super().begun(aws, standing)
        self.folder = "mesh"
        self.write(self.folder)
        self.hand(estate)
        return estate

    def run(self, confirm: Callable[[Review], None] = lambda _: None) -> ApplyResult:
        mine, ended = f"mesh-of-{os.getpid()}", []
        if self.folder != mine:
            shutil.rmtree(mine, ignore_errors=True)
            self.folder = shutil.copytree(self.folder, mine)

        def apply(*given: Any, **named: Any) -> ApplyResult:
            ended.append(applying.apply(*given, **{**named, "confirm": confirm}))
            return ended[-1]

        with mock.patch.object(healing, "apply", apply), mock.patch.object(closing, "apply", apply):
            code, out, err = command(*self.words, "--mesh", mine)
        wrong = None if code == 0 else MeshformError(f"exit code {code}: {_said(out + err)}")
        if ended:
            return ApplyResult(ended[0].reviewed, ended[0].run, ended[0].journal, wrong)
        reviewed = pipeline.review(self.last, observation=Observation(Snapshot()))
        assert reviewed.plan is not None
        return ApplyResult(reviewed, Run(datetime.now(UTC), reviewed.plan, (), ()), None, wrong)


def _said(screen: str) -> str:
    """What went wrong, or the end of what was said."""
    return "; ".join(line for line in screen.splitlines() if "! failed" in line or "! skipped" in line) or screen[-400:]


@dataclass
class Healing(ByCommand):
    """The whole plan is what is to be set back."""

    words: tuple[str, ...] = ("drift", "--heal")


@dataclass
class Applying(ByCommand):
    """An apply after a hand."""

    def run(self, confirm: Callable[[Review], None] = lambda _: None) -> ApplyResult:
        return Scene.run(self, confirm)


@dataclass
class Suspending(ByCommand):
    """What a document asks for, and nothing else of the plan."""

    def write(self, folder: str) -> None:
        """As the folder is before somebody suspends."""
        assert self.before is not None
        Scene(self.name, None, self.before).write(folder)

    def planned(self, observation: Observation) -> Review:
        asked = pipeline.review(self.last, base=self.first)
        whole = pipeline.review(self.last, observation=observation, requested_access=asked.requested)
        assert whole.plan is not None
        assert asked.asked is not None
        steps = asked_steps(whole.plan, {change.address for change in asked.asked})
        return pipeline.restrict_to_reviewed(whole, steps)


def opens(estate: Estate) -> None:
    """Somebody labels a column lower, and lets others read the files."""
    estate.client("lakeformation").add_lf_tags_to_resource(
        Resource={"TableWithColumns": {**TABLE, "ColumnNames": ["age"]}},
        LFTags=[{"TagKey": "sensitivity", "TagValues": ["internal"]}],
    )
    s3 = estate.client("s3", BANKING)
    policy = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    for each in policy["Statement"]:
        each["Principal"] = "*" if each["Effect"] == "Deny" else {"AWS": f"arn:aws:iam::{ANALYTICS}:root"}
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))


def deletes_a_role(estate: Estate) -> None:
    """Somebody deletes a reader's role; a new one has nothing of what AWS lists for it."""
    estate.aws.world.beliefs.choose({"roles-made-anew": "void"})
    iam = estate.client("iam", ANALYTICS)
    iam.delete_role_policy(RoleName="data-scientist", PolicyName="meshform")
    iam.delete_role(RoleName="data-scientist")
    estate.fresh_sessions()


def breaks(estate: Estate) -> None:
    """Somebody deletes a table, a link, a role's policy and workgroups."""
    estate.client("iam", ANALYTICS).delete_role_policy(RoleName="data-scientist", PolicyName="meshform")
    estate.client("glue", ANALYTICS).delete_database(Name="rl_credit-card")
    estate.client("glue").delete_table(DatabaseName=TABLE["DatabaseName"], Name=TABLE["Name"])
    groups = estate.client("athena", ANALYTICS)
    for each in groups.list_work_groups()["WorkGroups"]:
        if each["Name"] != "primary":
            groups.delete_work_group(WorkGroup=each["Name"], RecursiveDeleteOption=True)


_WHO = ("analytics-coe/data-scientist", "--why", "A key was found in public.", "--by", "dora", "--now")
_DOCUMENT = """\
apiVersion: meshform/v1
kind: Suspension
name: key-in-public
principal: analytics-coe/data-scientist
reason: A key was found in public.
by: dora
"""
_HEALED = files(kept=HEALS + KEPT)
BY_COMMAND = (
    Healing("drift --heal of what a hand has opened", _HEALED, _HEALED, hand=opens),
    Healing("drift --heal of what a hand has broken", _HEALED, _HEALED, hand=breaks),
    Applying("a role that a hand has deleted is made anew", files(), files(), hand=deletes_a_role),
    Healing("drift --heal of a role that a hand has deleted", _HEALED, _HEALED, hand=deletes_a_role),
    Suspending(
        "suspend --now", files(), files(more={"suspensions/key-in-public.yaml": _DOCUMENT}), words=("suspend", *_WHO)
    ),
    Suspending(
        "suspend --now, beside what a hand has opened",
        files(),
        files(more={"suspensions/key-in-public.yaml": _DOCUMENT}),
        words=("suspend", *_WHO),
        hand=opens,
    ),
)
