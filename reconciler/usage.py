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
class LastUse:
    """A table that somebody may read by a subscription, and when he last did, by which engine.

    `known_since`: from when on his account's uses are known; without it, and without `last`, nothing is.
    """

    subscription: str
    consumer: str
    principal: str
    product: str
    database: str
    table: str
    last: datetime | None
    by: str
    known_since: datetime | None

    def is_unused(self, days: int, now: datetime) -> bool | None:
        """Whether he has not read it for so many days; None where that is not known."""
        begin = now - timedelta(days=days)
        if self.last is not None and self.last >= begin:
            return False
        return True if self.known_since is not None and self.known_since <= begin else None


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


def last_uses(mesh: Mesh, found: Iterable[Use], known_since: Mapping[str, datetime]) -> tuple[LastUse, ...]:
    """A row for each subscription, principal and table. `known_since`, by account: from when on its uses are known."""
    latest: dict[tuple[Reader, tuple[str, str]], Use] = {}
    for use in found:
        for reader in (use.reader, (use.reader[0], "")):
            known = latest.get((reader, use.table))
            if known is None or known.at < use.at:
                latest[reader, use.table] = use
    return tuple(
        _last_use(subscription, principal, product, table, latest, known_since)
        for subscription in mesh.subscriptions.values()
        for principal in _principals(mesh, subscription)
        for product in subscribed_products(mesh, subscription)
        for table in _tables(subscription, product)
    )


def last_by_subscription(rows: Iterable[LastUse]) -> dict[str, datetime | None]:
    """When anybody last used anything of each subscription; None where nobody is known to have."""
    found: dict[str, datetime | None] = {}
    for row in rows:
        before = found.get(row.subscription)
        found[row.subscription] = max((each for each in (before, row.last) if each is not None), default=None)
    return found


def _last_use(
    subscription: Subscription,
    principal: str,
    product: Product,
    table: str,
    latest: Mapping[tuple[Reader, tuple[str, str]], Use],
    known_since: Mapping[str, datetime],
) -> LastUse:
    account = account_of(principal) or ""
    reader = (principal, "") if principal.isdigit() else reader_of(principal)
    database = product.database_of(product.table(table))
    use = latest.get((reader, (database, table.lower()))) if reader is not None else None
    return LastUse(
        subscription.name,
        subscription.consumer,
        principal,
        product.name,
        database,
        table,
        use.at if use is not None else None,
        use.by if use is not None else "",
        known_since.get(account),
    )


def _principals(mesh: Mesh, subscription: Subscription) -> tuple[str, ...]:
    """Who reads by it; the account where it is given to no principal by name."""
    account = mesh.reader_account(mesh.consumer(subscription))
    return principal_arns(mesh, subscription) or ((account.id,) if account is not None else ())


def _tables(subscription: Subscription, product: Product) -> Iterator[str]:
    named = {each.name for each in subscription.tables}
    return (table.name for table in product.tables if not named or table.name in named)
