"""Estate: the example mesh over a simulated AWS, with the pipeline's verbs and hands that change things behind it.

What an estate has read of AWS it reads again only where the sandbox has seen a write since.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from botocore.config import Config

from reconciler import pipeline
from reconciler.access import Access, evaluate, principal_directory
from reconciler.aws.observe import observe
from reconciler.aws.reader import AwsReader
from reconciler.aws.sessions import Sessions
from reconciler.garbage import no_garbage_collection
from reconciler.kinds import registry
from reconciler.kinds.identitycenter.center_names import with_center_ids
from reconciler.model.address import Placement
from reconciler.model.outcome import Run
from reconciler.model.plan import Plan, Step
from reconciler.model.resource import Observation
from reconciler.plan.compile import compile_mesh
from reconciler.plan.gates import gates
from reconciler.plan.review import Review
from reconciler.sandbox import Sandbox
from reconciler.spec.document_loader import Read
from reconciler.spec.load import Loaded, load
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.yaml.source import Source
from tests.checkpoint import Checkpoint
from tests.reaching import ReadRequest, any_reaches
from tests.writes import Write, tell_writes_apart, writes

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "mesh"
TODAY = date(2026, 11, 22)
REGION = "eu-west-1"
CENTRAL, BANKING, MARKETS, ANALYTICS = "111111111111", "222222222222", "333333333333", "444444444444"
NOTIFICATION_KINDS = ("event-bus", "event-rule", "notice", "topic", "topic-subscription")
NOBODY = "arn:aws:iam::111111111111:role/somebody-else"

Edit = tuple[str, str, str]
Files = Mapping[str, str]


@cache
def example() -> Files:
    """The files of the example mesh: path and text."""
    return {path.relative_to(EXAMPLE).as_posix(): path.read_text() for path in sorted(EXAMPLE.rglob("*.yaml"))}


def edited(*edits: Edit, without: Iterable[str] = (), more: Files | None = None) -> Files:
    """The example with texts replaced (file, old, new), with files left out by the beginning of their path, and more.

    AssertionError where an edit does not fit, so that no test passes by changing nothing.
    """
    files = {**example(), **(more or {})}
    for path, old, new in edits:
        assert old in files[path], f"{old!r} is not in {path}"
        files[path] = files[path].replace(old, new)
    for start in without:
        gone = [path for path in files if path.startswith(start)]
        assert gone, f"no file begins with {start}"
        for path in gone:
            del files[path]
    return files


def write(files: Files, folder: Path) -> None:
    """The documents of a mesh as files."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


READ: dict[tuple[str, bytes], Read] = {}
"""What each file gave that was read before: most meshes of tests differ in one or two."""


def load_files(files: Files, today: date = TODAY) -> Loaded:
    """What these files give, as `mesh/` does in the working directory; files as they were before share documents."""
    sources = [Source(path, text.encode(), "mesh") for path, text in files.items()]
    loaded = load(sources, today, like=Loaded(None, (), READ))
    if len(READ) > 5000:
        READ.clear()
    READ.update(loaded.readings)
    return loaded


def mesh_of(files: Files, today: date = TODAY) -> Mesh:
    """The mesh in these files; AssertionError with the findings where they are no mesh."""
    loaded = load_files(files, today)
    assert loaded.mesh is not None, "\n".join(map(str, loaded.findings))
    return loaded.mesh


@cache
def bank() -> Mesh:
    """The example mesh."""
    return mesh_of(example())


def variant(*edits: Edit, without: Iterable[str] = (), more: Files | None = None) -> Mesh:
    """The example mesh with changes; see `edited`."""
    return mesh_of(edited(*edits, without=without, more=more))


@memo
def access_of(mesh: Mesh) -> Access:
    """The access that a mesh asks for."""
    return evaluate(compile_mesh(mesh, registry()), principal_directory(mesh))


def every_rule() -> tuple[str, ...]:
    """The ids of all gates, for tests that are not about gates."""
    return tuple(gate.__module__.rpartition(".")[2].replace("_", "-") for gate in gates())


def placement(account: str) -> Placement:
    """The cell of an account in the example's region."""
    return Placement(account, REGION)


