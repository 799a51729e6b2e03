"""Writer: who writes the tables of a product: dbt, Glue, EMR, Firehose, by a role of the producer's account."""

from typing import Literal

from pydantic import Field

from reconciler.spec.documents.arns import IamNameOrArn, Trusted
from reconciler.spec.documents.base import Many, Part
from reconciler.spec.documents.shapes import Name
from reconciler.spec.documents.texts import Words

WriterPermission = Literal["ALTER", "CREATE_TABLE", "DELETE", "DROP", "INSERT", "SELECT"]


class Writer(Part):
    """A role that writes the product's tables. Nobody else may."""

    name: Name = Field(description="Name by which people know the writer.")
    description: Words | None = Field(None, description="What it is and when it runs.")
    role: IamNameOrArn = Field(description="Role of the producer's account: its name, with its path, or its ARN.")
    permissions: Many[WriterPermission] = Field(
        ("ALTER", "CREATE_TABLE", "DELETE", "DROP", "INSERT", "SELECT"),
        min_length=1,
        description="What it may do with the tables, in Lake Formation's words. With CREATE_TABLE or ALTER it may also "
        "point tables at the places of the product's tables, and at nothing else of the domain.",
    )
    create: bool = Field(False, description="Whether Meshform makes the role, with what writing takes and no more.")
    trust: Many[Trusted] = Field(
        (),
        description="Who may assume a role that is made: ARNs, or services such as glue.amazonaws.com. "
        "Default: the role's own account.",
    )
