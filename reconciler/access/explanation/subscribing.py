"""Subscribing: which subscription gives somebody a column, or that none does, and the YAML that would ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from shlex import quote

from reconciler.access.evaluation.evaluate import Access, TableAccess
from reconciler.access.facts.access_fact import AccessFact
from reconciler.access.facts.attribution import attribution
from reconciler.access.facts.of_table import table_facts
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.table import Table
from reconciler.spec.extents import products_in
from reconciler.spec.in_force import has_ended, is_suspended
from reconciler.spec.in_force import taking as suspensions
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import permission_set_arn
from reconciler.spec.tags import readable_columns


@dataclass(frozen=True, slots=True)
class Subscribing:
    """What the documents have to do with it.

    sentences  which subscription gives it, or would and why it does not, or that none does; and whose product it is
    yaml       the lines that would ask for what is not readable; empty where nothing is missing, nobody can tell, or
               asking would give nothing
    command    the command that would write such a document
    """

    sentences: tuple[str, ...]
    yaml: tuple[str, ...] = ()
    command: str = ""


def subscribing(access: Access, mesh: Mesh, found: TableAccess, column: str | None) -> Subscribing:
    """For a table, or one column of it."""
    view, principal = found.table_view, found.principal
    known = attribution(mesh)
    product = known.product(view.id.catalog, view.id.database, view.id.table)
    facts = [*table_facts(access, mesh, found, view.mask([column]) if column else None)]
    read = {fact.column for fact in facts if fact.is_reading and fact.certain}
    given = tuple(_given(facts))
    consumer = known.consumers.get(permission_set_arn(principal) or principal, "")
    missing = [name for name in view.columns if name not in read and column in (None, name)]
    if product is None:
        shared = products_in(mesh, view.id.database)
        nobodys = f"{view.id} is a table" if shared else f"database {view.id.database} is"
        sentences = given or _nothing_gives(consumer, is_read=bool(read))
        return Subscribing((*sentences, f"{nobodys} of no product of the mesh"))
    asked = _Asked(access, mesh, found, product, consumer, tuple(missing))
    would = tuple(asked.would_give()) if missing and consumer else ()
    sentences = (*given, *would) or _nothing_gives(consumer, is_read=bool(read))
    owner = f"{view.id} belongs to the product {product.name} of {product.domain}, owned by {product.owner}"
    if not missing or not consumer:
        return Subscribing((*sentences, owner))
    sentences = (*sentences, owner, *asked.unlabelled_words())
    if would:
        return Subscribing(sentences)
    return Subscribing(sentences, tuple(asked.lines()), asked.command())


def _nothing_gives(consumer: str, *, is_read: bool) -> tuple[str, ...]:
    if consumer:
        return (f"no subscription of {consumer} gives it",)
    return ("no subscription gives it: it is given by something else",) if is_read else ()


def _given(facts: list[AccessFact]) -> Iterator[str]:
    """Each subscription that gives any of it, with its terms."""
    for terms in dict.fromkeys(fact.terms for fact in facts if fact.is_reading and fact.terms.subscription):
        until = f"until {terms.expires}" if terms.expires else "without an end"
        approved = f", approved by {terms.approved_by} on {terms.approved_at}" if terms.approved_by else ""
        ticket = f" ({terms.ticket})" if terms.ticket else ""
        purpose = terms.purpose.rstrip(".")
        yield f"the subscription {terms.subscription} gives it {until}{approved}{ticket}, for: {purpose}"


@dataclass(frozen=True, slots=True)
class _Asked:
    """Columns of a table of a product that a principal of a consumer does not read."""

    access: Access
    mesh: Mesh
    found: TableAccess
    product: Product
    consumer: str
    missing: tuple[str, ...]

    @property
    def who(self) -> str:
        """The principal's name at its consumer."""
        return self.access.directory.label(self.found.principal).rpartition("/")[2]

    @property
    def table(self) -> Table | None:
        """The declared table; None where the product has only its database."""
        return next((each for each in self.product.tables if each.name == self.found.table_view.id.table), None)

    @property
    def data(self) -> tuple[str, ...]:
        """The missing columns that are no partition keys; where only keys are missing all there are: keys come with
        any of them."""
        return self._data or self._every

    @property
    def _data(self) -> tuple[str, ...]:
        return tuple(name for name in self.missing if name in self._every)

    @property
    def _every(self) -> tuple[str, ...]:
        view = self.found.table_view
        return tuple(view.names(view.signature.data))

    @property
    def labels(self) -> Mapping[str, str | None]:
        """The sensitivity of each column."""
        view = self.found.table_view
        key = self.access.directory.sensitivity_key
        return dict(zip(view.columns, view.signature.values(key), strict=True))

    @property
    def unlabelled(self) -> tuple[str, ...]:
        """The missing columns that no clearance opens."""
        return tuple(name for name in self._data if not self.labels[name])

    def would_give(self) -> Iterator[str]:
        """Each subscription that asks for any of it, and why that does not give it."""
        if self.table is not None:
            for each in (self.mesh.written or self.mesh.subscriptions).values():
                is_his = each.consumer == self.consumer and self.who in (each.principals or (self.who,))
                opened = readable_columns(self.mesh, each, self.product, self.table) if is_his else ()
                if columns := [name for name in self.data if name in opened]:
                    yield from self._why_not(each, self.table, columns)
        if is_suspended(self.mesh, self.found.principal):
            yield f"{self.who} is suspended: whatever asks for it gives nothing until that is lifted"

    def _why_not(self, each: Subscription, table: Table, columns: list[str]) -> Iterator[str]:
        would, day = f"the subscription {each.name} would give it", self.mesh.day
        if day is not None and has_ended(each, day):
            yield f"{would}; it ended on {each.expires}"
            return
        taking = tuple(suspensions(self.mesh, each, self.found.principal, self.product, table, columns))
        for suspension in taking:
            until = f" until {suspension.until}" if suspension.until else ""
            yield f"{would}; suspended{until} by {suspension.by}: {suspension.reason.rstrip('.')} ({suspension.origin})"
        if not taking:
            yield f"the subscription {each.name} asks for it; what is missing is above"

    def unlabelled_words(self) -> Iterator[str]:
        """What opens columns that nobody has classified."""
        owner, key, declared = self.product.owner, self.mesh.settings.sensitivity_key, self._declared()
        for is_declared in (True, False):
            names = [name for name in self.unlabelled if (name in declared) == is_declared]
            have, it = ("has", "it") if len(names) == 1 else ("have", "them")
            what = (
                f"can classify {it}, or a subscription names {it}" if is_declared else f"can declare and classify {it}"
            )
            if names:
                yield f"{', '.join(names)} {have} no {key}, so no clearance opens {it}: {owner} {what}"

    def _declared(self) -> frozenset[str]:
        return frozenset(each.name for each in self.table.columns) if self.table is not None else frozenset()

    def _wanted(self) -> tuple[str, ...]:
        """The labels to ask for: of a partition key, which has none, the least that there is."""
        wanted = self._ordered({value for name in self.data if (value := self.labels[name])})
        return wanted if self._data else wanted[:1]

    def _named(self) -> tuple[str, ...]:
        """The columns to ask for by name."""
        return tuple(name for name in (self._data or self._every[:1]) if name in self._declared())

    def command(self) -> str:
        """`request`, as far as it can be told; empty where only the owner can help."""
        wanted, table = self._wanted(), self.found.table_view.id.table
        if not wanted and not self._named():
            return ""
        columns = ",".join(f"{table}.{name}" for name in self._named())
        what = f"--up-to {wanted[-1]}" if wanted else f"--columns {quote(columns)}"
        return f'meshform request {self.product.name} --for {self.consumer}/{self.who} {what} --why "..."'

    def lines(self) -> Iterator[str]:
        """The lines to write: a wider clearance of the subscription that is there, or a new one."""
        key, wanted, named = self.mesh.settings.sensitivity_key, self._wanted(), self._named()
        there = self._subscription()
        if there is not None and there.clearance.get(key) and wanted:
            values = self._ordered({*there.clearance[key], *wanted})
            yield f"# {there.origin}: instead of its clearance and approval"
            yield _clearance({**there.clearance, key: values})
        elif wanted or named:
            yield f"# a new file below {self._home()}"
            yield "apiVersion: meshform/v1"
            yield "kind: Subscription"
            yield f"name: {self._free(f'{self.consumer}-{self.product.name}')}"
            yield f"consumer: {self.consumer}"
            yield f"product: {self.product.domain}/{self.product.name}"
            yield f"principals: [{self.who}]"
            yield "purpose: ..."
            named_table = f"tables: [{{name: {self.found.table_view.id.table}, columns: [{', '.join(named)}]}}]"
            yield _clearance({key: wanted}) if wanted else named_table

    def _home(self) -> str:
        """The folder of the consumer's subscriptions, beside its own document."""
        file, own = self.mesh.consumers[self.consumer].origin.file, f"consumers/{self.consumer}/"
        return f"{file.partition(own)[0]}{own}subscriptions/"

    def _free(self, name: str) -> str:
        known = self.mesh.written or self.mesh.subscriptions
        return name if name not in known else next(f"{name}-{n}" for n in count(2) if f"{name}-{n}" not in known)

    def _ordered(self, values: Iterable[str]) -> tuple[str, ...]:
        """From the least to the most sensitive; what is not in the order last."""
        order = self.access.directory.sensitivity_order
        return tuple(sorted(values, key=lambda each: (order.index(each) if each in order else len(order), each)))

    def _subscription(self) -> Subscription | None:
        """The subscription by which the principal reads the product already."""
        return next(
            (
                each
                for each in self.mesh.subscriptions.values()
                if each.consumer == self.consumer
                and self.who in each.principals
                and self.mesh.product(each) is self.product
            ),
            None,
        )


def _clearance(values: Mapping[str, tuple[str, ...]]) -> str:
    terms = ", ".join(f"{name}: [{', '.join(each)}]" for name, each in values.items())
    return f"clearance: {{{terms}}}"
