"""Queries are started, watched and stopped."""

from __future__ import annotations

import time
from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.athena.failure import QueryFailed
from reconciler.sandbox.services.athena.output import OutputPlace, output_place
from reconciler.sandbox.services.athena.query import Query, finish, query
from reconciler.sandbox.services.athena.state import ENGINE, Execution, Record
from reconciler.sandbox.services.athena.workgroups import on_workgroup, workgroup, workgroup_arn
from reconciler.sandbox.services.glue.pages import page


def on_execution(request: Request) -> list[str]:
    """The resource of an operation on a query: its workgroup."""
    found = request.world.athena.account(request.caller.account).executions.get(request.params["QueryExecutionId"])
    return [workgroup_arn(request, found.record["WorkGroup"] if found else "primary")]


@operation(
    honours="QueryString ClientRequestToken QueryExecutionContext ResultConfiguration WorkGroup ExecutionParameters",
    refuses="ResultConfiguration.ExpectedBucketOwner ResultConfiguration.AclConfiguration",
    resources=on_workgroup("WorkGroup"),
)
def start_query_execution(request: Request) -> Params:
    """Run a query (API_StartQueryExecution). It has ended when the answer comes; its failure is told by its state.

    InvalidRequestException: no statement or more than one, no place for results, or the workgroup is disabled.
    """
    account, params = request.world.athena.account(request.caller.account), request.params
    group = workgroup(request, params.get("WorkGroup", "primary"))
    if group["State"] != "ENABLED":
        raise AwsError("InvalidRequestException", f"WorkGroup {group['Name']} is disabled.")
    token = params.get("ClientRequestToken")
    if token in account.tokens:
        return {"QueryExecutionId": account.tokens[token]}
    parsed = query(request)
    identifier = request.world.uuid()
    place = output_place(request, group, identifier)
    account.executions[identifier] = _executed(request, parsed, group, place, identifier)
    if token:
        account.tokens[token] = identifier
    return {"QueryExecutionId": identifier}


@operation(honours="QueryExecutionId", resources=on_execution)
def get_query_execution(request: Request) -> Params:
    """A query with its state, its statistics and the place of its results (API_GetQueryExecution)."""
    return {"QueryExecution": execution(request, request.params["QueryExecutionId"]).record}


@operation(honours="QueryExecutionIds", resources=on_workgroup("WorkGroup"))
def batch_get_query_execution(request: Request) -> Params:
    """Up to 50 queries; those that are not there are told apart (API_BatchGetQueryExecution)."""
    executions = request.world.athena.account(request.caller.account).executions
    wanted: list[str] = request.params["QueryExecutionIds"]
    missing = [
        {"QueryExecutionId": i, "ErrorCode": "INVALID_QUERY_EXECUTION_ID", "ErrorMessage": "Not found"}
        for i in wanted
        if i not in executions
    ]
    found = [executions[i].record for i in wanted if i in executions]
    return {"QueryExecutions": found, "UnprocessedQueryExecutionIds": missing}


@operation(honours="NextToken MaxResults WorkGroup", resources=on_workgroup("WorkGroup"))
def list_query_executions(request: Request) -> Params:
    """The queries of a workgroup, the newest first, 50 a page (API_ListQueryExecutions)."""
    group = workgroup(request, request.params.get("WorkGroup", "primary"))["Name"]
    executions = list(request.world.athena.account(request.caller.account).executions.values())
    newest = [e.record for e in reversed(executions) if e.record["WorkGroup"] == group]
    ranked = [(f"{rank:09d}", record["QueryExecutionId"]) for rank, record in enumerate(newest)]
    chosen, token = page(ranked, request.params, lambda r: r[0], size=50, code="InvalidRequestException")
    return {"QueryExecutionIds": [identifier for _, identifier in chosen], "NextToken": token}


@operation(honours="QueryExecutionId", resources=on_execution)
def stop_query_execution(request: Request) -> Params:
    """Nothing: queries have ended when they are known; to stop an ended one is no error (API_StopQueryExecution)."""
    execution(request, request.params["QueryExecutionId"])
    return {}


def execution(request: Request, identifier: str) -> Execution:
    """The query of an identifier. InvalidRequestException: there is none in the caller's account."""
    found: Execution | None = request.world.athena.account(request.caller.account).executions.get(identifier)
    if found is None:
        raise AwsError("InvalidRequestException", f"QueryExecution {identifier} was not found")
    return found


def _executed(request: Request, parsed: Query, group: Record, place: OutputPlace, identifier: str) -> Execution:
    began, submitted = time.perf_counter(), request.world.now()
    status: dict[str, Any] = {"State": "SUCCEEDED", "SubmissionDateTime": submitted}
    answer, scanned = None, 0
    statistics: dict[str, Any] = {}
    try:
        done = finish(request, parsed, place, group["Configuration"].get("BytesScannedCutoffPerQuery"))
        answer, scanned = done.answer, done.scanned
        if done.manifest:
            statistics["DataManifestLocation"] = done.manifest
    except QueryFailed as failed:
        status["State"] = "CANCELLED" if failed.cancelled else "FAILED"
        status["StateChangeReason"] = failed.reason
        error = {"ErrorCategory": 2, "ErrorType": 1, "Retryable": False, "ErrorMessage": failed.reason}
        status["AthenaError"] = error
    status["CompletionDateTime"] = request.world.now()
    took = int((time.perf_counter() - began) * 1000)
    statistics |= {
        "EngineExecutionTimeInMillis": took,
        "TotalExecutionTimeInMillis": took,
        "QueryQueueTimeInMillis": 0,
        "ServiceProcessingTimeInMillis": 0,
        "DataScannedInBytes": scanned,
    }
    record = {
        "QueryExecutionId": identifier,
        "Query": request.params["QueryString"],
        "StatementType": parsed.kind,
        "ResultConfiguration": place.configuration,
        "QueryExecutionContext": request.params.get("QueryExecutionContext", {}),
        "Status": status,
        "Statistics": statistics,
        "WorkGroup": group["Name"],
        "EngineVersion": group["Configuration"].get("EngineVersion", ENGINE),
        "SubstatementType": parsed.subkind,
    }
    if parameters := request.params.get("ExecutionParameters"):
        record["ExecutionParameters"] = parameters
    return Execution(record, answer)
