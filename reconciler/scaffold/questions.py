"""What has to be asked for a new mesh, in its order, and whether an answer fits."""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml
from pydantic import BaseModel

from reconciler.errors import MeshformError
from reconciler.spec.aws_regions import REGIONS
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.settings import Settings
from reconciler.spec.documents.team import Team
from reconciler.spec.language.validation_messages import wrong_value
from reconciler.spec.slug import slug
from reconciler.spec.suggest import did_you_mean

QUESTIONS = {
    "name": "Name of the mesh",
    "organization": "Organization at GitHub, or group at GitLab, whose teams own the data",
    "region": "Home region in AWS",
    "central": "Account id of the central account (the catalog)",
    "domain": "First domain (a part of the business that owns data)",
    "producer": "Account id of that domain",
    "product": "First product of that domain",
    "consumer": "First consumer",
    "reader": "Account id of that consumer",
    "governance": "Team that governs",
}
_IDS = ("central", "producer", "reader")
_NAMES = ("name", "domain", "product", "consumer", "governance")


def value_of(field: str, said: str, before: Mapping[str, str], forge: str = "github") -> str:
    """The answer to a question as it stands in the documents; `before` are the answers so far. Raises MeshformError."""
    said = said.strip()
    if field in _NAMES:
        said = slug(said)
    elif field in _IDS:
        # People copy ids as the console shows them.
        said = re.sub(r"[\s-]", "", said)
    wrong = _wrong(field, said, before, forge)
    if wrong:
        raise MeshformError(f"{wrong[0].upper()}{wrong[1:]}.")
    return said


def _wrong(field: str, said: str, before: Mapping[str, str], forge: str) -> str | None:
    model: type[BaseModel] = Settings
    match field:
        case "region":
            near = did_you_mean(said, REGIONS)
            return wrong_value(model, "region", said) or (
                None if said in REGIONS else f"there is no region {said}{near}"
            )
        case "organization":
            what = "the name of an organization at GitHub" if forge == "github" else "the path of a group at GitLab"
            return wrong_value(Team, forge, f"{said}/team") and f"must be {what}"
        case "central" | "producer" | "reader":
            other = next((name for name in _IDS if before.get(name) == said), None)
            return wrong_value(Account, "id", said) or (f"{said} is that of the {other} already" if other else None)
        case _ if field in _NAMES and said and not isinstance(yaml.safe_load(said), str):
            return f"{said} is no text where YAML reads it; add a word, such as {said}-data"
        case "governance":
            taken = (f"{before.get('domain')}-stewards", f"{before.get('consumer')}-leads")
            return wrong_value(Team, "name", said) or (f"the team {said} is one of others" if said in taken else None)
        case _:
            return wrong_value(model, "name", said)
