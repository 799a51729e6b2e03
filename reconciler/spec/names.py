"""Names in AWS that follow from the mesh: ARNs, buckets, locations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b

from reconciler.spec.documents.account import Account
from reconciler.spec.documents.consumer import Consumer, Principal
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.writer import Writer
from reconciler.spec.limits import ROLE_NAME
from reconciler.spec.managed import is_managed
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh

LINK_PREFIX = "rl_"
"""Links to a database of the central catalog are called `rl_<database>`, as in the reference mesh."""


_RESERVED = "aws-reserved/sso.amazonaws.com/"
_IDENTITY = re.compile(
    r"arn:[a-z-]+:(?:iam|sts)::(?P<account>[0-9]{12}):"
    r"(?:(?:role|(?P<user>user))/(?P<path>.+)|assumed-role/(?P<session>[^/]+)(?:/.*)?)"
)
BY_NAME = "name/"
"""Who is known by name only, until he is looked up: no id begins so, and nothing is granted to him."""
_PERMISSION_SET = re.compile(
    rf"(arn:[a-z-]+:iam::[0-9]{{12}}):role/{_RESERVED}(?:[a-z0-9-]+/)?AWSReservedSSO_(.+)_[0-9a-f]{{16}}"
)


def link_name(database: str) -> str:
    """Name of the link to a database, in the account that reads it."""
    return f"{LINK_PREFIX}{database.rpartition('/')[2]}"


def link_in(mesh: Mesh, account_id: str, database: str) -> str:
    """Name of the link to a database in an account: the one that its consumers chose, else the usual one."""
    return all_chosen_links(mesh).get((account_id, database)) or link_name(database)


def is_linked(mesh: Mesh, account_id: str, product: Product) -> bool:
    """Whether a product is read by a link in an account: by default, of an external domain where a consumer says so."""
    chosen = all_chosen_links(mesh)
    return is_managed(mesh.domain(product)) or any((account_id, each) in chosen for each in product.databases)


def chosen_links(mesh: Mesh, account_id: str) -> tuple[str, ...]:
    """The names of links that the consumers of an account chose, sorted."""
    return tuple(sorted(name for (owner, _), name in all_chosen_links(mesh).items() if owner == account_id))


def behind_chosen_link(mesh: Mesh, account_id: str, name: str) -> str | None:
    """The database behind a link that the consumers of an account called so; None where none did."""
    return _behind_chosen_links(mesh).get((account_id, name))


@memo
def all_chosen_links(mesh: Mesh) -> Mapping[tuple[str, str], str]:
    """Chosen names by account and database of the central catalog."""
    return {
        (account.id, mesh.products[product].database): name
        for consumer in mesh.consumers.values()
        if (account := mesh.reader_account(consumer)) is not None
        for product, name in consumer.links.items()
        if product in mesh.products
    }


@memo
def _behind_chosen_links(mesh: Mesh) -> Mapping[tuple[str, str], str]:
    return {(account, name): database for (account, database), name in all_chosen_links(mesh).items()}


def linked_database(name: str) -> str:
    """The database that a link of ours stands for; what is no link is the database itself."""
    return name.removeprefix(LINK_PREFIX)


def linked_in(mesh: Mesh, account_id: str, name: str) -> str:
    """The database that a link in an account stands for, by the name that its consumers chose or by the usual one."""
    chosen = behind_chosen_link(mesh, account_id, name)
    return chosen if chosen is not None else _links_within(mesh).get(name) or linked_database(name)


@memo
def _links_within(mesh: Mesh) -> Mapping[str, str]:
    """The usual links to databases of catalogs within the central one, which stand for more than they are called."""
    return {link_name(name): name for each in mesh.products.values() if each.catalog for name in each.databases}


def partition(region: str) -> str:
    """The partition of AWS that a region belongs to: the second word of every ARN there."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def iam_arn(mesh: Mesh, account: Account, name: str, sort: str = "role") -> str:
    """ARN of a role (or of `sort`: user) of an account. What is an ARN already is given back."""
    return name if name.startswith("arn:") else f"arn:{partition(mesh.region)}:iam::{account.id}:{sort}/{name}"


def admin_arns(mesh: Mesh, account: Account) -> tuple[str, ...]:
    """The data lake administrators that the mesh wants in an account: its own and its consumers', sorted."""
    names = [*account.admins, *(name for consumer in mesh.consumers_in(account) for name in consumer.admins)]
    return tuple(sorted({staff_arn(mesh, account, name) for name in names}))


def staff_arn(mesh: Mesh, account: Account, name: str) -> str:
    """ARN of an administrator or steward: under the mesh's own path, if Meshform makes the role."""
    is_made = account.manage_roles and name not in (mesh.settings.roles.plan, mesh.settings.roles.apply)
    return iam_arn(mesh, account, own_role(mesh, name) if is_made and not name.startswith("arn:") else name)


def steward_arns(mesh: Mesh, account: Account) -> tuple[str, ...]:
    """The stewards of an account, sorted."""
    return tuple(sorted({staff_arn(mesh, account, name) for name in account.stewards}))


def domain_steward_arns(mesh: Mesh, domain: Domain) -> tuple[str, ...]:
    """The stewards of a domain in its producer account, sorted."""
    return tuple(sorted({staff_arn(mesh, mesh.producer(domain), name) for name in domain.stewards}))


