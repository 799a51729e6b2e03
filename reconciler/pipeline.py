"""The whole story on one screen: load, review, carry out, drift."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.access import AccessDifference, TableId, difference, evaluate, principal_directory, project_changes
from reconciler.errors import InvalidMesh, MeshformError
from reconciler.garbage import no_garbage_collection
from reconciler.kinds import registry
from reconciler.kinds.iam.permission_sets import with_their_roles
from reconciler.kinds.identitycenter.center_names import kept_where_unseen, with_center_ids
from reconciler.kinds.lakeformation.shares import Shares
from reconciler.kinds.territory import ownership_of
from reconciler.model.finding import Finding
from reconciler.model.plan import Plan, Step
from reconciler.model.progress import Progress, silent
from reconciler.model.read_scope import ReadScope
from reconciler.model.resource import Observation, Snapshot
from reconciler.plan.build import build
from reconciler.plan.changed import filled, read_scope_of
from reconciler.plan.compile import compile_mesh
from reconciler.plan.diff import diff, snapshot_diff
from reconciler.plan.gates import approve, judge
from reconciler.plan.gates.policy import as_asked
from reconciler.plan.remade import Untagged, untagged
from reconciler.plan.requested_access import RequestedAccess, requested
from reconciler.plan.review import Review
from reconciler.plan.reviewed import DIFFERS, REASON, Expected, restrict
from reconciler.plan.scope import scope
from reconciler.plan.understood import understood
from reconciler.spec.load import Loaded, load
from reconciler.spec.mesh import Mesh
from reconciler.spec.today import today
from reconciler.spec.yaml.commit import commit_sources, repository_of
from reconciler.spec.yaml.parse_cache import ParseCache
from reconciler.spec.yaml.source import folder_sources, text_of, with_files

# What speaks to AWS is imported when AWS is spoken to: botocore takes longer to load than a small mesh to plan.
if TYPE_CHECKING:
    from reconciler.aws.sessions import Sessions
    from reconciler.model.outcome import Outcome, Run
    from reconciler.owners.history import Approved

MadeSince = Callable[[Mapping[TableId, Untagged]], frozenset[TableId]]
"""Of tables that bear no LF-tag those that are younger than whatever a run has put on them."""


def load_folder(
    folder: str,
    parse_cache: ParseCache | None = None,
    *,
    is_standing: bool = False,
    instead: Mapping[str, str | None] | None = None,
) -> Loaded:
    """The mesh in a folder of this machine; with a cache, what was parsed before is not parsed again.

    `is_standing`: what a policy denies, or a day made wrong, is told only. `instead`: as with these files (None: gone).
    """
    sources = with_files(folder_sources(folder), instead or {}, folder)
    return _with_policies(load(sources, today(), parse_cache=parse_cache, is_standing=is_standing), is_standing)


def _with_policies(loaded: Loaded, is_standing: bool) -> Loaded:
    """With what the policies of the mesh say of it. Who has none does not wait for what evaluates them."""
    if loaded.mesh is None or not loaded.mesh.policies:
        return loaded
    from reconciler.policy.loading import with_policies

    return with_policies(loaded, text_of, today(), is_standing=is_standing)


def load_commit(
    folder: str, ref: str, like: Loaded | None = None, parse_cache: ParseCache | None = None, on: date | None = None
) -> Loaded:
    """The mesh in a folder as it was at a commit of the repository that the folder lies in.

    Documents that are the same in `like` are shared with it. `on` is the day on which what ends is judged: today.
    """
    path = Path(folder).resolve()
    top = repository_of(path)
    sources = commit_sources(top, ref, path.relative_to(top).as_posix(), folder)
    loaded = load(sources, on or today(), like=like, parse_cache=parse_cache, is_standing=True)
    return _with_policies(loaded, True)


def sessions_for(mesh: Mesh, *, writes: bool) -> Sessions:
    """Sessions as the plan role, or as the apply role. Raises Unreachable when there are no credentials."""
    from reconciler.aws.sessions import Sessions
    from reconciler.forge import here

    roles = mesh.settings.roles
    role = roles.apply if writes else roles.plan
    sessions = Sessions(role, mesh.region, roles.external_id, here.job(), mesh.central.id)
    sessions.whoami()
    return sessions


@no_garbage_collection()
def look(
    mesh: Mesh, sessions: Sessions | None, progress: Progress = silent, read_scope: ReadScope | None = None
) -> Observation:
    """What AWS has, in every account of the mesh, or of a part of it. Sessions are needed unless that is empty."""
    if read_scope is not None and read_scope.is_empty:
        return Observation(Snapshot(), read_scope=read_scope)
    assert sessions is not None, "AWS is read as somebody"
    from reconciler.aws.observe import observe
    from reconciler.aws.reader import AwsReader

    return observe(mesh, registry(), AwsReader(sessions), progress, read_scope)


@no_garbage_collection()
def looked_up(mesh: Mesh, path: Path, remark: Callable[[str], None] = lambda _: None) -> Observation:
    """What AWS had when a snapshot was written; `remark` hears what a reader has to know of it.

    Raises BadSnapshot, and MeshformError where it is of another mesh.
    """
    from reconciler.snapshots.ask import later_wishes, observation_for
    from reconciler.snapshots.file import read

    kinds = registry()
    kept = read(path, kinds)
    remark(f"AWS as it was at {kept.header.taken:%Y-%m-%d %H:%M} UTC ({path}), not as it is now")
    observation = observation_for(kept, mesh, kinds, str(path))
    if said := later_wishes(kept, compile_mesh(mesh, kinds)):
        remark(said)
    return observation


@no_garbage_collection()
def changed_since(ref: str, base: Mesh, mesh: Mesh) -> ReadScope | None:
    """What of AWS the change from `base`, the mesh at a commit, can touch; None where that may be anything.

    Raises MeshformError where nobody else looks for drift.
    """
    if mesh.settings.drift.watched != "schedule":
        raise MeshformError(
            f"{mesh.settings.at('drift')}: --changed-since leaves most of AWS unread, so drift there goes unseen, and "
            "the mesh does not say that somebody else looks for it. Run `meshform drift` on a schedule and write "
            "`drift: {watched: schedule}` here, or leave the option out."
        )
    return read_scope_of(ref, base, mesh, registry())


@no_garbage_collection()
def review(
    mesh: Mesh,
    *,
    observation: Observation | None = None,
    base: Mesh | None = None,
    base_name: str | None = None,
    findings: Iterable[Finding] = (),
    standing: Iterable[Finding] = (),
    requested_access: RequestedAccess | None = None,
    applied: Mesh | None = None,
    made_since: MadeSince = lambda _: frozenset(),
) -> Review:
    """What apply would do (with an observation), and what a pull request asks for (with a base).

    Of the `findings`, `standing` are those that the base has too. Where there is no base, `requested_access` is what
    reviewed plans asked for, and `applied` the mesh that was applied last: what counts as asked for is what both say,
    since a plan is a file that others may have written. `made_since` is asked only where a table of others bears no
    LF-tag.
    """
    if observation is not None:
        mesh, base = with_center_ids(mesh, observation), with_center_ids(base, observation) if base else None
        applied = with_center_ids(applied, observation) if applied else None
    kinds, directory = registry(), principal_directory(mesh)
    wanted = compile_mesh(mesh, kinds)
    told, known = tuple(findings), tuple(standing)
    reviewed = Review(mesh, wanted, findings=told, base=base_name, before=base, standing=known)
    reviewed = replace(reviewed, requested=requested_access, applied=applied)
    known_before = reviewed.known_before
    if known_before is not None:
        before = compile_mesh(known_before, kinds, like=mesh)
        opened = difference(evaluate(before, principal_directory(known_before)), evaluate(wanted, directory))
        asked = snapshot_diff(before, wanted, kinds)
        both_say = requested(opened, asked).that_says(requested_access)
        reviewed = replace(reviewed, asked=asked, asked_access=opened if base is not None else None, requested=both_say)
    if observation is None:
        return replace(reviewed, findings=(*reviewed.findings, *as_asked(reviewed)))
    if observation.read_scope is not None:
        observation = filled(observation, wanted, mesh, kinds)

    def judged(seen: Observation) -> Review:
        known = replace(reviewed, observation=seen, wanted=with_their_roles(wanted, seen))
        bare = {place: each for place, each in untagged(wanted, seen.found).items() if each.made is not None}
        known = replace(known, made_since=made_since(bare) if bare else frozenset())
        return _with_plan(known, plan_for(mesh, known.wanted, seen))

    return understood(judged, observation)


def _with_plan(reviewed: Review, plan: Plan) -> Review:
    """The review with this plan: who gains and loses what by it, and what the gates say."""
    observation, directory = reviewed.observation, principal_directory(reviewed.mesh)
    assert observation is not None, "a plan is made from what was found"
    before = after = evaluate(observation, directory)
    if not plan.is_empty:
        found = project_changes(observation.found, (step.change for step in plan.steps))
        after = evaluate(Observation(found, observation.gaps), directory)
    access = difference(before, after).with_named(lambda: evaluate(Observation(reviewed.wanted), directory))
    planned = replace(reviewed, plan=plan, access=access)
    return replace(planned, findings=(*reviewed.findings, *judge(planned)))


def review_of(mesh: Mesh, observation: Observation, plan: Plan) -> Review:
    """A plan that does not follow from the documents alone, judged like any other."""
    wanted = compile_mesh(mesh, registry())
    return _with_plan(Review(mesh, wanted, observation=observation), plan)


def plan_for(mesh: Mesh, wanted: Snapshot, observation: Observation) -> Plan:
    """Scope, diff, build: the plan from what was found to what is wanted."""
    kinds = registry()
    wanted = kept_where_unseen(with_their_roles(wanted, observation), observation)
    ownership = ownership_of(mesh, wanted, observation.found, Shares(mesh, wanted, observation).stuck)
    scoped = scope(observation.found, wanted, ownership, kinds)
    changes = diff(wanted, Observation(scoped.ours, observation.gaps), kinds, scoped.used)
    return build(changes, observation, mesh, kinds, scoped.foreign)


def restrict_to_approved(reviewed: Review, approved: Approved, observation: Observation) -> Review:
    """The review without the steps that would not be made either were it not for documents that nobody has approved.

    `observation` is what was found, before anything was taken for granted.
    """
    why = "not approved: " + "; ".join(each.sentence for each in approved.missing[:3])
    why += f"; and {len(approved.missing) - 3} more" if len(approved.missing) > 3 else ""
    expected: dict[str, frozenset[str]] = {}
    if approved.mesh is not None:
        kinds = registry()
        with suppress(InvalidMesh):
            mesh = with_center_ids(approved.mesh, observation)
            wanted = compile_mesh(mesh, kinds, like=reviewed.mesh)
            if observation.read_scope is not None:
                observation = filled(observation, wanted, mesh, kinds)
            steps = understood(partial(plan_for, mesh, wanted), observation).steps
            expected = {str(step.address): frozenset({step.digest}) for step in steps}
    return _restricted(reviewed, expected, why, why)


def restrict_to_reviewed(reviewed: Review, expected: Expected) -> Review:
    """The review without the steps that people have not seen; the gates judge what is left of the plan."""
    return _restricted(reviewed, expected, REASON, DIFFERS)


def _restricted(reviewed: Review, expected: Expected, absent: str, differs: str) -> Review:
    assert reviewed.plan is not None, "a review without AWS cannot be held to another one"
    said = frozenset(judge(reviewed))
    others = tuple(finding for finding in reviewed.findings if finding not in said)
    return _with_plan(replace(reviewed, findings=others), restrict(reviewed.plan, expected, absent, differs))


def apply_reviewed(
    reviewed: Review,
    sessions: Sessions,
    *,
    accepted: Iterable[str] = (),
    progress: Callable[[Outcome], None] = lambda _: None,
    stop: Callable[[], str | None] = lambda: None,
    beginning: Callable[[Sequence[Step]], None] = lambda _: None,
    run: str = "",
) -> Run:
    """Carry out what was reviewed. Once `stop` gives a reason, no further wave begins. `beginning` hears of steps
    before anything of them is sent. `run` is the id of this run in the journal.

    Raises Refused while a gate stops it.
    """
    assert reviewed.plan is not None, "a review without AWS cannot be carried out"
    from reconciler.aws.apply import apply
    from reconciler.model.outcome import Run

    approved = approve(reviewed.plan, reviewed.findings, accepted)
    started = datetime.now(UTC)
    outcomes = apply(approved, reviewed.mesh, registry(), sessions, progress, stop, beginning, run)
    return Run(started, reviewed.plan, approved.findings, outcomes)


@no_garbage_collection()
def access_by(reviewed: Review, run: Run) -> AccessDifference | None:
    """Who gained and lost what by what was really done of a plan; None where AWS was not asked."""
    if not run.failed or reviewed.observation is None:
        return reviewed.access
    assert reviewed.access is not None, "a plan has been judged"
    done = (outcome.step.change for outcome in run.outcomes if outcome.result == "done")
    after = Observation(project_changes(reviewed.observation.found, done), reviewed.observation.gaps)
    return difference(reviewed.access.before, evaluate(after, principal_directory(reviewed.mesh)))
