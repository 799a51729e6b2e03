"""Announcing that a whole goes: a domain, a consumer, a team, a subscription, a value of an LF-tag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from reconciler.errors import MeshformError
from reconciler.making.announcing import retired
from reconciler.making.edits import Edits
from reconciler.making.things import all_names, named_things, thing_of
from reconciler.owners.documents import documents, path_in_mesh
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.lftag import LFTag
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.team import Team
from reconciler.spec.mesh import Mesh
from reconciler.spec.retiring import Thing
from reconciler.spec.suggest import did_you_mean
from reconciler.spec.yaml.edit import with_field, with_value

_KINDS = (Domain, Consumer, Team, Subscription)


@dataclass(frozen=True, slots=True)
class Whole:
    """A document that goes as a whole, or a `value` of an LF-tag."""

    document: Document
    value: str = ""

    @property
    def kind(self) -> str:
        return "value" if self.value else self.document.kind.lower()

    @property
    def name(self) -> str:
        return f"{self.document.name}={self.value}" if self.value else self.document.name

    @property
    def has_day(self) -> bool:
        """Whether it goes on a day: nobody loses access by a team or a value, so they go at once."""
        return not self.value and not isinstance(self.document, Team)


def going(mesh: Mesh, said: str) -> Thing | Whole:
    """What somebody means by a name, or by kind:name where several things have it. Raises MeshformError."""
    kind, _, name = said.rpartition(":")
    wholes = [each for each in _wholes(mesh) if each.name == name and kind in ("", each.kind)]
    things = [each for each in named_things(mesh, name) if kind in ("", each.kind)]
    kinds = {*(each.kind for each in wholes), *(each.kind for each in things)}
    if len(kinds) > 1:
        forms = " or ".join(sorted(f"{each}:{name}" for each in kinds))
        raise MeshformError(f"{name} is the name of several things. Write {forms}.")
    if things:
        return thing_of(mesh, name)
    if not wholes:
        known = [*(each.name for each in _wholes(mesh)), *all_names(mesh)]
        raise MeshformError(
            f"There is nothing in the mesh called {said}{did_you_mean(said, known)}.",
            hints=("`meshform search WORDS` finds data by what they are about",),
        )
    return wholes[0]


def ending(mesh: Mesh, whole: Whole, until: date | None, instead: str | None, why: str | None) -> Edits:
    """The edits by which it goes, as far as that is said by documents now; the rest is told. Raises MeshformError."""
    edits, document = Edits(mesh), whole.document
    match document:
        case Subscription():
            _end(edits, document, until)
        case Domain():
            products = [each for each in mesh.products.values() if each.domain == document.name]
            for product in products:
                if until and not (product.retires and product.retires.until <= until):
                    edits.files |= retired(mesh, Thing(product), until, instead, why).files
            _tell_last(edits, document, "its products" if products else "")
        case Consumer():
            ours = [each for each in mesh.written.values() if each.consumer == document.name]
            for each in ours:
                if until and not (each.expires and each.expires <= until):
                    _end(edits, each, until)
            _tell_last(edits, document, "its subscriptions" if ours else "")
        case LFTag():
            at = [each.value for each in document.values].index(whole.value)
            put = partial(with_value, path=("values", at, "retired"), value=True)
            edits.change(document, f"write that {whole.value} is retired", put)
            edits.told.append("`meshform validate` warns where it is used. It goes from AWS when nothing carries it.")
        case _:
            _replace(edits, document, instead)
    if not edits.files:
        raise MeshformError(
            f"Nothing of {whole.name} is there to be announced.",
            hints=(f"remove {path_in_mesh(mesh, document)}; `meshform validate` says what names it still",),
        )
    return edits


def _end(edits: Edits, subscription: Subscription, until: date | None) -> None:
    edits.change(subscription, f"write `expires: {until}`", partial(with_field, name="expires", value=str(until)))


def _tell_last(edits: Edits, document: Document, first: str) -> None:
    if first:
        path = path_in_mesh(edits.mesh, document)
        edits.told.append(f"When {first} are gone, remove {path}; `meshform validate` says what names it.")


def _replace(edits: Edits, team: Document, instead: str | None) -> None:
    """Another team in the place of one, wherever that answers for something."""
    every = [*documents(edits.mesh).values(), *edits.mesh.written.values()]
    owned = [each for each in every if getattr(each, "owner", None) == team.name]
    told = [(each, path, names) for each in every for path, names in _told(each) if team.name in names]
    if not instead and (owned or told):
        where = dict.fromkeys(str(each.origin) for each in (*owned, *(each for each, _, _ in told)))
        raise MeshformError(
            f"{team.name} answers for documents, or is told of them. Say who is in its place: `--instead TEAM`.",
            hints=tuple(where),
        )
    if instead and (instead == team.name or instead not in edits.mesh.teams):
        known = ", ".join(each for each in edits.mesh.teams if each != team.name)
        raise MeshformError(f"There is no other team {instead}; there are: {known}.")
    for each in owned:
        edits.change(each, f"write `owner: {instead}`", partial(with_field, name="owner", value=str(instead)))
    for each, path, names in told:
        kept = list(dict.fromkeys(str(instead) if name == team.name else name for name in names))
        edits.change(each, f"tell {instead}", partial(with_value, path=path, value=kept))
    edits.remove(team)


def _told(document: Document) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """The lists of a document that say who is told, and where they stand."""
    for part, field in (("notifications", "owners"), ("notify", "emails")):
        yield (part, field), tuple(getattr(getattr(document, part, None), field, ()))


def _wholes(mesh: Mesh) -> Iterator[Whole]:
    yield from (Whole(each) for each in documents(mesh).values() if isinstance(each, _KINDS))
    for tag in mesh.tags.values():
        yield from (Whole(tag, each.value) for each in tag.values if not each.retired)