@dataclass(frozen=True)
class Kept:
    """Accounts as they were at one moment, and what reads of them answer before anything is written."""

    checkpoint: Checkpoint
    answers: dict[str, Any] = field(default_factory=dict)


class Estate:
    """Accounts in a sandbox. `people_come` is told before each hand that changes something.

    `kept` holds accounts as they are empty, and built: estates over sandboxes that were made alike may share it.
    """

    def __init__(self, aws: Sandbox, kept: dict[str, Kept] | None = None) -> None:
        tell_writes_apart()  # Here, too: campaigns make estates without pytest.
        self.aws = aws
        self.people_come: Callable[[], None] = lambda: None
        self._kept = {} if kept is None else kept
        #: By the identity of a mesh, which is kept so that no other one has it.
        self._of_mesh: dict[int, tuple[Mesh, Kept]] = {}
        self._now: Kept | None = None
        self._sessions: Sessions | None = None
        self._answers: dict[str, Any] = {}
        self._read_at = len(writes(aws.world))
        self._clients: dict[tuple[str, str, str], Any] = {}

    def empty(self) -> None:
        """AWS as it is when nobody was there."""
        if "empty" not in self._kept:
            self.aws.reset()
            self._kept["empty"] = Kept(Checkpoint(self.aws))
        self._restore(self._kept["empty"])

    def built(self) -> None:
        """AWS as the example mesh wants it, with no faults and no calls counted."""
        if "built" not in self._kept:
            self.empty()
            run = self.apply_reviewed()
            assert not run.failed, failures(run)
            self._kept["built"] = Kept(Checkpoint(self.aws))
            self._restore(self._kept["built"])
            self.look()
        self._restore(self._kept["built"])

    def carried_out(self, mesh: Mesh) -> None:
        """AWS as a mesh wants it that came into empty accounts, where nothing is left to do for it."""
        if id(mesh) not in self._of_mesh:
            self.empty()
            self.repair(mesh)
            self._of_mesh[id(mesh)] = mesh, Kept(Checkpoint(self.aws))
            self._restore(self._of_mesh[id(mesh)][1])
            self.look(mesh)
        self._restore(self._of_mesh[id(mesh)][1])

    def _restore(self, kept: Kept) -> None:
        kept.checkpoint.restore(self.aws)
        self.fresh_sessions()
        self._clients.clear()
        self._now, self._answers, self._read_at = kept, kept.answers, len(writes(self.aws.world))

    @property
    def sessions(self) -> Sessions:
        """Sessions of the apply role, kept until the world is emptied."""
        if self._sessions is None:
            self._sessions = pipeline.sessions_for(bank(), writes=True)
        return self._sessions

    def fresh_sessions(self) -> None:
        """Forget sessions and all that was read, as a new run of the command would."""
        self.sign_in_again()
        self._answers, self._now = {}, None

    def sign_in_again(self) -> None:
        """Forget sessions, and nothing that was read."""
        self._sessions = None

    @no_garbage_collection()
    def look(self, mesh: Mesh | None = None) -> Observation:
        """What is in AWS, by all calls that `pipeline.look` makes but those whose answers are known."""
        reader, now = AwsReader(self.sessions), len(writes(self.aws.world))
        if now != self._read_at:
            self._now = None
        faults = self.aws.world.faults.as_json()
        known = unchanged(self._answers, writes(self.aws.world)[self._read_at :], reader.role)
        reader.answers |= {request: answer for request, answer in known.items() if not may_strike(faults, request)}
        observation = observe(mesh or bank(), registry(), reader)
        # What is told while faults are in force is not remembered; what was told before holds when they are gone.
        if not faults:
            self._answers, self._read_at = reader.answers, now
            if self._now and not observation.gaps:
                self._now.answers.update(reader.answers)
        return observation

    def review(self, mesh: Mesh | None = None) -> Review:
        return pipeline.review(mesh or bank(), observation=self.look(mesh))

    def plan(self, mesh: Mesh | None = None) -> Plan:
        """The plan of a review, without what only people want to know of it."""
        observation = self.look(mesh)
        mesh = with_center_ids(mesh or bank(), observation)
        return pipeline.plan_for(mesh, compile_mesh(mesh, registry()), observation)

    def apply_reviewed(self, mesh: Mesh | None = None, **options: Any) -> Run:
        """Review and carry out, every gate accepted."""
        options.setdefault("accepted", every_rule())
        return pipeline.apply_reviewed(self.review(mesh), self.sessions, **options)

    def repair(self, mesh: Mesh | None = None) -> None:
        """Carry out, and prove that nothing is left to do."""
        review = self.review(mesh)
        assert review.plan is not None
        assert review.plan.is_complete, (review.plan.gaps, review.plan.held[:3])
        run = pipeline.apply_reviewed(review, self.sessions, accepted=every_rule())
        assert not run.failed, failures(run)
        left = self.plan(mesh) if run.outcomes else review.plan
        assert left.is_empty, sorted(actions(left))[:5]
        assert left.is_complete, (left.gaps, left.held[:3])

    def client(self, service: str, account: str = CENTRAL) -> Any:
        """A hand: a client that acts as the organization's role in an account, and retries nothing."""
        self.people_come()
        key = (service, account, "")
        if key not in self._clients:
            config = Config(retries={"total_max_attempts": 1})
            self._clients[key] = self.aws.session(account).client(service, region_name=REGION, config=config)
        return self._clients[key]

    def accept_shares(self, account: str) -> None:
        """A hand: accept whatever is offered to an account."""
        ram = self.client("ram", account)
        for each in ram.get_resource_share_invitations()["resourceShareInvitations"]:
            if each["status"] == "PENDING":
                ram.accept_resource_share_invitation(resourceShareInvitationArn=each["resourceShareInvitationArn"])

    def writes(self) -> list[tuple[str, str]]:
        """Service and operation of every call served that was no read and no sign-in."""
        reads = ("Get", "List", "Describe", "Search", "BatchGet", "Head", "AssumeRole", "Lookup")
        return [(call.service, call.operation) for call in self.aws.calls if not call.operation.startswith(reads)]


