"""Results of queries, page by page."""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.athena.executions import execution, on_execution
from reconciler.sandbox.services.athena.output import metadata
from reconciler.sandbox.services.glue.pages import page
from reconciler.sandbox.services.iam.s3 import require_s3
from reconciler.sandbox.shared.s3_objects import location


@operation(honours="QueryExecutionId NextToken MaxResults", resources=on_execution)
def get_query_results(request: Request) -> Params:
    """Rows of a query that succeeded, the names first, 1000 a page (API_GetQueryResults).

    The caller must be allowed to read the result file, where Athena does not keep it itself.
    InvalidRequestException: the query did not succeed.
    """
    found = execution(request, request.params["QueryExecutionId"])
    state = found.record["Status"]["State"]
    if state != "SUCCEEDED" or found.answer is None:
        raise AwsError("InvalidRequestException", f"Query did not finish successfully. Final query state: {state}")
    if place := found.record["ResultConfiguration"].get("OutputLocation"):
        file = location(place)
        require_s3(request.world, request.caller, "s3:GetObject", file.bucket, file.key)
    lines = [(f"{number:012d}", line) for number, line in enumerate(found.answer.lines)]
    chosen, token = page(lines, request.params, lambda line: line[0], size=1000, code="InvalidRequestException")
    rows = [{"Data": [{} if value is None else {"VarCharValue": value} for value in line]} for _, line in chosen]
    return {
        "UpdateCount": 0,
        "ResultSet": {"Rows": rows, "ResultSetMetadata": {"ColumnInfo": metadata(found.answer)}},
        "NextToken": token,
    }
