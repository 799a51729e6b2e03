"""Notifications: what is told, and to whom."""

from pydantic import Field

from reconciler.spec.documents.arns import QueueArn
from reconciler.spec.documents.base import Many, Part
from reconciler.spec.documents.shapes import EmailOrTeam


class Notifications(Part):
    """Which changes of a product its subscribers are told of."""

    data_changes: bool = Field(True, description="Tell subscribers when new data has arrived.")
    schema_changes: bool = Field(True, description="Tell subscribers when columns come, go or change their type.")
    owners: Many[EmailOrTeam] = Field(
        (), description="Teams or addresses that are told of new subscriptions and of failed crawls and quality runs."
    )


class Notify(Part):
    """Where a subscriber wants to be told, and of what."""

    emails: Many[EmailOrTeam] = Field((), description="Teams or addresses that receive the notices.")
    queue: QueueArn | None = Field(None, description="ARN of an SQS queue that receives the notices.")
    data_changes: bool = Field(True, description="Be told when new data has arrived.")
    schema_changes: bool = Field(True, description="Be told when columns come, go or change their type.")
