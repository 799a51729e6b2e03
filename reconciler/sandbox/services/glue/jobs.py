"""Jobs are defined and read. They are not run: a script's effects are not simulated."""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.arns import on_named, own_arn
from reconciler.sandbox.services.glue.pages import page
from reconciler.sandbox.services.glue.roles import glue_role
from reconciler.sandbox.services.glue.state import Record

_MEMBERS = (
    "JobMode JobRunQueuingEnabled Description LogUri Role ExecutionProperty Command DefaultArguments "
    "NonOverridableArguments Connections MaxRetries Timeout MaxCapacity NotificationProperty GlueVersion "
    "NumberOfWorkers WorkerType ExecutionClass MaintenanceWindow"
)


@operation(honours=f"Name Tags {_MEMBERS}", resources=on_named("job", "Name"))
def create_job(request: Request) -> Params:
    """Define a job (API_CreateJob). The caller must be allowed to pass its role, which must trust Glue."""
    account, name = request.world.glue.account(request.caller.account), request.params["Name"]
    if name in account.jobs:
        raise AwsError("AlreadyExistsException", f"Job with name {name} already submitted")
    account.jobs[name] = _record(request, request.params) | {"Name": name, "CreatedOn": request.world.now()}
    if tags := request.params.get("Tags"):
        account.tags[own_arn(request, "job", name)] = dict(tags)
    return {"Name": name}


@operation(
    honours="JobName " + " ".join(f"JobUpdate.{member}" for member in _MEMBERS.split()),
    resources=on_named("job", "JobName"),
)
def update_job(request: Request) -> Params:
    """Replace a job's definition: what the update leaves out is gone (API_UpdateJob)."""
    account, name = request.world.glue.account(request.caller.account), request.params["JobName"]
    old = job_record(request, name)
    update = request.params["JobUpdate"]
    account.jobs[name] = _record(request, update) | {"Name": name, "CreatedOn": old["CreatedOn"]}
    return {"JobName": name}


@operation(honours="JobName", resources=on_named("job", "JobName"))
def get_job(request: Request) -> Params:
    """A job (API_GetJob)."""
    return {"Job": job_record(request, request.params["JobName"])}


@operation(honours="NextToken MaxResults")
def get_jobs(request: Request) -> Params:
    """The account's jobs by name, 1000 a page (API_GetJobs)."""
    found = sorted(request.world.glue.account(request.caller.account).jobs.values(), key=_name)
    chosen, token = page(found, request.params, _name, size=1000)
    return {"Jobs": chosen, "NextToken": token}


@operation(honours="JobNames")
def batch_get_jobs(request: Request) -> Params:
    """The jobs of these names, and the names that are none (API_BatchGetJobs)."""
    jobs, names = request.world.glue.account(request.caller.account).jobs, request.params["JobNames"]
    found = [jobs[name] for name in names if name in jobs]
    return {"Jobs": found, "JobsNotFound": [name for name in names if name not in jobs]}


@operation(honours="NextToken MaxResults Tags")
def list_jobs(request: Request) -> Params:
    """The names of the jobs, of those with the tags if tags are given (API_ListJobs)."""
    account = request.world.glue.account(request.caller.account)
    wanted = set(request.params.get("Tags", {}).items())
    found = [n for n in sorted(account.jobs) if wanted <= set(account.tags.get(own_arn(request, "job", n), {}).items())]
    chosen, token = page(found, request.params, str, size=1000)
    return {"JobNames": chosen, "NextToken": token}


@operation(honours="JobName", resources=on_named("job", "JobName"))
def delete_job(request: Request) -> Params:
    """Forget a job; one that is not there is no error (API_DeleteJob)."""
    account, name = request.world.glue.account(request.caller.account), request.params["JobName"]
    account.jobs.pop(name, None)
    account.job_runs.pop(name, None)
    account.tags.pop(own_arn(request, "job", name), None)
    return {"JobName": name}


def _record(request: Request, given: Params) -> Record:
    if "Role" in given:
        glue_role(request, given["Role"], "GlueJobRunnerSession")
    kept = {k: v for k, v in given.items() if k not in ("Name", "Tags")}
    defaults = {"MaxRetries": 0, "Timeout": 2880, "ExecutionProperty": {"MaxConcurrentRuns": 1}, "JobMode": "SCRIPT"}
    return defaults | kept | {"LastModifiedOn": request.world.now()}


def job_record(request: Request, name: str) -> Record:
    """A job as it is kept. EntityNotFoundException."""
    found: Record | None = request.world.glue.account(request.caller.account).jobs.get(name)
    if found is None:
        raise AwsError("EntityNotFoundException", f"Job {name} is not found.")
    return found


def _name(record: Record) -> str:
    return str(record["Name"])
