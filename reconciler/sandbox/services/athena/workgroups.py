"""Workgroups: where results go, what a query may scan, and whether clients may say otherwise."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.athena.state import ENGINE, Record

_HEEDED = (
    "ResultConfiguration ManagedQueryResultsConfiguration.Enabled EnforceWorkGroupConfiguration "
    "PublishCloudWatchMetricsEnabled BytesScannedCutoffPerQuery "
    "RequesterPaysEnabled EngineVersion"
)
_CONFIGURATION = " ".join(f"Configuration.{name}" for name in _HEEDED.split())
_UPDATES = " ".join(
    f"ConfigurationUpdates.{name}"
    for name in (
        *_HEEDED.split()[2:],
        "ResultConfigurationUpdates",
        "RemoveBytesScannedCutoffPerQuery",
    )
)


def workgroup_arn(request: Request, name: str) -> str:
    return f"arn:aws:athena:{request.region}:{request.caller.account}:workgroup/{name}"


def on_workgroup(member: str) -> Any:
    """The resource of an operation on the workgroup that a parameter names; `primary` without one."""
    return lambda request: [workgroup_arn(request, request.params.get(member) or "primary")]


@operation(honours=f"Name Description Tags {_CONFIGURATION}", resources=on_workgroup("Name"))
def create_work_group(request: Request) -> Params:
    """Create a workgroup; its configuration is enforced unless it says otherwise (API_CreateWorkGroup)."""
    account, params = request.world.athena.account(request.caller.account), request.params
    name = params["Name"]
    if name in account.workgroups:
        raise AwsError("InvalidRequestException", "WorkGroup is already created")
    configuration = {
        "ResultConfiguration": {},
        "EnforceWorkGroupConfiguration": True,
        "PublishCloudWatchMetricsEnabled": True,
        "RequesterPaysEnabled": False,
        **params.get("Configuration", {}),
    }
    if is_managed(configuration) and configuration["ResultConfiguration"]:
        message = "ManagedQueryResultsConfiguration and ResultConfiguration cannot be set together"
        raise AwsError("InvalidRequestException", message)
    configuration["EngineVersion"] = {**ENGINE, **configuration.get("EngineVersion", {})}
    account.workgroups[name] = {
        "Name": name,
        "State": "ENABLED",
        "Configuration": configuration,
        "Description": params.get("Description"),
        "CreationTime": request.world.now(),
    }
    if tags := params.get("Tags"):
        account.tags[workgroup_arn(request, name)] = {t["Key"]: t.get("Value", "") for t in tags}
    return {}


@operation(honours="WorkGroup", resources=on_workgroup("WorkGroup"))
def get_work_group(request: Request) -> Params:
    """A workgroup (API_GetWorkGroup). InvalidRequestException: there is none of that name."""
    return {"WorkGroup": workgroup(request, request.params["WorkGroup"])}


@operation(honours="NextToken MaxResults")
def list_work_groups(request: Request) -> Params:
    """The workgroups by name, 50 a page (API_ListWorkGroups)."""
    from reconciler.sandbox.services.glue.pages import page

    found = sorted(request.world.athena.account(request.caller.account).workgroups.values(), key=_name)
    chosen, token = page(found, request.params, _name, size=50, code="InvalidRequestException")
    summaries = [
        {k: w[k] for k in ("Name", "State", "Description", "CreationTime") if w.get(k) is not None}
        | {"EngineVersion": w["Configuration"]["EngineVersion"]}
        for w in chosen
    ]
    return {"WorkGroups": summaries, "NextToken": token}


@operation(honours=f"WorkGroup Description State {_UPDATES}", resources=on_workgroup("WorkGroup"))
def update_work_group(request: Request) -> Params:
    """Change what is given and leave the rest (API_UpdateWorkGroup)."""
    params = request.params
    record = workgroup(request, params["WorkGroup"])
    for member in ("Description", "State"):
        if member in params:
            record[member] = params[member]
    updates = dict(params.get("ConfigurationUpdates", {}))
    results = updates.pop("ResultConfigurationUpdates", {})
    if updates.pop("RemoveBytesScannedCutoffPerQuery", False):
        record["Configuration"].pop("BytesScannedCutoffPerQuery", None)
    if "EngineVersion" in updates:
        updates["EngineVersion"] = {**ENGINE, **updates["EngineVersion"]}
    record["Configuration"] = {**record["Configuration"], **updates}
    if results:
        record["Configuration"]["ResultConfiguration"] = _updated(
            record["Configuration"]["ResultConfiguration"], results
        )
    return {}


@operation(honours="WorkGroup RecursiveDeleteOption", resources=on_workgroup("WorkGroup"))
def delete_work_group(request: Request) -> Params:
    """Delete a workgroup; one with queries only with RecursiveDeleteOption (API_DeleteWorkGroup)."""
    account, name = request.world.athena.account(request.caller.account), request.params["WorkGroup"]
    workgroup(request, name)
    if name == "primary":
        raise AwsError("InvalidRequestException", "The primary workgroup cannot be deleted")
    used = [i for i, e in account.executions.items() if e.record["WorkGroup"] == name]
    if used and not request.params.get("RecursiveDeleteOption"):
        raise AwsError("InvalidRequestException", f"WorkGroup {name} is not empty")
    for execution in used:
        del account.executions[execution]
    del account.workgroups[name]
    return {}


def is_managed(configuration: Record) -> bool:
    """Whether Athena keeps the results itself, in no bucket (managed-results)."""
    return bool(configuration.get("ManagedQueryResultsConfiguration", {}).get("Enabled"))


def workgroup(request: Request, name: str) -> Record:
    """The workgroup of a name in the caller's account. InvalidRequestException: there is none."""
    found: Record | None = request.world.athena.account(request.caller.account).workgroups.get(name)
    if found is None:
        raise AwsError("InvalidRequestException", f"WorkGroup {name} is not found.")
    return found


def _updated(old: Record, updates: Record) -> Record:
    """The result configuration with `Remove...` members carried out and the others set."""
    removed = {key.removeprefix("Remove") for key, value in updates.items() if key.startswith("Remove") and value}
    kept = {key: value for key, value in old.items() if key not in removed}
    return kept | {key: value for key, value in updates.items() if not key.startswith("Remove")}


def _name(record: Record) -> str:
    return str(record["Name"])
