"""Data quality rulesets are defined and read."""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.arns import on_named, own_arn
from reconciler.sandbox.services.glue.dqdl import rules
from reconciler.sandbox.services.glue.pages import page
from reconciler.sandbox.services.glue.state import Record

_KIND = "dataQualityRuleset"


@operation(honours="Name Description Ruleset Tags TargetTable ClientToken", resources=on_named(_KIND, "Name"))
def create_data_quality_ruleset(request: Request) -> Params:
    """Define a ruleset (API_CreateDataQualityRuleset). The same ClientToken again changes nothing."""
    account, params = request.world.glue.account(request.caller.account), request.params
    name = params["Name"]
    old, token = account.rulesets.get(name), params.get("ClientToken")
    if old is not None and not (token and old.get("ClientToken") == token):
        raise AwsError("AlreadyExistsException", f"Another ruleset with the same name already exists: {name}")
    rules(params["Ruleset"])
    now = request.world.now()
    given = {k: v for k, v in params.items() if k != "Tags"}
    account.rulesets[name] = given | {"CreatedOn": now, "LastModifiedOn": now}
    if tags := params.get("Tags"):
        account.tags[own_arn(request, _KIND, name)] = dict(tags)
    return {"Name": name}


@operation(honours="Name Description Ruleset", resources=on_named(_KIND, "Name"))
def update_data_quality_ruleset(request: Request) -> Params:
    """Change what is given of a ruleset (API_UpdateDataQualityRuleset)."""
    record = ruleset(request, request.params["Name"])
    if "Ruleset" in request.params:
        rules(request.params["Ruleset"])
    record.update(request.params)
    record["LastModifiedOn"] = request.world.now()
    return {k: record[k] for k in ("Name", "Description", "Ruleset") if k in record}


@operation(honours="Name", resources=on_named(_KIND, "Name"))
def delete_data_quality_ruleset(request: Request) -> Params:
    """Forget a ruleset; results of its runs stay (API_DeleteDataQualityRuleset)."""
    account, name = request.world.glue.account(request.caller.account), request.params["Name"]
    ruleset(request, name)
    del account.rulesets[name]
    account.tags.pop(own_arn(request, _KIND, name), None)
    return {}


@operation(honours="Name", resources=on_named(_KIND, "Name"))
def get_data_quality_ruleset(request: Request) -> Params:
    """A ruleset (API_GetDataQualityRuleset)."""
    return _told(ruleset(request, request.params["Name"]))


@operation(
    honours="NextToken MaxResults Tags Filter.Name Filter.Description Filter.TargetTable",
)
def list_data_quality_rulesets(request: Request) -> Params:
    """The rulesets that fit a filter and tags, 1000 a page (API_ListDataQualityRulesets)."""
    account = request.world.glue.account(request.caller.account)
    wanted, tags = request.params.get("Filter", {}), set(request.params.get("Tags", {}).items())
    found = [
        record
        for name, record in sorted(account.rulesets.items())
        if all(record.get(k) == v for k, v in wanted.items())
        and tags <= set(account.tags.get(own_arn(request, _KIND, name), {}).items())
    ]
    chosen, token = page(found, request.params, lambda r: str(r["Name"]), size=1000)
    kept = ("Name", "Description", "CreatedOn", "LastModifiedOn", "TargetTable")
    listed = [{k: r[k] for k in kept if k in r} | {"RuleCount": len(rules(r["Ruleset"]))} for r in chosen]
    return {"Rulesets": listed, "NextToken": token}


def ruleset(request: Request, name: str) -> Record:
    """A ruleset of the caller's account. EntityNotFoundException: there is none of that name."""
    found: Record | None = request.world.glue.account(request.caller.account).rulesets.get(name)
    if found is None:
        raise AwsError("EntityNotFoundException", f"Cannot find Data Quality Ruleset in account: {name}")
    return found


def _told(record: Record) -> Record:
    return {k: v for k, v in record.items() if k != "ClientToken"}
