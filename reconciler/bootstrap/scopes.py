"""Scopes: on what of an account each action is allowed, and under which condition.

Where the Service Authorization Reference gives an action no resource, a policy that names one never allows it; where
it gives one, the mesh's own names are named. Reading is in bulk, and sees what is not ours as well.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from reconciler.bootstrap.actions import duties
from reconciler.bootstrap.queue_names import dead_letters_name, queue_name
from reconciler.kinds.common.marks import PERMISSIONS_DUE, role_path
from reconciler.kinds.roles.permissions_boundary import boundary_arn
from reconciler.spec import placements
from reconciler.spec.data_places import data_places
from reconciler.spec.documents.account import Account
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import LINK_PREFIX, chosen_links, iam_arn, keep_role, partition
from reconciler.spec.results import results_buckets

_READS = ("Get", "List", "Describe", "BatchGet", "Search")
_WITHOUT_RESOURCE = frozenset(
    {
        "cloudtrail:LookupEvents",
        "databrew:CreateDataset",
        "databrew:CreateRecipe",
        "databrew:CreateRecipeJob",
        "events:PutPermission",
        "events:RemovePermission",
        "glue:CreateCrawler",
        "glue:CreateDataQualityRuleset",
        "iam:GetAccountAuthorizationDetails",
        "sns:SetSubscriptionAttributes",
        "sns:Unsubscribe",
    }
)
_BOUNDED = frozenset({"iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"})
"""What makes a role, or gives one more: only under the mesh's boundary."""
_SHARES = frozenset(
    {
        "ram:AssociateResourceShare",
        "ram:DeleteResourceShare",
        "ram:DisassociateResourceShare",
        "ram:UpdateResourceShare",
    }
)
_ON_CATALOG = frozenset({"glue:DeleteResourcePolicy", "glue:PutResourcePolicy"})
_ON_GLUE = {"Crawler": "crawler", "Job": "job", "DataQualityRuleset": "dataQualityRuleset"}


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """ARNs (or `*`), and conditions: operator, key, values."""

    resources: tuple[str, ...] = ("*",)
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()


EVERYTHING = Scope()


def scope(mesh: Mesh, account: Account, action: str) -> Scope:
    """What an action is allowed on in an account of a mesh."""
    service, _, name = action.partition(":")
    if action == "iam:GetOpenIDConnectProvider":
        return Scope((f"arn:{partition(mesh.region)}:iam::{account.id}:oidc-provider/*",))
    if service == "iam" and action not in _WITHOUT_RESOURCE:
        return _roles(mesh, account, action)
    if service == "sqs":
        start = f"arn:{partition(mesh.region)}:sqs:{mesh.region}:{account.id}"
        return Scope((f"{start}:{queue_name(mesh)}", f"{start}:{dead_letters_name(mesh)}"))
    if action in _WITHOUT_RESOURCE or (name.startswith(_READS) and action != "s3:ListBucket"):
        return EVERYTHING
    part, place = partition(mesh.region), f"{mesh.region}:{account.id}"
    places = [f"{each.region}:{each.account}" for each in placements.in_account(mesh, account)]
    own = f"meshform-{mesh.name}"
    match service:
        case "events":
            start = f"arn:{part}:events:{place}"
            bus, rules = f"{start}:event-bus/{own}", (f"{start}:rule/{own}-*", f"{start}:rule/{own}/*")
            on_bus = name.endswith("EventBus") or name == "PutEvents"
            return Scope((bus,) if on_bus else rules if name != "TagResource" else (bus, *rules))
        case "sns":
            # A queue is subscribed by its own account, to topics of the central one.
            owner = mesh.central if name == "Subscribe" else account
            return Scope((f"arn:{part}:sns:{mesh.region}:{owner.id}:{own}-*",))
        case "s3":
            return Scope(tuple(f"arn:{part}:s3:::{bucket}" for bucket in _buckets(mesh, account)))
        case "athena":
            names = sorted(_workgroups(mesh, account))
            return Scope(tuple(f"arn:{part}:athena:{each}:workgroup/{name}" for each in places for name in names))
        case "glue":
            on_glue = _on_glue(mesh, account, action, own)
            # Crawlers, jobs and rulesets are in the home region; links are where consumers query.
            where = places if any(what.startswith("database/") for what in on_glue) else places[:1]
            return Scope(tuple(f"arn:{part}:glue:{each}:{what}" for each in where for what in on_glue))
        case "databrew":
            start = f"arn:{part}:databrew:{place}"
            return Scope(tuple(f"{start}:{sort}/{own}-*" for sort in _on_databrew(name)))
        case "ram":
            return _shares(action, part)
        case _:
            # Lake Formation's actions take no resource: its own permissions decide.
            return EVERYTHING


