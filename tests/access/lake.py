"""Lake: a sandbox with an owner and two consumers, whose roles and files outlive the worlds made in it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from types import SimpleNamespace
from typing import Any

from botocore.config import Config
from moto.organizations.models import organizations_backends

from reconciler.access import Access, evaluate, principal_directory
from reconciler.aws.observe import readings
from reconciler.aws.reader import AwsReader
from reconciler.aws.sessions import Sessions
from reconciler.kinds import addresses, registry
from reconciler.kinds.iam.iam_role import Role
from reconciler.model.address import Placement
from reconciler.model.reading import observation_of
from reconciler.model.resource import AnyResource, Resource, Snapshot
from reconciler.sandbox import Sandbox
from reconciler.sandbox.services.iam.callers import MANAGEMENT
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, BANKING, CENTRAL, bank

CONSUMERS = (BANKING, ANALYTICS)
NAMES = {CENTRAL: ("ann", "abe"), BANKING: ("bob", "bea"), ANALYTICS: ("cat", "cas")}
PRINCIPALS = tuple(f"arn:aws:iam::{account}:role/{name}" for account, names in NAMES.items() for name in names)
TAGS = {"ann": {"team": "red"}, "abe": {"team": "blue"}, "bob": {"team": "red", "lead": "yes"}, "cat": {"team": "blue"}}
KNOWN = ("ann", "abe", "bob", "bea")
"""Whose roles the product sees; of those of the others it does not know the tags."""
COLUMNS = ("a", "b", "c", "d")
ORGANIZATION = f"arn:aws:organizations::{MANAGEMENT}:organization/o-lakehouse1"


@dataclass
class Lake:
    """A sandbox with three accounts, their clients and roles, which outlive the worlds in it."""

    aws: Sandbox
    mesh: Mesh = field(default_factory=bank)
    read: Collection[str] = tuple(NAMES)
    """The accounts that the product reads: only these have anything, so it need not ask the others of the mesh."""
    clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sessions = Sessions(self.mesh.settings.roles.plan, self.mesh.region)
        for bucket in ("lake", "answers"):
            place = {"LocationConstraint": self.mesh.region}
            self.client("s3", CENTRAL).create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
        for width in range(1, len(COLUMNS) + 1):
            key, body = f"w{width}/data.csv", "".join(f"{','.join(row)}\n" for row in product("012", repeat=width))
            self.client("s3", CENTRAL).put_object(Bucket="lake", Key=key, Body=body.encode())
        everything = {
            "Effect": "Allow",
            "Action": "s3:*",
            "Resource": ["arn:aws:s3:::answers", "arn:aws:s3:::answers/*"],
        }
        self.client("s3", CENTRAL).put_bucket_policy(
            Bucket="answers", Policy=_document({**everything, "Principal": {"AWS": list(NAMES)}})
        )
        ask = {"Effect": "Allow", "Action": ["athena:*", "glue:Get*", "lakeformation:GetDataAccess"], "Resource": "*"}
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": f"arn:aws:iam::{MANAGEMENT}:root"}}
        for account, names in NAMES.items():
            iam = self.client("iam", account)
            for name in names:
                tags = [{"Key": key, "Value": value} for key, value in TAGS.get(name, {}).items()]
                iam.create_role(RoleName=name, AssumeRolePolicyDocument=_document(trust), Tags=tags)
                iam.put_role_policy(RoleName=name, PolicyName="ask", PolicyDocument=_document(ask, everything))

    def client(self, service: str, account: str) -> Any:
        """A client of the administrator of an account; it retries nothing."""
        if (service, account) not in self.clients:
            once = Config(retries={"total_max_attempts": 1})
            self.clients[service, account] = self.aws.session(account).client(service, config=once)
        return self.clients[service, account]

    def athena(self, principal: str) -> Any:
        """Athena as a principal."""
        account, name = principal.split(":")[4], principal.rpartition("/")[2]
        if ("athena", principal) not in self.clients:
            self.clients["athena", principal] = self.aws.session(account, name).client("athena")
        return self.clients["athena", principal]

    def empty(self) -> None:
        """Empty catalogs and shares. IAM and sessions stay: making them anew takes longer than a world."""
        self.aws.world._make_states()

    def organize(self, members: Iterable[str]) -> None:
        """Put these accounts, and no others, in the organization, which shares without invitations."""
        backend = organizations_backends[MANAGEMENT]["aws"]
        if backend.org is None:
            self.client("organizations", MANAGEMENT).create_organization(FeatureSet="ALL")
            self.client("ram", MANAGEMENT).enable_sharing_with_aws_organization()
            backend.org.id = ORGANIZATION.rpartition("/")[2]
        backend.accounts = [SimpleNamespace(id=account, parent_id="r-root") for account in members]

    @cached_property
    def roles(self) -> tuple[AnyResource, ...]:
        """The roles whose tags the product knows, as it sees roles that it made."""
        return tuple(
            Resource(
                addresses.iam_role(Placement(account, self.mesh.region), name),
                Role("/", found["AssumeRolePolicyDocument"], "", tuple(TAGS.get(name, {}).items())),
                handle=found["Arn"],
            )
            for account, names in NAMES.items()
            for name in names
            if name in KNOWN
            for found in [self._role(account, name)]
        )

    def _role(self, account: str, name: str) -> dict[str, Any]:
        role = self.client("iam", account).get_role(RoleName=name)["Role"]
        return {**role, "AssumeRolePolicyDocument": json.dumps(role["AssumeRolePolicyDocument"])}

    def observed(self, members: Iterable[str] = ()) -> Access:
        """Effective access as the product sees the accounts."""
        kinds = {name: kind for name, kind in registry().items() if kind.decides_access}
        found = observation_of(tuple(readings(self.mesh, kinds, AwsReader(self.sessions), accounts=self.read)), None)
        found = replace(found, found=Snapshot((*found.found.values(), *self.roles)))
        organizations = dict.fromkeys(members, ORGANIZATION.rpartition("/")[2])
        known = replace(
            principal_directory(self.mesh), principals=dict.fromkeys(PRINCIPALS, ""), organizations=organizations
        )
        return evaluate(found, known)


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
