"""Data quality rulesets are evaluated over tables, and their results read."""

from __future__ import annotations

import time
from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.athena.engine import engine
from reconciler.sandbox.services.athena.failure import QueryFailed
from reconciler.sandbox.services.athena.sources import source
from reconciler.sandbox.services.glue.dqdl import Rule, rules
from reconciler.sandbox.services.glue.pages import page
from reconciler.sandbox.services.glue.quality_rules import DATA, not_known, verdict
from reconciler.sandbox.services.glue.roles import glue_role
from reconciler.sandbox.services.glue.rulesets import ruleset
from reconciler.sandbox.services.glue.state import Record
from reconciler.sandbox.shared.eventbridge import emit

_TABLE = "DataSource.GlueTable"


@operation(
    honours=f"{_TABLE}.DatabaseName {_TABLE}.TableName {_TABLE}.CatalogId Role RulesetNames ClientToken "
    "NumberOfWorkers Timeout"
)
def start_data_quality_ruleset_evaluation_run(request: Request) -> Params:
    """Evaluate rulesets over a table as a role (API_StartDataQualityRulesetEvaluationRun).

    It has ended when the answer comes. NotImplemented: a rule that is not evaluated here.
    """
    account, params = request.world.glue.account(request.caller.account), request.params
    if token := params.get("ClientToken"):
        known = next((i for i, run in account.ruleset_runs.items() if run.get("ClientToken") == token), None)
        if known:
            return {"RunId": known}
    if "GlueTable" not in params["DataSource"]:
        raise AwsError("InvalidInputException", "DataSource needs a GlueTable")
    asked = {name: rules(ruleset(request, name)["Ruleset"]) for name in params["RulesetNames"]}
    unknown = next((what for found in asked.values() for rule in found if (what := not_known(rule))), None)
    if unknown:
        raise request.not_simulated(f"with {unknown}")
    role = glue_role(request, params["Role"], "GlueDataQuality")
    identifier = f"dqrun-{request.world.random.getrandbits(160):040x}"
    began, started = time.perf_counter(), request.world.now()
    run: dict[str, Any] = {**params, "RunId": identifier, "StartedOn": started}
    try:
        run["ResultIds"] = [_result(request, role, identifier, name, found) for name, found in asked.items()]
        run["Status"] = "SUCCEEDED"
    except QueryFailed as failed:
        run |= {"Status": "FAILED", "ErrorString": failed.reason}
    ended = request.world.now()
    run |= {"CompletedOn": ended, "LastModifiedOn": ended, "ExecutionTime": int(time.perf_counter() - began)}
    account.ruleset_runs[identifier] = run
    return {"RunId": identifier}


@operation(honours="RunId")
def get_data_quality_ruleset_evaluation_run(request: Request) -> Params:
    """A run with its state and the identifiers of its results (API_GetDataQualityRulesetEvaluationRun)."""
    runs = request.world.glue.account(request.caller.account).ruleset_runs
    found: Record | None = runs.get(request.params["RunId"])
    if found is None:
        raise AwsError("EntityNotFoundException", f"Cannot find run {request.params['RunId']}")
    return {k: v for k, v in found.items() if k != "ClientToken"}


@operation(honours="Filter.DataSource NextToken MaxResults")
def list_data_quality_ruleset_evaluation_runs(request: Request) -> Params:
    """The runs, of one table if it is given (API_ListDataQualityRulesetEvaluationRuns)."""
    wanted = request.params.get("Filter", {}).get("DataSource")
    runs = request.world.glue.account(request.caller.account).ruleset_runs
    found = sorted(i for i, run in runs.items() if wanted in (None, run["DataSource"]))
    chosen, token = page(found, request.params, str, size=1000)
    kept = ("RunId", "Status", "StartedOn", "DataSource")
    return {"Runs": [{k: runs[i][k] for k in kept} for i in chosen], "NextToken": token}


@operation(honours="ResultId")
def get_data_quality_result(request: Request) -> Params:
    """A result: the score and each rule's outcome (API_GetDataQualityResult)."""
    results = request.world.glue.account(request.caller.account).ruleset_results
    found: Record | None = results.get(request.params["ResultId"])
    if found is None:
        raise AwsError("EntityNotFoundException", f"Cannot find result {request.params['ResultId']}")
    return found


