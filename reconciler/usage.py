"""Usage: who used what he was given, and when last: subscriptions joined with what Lake Formation handed out.

Pure. Whoever has records of GetDataAccess, from CloudTrail's history or from the files of a trail, may ask.
https://docs.aws.amazon.com/lake-formation/latest/dg/logging-using-cloudtrail.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from reconciler.model.api_call import ApiCall
from reconciler.model.lakeformation import account_of
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arns
from reconciler.spec.tags import subscribed_products

DATA_ACCESS = "lakeformation:GetDataAccess"

Reader = tuple[str, str]
"""The account of a principal, and its name without path and session; the name is empty for a whole account."""


class Use(NamedTuple):
    """Somebody got the files of a table, by an engine of AWS (`ATHENA`)."""

    reader: Reader
    table: tuple[str, str]
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class LastRead:
    """When something was last read. `known_since`: from when on uses are known; without both nothing is."""

    last: datetime | None = None
    known_since: datetime | None = None

    def is_unused(self, days: int, now: datetime) -> bool | None:
        """Whether nobody has read it for so many days; None where that is not known."""
        begin = now - timedelta(days=days)
        if self.last is not None and self.last >= begin:
            return False
        return True if self.known_since is not None and self.known_since <= begin else None


NOT_KNOWN = LastRead()


@dataclass(frozen=True, slots=True, kw_only=True)
class LastUse(LastRead):
    """A table that somebody may read by a subscription, and when he last did, by which engine."""

    subscription: str
    consumer: str
    principal: str
    product: str
    database: str
    table: str
    by: str


@dataclass(frozen=True, slots=True)
class Uses:
    """The latest use of each table by each reader, and, by account, from when on its uses are known."""

    latest: Mapping[tuple[Reader, tuple[str, str]], Use]
    known_since: Mapping[str, datetime]

    def use(self, principal: str, database: str, table: str) -> Use | None:
        """The last one by a role or user, or by anybody of an account."""
        reader = _asked_of(principal)
        return self.latest.get((reader, (database.lower(), table.lower()))) if reader is not None else None

    def of(self, principal: str, database: str, table: str) -> LastRead:
        """When he last read a table. Of groups, and of whom CloudTrail names otherwise, it is not known."""
        if _asked_of(principal) is None:
            return NOT_KNOWN
        use = self.use(principal, database, table)
        return LastRead(use.at if use is not None else None, self.known_since.get(account_of(principal) or ""))


def uses(calls: Iterable[ApiCall]) -> Iterator[Use]:
    """The uses that records tell; what is no use of a table of a catalog is passed over."""
    for call in calls:
        arn, who = str(call.params.get("tableArn", "")), str(call.more.get("lakeFormationPrincipal", ""))
        sort, _, name = arn.rpartition(":")[2].partition("/")
        database, _, table = name.rpartition("/")
        reader = reader_of(who)
        if call.name == DATA_ACCESS and sort == "table" and database and reader:
            found = (database.rpartition("/")[2].lower(), table.lower())
            yield Use(reader, found, call.at, str(call.more.get("requesterService", "")))


def reader_of(arn: str) -> Reader | None:
    """Whose an ARN is: a role whatever its path, and the role of a session."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or not parts[4].isdigit():
        return None
    words = parts[5].split("/")
    return parts[4], words[1] if words[0] == "assumed-role" and len(words) > 1 else words[-1]


def _asked_of(principal: str) -> Reader | None:
    """As whom a principal reads, if CloudTrail names him: a role, a user, anybody of an account."""
    account = account_of(principal) or ""
    if principal in (account, f"{account}:IAMPrincipals"):
        return (account, "") if account else None
    sort = principal.split(":", 5)[-1].partition("/")[0]
    return (
        reader_of(principal) if sort in ("role", "user", "assumed-role") and ":quicksight:" not in principal else None
    )


def latest_uses(found: Iterable[Use], known_since: Mapping[str, datetime]) -> Uses:
    """What is left of all uses: the last ones."""
    latest: dict[tuple[Reader, tuple[str, str]], Use] = {}
    for use in found:
        for reader in (use.reader, (use.reader[0], "")):
            known = latest.get((reader, use.table))
            if known is None or known.at < use.at:
                latest[reader, use.table] = use
    return Uses(latest, known_since)


def last_uses(mesh: Mesh, found: Uses) -> tuple[LastUse, ...]:
    """A row for each subscription that is in force, principal and table."""
    return tuple(
        _last_use(subscription, principal, product, table, found)
        for subscription in mesh.subscriptions.values()
        for principal in _principals(mesh, subscription)
        for product in subscribed_products(mesh, subscription)
        for table in _tables(subscription, product)
    )


def last_by_subscription(rows: Iterable[LastUse]) -> dict[str, LastRead]:
    """When anybody last used anything of each subscription. It is known since when it is of all who may."""
    found: dict[str, LastRead] = {}
    for row in rows:
        before = found.get(row.subscription, row)
        times = [each for each in (before.last, row.last) if each is not None]
        known = [before.known_since, row.known_since]
        since = max((each for each in known if each is not None), default=None) if None not in known else None
        found[row.subscription] = LastRead(max(times, default=None), since)
    return found


def _last_use(subscription: Subscription, principal: str, product: Product, table: str, found: Uses) -> LastUse:
    database = product.database_of(product.table(table))
    read, use = found.of(principal, database, table), found.use(principal, database, table)
    return LastUse(
        last=read.last,
        known_since=read.known_since,
        subscription=subscription.name,
        consumer=subscription.consumer,
        principal=principal,
        product=product.name,
        database=database,
        table=table,
        by=use.by if use is not None else "",
    )


def _principals(mesh: Mesh, subscription: Subscription) -> tuple[str, ...]:
    """Who reads by it; the account where it is given to no principal by name."""
    account = mesh.reader_account(mesh.consumer(subscription))
    return principal_arns(mesh, subscription) or ((account.id,) if account is not None else ())


def _tables(subscription: Subscription, product: Product) -> Iterator[str]:
    named = {each.name for each in subscription.tables}
    return (table.name for table in product.tables if not named or table.name in named)
