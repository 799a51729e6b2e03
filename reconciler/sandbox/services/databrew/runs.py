"""Jobs are started and stopped, and their runs read."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.databrew.execution import carried_out
from reconciler.sandbox.services.glue.pages import page
from reconciler.sandbox.services.iam.trust import service_caller
from reconciler.sandbox.shared.eventbridge import emit
from reconciler.sandbox.shared.job_run import JobRun

_SERVICE = "databrew.amazonaws.com"


def _on_job(request: Request) -> Sequence[str]:
    return [f"arn:aws:databrew:{request.region}:{request.caller.account}:job/{request.params['Name']}"]


@operation(honours="Name", resources=_on_job)
def start_job_run(request: Request) -> Params:
    """Run a job as its role (API_StartJobRun). What the run cannot do ends it as FAILED, not the call."""
    account, name = request.caller.account, request.params["Name"]
    job = request.world.databrew.job(account, name)
    if job.job_type != "RECIPE":
        raise request.not_simulated("of a profile job")
    began, started = time.perf_counter(), request.world.now()
    error = _error(request, job.role_arn, lambda role: carried_out(request, job, role))
    run = JobRun(
        f"db_{request.world.random.getrandbits(256):064x}",
        name,
        started,
        request.world.now(),
        request.caller.arn,
        error,
        round(time.perf_counter() - began, 3),
    )
    request.world.databrew.of(account, name).insert(0, run)
    _tell(request, run)
    return {"RunId": run.id}


@operation(honours="Name RunId", resources=_on_job)
def describe_job_run(request: Request) -> Params:
    """One run; every look moves it on (API_DescribeJobRun)."""
    return _shown(request, _run(request))


@operation(honours="Name MaxResults NextToken", resources=_on_job)
def list_job_runs(request: Request) -> Params:
    """The runs of a job, the newest first, 100 a page; every look moves them on (API_ListJobRuns)."""
    name = request.params["Name"]
    request.world.databrew.job(request.caller.account, name)
    runs = list(enumerate(request.world.databrew.of(request.caller.account, name)))
    chosen, token = page(runs, request.params, _position, code="ValidationException")
    return {"JobRuns": [_shown(request, run) for _, run in chosen], "NextToken": token}


@operation(honours="Name RunId", resources=_on_job)
def stop_job_run(request: Request) -> Params:
    """Stop a run; what it wrote stays (API_StopJobRun). ValidationException: it has ended."""
    run = _run(request)
    if run.has_ended:
        raise AwsError("ValidationException", f"The job run {run.id} is in state {run.state} and can't be stopped.")
    run.stopped = True
    return {"RunId": run.id}


def _error(request: Request, role_arn: str, work: Callable[..., None]) -> str:
    """What went wrong in the work, done as a role; empty if nothing did."""
    role = service_caller(role_arn, _SERVICE, "DataBrewJob")
    if role is None or role.account != request.caller.account:
        return f"DataBrew is unable to assume the role {role_arn}. Verify its trust policy."
    try:
        work(role)
    except AwsError as error:
        return f"{error.code}: {error.message}"
    return ""


def _run(request: Request) -> JobRun:
    name, wanted = request.params["Name"], request.params["RunId"]
    request.world.databrew.job(request.caller.account, name)
    runs: list[JobRun] = request.world.databrew.of(request.caller.account, name)
    found = next((run for run in runs if run.id == wanted), None)
    if found is None:
        raise AwsError("ResourceNotFoundException", f"The job run {wanted} wasn't found.", 404)
    return found


def _shown(request: Request, run: JobRun) -> Params:
    job = request.world.databrew.job(request.caller.account, run.job)
    state = run.look()
    shown: Params = {
        "JobName": run.job,
        "RunId": run.id,
        "Attempt": 0,
        "State": state,
        "DatasetName": job.dataset_name,
        "RecipeReference": job.recipe_reference,
        "Outputs": job.outputs,
        "StartedBy": run.started_by,
        "StartedOn": run.started,
        "ExecutionTime": 0,
    }
    if run.has_ended:
        shown |= {"CompletedOn": run.ended, "ExecutionTime": int(run.seconds)}
        if state == "FAILED":
            shown["ErrorMessage"] = run.error
    return shown


def _tell(request: Request, run: JobRun) -> None:
    """The event of a run's end (databrew/latest/dg/monitoring-events)."""
    detail = {
        "jobName": run.job,
        "severity": "ERROR" if run.error else "INFO",
        "state": "FAILED" if run.error else "SUCCEEDED",
        "jobRunId": run.id,
        "message": run.error or "Job run succeeded",
    }
    emit(request.world, request.caller.account, "aws.databrew", "DataBrew Job State Change", detail, [])


def _position(numbered: tuple[int, JobRun]) -> str:
    return f"{numbered[0]:09}"
