"""Scenes: what AWS has before a run, and what the mesh wants by it, in the simulated AWS of this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from reconciler import applying, pipeline
from reconciler.apply_request import ApplyRequest, ApplyResult
from reconciler.aws.lock import Lock
from reconciler.kinds import registry
from reconciler.model.plan import Step
from reconciler.model.resource import Observation
from reconciler.plan.compile import compile_mesh
from reconciler.plan.review import Review
from reconciler.plan.teardown import teardown
from reconciler.sandbox import Sandbox
from reconciler.spec.mesh import Mesh
from tests.estate import CENTRAL, Edit, Estate, Files, edited, every_rule, mesh_of

BUCKET = "bank-governance"
KEPT = f"lock: {{bucket: {BUCKET}}}\njournal: {{bucket: {BUCKET}, prefix: journal/}}\nlimits:"
IN_A_FOLDER = f"lock: {{bucket: {BUCKET}}}\njournal: {{path: kept/journal}}\nlimits:"


@dataclass
class Scene:
    """`before` is what was applied last (None: AWS as it is when nobody was there); `is_end` takes all of it down.

    `near` is a mesh that many scenes begin with, or nearly; `bring` makes what the mesh uses and does not make.
    `words` are the command.
    """

    name: str
    before: Files | None
    after: Files
    is_end: bool = False
    near: Files = field(default_factory=lambda: files())
    bring: Callable[[Estate], None] | None = None
    words: tuple[str, ...] = ("apply", "--auto-approve")

    @cached_property
    def first(self) -> Mesh | None:
        """The mesh that was applied last."""
        return None if self.before is None else mesh_of(self.before)

    @cached_property
    def last(self) -> Mesh:
        """The mesh that is applied."""
        return mesh_of(self.after)

    def with_settings(self, old: str, new: str) -> Scene:
        """The same with another text in mesh.yaml, before and after."""
        before, after = (
            None if each is None else {**each, "mesh.yaml": each["mesh.yaml"].replace(old, new)}
            for each in (self.before, self.after)
        )
        assert after is not None
        return replace(self, before=before, after=after)

    def write(self, folder: str) -> None:
        """The documents of the mesh that is applied, as files."""
        shutil.rmtree(folder, ignore_errors=True)
        for name, text in self.after.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def set(self, aws: Sandbox, estate: Estate) -> None:
        """AWS as it is before the run, with the bucket of lock and journal."""
        estate.empty()
        place = {"LocationConstraint": "eu-west-1"}
        aws.session(CENTRAL).client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
        if self.bring is not None:
            self.bring(estate)
        if self.first is not None:
            estate.repair(self.first)

    def planned(self, observation: Observation) -> Review:
        """What the run is to carry out."""
        if not self.is_end:
            return pipeline.review(self.last, observation=observation)
        plan, _ = teardown(self.last, compile_mesh(self.last, registry()), [], observation, registry())
        return pipeline.review_of(self.last, observation, plan)

    def begun(self, aws: Sandbox, standing: Estate | None = None) -> Estate:
        """The estate, as the run finds it; `standing` is one as `near` wants it already."""
        estate = standing or Estate(aws)
        if standing is None or self.before is None or self.bring is not None:
            self.set(aws, estate)
        elif self.before != self.near:
            estate.repair(self.first)
        return estate

    def steps(self, estate: Estate) -> list[Step]:
        """What the run is to carry out in an estate, step by step."""
        plan = self.planned(estate.look(self.last)).plan
        assert plan is not None
        return list(plan.steps)

    def run(self, confirm: Callable[[Review], None] = lambda _: None) -> ApplyResult:
        """One run, as the command makes it; `confirm` sees what it is to carry out."""
        sessions = pipeline.sessions_for(self.last, writes=True)
        order = ApplyRequest(accepted=every_rule())
        return applying.apply(self.last, sessions, order, confirm=confirm, planned=self.planned)

    def unlock(self) -> bool:
        """What a person does after a run was killed: remove its lock. Whether it was held."""
        lock = Lock(self.last, pipeline.sessions_for(self.last, writes=True))
        held = lock.holder()
        return held is not None and lock.release(held[1])


def files(*edits: Edit, kept: str = KEPT, without: tuple[str, ...] = (), more: Files | None = None) -> Files:
    """The example with lock and journal."""
    return edited(("mesh.yaml", "limits:", kept), *edits, without=without, more=more)
