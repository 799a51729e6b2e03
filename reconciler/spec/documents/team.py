"""Team: people who answer for a part of the mesh, and how they are reached."""

from typing import ClassVar, Literal

from pydantic import Field

from reconciler.spec.documents.base import Document, Many
from reconciler.spec.documents.shapes import Email, ForgeGroup, ForgeTeam, ForgeUser, Name
from reconciler.spec.documents.texts import Words


class Team(Document):
    """People who decide about a part of the mesh. Owners, approvers and notices speak of them by this name."""

    folder: ClassVar[str] = "teams/"

    kind: Literal["Team"] = Field("Team", description="Kind of document.")
    name: Name = Field(description="Name by which `owner`, `approval` and notices speak of the team.")
    description: Words = Field(description="What the team decides about.")
    github: ForgeTeam | None = Field(
        None, description="Its team at GitHub, as organization/team. GitHub asks it to review what the team owns."
    )
    gitlab: ForgeGroup | None = Field(
        None,
        description="Its group at GitLab, with the groups above it, as acme/sales-stewards. GitLab asks its direct "
        "members to approve what the team owns.",
    )
    members: Many[ForgeUser] = Field(
        (),
        description="Its members, by their names at GitHub or GitLab, without the @: instead of a team or group "
        "there; or beside it, where the token of apply may not read those.",
    )
    email: Email | None = Field(None, description="Address that receives notices for the team.")

    @property
    def at_forge(self) -> str | None:
        """What it is called where people review: its team at GitHub, or its group at GitLab."""
        return self.github or self.gitlab