def _roles(mesh: Mesh, account: Account, action: str) -> Scope:
    """The mesh's own roles, and where they would get more: only those under its boundary. Of their tags one goes.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    if action == "iam:SimulatePrincipalPolicy":
        names = [mesh.settings.roles.apply, mesh.settings.roles.plan]
        names += [keep_role(mesh)] if "keep" in duties(mesh, account) else []
        return Scope(tuple(iam_arn(mesh, account, name) for name in names))
    own = (f"arn:{partition(mesh.region)}:iam::{account.id}:role{role_path(mesh)}*",)
    bound = boundary_arn(mesh, account.id)
    if action in _BOUNDED and bound:
        return Scope(own, (("StringEquals", "iam:PermissionsBoundary", (bound,)),))
    if action == "iam:UntagRole":
        return Scope(own, (("ForAllValues:StringEquals", "aws:TagKeys", (PERMISSIONS_DUE,)),))
    return Scope(own)


def _shares(action: str, part: str) -> Scope:
    """As the managed policy AWSLakeFormationCrossAccountManager has it, which every grantor across accounts needs.

    https://docs.aws.amazon.com/lake-formation/latest/dg/permissions-reference.html
    """
    if action == "ram:CreateResourceShare":
        sorts = ("glue:Catalog", "glue:Database", "glue:Table")
        return Scope(conditions=(("StringLikeIfExists", "ram:RequestedResourceType", sorts),))
    if action == "ram:AssociateResourceSharePermission":
        own = (f"arn:{part}:ram::aws:permission/AWSRAMLFEnabled*",)
        return Scope(conditions=(("ArnLike", "ram:PermissionArn", own),))
    if action in _SHARES:
        return Scope(conditions=(("StringLike", "ram:ResourceShareName", ("LakeFormation*",)),))
    # An invitation bears an id of its sender's account.
    return EVERYTHING


def _on_glue(mesh: Mesh, account: Account, action: str, own: str) -> Collection[str]:
    """Names of products' databases come and go with the mesh, and Lake Formation guards them; links have a prefix."""
    if action in _ON_CATALOG:
        return ("catalog",)
    if action == "glue:TagResource":
        return tuple(f"{sort}/{own}-*" for sort in sorted(_ON_GLUE.values()))
    if action == "glue:StartDataQualityRulesetEvaluationRun":
        # Whether IAM is asked about each ruleset or about all of them, no page says.
        return ("dataQualityRuleset/*",)
    sort = next((sort for word, sort in _ON_GLUE.items() if action.removesuffix("Run").endswith(word)), None)
    if sort:
        return (f"{sort}/{own}-*",)
    names = ["*"] if account == mesh.central else [f"{LINK_PREFIX}*", *chosen_links(mesh, account.id)]
    parts = ["catalog", *(f"database/{name}" for name in names)]
    if action not in ("glue:CreateDatabase", "glue:UpdateDatabase"):
        parts += [f"table/{name}/*" for name in names]
    return [*parts, *(f"userDefinedFunction/{name}/*" for name in names)] if action == "glue:DeleteDatabase" else parts


def _on_databrew(name: str) -> Iterable[str]:
    """`UpdateRecipeJob` is of a job, `DeleteRecipeVersion` of a recipe."""
    sorts = ("job", "recipe", "dataset")
    return next(((sort,) for sort in sorts if sort.title() in name), sorts)


def _buckets(mesh: Mesh, account: Account) -> Iterable[str]:
    """The mesh's names for buckets, and those that documents give to buckets of this account."""
    names = {f"{mesh.name}-*"}
    names |= {place.bucket for domain in mesh.domains_in(account) for place in data_places(mesh, domain)}
    names |= {bucket for consumer in mesh.consumers_in(account) for _, bucket in results_buckets(mesh, consumer)}
    return sorted(_told_apart(mesh, names))


def _workgroups(mesh: Mesh, account: Account) -> Iterable[str]:
    """The same of workgroups: one a principal, and one of all that there was before."""
    stems = {each.workgroup.name for each in mesh.consumers_in(account) if each.workgroup and each.workgroup.name}
    return _told_apart(mesh, {f"{mesh.name}-*", *stems, *(f"{stem}-*" for stem in stems)})


def _told_apart(mesh: Mesh, names: Iterable[str]) -> Iterable[str]:
    start = f"{mesh.name}-"
    return [name for name in names if name == f"{start}*" or not name.startswith(start)]
