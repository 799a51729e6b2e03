"""Answers: what somebody says to a question, as the value of a field; or why it cannot be that."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.errors import MeshformError
from reconciler.making.questions import Question, known
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.team import Team
from reconciler.spec.language.registry import kind_of
from reconciler.spec.language.validation_messages import wrong_value
from reconciler.spec.mesh import Mesh
from reconciler.spec.slug import slug
from reconciler.spec.suggest import did_you_mean

_DATABASE = "database"
"""The field of a Product."""
Value = str | list[str] | list[dict[str, str]]


def default(mesh: Mesh, question: Question, answers: Mapping[str, Value], stem: str) -> str | None:
    """The answer that is taken where somebody gives none: the only one there is, or what other answers tell."""
    domain = mesh.domains.get(str(answers.get("domain")))
    if question.field == "name" and stem:
        return slug(stem) or None
    if question.field == _DATABASE and "name" in answers:
        return str(answers["name"]).replace("-", "_")
    if question.field == "owner" and domain is not None:
        return domain.owner
    if question.may_lack:
        return ""
    every = known(mesh, question.among) if question.among and question.among != "owner" else ()
    return every[0] if len(every) == 1 else None


def value_of(mesh: Mesh, kind: type[Document], question: Question, said: str) -> Value | None:
    """The value of a field; None where it is left out. Raises MeshformError with what is wrong."""
    said = said.strip()
    if not said and question.may_lack:
        return None
    value: Value = said
    if question.is_list:
        value = list(dict.fromkeys(part.strip() for part in said.split(",") if part.strip()))
        if not value:
            raise MeshformError("Name at least one.")
    if question.field == "principals":
        value = _principals([role for role in value if isinstance(role, str)])
    elif question.field == "name":
        value = slug(said)
    wrong = wrong_value(kind, question.field, value) or _unfit(mesh, kind, question, value)
    if wrong is not None:
        raise MeshformError(f"{wrong[0].upper()}{wrong[1:]}.")
    return value


def _principals(roles: list[str]) -> list[dict[str, str]]:
    """Principals by the roles that they are, each called as its role without the path.

    An account has one role of a name: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    found = {role: slug(role.rpartition("/")[2])[:50] for role in roles}
    for role, name in found.items():
        if [*found.values()].count(name) > 1:
            raise MeshformError(
                f"{role} and another one would both be called {name}: an account has one role of a name."
            )
    return [{"name": name, "role": role} for role, name in found.items()]


def _unfit(mesh: Mesh, kind: type[Document], question: Question, value: Value) -> str | None:
    """What is wrong with a value in this mesh."""
    if question.among is not None and value not in (there := known(mesh, question.among)):
        # An owner may be a person; what looks like the name of a team is one.
        if question.among != "owner":
            options = ", ".join(there) or "none yet"
            return f"there is no such {_noun(question)} {value}{did_you_mean(str(value), there)}; there are: {options}"
        if there and wrong_value(Team, "name", value) is None:
            near = did_you_mean(str(value), there)
            return (
                f"there is no team {value}{near}; there are: {', '.join(there)}. A person has a first and a last name"
            )
    if question.field == "name" and value in _names(mesh, kind):
        return f"there is a {kind_of(kind).lower()} {value} already"
    if question.field == "id":
        name = next((each.name for each in mesh.accounts.values() if each.id == value), None)
        return f"{value} is the account {name} already" if name else None
    if question.field == _DATABASE:
        other = next((each.name for each in mesh.products.values() if value in each.databases), None)
        return f"the database {value} is that of the product {other} already" if other else None
    return None


def _noun(question: Question) -> str:
    return question.field if question.field == "domain" else f"{question.among} account"


def _names(mesh: Mesh, kind: type[Document]) -> Mapping[str, Document]:
    every: dict[type[Document], Mapping[str, Document]] = {
        Account: mesh.accounts,
        Team: mesh.teams,
        Domain: mesh.domains,
        Consumer: mesh.consumers,
        Product: mesh.products,
    }
    return every[kind]