def principal_arn(mesh: Mesh, consumer: Consumer, principal: Principal) -> str:
    """Who a principal is for Lake Formation."""
    if principal.arn:
        return principal.arn
    if principal.group:
        return center_arn(mesh, "group", principal.group)
    if principal.center_user:
        return center_arn(mesh, "user", principal.center_user)
    if principal.center_name:
        sort, called = principal.center_name
        return center_arn(mesh, sort, f"{BY_NAME}{called}")
    account = mesh.accounts[consumer.account or ""]
    if principal.whole_account:
        return f"{account.id}:IAMPrincipals"
    if principal.permission_set:
        return iam_arn(mesh, account, f"{_RESERVED}AWSReservedSSO_{principal.permission_set}")
    if principal.user:
        return iam_arn(mesh, account, principal.user, "user")
    name = principal.role or principal.name
    return iam_arn(mesh, account, own_role(mesh, name) if principal.create else name)


def center_arn(mesh: Mesh, sort: str, ending: str) -> str:
    """A group or user of IAM Identity Center, as Lake Formation calls it by its id.

    https://docs.aws.amazon.com/lake-formation/latest/dg/grant-permissions-sso.html
    """
    return f"arn:{partition(mesh.region)}:identitystore:::{sort}/{ending}"


def named_in_center(arn: str) -> tuple[str, str] | None:
    """Whom IAM Identity Center has to be asked for, and by which name; None for whoever is known."""
    sort, _, called = arn.partition(":identitystore:::")[2].partition(f"/{BY_NAME}")
    return (sort, called) if called else None


def permission_set_arn(arn: str) -> str | None:
    """How the mesh names the role of a permission set that has this ARN; None for any other principal.

    https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
    """
    found = _PERMISSION_SET.fullmatch(arn)
    return f"{found[1]}:role/{_RESERVED}AWSReservedSSO_{found[2]}" if found else None


def principal_identity(principal: str) -> str:
    """One text for all ways in which AWS writes a role or user: by its path or not, in a session, in any case.

    An id of IAM Identity Center is written in either case:
    https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_Group.html
    Names are unique in an account whatever their path and case:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
    """
    found = _IDENTITY.fullmatch(principal)
    if found is None:
        return principal.lower() if ":identitystore:" in principal else principal
    name = found["session"] or found["path"].rpartition("/")[2]
    name = re.sub(r"^(AWSReservedSSO_.+)_[0-9a-f]{16}$", r"\1", name)
    return f"{found['account']}:{'user' if found['user'] else 'role'}/{name}".lower()


def writer_arn(mesh: Mesh, product: Product, writer: Writer) -> str:
    """Who a writer is for Lake Formation: a role of the producer's account."""
    name = own_role(mesh, writer.role) if writer.create else writer.role
    return iam_arn(mesh, mesh.producer(mesh.domain(product)), name)


def own_role(mesh: Mesh, name: str) -> str:
    """Path and name of a role that Meshform makes: the path is the mark by which it is found again."""
    return f"meshform/{mesh.name}/{name}"


def work_role(mesh_name: str, work: str, of: str) -> str:
    """Name of a role that Meshform makes for its own work on something: with the mesh's name behind a dot.

    Names of roles are unique in an account whatever their path, and several meshes may work there; in names of
    documents there is no dot.
    """
    return fitted(f"{work}-{of}.{mesh_name}", ROLE_NAME)


def principal_arns(mesh: Mesh, subscription: Subscription) -> tuple[str, ...]:
    """Who reads by a subscription, in the order written."""
    consumer = mesh.consumer(subscription)
    return tuple(principal_arn(mesh, consumer, principal) for principal in mesh.principals(subscription))


def reader(mesh: Mesh, consumer: Consumer) -> str:
    """The grantee of a share as a whole: the account id, or the ARN of the organization or unit."""
    account = mesh.reader_account(consumer)
    return account.id if account else consumer.organization or ""


def domain_bucket(mesh: Mesh, domain: Domain) -> str:
    """Bucket with the data of a domain."""
    return domain.bucket or f"{mesh.name}-{domain.name}-{mesh.producer(domain).id}-{domain.region or mesh.region}"


def domain_prefix(domain: Domain) -> str:
    """Path of a domain's data in its bucket, ending in a slash; empty for the whole bucket."""
    return path_of(domain.prefix)


def path_of(prefix: str) -> str:
    """A path in a bucket, ending in a slash; empty for the whole bucket."""
    stripped = prefix.strip("/")
    return f"{stripped}/" if stripped else ""


def domain_location(mesh: Mesh, domain: Domain) -> str:
    """The domain's data as `s3://bucket/prefix/`."""
    return f"s3://{domain_bucket(mesh, domain)}/{domain_prefix(domain)}"


def fitted(name: str, longest: int) -> str:
    """A name as long as AWS takes it: what is cut off is told apart by a hash of the whole."""
    if len(name) <= longest:
        return name
    return f"{name[: longest - 9]}-{blake2b(name.encode(), digest_size=4).hexdigest()}"


def keep_role(mesh: Mesh) -> str:
    """The role of the central account that keeps evidence, with its path, as `meshform bootstrap` makes it."""
    roles = mesh.settings.roles
    path, slash, name = roles.plan.rpartition("/")
    own = f"{name.removesuffix('plan')}keep" if name.endswith("plan") else f"{name}-keep"
    return roles.keep or f"{path}{slash}{fitted(own, ROLE_NAME)}"
