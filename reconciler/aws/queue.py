"""Queue: messages of an SQS queue in the central account; each is deleted only when it was dealt with.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from reconciler.aws.retry import error_parts
from reconciler.aws.sessions import Sessions
from reconciler.errors import MeshformError
from reconciler.model.address import Placement

MOST = 10_000
"""Messages of one run; what is left is for the next."""
_HIDDEN = 900
"""Seconds for which a message that was taken is not shown to others: a run has to be done by then."""


class Queue:
    """A queue by its name, URL or ARN. Raises MeshformError with what to do where it cannot be used."""

    def __init__(self, sessions: Sessions, placement: Placement, name: str) -> None:
        self._sessions, self._placement, self._name = sessions, placement, name
        self._taken: list[str] = []

    def bodies(self) -> Iterator[str]:
        """The messages that are there now, until none comes."""
        count = 0
        while count < MOST:
            answer = self._ask(
                "receive_message",
                QueueUrl=self._url,
                MaxNumberOfMessages=10,
                WaitTimeSeconds=1,
                VisibilityTimeout=_HIDDEN,
            )
            messages = answer.get("Messages", [])
            if not messages:
                return
            count += len(messages)
            for message in messages:
                self._taken.append(message["ReceiptHandle"])
                yield str(message.get("Body", ""))

    def delete(self) -> int:
        """Delete what was taken; how many of them SQS did not delete: they come again."""
        left = 0
        for start in range(0, len(self._taken), 10):
            those = self._taken[start : start + 10]
            rows = [{"Id": str(number), "ReceiptHandle": handle} for number, handle in enumerate(those)]
            left += len(self._ask("delete_message_batch", QueueUrl=self._url, Entries=rows).get("Failed", ()))
        self._taken.clear()
        return left

    @cached_property
    def _url(self) -> str:
        if self._name.startswith(("https://", "http://")):
            return self._name
        asked = {"QueueName": self._name.rpartition(":")[2], "QueueOwnerAWSAccountId": self._placement.account}
        return str(self._ask("get_queue_url", **asked)["QueueUrl"])

    def _ask(self, operation: str, **params: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._sessions.client(self._placement, "sqs"), operation)(**params)
        except ClientError as error:
            code, message = error_parts(error)
            raise MeshformError(
                f"The queue {self._name} cannot be used in {self._placement}: {code}: {message}",
                hints=("`meshform bootstrap --events` prints the queue and who may read it",),
            ) from error
        except BotoCoreError as error:
            raise MeshformError(f"The queue {self._name} cannot be reached: {error}") from error
        return answer
