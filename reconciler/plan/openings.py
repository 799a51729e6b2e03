"""Openings: what a change lets, of the links of a way to data that Lake Formation's permissions do not tell.

Who has a permission reads only if the rest of his way is there: a link to the database, the location with its role, the
policy of the bucket, his own role, his workgroup. Whoever closes one of them closes all that lies behind it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from reconciler.kinds.athena.workgroup import Workgroup
from reconciler.kinds.common.policy_conditions import Context
from reconciler.kinds.common.policy_coverage import coverage
from reconciler.kinds.common.policy_document import listed, statements
from reconciler.kinds.glue.catalog_policy import CatalogPolicy
from reconciler.kinds.glue.resource_link import ResourceLink
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.location import Location
from reconciler.kinds.s3.bucket_policy import BucketPolicy
from reconciler.kinds.s3.bucket_settings import Bucket
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import Grant, OnDatabase


def openings(change: Change) -> frozenset[str]:
    """What is let afterwards and was not before, in words of which two are equal where they let the same.

    Empty for what takes away, for what lets no more than before, and for what is no such link.
    """
    match change:
        case Create(want):
            return frozenset(_let(want.spec, None))
        case Update(have, want):
            return frozenset(_let(want.spec, have.spec))
        case Delete():
            return frozenset()


def _let(want: object, have: object) -> Iterator[str]:
    """What one spec lets and another one of its kind does not; None for nothing at all."""
    match want, have:
        case (ResourceLink(), _) | (Location(), None):
            if want != have:
                yield f"it is there as {want}"
        case (Location(role=role), Location(role=before)) if role != before:
            yield f"its files are read as {role}"
        case (Bucket() | Grant(target=OnDatabase()), None):
            yield "it is there"
        case (Workgroup(), Workgroup() | None):
            yield from _queries(want, have)
        case (Role(), Role() | None):
            yield from _acts(want, have or Role("", "", ""))
        case (BucketPolicy(), BucketPolicy() | None):
            there = [text for _, text in have.statements] if have is not None else []
            yield from _lets([text for _, text in want.statements], there, dict(want.known))
        case (CatalogPolicy(), CatalogPolicy()):
            # What it lets, RAM needs to make shares; those that are made it can only deny to somebody.
            gone = {text for _, text in have.statements} - {text for _, text in want.statements}
            yield from (f"it says no more: {text}" for text in sorted(gone) if json.loads(text)["Effect"] != "Allow")
        case _:
            return


def _acts(want: Role, have: Role) -> Iterator[str]:
    yield from (f"may be assumed: {each}" for each in _lets(_texts(want.trust), _texts(have.trust)))
    yield from (f"may: {each}" for each in _lets(_texts(want.policy, "*"), _texts(have.policy, "*")))
    if have.boundary not in ("", want.boundary):
        yield f"is bounded by {have.boundary} no more"


def _queries(want: Workgroup, have: Workgroup | None) -> Iterator[str]:
    if have is None or have.state != want.state:
        yield f"it is {want.state}"
    if have is None or have.output != want.output:
        # Its user's role may write to the wanted place only.
        yield f"results go to {want.output}"
    if have is not None and 0 < have.cutoff < want.cutoff:
        yield f"queries are cancelled after {want.cutoff} bytes"


def _texts(policy: str, principal: str = "") -> list[str]:
    """The statements of a policy; those of a role's own name nobody, and are judged as if they named a principal."""
    named = {"Principal": principal} if principal else {}
    return [json.dumps({**each, **named}, sort_keys=True) for each in statements(json.loads(policy or "{}"))]


def _lets(wanted: Iterable[str], there: Iterable[str], known: Context | None = None) -> Iterator[str]:
    """The single requests that statements let and others do not, or perhaps not.

    Most are let word for word. Only of the others, and where something denies, each is held to what may be about it.
    """
    new, old = tuple(wanted), tuple(there)
    denying = tuple(text for text in old if json.loads(text)["Effect"] != "Allow")
    own = tuple(text for text in new if json.loads(text)["Effect"] != "Allow")
    given = {each for text in old for each in _singly(text)}
    broad = tuple(text for text in old if _is_broad(json.loads(text)))
    for text in new:
        for each in _singly(text):
            word_for_word = {each, _unconditional(each)} & given
            if word_for_word and {*denying} <= {*own}:
                continue
            if _hindrances(each, (*broad, *word_for_word, *denying), known) - _hindrances(each, (text, *own), known):
                yield each


def _is_broad(statement: dict[str, object]) -> bool:
    """Whether a statement that allows something speaks of more than it names."""
    said = json.dumps([statement.get(name) for name in ("Principal", "Action", "Resource")])
    words = any(each in said for each in ("*", "?", "$", ":root")) or any(name.startswith("Not") for name in statement)
    return statement["Effect"] == "Allow" and words


def _unconditional(need: str) -> str:
    return json.dumps({key: value for key, value in json.loads(need).items() if key != "Condition"}, sort_keys=True)


def _hindrances(need: str, there: Iterable[str], known: Context | None) -> frozenset[str]:
    found = coverage([need], there, known)
    return frozenset((*found.lacks, *found.denies, *found.unsure))


def _singly(text: str) -> Iterator[str]:
    """A statement that allows something, as one for each request of it."""
    statement = json.loads(text)
    # What is said by leaving something out lets no requests that could be counted.
    if statement["Effect"] != "Allow" or any(name.startswith("Not") for name in statement):
        return
    rest = {key: value for key, value in statement.items() if key != "Sid"}
    for who in _principals(statement.get("Principal", "*")):
        for action in listed(statement["Action"]):
            for resource in listed(statement.get("Resource", "*")):
                yield json.dumps({**rest, "Principal": who, "Action": action, "Resource": resource}, sort_keys=True)


def _principals(named: object) -> Iterator[object]:
    if not isinstance(named, dict):
        yield from listed(named)
        return
    for sort, names in named.items():
        for name in listed(names):
            yield {sort: name}
