"""Where the results of a query go."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.athena.answer import Answer
from reconciler.sandbox.services.athena.failure import QueryFailed
from reconciler.sandbox.services.athena.state import Record
from reconciler.sandbox.services.athena.workgroups import is_managed
from reconciler.sandbox.shared.s3_objects import bucket_exists, bucket_region, location, write

_ELSEWHERE = (
    "The S3 location provided to save your query results is invalid. Please check your S3 location is correct "
    "and is in the same region and try again. If you continue to see the issue, contact customer support for further "
    "assistance."
)


@dataclass(frozen=True, slots=True)
class OutputPlace:
    """The result file's address without its ending, and the configuration as the query's record tells it.

    No address: Athena keeps the results itself.
    """

    stem: str
    configuration: Record

    def keep(self, request: Request, body: bytes, ending: str) -> None:
        """Write a result file and its .metadata with the caller's rights. QueryFailed: he may not."""
        if not self.stem:
            return
        uri = f"{self.stem}{ending}"
        self.configuration["OutputLocation"] = uri
        marks = _encryption(self.configuration)
        try:
            write(request.world, request.caller, uri, body, *marks)
            write(request.world, request.caller, f"{uri}.metadata", b"", *marks)
        except AwsError as error:
            raise QueryFailed(
                f"Access denied when writing output to url: {uri}. "
                "Please ensure you are allowed to access the S3 bucket."
            ) from error


def output_place(request: Request, group: Record, identifier: str) -> OutputPlace:
    """The workgroup's place if it enforces its configuration, else the client's, else the workgroup's.

    InvalidRequestException: there is none, or no such bucket (workgroups-settings-override), or in another region
    (query-results-specify-location).
    """
    settings = group["Configuration"]
    if is_managed(settings):
        return OutputPlace("", {})
    own, given = settings.get("ResultConfiguration", {}), request.params.get("ResultConfiguration", {})
    chosen = own if settings.get("EnforceWorkGroupConfiguration") else {**own, **given}
    if not chosen.get("OutputLocation"):
        raise AwsError(
            "InvalidRequestException",
            "No output location provided. An output location is required either through the Workgroup result "
            "configuration setting or as an API input.",
        )
    if chosen.get("EncryptionConfiguration", {}).get("EncryptionOption") == "CSE_KMS":
        raise request.not_simulated("with EncryptionOption CSE_KMS")
    base = chosen["OutputLocation"].rstrip("/")
    try:
        bucket = location(base).bucket
    except ValueError as error:
        raise AwsError("InvalidRequestException", "outputLocation is not a valid S3 path.") from error
    if not bucket_exists(bucket):
        raise AwsError("InvalidRequestException", f"Unable to verify/create output bucket {bucket}")
    if bucket_region(bucket) != request.region:
        raise AwsError("InvalidRequestException", _ELSEWHERE)
    return OutputPlace(f"{base}/{identifier}", {**chosen, "OutputLocation": f"{base}/{identifier}.csv"})


def _encryption(configuration: Record) -> tuple[str | None, str | None]:
    """How S3 marks the results: the kind of encryption and the key."""
    asked = configuration.get("EncryptionConfiguration", {})
    kind = {"SSE_S3": "AES256", "SSE_KMS": "aws:kms"}.get(asked.get("EncryptionOption", ""))
    return kind, asked.get("KmsKey")


def metadata(answer: Answer) -> list[Record]:
    """The columns of an answer as GetQueryResults describes them."""
    return [
        {
            "CatalogName": "hive",
            "SchemaName": "",
            "TableName": "",
            "Name": column.name,
            "Label": column.name,
            "Type": column.type,
            "Precision": column.precision,
            "Scale": column.scale,
            "Nullable": "UNKNOWN",
            "CaseSensitive": column.type == "varchar",
        }
        for column in answer.columns
    ]
