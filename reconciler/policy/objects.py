"""What policies look at: flat records with the joined facts of what they stand in, so that no rule loops over the mesh.

Texts that are not known are empty, numbers 0; days are texts such as 2027-06-30. Lists keep the order of the documents.
`sensitivity` is the value of the mesh's sensitivity key; `rank` its place in the order of that key, from 1 (0: none).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

Texts = tuple[str, ...]
Labels = Mapping[str, str]
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Account:
    """An Account. parts: central, producer, consumer. admins and stewards as written."""

    name: str = ""
    id: str = ""
    parts: Texts = ()
    admins: Texts = ()
    stewards: Texts = ()
    organization: str = ""
    regions: Texts = ()


@dataclass(frozen=True, slots=True)
class Team:
    """A Team. members: how many are named; github and gitlab: its team and its group there."""

    name: str = ""
    github: str = ""
    email: str = ""
    members: int = 0
    gitlab: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """An LFTag. values in their order; ordered: whether that order means something."""

    name: str = ""
    owner: str = ""
    values: Texts = ()
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Domain:
    """A Domain. owner_is_team: a Team of that name is there. products: how many it has."""

    name: str = ""
    owner: str = ""
    owner_is_team: bool = False
    account: str = ""
    hybrid: bool = False
    products: int = 0


@dataclass(frozen=True, slots=True)
class Product:
    """A Product. labels: LF-tags of all of it. sensitivities: of its columns, each once. unclassified: how many
    columns have none. approval: owner or automatic. freshness: as promised. subscriptions: how many are in force.
    retires: last day on which it is there, empty for none. instead: what its owner says to read then."""

    name: str = ""
    domain: str = ""
    owner: str = ""
    owner_is_team: bool = False
    description: str = ""
    classification: str = ""
    database: str = ""
    labels: Labels = field(default_factory=dict)
    tables: int = 0
    columns: int = 0
    unclassified: int = 0
    sensitivities: Texts = ()
    highest: str = ""
    rank: int = 0
    approval: str = ""
    automatic_up_to: str = ""
    freshness: str = ""
    quality_rules: int = 0
    sources: int = 0
    subscriptions: int = 0
    retires: str = ""
    instead: str = ""
    retires_reason: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a product. definition: declared or external. labels: LF-tags of it and of its product.
    retires, instead: of it or of its product, whichever goes first."""

    name: str = ""
    product: str = ""
    domain: str = ""
    owner: str = ""
    description: str = ""
    format: str = ""
    definition: str = ""
    labels: Labels = field(default_factory=dict)
    columns: int = 0
    unclassified: int = 0
    sensitivities: Texts = ()
    highest: str = ""
    rank: int = 0
    partition_keys: Texts = ()
    quality_rules: int = 0
    database: str = ""
    retires: str = ""
    instead: str = ""
    retires_reason: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A declared column. labels: its effective LF-tags. retires, instead: of it, its table or its product,
    whichever goes first."""

    name: str = ""
    type: str = ""
    description: str = ""
    table: str = ""
    product: str = ""
    domain: str = ""
    owner: str = ""
    labels: Labels = field(default_factory=dict)
    sensitivity: str = ""
    rank: int = 0
    retires: str = ""
    instead: str = ""
    retires_reason: str = ""


@dataclass(frozen=True, slots=True)
class Consumer:
    """A Consumer. account: its name; organization: of one that reads as a whole. subscriptions: how many in force."""

    name: str = ""
    owner: str = ""
    owner_is_team: bool = False
    account: str = ""
    account_id: str = ""
    organization: str = ""
    principals: Texts = ()
    subscriptions: int = 0


@dataclass(frozen=True, slots=True)
class Subscription:
    """A Subscription in force. product: empty where it asks by an expression. products and domains that it reaches.

    days: from today to its last day (-1: without an end). columns: how many it opens, sensitivities theirs. by_name:
    tables by name; rows: some rows only.
    """

    name: str = ""
    consumer: str = ""
    consumer_owner: str = ""
    account: str = ""
    product: str = ""
    products: Texts = ()
    domain: str = ""
    domains: Texts = ()
    principals: Texts = ()
    permissions: Texts = ()
    purpose: str = ""
    expires: str = ""
    days: int = -1
    approved_by: str = ""
    approved_at: str = ""
    ticket: str = ""
    share: str = ""
    by_name: bool = False
    rows: bool = False
    columns: int = 0
    sensitivities: Texts = ()
    highest: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Access:
    """What one principal has on one table by one path (see the fields of `access` facts in JSON).

    columns: those that are read. principal_type: reader, steward, machinery, other, account, organization, everybody.
    certain: surely so; else it may be. same_account: the principal is in the account of the data.
    """

    principal: str = ""
    name: str = ""
    principal_type: str = ""
    consumer: str = ""
    account: str = ""
    account_name: str = ""
    same_account: bool = False
    product: str = ""
    domain: str = ""
    owner: str = ""
    database: str = ""
    table: str = ""
    columns: Texts = ()
    permissions: Texts = ()
    path: str = ""
    rows: str = ""
    sensitivities: Texts = ()
    highest: str = ""
    rank: int = 0
    verdict: str = ""
    certain: bool = True
    subscriptions: Texts = ()
    purpose: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True)
class Change(Access):
    """What one principal gains, or loses, on one table by one path.

    requested: the change of documents asks for it. before: the sensitivities that the columns had, each once.
    new_account: nobody of the principal's account read the table before. Other fields as of access.
    """

    gained: bool = False
    requested: bool = True
    before: Texts = ()
    new_account: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan does, counted. create, update, delete: resources as the plan lists them.

    principals_gaining, principals_losing: how many people gain, or lose, what they read. columns_opened: how many
    columns of each sensitivity somebody gains; every value of the sensitivity key is there, '' for columns without one.
    """

    create: int = 0
    update: int = 0
    delete: int = 0
    principals_gaining: int = 0
    principals_losing: int = 0
    columns_opened: Counts = field(default_factory=dict)


TYPES: Mapping[str, type] = {
    "account": Account,
    "team": Team,
    "tag": Tag,
    "domain": Domain,
    "product": Product,
    "table": Table,
    "column": Column,
    "consumer": Consumer,
    "subscription": Subscription,
    "access": Access,
    "change": Change,
    "plan": Plan,
}
"""The type of each object, by the word that policies call it by."""

OF_DOCUMENTS = frozenset(TYPES) - {"access", "change", "plan"}
MAPS = frozenset(each.name for of in TYPES.values() for each in fields(of) if each.default_factory is dict)
"""Fields that hold values by keys."""
