"""The errors that the simulated AWS answers with."""

from __future__ import annotations


class AwsError(Exception):
    """An answer of AWS that is an error: boto3 raises it as ClientError with this code and message.

    `status` is the HTTP status. AWS sends 400 for most; botocore retries 500 and above, and 429.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def not_simulated(service: str, operation: str, what: str = "") -> AwsError:
    """The error for what the sandbox does not do, such as `sandbox: glue.StartJobRun with Timeout`.

    400 and not 501, because botocore would send a 501 again.
    """
    detail = f" {what}" if what else ""
    return AwsError("NotImplemented", f"sandbox: {service}.{operation}{detail}")
