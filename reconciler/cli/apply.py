"""apply: carry out the plan in AWS."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli import show
from reconciler.cli.answer import answered
from reconciler.cli.options import changed_option, common, format_option, mesh_of, mesh_option, valid_mesh_of
from reconciler.cli.signed_in import signed_in
from reconciler.cli.terminal import width
from reconciler.errors import Declined, MeshformError, NotReviewed
from reconciler.model.progress import Progress
from reconciler.spec.suggest import did_you_mean

APPROVALS = "approvals.json"
_UNCHECKED = (
    "Whether the owners have approved is not checked here; that takes `--expect` with what `meshform reviewed` fetched."
)

if TYPE_CHECKING:
    from reconciler.apply_request import ApplyResult
    from reconciler.model.job import Job
    from reconciler.model.outcome import Outcome
    from reconciler.owners.evidence import Evidence
    from reconciler.plan.review import Review
    from reconciler.spec.mesh import Mesh


@click.command(epilog="Example: meshform apply --expect plan.json")
@mesh_option
@click.option(
    "--expect",
    multiple=True,
    metavar="PATH",
    help="A reviewed plan in JSON, or a folder of them: nothing else is carried out. May be repeated.",
)
@click.option(
    "--accept",
    envvar="MESHFORM_ACCEPT",
    multiple=True,
    metavar="RULE",
    help="Accept what this gate found. May be repeated.",
)
@click.option("--allow-dirty", is_flag=True, help="Apply documents that are not committed; the journal names them.")
@click.option("--allow-older", is_flag=True, help="Apply although a newer commit was applied already.")
@click.option("--auto-approve", is_flag=True, help="Do not ask on the terminal.")
@changed_option
@click.option("--outcome", metavar="FILE", help="Write how the run ended as JSON, for `meshform outcome`.")
@format_option("text", "json")
@common
def command(
    folder: str,
    expect: tuple[str, ...],
    accept: tuple[str, ...],
    allow_dirty: bool,
    allow_older: bool,
    auto_approve: bool,
    changed_since: str | None,
    outcome: str | None,
    form: str,
    quiet: bool,
    verbose: int,
) -> None:
    """Plan again and carry the plan out. Asks first, unless a reviewed plan or --auto-approve is given."""
    from reconciler.forge import here

    try:
        ask = not (expect or auto_approve)
        job = here.job(folder)
        if job.uncommitted and not allow_dirty:
            raise MeshformError(
                f"{_few(job.uncommitted)} not as committed, so no commit would say what was applied.",
                hints=("commit it; or `meshform apply --allow-dirty`, which the journal tells",),
            )
        ended = _apply(
            folder, expect, accept, changed_since, form, job, allow_older, quiet=quiet, verbose=verbose, ask=ask
        )
    except MeshformError as error:
        _write(outcome, {"exit_code": error.exit_code, "message": _in_words(error)})
        raise
    except KeyboardInterrupt:
        _write(outcome, {"exit_code": 130, "message": "Apply was stopped by SIGINT."})
        raise
    except BaseException as error:
        _write(outcome, {"exit_code": 1, "message": f"Apply broke off: {type(error).__name__}: {error}"})
        raise
    from reconciler.report.json_v1 import plan_json
    from reconciler.report.run import run_json, run_text

    failure = ended.error
    ending = {"exit_code": failure.exit_code if failure else 0, "message": _in_words(failure) if failure else None}
    missing = [each.sentence for each in ended.approved.missing] if ended.approved is not None else []
    evidence = {
        "run": run_json(ended.run),
        "journal": ended.journal,
        "troubles": list(ended.troubles),
        "announced": list(ended.announced),
    }
    if form == "json":
        show.data({**plan_json(ended.reviewed), **evidence})
    else:
        show.lines(run_text(ended.run, ended.journal, ended.troubles, ended.announced))
    _write(outcome, {**ending, "not_approved": missing, **evidence})
    if failure is not None:
        raise failure


def _apply(
    folder: str,
    expect: tuple[str, ...],
    accept: tuple[str, ...],
    changed_since: str | None,
    form: str,
    job: Job,
    may_be_older: bool,
    *,
    quiet: bool,
    verbose: int,
    ask: bool,
) -> ApplyResult:
    from reconciler import applying, pipeline
    from reconciler.apply_request import ApplyRequest
    from reconciler.plan.requested_access import requested_in
    from reconciler.plan.reviewed import pull_requests, reviewed_digests
    from reconciler.report.outline import counted
    from reconciler.report.table import WIDE
    from reconciler.report.text import plan_text
    from reconciler.reviewing import judged

    _check(accept)
    documents = [document for path in expect for document in _documents(Path(path))]
    loaded = pipeline.load_folder(folder)
    mesh = mesh_of(loaded, quiet=quiet)
    _check_policies(accept, mesh)
    found = _evidence(expect)
    order = ApplyRequest(
        expected=reviewed_digests(*documents) if expect else None,
        requested_access=requested_in(documents) if expect else None,
        accepted=accept,
        approved=judged(folder, found, found.members.get, loaded) if found is not None else None,
        evidence=found,
        pull_requests=tuple(sorted(pull_requests(documents))),
        job=job,
        may_be_older=may_be_older,
    )
    read_scope = None
    if changed_since is not None:
        old = valid_mesh_of(pipeline.load_commit(folder, changed_since, loaded))
        read_scope = pipeline.changed_since(changed_since, old, mesh)
    sessions = None if read_scope is not None and read_scope.is_empty else signed_in(mesh, writes=True)
    if sessions is not None and not quiet:
        _tell_unexamined(mesh)

    with ExitStack() as shown:
        reading = shown.enter_context(show.progress("Reading AWS", quiet=quiet))
        writing: list[tuple[Progress, int]] = []

        def confirm(reviewed: Review) -> None:
            shown.close()
            asks = ask and next(reviewed.steps, None) is not None
            if found is None and mesh.settings.approvals.by == "review" and not quiet:
                show.note(_UNCHECKED)
            # Nobody is asked about a plan that was not shown.
            if asks or (form == "text" and not quiet):
                show.lines(plan_text(reviewed, verbose, width() or WIDE), err=form == "json")
            if asks:
                _ask(counted(step.change for step in reviewed.steps))
            writing.append((shown.enter_context(show.progress("Writing to AWS", quiet=quiet)), len([*reviewed.steps])))

        def written(outcome: Outcome) -> None:
            say, total = writing[0]
            say(str(outcome.step.address), total)

        if sessions is None:
            assert read_scope is not None, "nobody is needed where nothing is read"
            return applying.untouched(mesh, read_scope, order, confirm)
        return applying.apply(
            mesh, sessions, order, confirm=confirm, reading=reading, writing=written, read_scope=read_scope
        )


def _tell_unexamined(mesh: Mesh) -> None:
    """Once for each account of which nobody knows how AWS answers there."""
    from reconciler.doctor.remembered import never_examined

    names = never_examined(mesh)
    if names:
        accounts = f"the account {names[0]} was" if len(names) == 1 else f"the accounts {', '.join(names)} were"
        show.note(f"note: {accounts} never examined by `meshform doctor`, which tells what would stop an apply.")


def _few(paths: tuple[str, ...]) -> str:
    more = f" and {len(paths) - 3} more are" if len(paths) > 3 else " is" if len(paths) == 1 else " are"
    return f"{', '.join(paths[:3])}{more}"


def _in_words(error: MeshformError) -> str:
    """An error with its hints, for whoever reads the outcome elsewhere."""
    from reconciler.report.hints import hint_lines

    return "\n".join((str(error), *hint_lines(error.hints)))


def _check(accepted: tuple[str, ...]) -> None:
    """A misspelt gate is told at once, not by a refusal that looks like the one before."""
    import reconciler.plan.gates
    from reconciler.spec.rule import rules_in

    known = rules_in(reconciler.plan.gates)
    for name in accepted:
        if name not in known and not name.startswith("policy/"):
            raise MeshformError(
                f"--accept takes the id of a gate, and {name} is none{did_you_mean(name, known)}. "
                "`meshform rules` lists them."
            )


def _check_policies(accepted: tuple[str, ...], mesh: Mesh) -> None:
    """The same of the policies of the mesh, by `policy/<name>`."""
    known = [f"policy/{name}" for name in mesh.policies]
    for name in accepted:
        if name.startswith("policy/") and name not in known:
            raise MeshformError(f"The mesh has no policy {name.removeprefix('policy/')}{did_you_mean(name, known)}.")


def _ask(what: str) -> None:
    """Go on only after a yes. A no is an answer; where nobody can answer, that is an error."""
    with answered("where nobody is asked: `meshform apply --expect plan.json`, or `--auto-approve`"):
        yes = click.confirm(f"Carry this out ({what})?", err=True)
    if not yes:
        raise Declined("It was not confirmed, so nothing was changed.")


def _documents(path: Path) -> list[dict[str, Any]]:
    """The reviewed plans in a file or folder. Raises NotReviewed where a folder has none, MeshformError for what is no
    plan."""
    files = sorted(file for file in path.glob("*.json") if file.name != APPROVALS) if path.is_dir() else [path]
    if not files:
        raise NotReviewed(f"There is no reviewed plan in {path}, so nothing was carried out.")
    return [_document(file) for file in files]


def _evidence(expect: tuple[str, ...]) -> Evidence | None:
    """Who approved what, where `meshform reviewed` has put it beside the plans."""
    from reconciler.owners.evidence import evidence_of

    files = [Path(path) / APPROVALS for path in expect if (Path(path) / APPROVALS).is_file()]
    if len(files) > 1:
        raise MeshformError(
            "Give --expect one folder of `meshform reviewed`, not several: one run, one set of approvals."
        )
    return evidence_of(_document(files[0])) if files else None


def _document(path: Path) -> dict[str, Any]:
    from reconciler.plan.reviewed import reviewed_plan
    from reconciler.whole_file import read_file

    try:
        return reviewed_plan(read_file(path), str(path))
    except OSError as error:
        raise MeshformError(f"The reviewed plan {path} cannot be read: {error.strerror}.") from error


def _write(path: str | None, data: dict[str, Any]) -> None:
    """Write the outcome for `meshform outcome`. That it cannot be written changes nothing of how the run ended."""
    from reconciler.whole_file import replace_file

    if path is None:
        return
    try:
        replace_file(Path(path), f"{json.dumps(data, indent=2, default=str)}\n".encode())
    except OSError as error:
        show.note(f"The outcome {path} cannot be written: {error.strerror}.")
