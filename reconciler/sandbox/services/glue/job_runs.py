"""Glue jobs are started. Their scripts are Spark's and are not run: what a run needs is checked, its end is told.

`POST /_sandbox/job-outcomes` says how the runs of a job are to end; without it they fail and say why.
"""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.arns import on_named
from reconciler.sandbox.services.glue.jobs import job_record
from reconciler.sandbox.services.glue.pages import page
from reconciler.sandbox.services.glue.roles import glue_role
from reconciler.sandbox.services.glue.state import Record
from reconciler.sandbox.services.iam.callers import root
from reconciler.sandbox.services.iam.s3 import require_s3
from reconciler.sandbox.shared.eventbridge import emit
from reconciler.sandbox.shared.job_run import JobRun
from reconciler.sandbox.shared.s3_objects import location, objects

_NOT_RUN = (
    "sandbox: role and script are there, but scripts of Glue jobs are not run; "
    "POST /_sandbox/job-outcomes says how the runs of a job are to end"
)


@operation(honours="JobName", resources=on_named("job", "JobName"))
def start_job_run(request: Request) -> Params:
    """Begin a run (API_StartJobRun). ConcurrentRunsExceededException: as many as may are running."""
    account, name = request.caller.account, request.params["JobName"]
    record, runs = job_record(request, name), _runs(request, name)
    most = record["ExecutionProperty"].get("MaxConcurrentRuns", 1)
    if sum(not run.has_ended for run in runs) >= most:
        raise AwsError("ConcurrentRunsExceededException", f"Concurrent runs exceeded for {name}")
    now = request.world.now()
    identifier = f"jr_{request.world.random.getrandbits(256):064x}"
    run = JobRun(identifier, name, now, now, request.caller.arn, _error(request, record))
    runs.insert(0, run)
    detail = {
        "jobName": name,
        "severity": "ERROR" if run.error else "INFO",
        "state": "FAILED" if run.error else "SUCCEEDED",
        "jobRunId": run.id,
        "message": run.error or "Job run succeeded",
    }
    emit(request.world, account, "aws.glue", "Glue Job State Change", detail, [])
    return {"JobRunId": run.id}


@operation(honours="JobName RunId PredecessorsIncluded", resources=on_named("job", "JobName"))
def get_job_run(request: Request) -> Params:
    """One run; every look moves it on (API_GetJobRun). Runs here have no predecessors."""
    wanted = request.params["RunId"]
    job_record(request, request.params["JobName"])
    found = next((run for run in _runs(request, request.params["JobName"]) if run.id == wanted), None)
    if found is None:
        raise AwsError("EntityNotFoundException", f"Job run {wanted} is not found.")
    return {"JobRun": _shown(request, found)}


@operation(honours="JobName NextToken MaxResults", resources=on_named("job", "JobName"))
def get_job_runs(request: Request) -> Params:
    """The runs of a job, the newest first, 200 a page; every look moves them on (API_GetJobRuns)."""
    job_record(request, request.params["JobName"])
    numbered = list(enumerate(_runs(request, request.params["JobName"])))
    chosen, token = page(numbered, request.params, lambda each: f"{each[0]:09}", size=200)
    return {"JobRuns": [_shown(request, run) for _, run in chosen], "NextToken": token}


@operation(honours="JobName JobRunIds", resources=on_named("job", "JobName"))
def batch_stop_job_run(request: Request) -> Params:
    """Stop runs (API_BatchStopJobRun)."""
    name = request.params["JobName"]
    runs = {run.id: run for run in _runs(request, name)}
    stopped, errors = [], []
    for wanted in request.params["JobRunIds"]:
        run = runs.get(wanted)
        if run is None or run.has_ended:
            code = "EntityNotFoundException" if run is None else "InvalidInputException"
            detail = {"ErrorCode": code, "ErrorMessage": f"Job run {wanted} is not running."}
            errors.append({"JobName": name, "JobRunId": wanted, "ErrorDetail": detail})
        else:
            run.stopped = True
            stopped.append({"JobName": name, "JobRunId": wanted})
    return {"SuccessfulSubmissions": stopped, "Errors": errors}


def _error(request: Request, record: Record) -> str:
    """What ends the run as FAILED; empty if it is to end well."""
    # Glue takes the role itself, so the starter need not be allowed to pass it.
    service = Request(request.world, root(request.caller.account), request.region, "glue", "StartJobRun", {})
    script = record.get("Command", {}).get("ScriptLocation", "")
    try:
        role = glue_role(service, record.get("Role", ""), "GlueJobRunnerSession")
        place = location(script)
        require_s3(request.world, role, "s3:GetObject", place.bucket, place.key)
    except (AwsError, ValueError) as error:
        return f"{error.code}: {error.message}" if isinstance(error, AwsError) else str(error)
    if not any(one.uri == place.uri for one in objects(script)):
        return f"The script {script} does not exist"
    outcome = request.world.job_outcomes.of(request.caller.account, record["Name"])
    return outcome.error if outcome else _NOT_RUN


def _runs(request: Request, name: str) -> list[JobRun]:
    runs: dict[str, list[JobRun]] = request.world.glue.account(request.caller.account).job_runs
    return runs.setdefault(name, [])


def _shown(request: Request, run: JobRun) -> Record:
    record = job_record(request, run.job)
    state = run.look()
    shown: Record = {
        "Id": run.id,
        "Attempt": 0,
        "JobName": run.job,
        "JobMode": record["JobMode"],
        "StartedOn": run.started,
        "LastModifiedOn": run.ended,
        "JobRunState": state,
        "ExecutionTime": 0,
        "Timeout": record["Timeout"],
        "LogGroupName": "/aws-glue/jobs",
        **{name: record[name] for name in ("GlueVersion", "WorkerType", "NumberOfWorkers") if name in record},
    }
    if run.has_ended:
        shown["CompletedOn"] = run.ended
        if state == "FAILED":
            shown["ErrorMessage"] = run.error
    return shown
