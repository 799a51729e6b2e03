"""AccessFact: one thing that one principal may do, with everything that people ask about it, flat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from reconciler.access.differences.access_entry import ChangeType
from reconciler.access.evaluation.enforcement import Verdict

PrincipalType = Literal["reader", "steward", "writer", "machinery", "other", "account", "organization", "everybody"]
"""Of a Consumer document, a steward of a document, a writer of a product, a role of Meshform itself, nobody whom the
mesh names; an account or an organization as a whole (it may pass on, and reads nothing itself); whoever IAM lets."""

PathName = Literal[
    "lake-formation",
    "iam",
    "files-by-writing",
    "files-by-policy",
    "query-results",
    "copies",
    "not-registered",
    "engines-outside",
    "overwriting",
    "view",
    "administrator",
]
"""By which way: grants and shares; IAM, because the table is open to it; the files, because INSERT or DELETE lets them
be read, or a role's or bucket's policy; results of somebody else's queries in Athena; what somebody else may write
of what he reads (CREATE TABLE AS, jobs); IAM on S3, because the place of the files is not registered; engines
outside that get whole files; no reading, but other values put where readers find files or answers; a view, which
shows it with the rights of its definer; nothing yet, but as a data lake administrator he may grant himself all."""

READ_FILES = "READ_FILES"
"""As a permission: the column is read in the files, whatever Lake Formation shows."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Why somebody may read: the subscription that gives it, what for, until when (ISO), and who approved it when."""

    subscription: str = ""
    purpose: str = ""
    expires: str = ""
    approved_by: str = ""
    approved_at: str = ""
    ticket: str = ""


NO_TERMS = Terms()

FactChange = ChangeType | Literal["administrator"]
"""What changed: as of an entry (see FactChange), or who is a data lake administrator."""


@dataclass(frozen=True, slots=True)
class AccessFact:
    """One permission of one principal on one column (or, without a column, on a table; without a table, on a database;
    without a database, on the catalog), by one path.

    name           the principal as people call it; `consumer` the Consumer whose it is, empty for others
    account        of the principal (the catalog's for principals that have none), and its name in the mesh
    product        of the database, with its domain, its owner and the account of its data (`producer`); or empty
    column         `labels` are its effective LF-tags, `sensitivity` one of them, `rank` how sensitive that is (from 1;
                   a column that is not classified ranks above all)
    thing          what a right is about, in words, where that is no table: the database, catalog, location or LF-tag
    grantable      whether such a right may be passed on
    permission     in Lake Formation's words, or READ_FILES, WRITE_FILES; empty if there only may be something
    rows           the condition on rows; None for all of them
    verdict        `enforced` exactly this; `open` IAM decides; `unknown` there may be more, `reasons` say why
    certain        whether it is surely so; where it is not, it may be, for the same reasons
    terms          those of the subscription that lasts longest: name, purpose, expiry, who approved it when, by what
                   ticket; `subscriptions` names all that give it: where there is none, no document asks for it
    via            the grants, shares and links, a sentence each
    assumed        ARN of the role as which the principal has it, where he has not himself; only of changes
    """

    principal: str
    name: str
    principal_type: PrincipalType
    account: str
    account_name: str
    consumer: str
    catalog: str
    database: str
    table: str
    column: str
    product: str
    domain: str
    owner: str
    permission: str
    path: PathName
    thing: str = ""
    grantable: bool = False
    rows: str | None = None
    verdict: Verdict = "enforced"
    reasons: tuple[str, ...] = ()
    certain: bool = True
    labels: tuple[tuple[str, str], ...] = ()
    sensitivity: str = ""
    rank: int = 0
    terms: Terms = NO_TERMS
    subscriptions: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    producer: str = ""
    assumed: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What identifies a fact in a state: two facts with one key differ in rows, verdict or terms only."""
        return (
            self.principal,
            self.catalog,
            self.database,
            self.table,
            self.column or self.thing,
            self.permission,
            self.path,
            self.assumed,
        )

    @property
    def where(self) -> str:
        """What it is about, in words: the table, or the thing."""
        return self.thing or f"{self.database}.{self.table}"

    @property
    def is_reading(self) -> bool:
        """Whether values of the column are read by it, or may be."""
        return bool(self.column) and self.permission in ("SELECT", READ_FILES)

    @property
    def is_reading_of_people(self) -> bool:
        """Whether somebody reads by it who is no account as a whole and no role of Meshform itself."""
        return self.is_reading and self.principal_type not in ("account", "organization", "machinery")

    def as_json(self) -> dict[str, Any]:
        """The fact as one flat object; lists only where there may be several of a thing."""
        return {
            "principal": self.principal,
            "name": self.name,
            "principal_type": self.principal_type,
            "account": self.account,
            "account_name": self.account_name,
            "consumer": self.consumer,
            "catalog": self.catalog,
            "database": self.database,
            "table": self.table,
            "column": self.column,
            "product": self.product,
            "domain": self.domain,
            "owner": self.owner,
            "producer": self.producer,
            "thing": self.thing,
            "permission": self.permission,
            "grantable": self.grantable,
            "path": self.path,
            "rows": self.rows,
            "verdict": self.verdict,
            "reasons": list(self.reasons),
            "certain": self.certain,
            "labels": dict(self.labels),
            "sensitivity": self.sensitivity,
            "subscription": self.terms.subscription,
            "subscriptions": list(self.subscriptions),
            "purpose": self.terms.purpose,
            "expires": self.terms.expires,
            "approved_by": self.terms.approved_by,
            "approved_at": self.terms.approved_at,
            "ticket": self.terms.ticket,
            "via": list(self.via),
            "assumed": self.assumed,
        }


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """A fact that one state has and another has not, or has with fewer rows.

    gained              whether the later state has it
    change              what of it changed (see FactChange)
    readable_before     whether the column was readable at all in the other state; then `rows_before` says which rows
                        of it were (None: all)
    sensitivity_before  of the column in the other state; empty where it had none, or was not there
    values_of           the column of the other state whose values it shows, where that has another name
    new_account         whether nobody of the principal's account read anything of the table in the other state
    """

    fact: AccessFact
    gained: bool
    change: FactChange
    readable_before: bool = False
    rows_before: str | None = None
    sensitivity_before: str = ""
    values_of: str = ""
    new_account: bool = False

    def as_json(self) -> dict[str, Any]:
        """The fact, flat, with what changed of it."""
        return {
            **self.fact.as_json(),
            "gained": self.gained,
            "change": self.change,
            "readable_before": self.readable_before,
            "rows_before": self.rows_before,
            "sensitivity_before": self.sensitivity_before,
            "values_of": self.values_of,
            "new_account": self.new_account,
        }