def unchanged(answers: Mapping[str, Any], written: Iterable[Write], role: str) -> dict[str, Any]:
    """Answers of AWS to a role, by request, that hold after these writes."""
    every = set(written)
    return {request: answer for request, answer in answers.items() if not any_reaches(every, _asked(role, request))}


@lru_cache(maxsize=50_000)
def _asked(role: str, request: str) -> ReadRequest:
    return ReadRequest.of(role, *json.loads(request))


def may_strike(faults: Iterable[Mapping[str, Any]], request: str) -> bool:
    """Whether a fault may change what is answered to a request: one of its operation, or of whatever signs in."""
    placement, _, operation, _ = json.loads(request)
    for fault in faults:
        if fault["operation"] in (None, "AssumeRole", "GetCallerIdentity"):
            return True
        if fault["operation"] == operation and fault["account"] in (None, placement.partition("/")[0]):
            return True
    return False


def failures(run: Run) -> list[str]:
    """The first steps of a run that were not done, and why."""
    return [f"{outcome.step.address}: {outcome.message}" for outcome in run.failed][:5]


def addresses(plan: Plan) -> list[Any]:
    """The addresses of a plan's steps, in its order."""
    return [step.address for step in plan.steps]


def actions(plan: Plan) -> set[str]:
    """The steps as people would list them (`delete grant SELECT on ...`), without what carries and gives notices."""
    return {
        f"{step.change.action} {step.address.kind} {step.address.name}"
        for step in plan.steps
        if step.address.kind not in NOTIFICATION_KINDS and not step.address.name.startswith("events-from-")
    }


def step_of(plan: Plan, kind: str, name: str) -> Step:
    """The step of a kind whose name contains `name`; there must be one."""
    (found,) = [step for step in plan.steps if step.address.kind == kind and name in step.address.name]
    return found


def wave_of(plan: Plan) -> dict[Any, int]:
    """In which wave each address is."""
    return {step.address: number for number, wave in enumerate(plan.waves) for step in wave}


def specs(kind: str, mesh: Mesh | None = None) -> dict[str, Any]:
    """What a mesh wants of one kind: resources by name."""
    return {resource.address.name: resource for resource in registry()[kind].desired(mesh or bank())}