@operation(honours="ResultIds")
def batch_get_data_quality_result(request: Request) -> Params:
    """Results by their identifiers, and the identifiers that are none (API_BatchGetDataQualityResult)."""
    results, wanted = request.world.glue.account(request.caller.account).ruleset_results, request.params["ResultIds"]
    found = [results[i] for i in wanted if i in results]
    return {"Results": found, "ResultsNotFound": [i for i in wanted if i not in results]}


@operation(honours="Filter.DataSource Filter.StartedAfter Filter.StartedBefore NextToken MaxResults")
def list_data_quality_results(request: Request) -> Params:
    """The results, of one table or of a time if it is given, by their ids (API_ListDataQualityResults)."""
    chosen_by: Record = request.params.get("Filter", {})
    wanted, after, before = (chosen_by.get(each) for each in ("DataSource", "StartedAfter", "StartedBefore"))
    results = request.world.glue.account(request.caller.account).ruleset_results
    found = sorted(
        i
        for i, result in results.items()
        if wanted in (None, result["DataSource"])
        and (after is None or result["StartedOn"] > after)
        and (before is None or result["StartedOn"] < before)
    )
    chosen, token = page(found, request.params, str, size=1000)
    kept = ("ResultId", "DataSource", "StartedOn")
    return {"Results": [{k: results[i][k] for k in kept} for i in chosen], "NextToken": token}


def _result(request: Request, role: Caller, run: str, name: str, found: list[Rule]) -> str:
    """Evaluate one ruleset and keep its result; the result's identifier. QueryFailed: the role may not read."""
    table = request.params["DataSource"]["GlueTable"]
    look = Request(request.world, role, request.region, "glue", request.operation, {})
    started = request.world.now()
    data = source(look, table["DatabaseName"].lower(), table["TableName"], "line 1:1", table.get("CatalogId"))
    with engine({("main", DATA): data}, None) as duck:
        described, _ = duck.run(f"SELECT * FROM {DATA} LIMIT 0")  # noqa: S608
        columns = {name.lower(): kind for name, kind in described}
        outcomes = [
            {"Name": f"Rule_{number}", **verdict(duck, columns, rule)} for number, rule in enumerate(found, start=1)
        ]
    passed = sum(outcome["Result"] == "PASS" for outcome in outcomes)
    identifier = f"dqresult-{request.world.random.getrandbits(160):040x}"
    request.world.glue.account(request.caller.account).ruleset_results[identifier] = {
        "ResultId": identifier,
        "Score": passed / len(outcomes),
        "DataSource": request.params["DataSource"],
        "RulesetName": name,
        "StartedOn": started,
        "CompletedOn": request.world.now(),
        "RulesetEvaluationRunId": run,
        "RuleResults": outcomes,
    }
    _tell(request, run, name, identifier, outcomes)
    return identifier


def _tell(request: Request, run: str, name: str, identifier: str, outcomes: list[Record]) -> None:
    """The event of a finished evaluation (data-quality-alerts)."""
    table = request.params["DataSource"]["GlueTable"]
    passed = sum(outcome["Result"] == "PASS" for outcome in outcomes)
    failed = sum(outcome["Result"] == "FAIL" for outcome in outcomes)
    detail = {
        "context": {
            "contextType": "GLUE_DATA_CATALOG",
            "runId": run,
            "databaseName": table["DatabaseName"],
            "tableName": table["TableName"],
            "catalogId": table.get("CatalogId", request.caller.account),
        },
        "resultID": identifier,
        "rulesetNames": [name],
        "state": "SUCCEEDED" if passed == len(outcomes) else "FAILED",
        "score": passed / len(outcomes),
        "numRulesSucceeded": passed,
        "numRulesFailed": failed,
        "numRulesSkipped": len(outcomes) - passed - failed,
    }
    kind = "Data Quality Evaluation Results Available"
    emit(request.world, request.caller.account, "aws.glue-dataquality", kind, detail, [])
